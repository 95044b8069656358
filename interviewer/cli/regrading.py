"""`interviewer regrade`: grade what was left without a grading, or without the model's, and say what came of it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from interviewer.cli.databases import Database, check_is_there
from interviewer.domain import GraderKind, Grading, Turn, TurnStatus, UngradedReason
from interviewer.errors import ModelError, NotFound, SettingError, SettledByPerson
from interviewer.scoring import turn_score
from interviewer.settings import Settings, load_settings
from interviewer.web.words import FALLBACK

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.conductor import Conductor
    from interviewer.store import DueTurn

log = logging.getLogger(__name__)

SHOWN_OF_ID = 8
READY = "would be graded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What came of one turn; `why` says what it lacked, `graded` whether it has a new grading."""

    interview: str
    turn: int
    question: str
    why: str
    old: int | None
    new: int | None = None
    graded: bool = False
    outcome: str


def regrade(
    database: Database = None,
    fallen_back: Annotated[
        bool, typer.Option("--fallen-back", help="Also ask the model again where the offline grader stepped in.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be graded.")] = False,
) -> None:
    """Grade every answer that still awaits its grade. Old gradings stay: one is added."""
    settings = load_settings(database=database)
    if fallen_back and not settings.model:
        raise SettingError("--fallen-back asks the model again, and none is set: set INTERVIEWER_MODEL.")
    check_is_there(settings)
    logging.getLogger("interviewer.grading").addHandler(logging.NullHandler())  # the table says why
    lines: list[Line] = []
    try:
        asyncio.run(_regrade(settings, lines, fallen_back=fallen_back, dry_run=dry_run))
    except BaseException:
        if lines:  # what Ctrl-C leaves undone does not hide what was done
            _print(lines, dry_run=dry_run)
        raise
    _print(lines, dry_run=dry_run)


async def _regrade(settings: Settings, lines: list[Line], *, fallen_back: bool, dry_run: bool) -> None:
    from interviewer.assembly import assemble

    parts = assemble(settings)
    async with parts.opened():
        due = await parts.conductor.due(fallen_back=fallen_back)
        for each in _tracked(due, quiet=dry_run):
            line = await _line(parts.conductor, each, fallen_back=fallen_back, dry_run=dry_run)
            if line is not None:
                lines.append(line)


async def _line(conductor: Conductor, due: DueTurn, *, fallen_back: bool, dry_run: bool) -> Line | None:
    """Grade a turn, unless something stands in the way; None when it is gone or graded in the meantime."""
    try:
        interview = await conductor.load(due.interview, due.owner)
    except NotFound:
        return None
    before = interview.turns[due.turn - 1]
    if before.status is not TurnStatus.AWAITING_GRADE and not (fallen_back and _fallback(before)):
        return None
    after, outcome = before, _in_the_way(conductor, due, before)
    if not outcome:
        after, outcome = (before, READY) if dry_run else await _graded(conductor, due, before)
    graded = len(after.gradings) > len(before.gradings)
    return Line(
        interview=due.interview[:SHOWN_OF_ID],
        turn=due.turn,
        question=before.question,
        why=_why(before),
        old=turn_score(before),
        new=turn_score(after) if graded else None,
        graded=graded,
        outcome=outcome,
    )


def _fallback(turn: Turn) -> UngradedReason | None:
    return turn.grading.provenance.fallback if turn.grading else None


def _why(turn: Turn) -> str:
    if turn.status is TurnStatus.AWAITING_GRADE:
        return "awaits its grade"
    fallback = _fallback(turn)
    return f"fell back: {fallback.value.replace('_', ' ')}" if fallback else ""


def _in_the_way(conductor: Conductor, due: DueTurn, turn: Turn) -> str:
    """Why the turn cannot be graded now, or nothing."""
    if conductor.bank.question(turn.question) is None:
        return "passed over: its question has left the bank"
    if turn.grading and turn.grading.provenance.grader is GraderKind.HUMAN:
        return "passed over: a person has decided a mark of it"
    if due.lease_until and due.lease_until > conductor.now:
        return (
            "passed over: another process is marking it, or died doing so; "
            f"free at {due.lease_until:%H:%M:%S} UTC, run this again then"
        )
    return ""


async def _graded(conductor: Conductor, due: DueTurn, before: Turn) -> tuple[Turn, str]:
    """The turn with its new grading, and who gave it; the turn as it was, and why."""
    awaits = before.status is TurnStatus.AWAITING_GRADE
    try:
        interview = await conductor.regrade(due.interview, due.owner, turn=due.turn, by_model=not awaits)
    except SettledByPerson:
        return before, "passed over: a person has decided a mark of it"
    except ModelError as error:
        return before, f"kept as it is: {_lowered(FALLBACK[error.reason])}"
    except Exception as error:  # one that brings out a bug does not hold up the others
        log.exception("could not regrade", extra={"interview": due.interview})
        return before, f"failed with {type(error).__name__}"
    after = interview.turns[due.turn - 1]
    if after.grading is None or len(after.gradings) == len(before.gradings):
        return before, "passed over: another process is marking it"
    return after, _who(after.grading)


def _who(grading: Grading) -> str:
    made = grading.provenance
    if made.grader is GraderKind.LLM:
        return f"marked by {made.model}"
    return f"marked offline: {_lowered(FALLBACK[made.fallback])}" if made.fallback else "marked offline"


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")


def _tracked(due: Sequence[DueTurn], *, quiet: bool) -> Iterable[DueTurn]:
    console = Console(stderr=True, markup=False)
    return track(due, "regrading", console=console, transient=True, disable=quiet or not sys.stderr.isatty())


def _print(lines: Sequence[Line], *, dry_run: bool) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    if lines:
        table = Table("interview", "turn")
        for name in ("question", "why", "old", "new", "outcome"):
            table.add_column(name, overflow="fold")
        for line in lines:
            scores = ("–" if score is None else str(score) for score in (line.old, line.new))
            table.add_row(line.interview, str(line.turn), line.question, line.why, *scores, line.outcome)
        console.print(table)
    if dry_run:
        would = sum(line.outcome == READY for line in lines)
        console.print(f"{would} of {len(lines)} turns would be graded. Nothing was changed.")
    else:
        console.print(f"Graded {sum(line.graded for line in lines)} of {len(lines)} turns.")
