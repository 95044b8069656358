"""Agreement -> tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.table import Table

from interviewer.grading.agreement import Agreement, Figure, PartFigures

LABELS = {
    "pearson": "Pearson",
    "spearman": "Spearman",
    "rmse": "RMSE",
    "mae": "MAE",
    "leniency": "leniency (grader less people)",
    "kappa_fifths": "weighted kappa over fifths",
    "band_exact": "same band",
    "band_within_one": "within one band",
    "mapped_rmse": "RMSE after a monotone map",
    "mapped_rmse_of_5": "the same, of 5",
    "point_accuracy": "points: same verdict",
    "point_kappa": "points: kappa",
    "point_kappa_thirds": "points: weighted kappa, 0 · ½ · 1",
}
WORST = 10
"""Groups shown; --json has all."""


def tables(title: str, agreement: Agreement) -> Iterator[Table]:
    """The figures with their intervals, then the breakdowns that the rows allow."""
    yield _figures(title, agreement)
    for name, parts in (("level", agreement.by_level), ("tier", agreement.by_tier)):
        if parts:
            yield _parts(name, parts)
    if agreement.groups > 1:
        yield _groups(agreement)


def _figures(title: str, agreement: Agreement) -> Table:
    table = _table("scores from 0 to 1", "value", "95 % interval", title=title)
    table.add_row("answers", str(agreement.n), "")
    table.add_row("groups", str(agreement.groups), "")
    for name, label in LABELS.items():
        if agreement.points or not name.startswith("point_"):
            table.add_row(label, _number(agreement.figures[name].value), _interval(agreement.figures[name]))
    if agreement.points:
        table.add_row("points marked by people", str(agreement.points), "")
    table.add_row("ms an answer, median", _number(agreement.ms_median), "")
    table.add_row("ms an answer, 99th percentile", _number(agreement.ms_p99), "")
    return table


def _parts(name: str, parts: Mapping[str, PartFigures]) -> Table:
    table = _table(name, "n", "grader", "people", "RMSE", "leniency", title=f"by {name}")
    for part, of in parts.items():
        table.add_row(part, str(of.n), *map(_number, (of.mean_machine, of.mean_human, of.rmse, of.leniency)))
    return table


def _groups(agreement: Agreement) -> Table:
    worst = sorted(agreement.by_group.items(), key=lambda item: (-item[1].rmse, item[0]))[:WORST]
    title = f"the {len(worst)} of {agreement.groups} groups with the largest RMSE"
    table = _table("group", "n", "Pearson", "RMSE", "leniency", title=title)
    for group, of in worst:
        table.add_row(" ".join(group.split()), str(of.n), *map(_number, (of.pearson, of.rmse, of.leniency)))
    return table


def _table(first: str, *more: str, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, no_wrap=True, overflow="ellipsis")
    for name in more:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _interval(figure: Figure) -> str:
    return "n/a" if figure.low is None else f"{_number(figure.low)} to {_number(figure.high)}"
