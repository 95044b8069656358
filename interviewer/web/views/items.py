"""Statistics of the questions for those who keep the bank: `items.html`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.domain import GraderKind
from interviewer.graders import Grader
from interviewer.items import LEAST, Item, MarkedItem, PointItem

NO_FIGURE = "–"
"""Stands for a figure that would rest on too few answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A line of the table: a question by one grader, or a `point` of it that should be looked at."""

    name: str
    is_point: bool
    flags: tuple[str, ...]
    of_all: tuple[str, ...]
    by: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage:
    """`items.html`; `asked` are the titles of the columns of a question, `marked` those of a grader."""

    rows: tuple[ItemRow, ...]
    asked: tuple[tuple[str, str], ...]
    marked: tuple[tuple[str, str], ...]
    only_flagged: bool
    told: str
    least: int


def items_page(items: Sequence[Item], *, only_flagged: bool) -> ItemsPage:
    """The statistics as `interviewer bank items` prints them; with `only_flagged` those to be looked at."""
    flagged = sum(bool(item.flags) for item in items)
    met = "1 question was met" if len(items) == 1 else f"{len(items):,} questions were met"
    return ItemsPage(
        rows=tuple(row for item in items if item.flags or not only_flagged for row in _rows(item, only_flagged)),
        asked=(
            ("met", "candidates who left it behind"),
            ("time", "median to the first answer"),
            ("hint", "share who took a hint"),
            ("skip", "share who skipped it"),
        ),
        marked=(
            ("n", "answers"),
            ("fac.", "mean score, 0 to 1"),
            ("disc.", "correlation with the other answers of the sitting"),
            ("disp.", "share with a contested mark"),
        ),
        only_flagged=only_flagged,
        told=f"{met}; {flagged} should be looked at.",
        least=LEAST,
    )


def _rows(item: Item, only_flagged: bool) -> list[ItemRow]:
    rows, of_all = [], _of_all(item)
    for marked in item.graders:
        if only_flagged and not marked.flags:
            continue
        by = _grader(marked.grader)
        rows.append(_row(item.question, marked, of_all=of_all, by=by))
        rows += [_row(point.point, point, is_point=True) for point in marked.points if point.flags]
        of_all = ("",) * len(of_all)
    nothing = ItemRow(name=item.question, is_point=False, flags=(), of_all=of_all, by="", figures=("",) * 4)
    return rows or [nothing]


def _row(
    name: str, of: MarkedItem | PointItem, *, of_all: tuple[str, ...] = ("",) * 4, by: str = "", is_point: bool = False
) -> ItemRow:
    figures = (str(of.n), _number(of.facility), _number(of.discrimination), _percent(of.dispute_rate))
    flags = tuple(flag.value for flag in of.flags)
    return ItemRow(name=name, is_point=is_point, flags=flags, of_all=of_all, by=by, figures=figures)


def _of_all(item: Item) -> tuple[str, ...]:
    time = NO_FIGURE if item.seconds is None else f"{item.seconds // 60}:{item.seconds % 60:02}"
    return (str(item.asked), time, _percent(item.hint_share), _percent(item.skip_rate))


def _grader(grader: Grader) -> str:
    return "offline" if grader.kind is GraderKind.FUZZY else grader.model or grader.kind


def _number(value: float | None) -> str:
    return NO_FIGURE if value is None else f"{value:.2f}"


def _percent(share: float | None) -> str:
    return NO_FIGURE if share is None else f"{share:.0%}"
