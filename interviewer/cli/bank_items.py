"""`interviewer bank items`: what answers tell of the questions, for those who keep the bank."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from interviewer.cli.bank import AsJson
from interviewer.cli.databases import Database, on_store
from interviewer.domain import GraderKind
from interviewer.graders import Grader
from interviewer.items import LEAST, Flag, Item, MarkedItem, PointItem
from interviewer.settings import load_settings

OF_ALL = ("met", "time", "hint", "skip")
"""Columns of a question, whoever marked: candidates who met it, and what they did."""
OF_GRADER = ("n", "fac.", "disc.", "disp.")
"""Columns of the answers that one grader marked: how many, facility, discrimination, disputed."""
NO_FIGURE = "–"
_NOTHING = ("",) * len(OF_ALL)


def items(
    pack: Annotated[str | None, typer.Option(help="Only the questions of this pack.")] = None,
    flagged: Annotated[bool, typer.Option("--flagged", help="Only what should be looked at.")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Print statistics of the questions that were asked; no figure rests on fewer than 20 answers."""
    settings = load_settings(database=database)
    from interviewer.conductor.statistics import item_statistics

    found = on_store(settings, lambda store: item_statistics(store, pack))
    shown = [item for item in found if item.flags or not flagged]
    if as_json:
        shapes = [asdict(item) | {"flags": item.flags} for item in shown]
        typer.get_binary_stream("stdout").write(json.dumps(shapes, ensure_ascii=False).encode() + b"\n")
        return
    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    if shown:
        console.print(_table(shown, flagged=flagged), soft_wrap=False)
    for line in _told(found):
        console.print(line)


def _table(shown: Sequence[Item], *, flagged: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("question, · point", overflow="fold", min_width=16)
    for name in OF_ALL:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("by", overflow="fold")
    for name in OF_GRADER:
        table.add_column(name, justify="right", no_wrap=True)
    for item in shown:
        name, of_all = item.question, tuple(_of_all(item))
        graders = [marked for marked in item.graders if marked.flags or not flagged]
        for marked in graders:
            table.add_row(_named(name, marked.flags), *of_all, _grader(marked.grader), *_figures(marked))
            for point in marked.points:
                if point.flags:
                    table.add_row(_named(f"· {point.point}", point.flags), *_NOTHING, "", *_figures(point))
            of_all = _NOTHING
        if not graders:
            table.add_row(name, *of_all)
    return table


def _named(name: str, flags: Sequence[Flag]) -> str:
    """A question or point, with what is to be looked at in lines of their own."""
    return "\n".join((name, *(f"! {flag}" for flag in flags)))


def _of_all(item: Item) -> Iterator[str]:
    yield str(item.asked)
    yield NO_FIGURE if item.seconds is None else f"{item.seconds // 60}:{item.seconds % 60:02}"
    yield _percent(item.hint_share)
    yield _percent(item.skip_rate)


def _figures(of: MarkedItem | PointItem) -> Iterator[str]:
    yield from (str(of.n), _number(of.facility), _number(of.discrimination), _percent(of.dispute_rate))


def _grader(grader: Grader) -> str:
    if grader.kind is GraderKind.FUZZY:
        return "offline"
    return grader.model or grader.kind


def _number(value: float | None) -> str:
    return NO_FIGURE if value is None else f"{value:.2f}"


def _percent(share: float | None) -> str:
    return NO_FIGURE if share is None else f"{share:.0%}"


def _told(found: Sequence[Item]) -> Iterator[str]:
    if not found:
        yield "No question has been answered or skipped yet."
        return
    few = sum(item.asked < LEAST for item in found)
    count = sum(bool(item.flags) for item in found)
    yield f"{len(found)} {'question was' if len(found) == 1 else 'questions were'} met; {count} should be looked at."
    if few:
        yield f"{few} by fewer than {LEAST} candidates so far, so without figures."
    yield "Each candidate's first time counts. Facility: mean score of 1; discrimination: item-rest correlation."
