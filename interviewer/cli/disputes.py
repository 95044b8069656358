"""`interviewer disputes`: what candidates contested, listed, shown, settled by a person, exported for `eval`."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interviewer.cli.databases import Database, on_store
from interviewer.cli.files import STDIN, written
from interviewer.disputes import Ruling, asserted_once, verdict_in_force
from interviewer.domain import DisputeStatus, SayKind, Turn, Verdict
from interviewer.errors import SettingError
from interviewer.scoring import turn_score
from interviewer.settings import Settings, load_settings
from interviewer.web.words import marked_by, waiting_words

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.conductor.disputes import Case, Disputes

Id = Annotated[str, typer.Argument(metavar="ID", help="The dispute's id, or as much of its start as names it.")]
T = TypeVar("T")


def listed(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are settled.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
    database: Database = None,
) -> None:
    """List the marks that candidates contest, oldest first."""
    cases = _on(load_settings(database=database), lambda disputes: disputes.cases(only_open=not everything))
    if as_json:
        _print_json([_shape(case) for case in cases])
        return
    console = _console()
    if cases:
        table = Table()
        for name in ("id", "day"):
            table.add_column(name, no_wrap=True)
        for name in ("question", "point", "mark", "status", "objection"):
            table.add_column(name, overflow="fold")
        for case in cases:
            given = case.dispute
            cells = (given.id, f"{given.at:%Y-%m-%d}", case.turn.question, given.point, given.verdict, given.status)
            table.add_row(*cells, " ".join(given.comment.split()))
        console.print(table, soft_wrap=False)
    console.print(_count(cases))


def show(dispute: Id, database: Database = None) -> None:
    """Print all it takes to decide: question, point, answer, mark with its reason, objection."""
    case = _on(load_settings(database=database), lambda disputes: disputes.case(dispute))
    console = _console()
    for line in _told(case):
        console.print(line)


def settle(
    dispute: Id,
    verdict: Annotated[Verdict, typer.Argument(help="What the mark should be; of a mistake contradicted or missed.")],
    reason: Annotated[str, typer.Option(help="Why, in the words the candidate will read.")],
    quote: Annotated[str | None, typer.Option(help="The candidate's words that earn met or partly.")] = None,
    by: Annotated[str | None, typer.Option(help="Your name, if the candidate may read it.")] = None,
    database: Database = None,
) -> None:
    """Decide a dispute. A mark that changes comes as a grading of its own; old ones stay."""
    ruling = Ruling(verdict=verdict, reason=reason, quote=quote, by=by)
    case = _on(load_settings(database=database), lambda disputes: disputes.settle(dispute, ruling))
    grading, given = case.turn.grading, case.dispute
    console = _console()
    console.print(f"Dispute {given.id} is {given.status}: {given.point} of {case.turn.question} is {verdict}.")
    if grading and given.decision and grading.graded_at == given.decision.settled_at:
        before = case.turn.gradings[-2].score
        console.print(f"The answer's score before hints was {before} and is {grading.score}. The old grading is kept.")
    else:
        console.print("That is the mark it has, so no grading was added.")


def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Instead of the standard output.")] = None,
    with_open: Annotated[
        bool, typer.Option("--open", help="Also answers with nothing settled, without marks.")
    ] = False,
    database: Database = None,
) -> None:
    """Write the answers with settled disputes as JSON Lines, for `interviewer eval` and `interviewer grade`."""
    from interviewer import bank as banks
    from interviewer.grading import calibration

    settings = load_settings(database=database)
    if file and file.exists() and settings.database.exists() and file.samefile(settings.database):
        raise SettingError(f"{file} is the database itself. Choose another file to write to.")
    bank = banks.load(settings.bank_dir)
    lines, gone = [], 0
    for cases in _by_turn(_on(settings, lambda disputes: disputes.cases())):
        question = bank.question(cases[0].turn.question)
        if with_open or any(case.dispute.decision for case in cases):
            given = [case.dispute for case in cases]
            lines.append(calibration.row(cases[0].turn, given, question, cases[0].interview.plan.level))
            gone += question is None
    with written(file, source=STDIN) as sink:
        for line in lines:
            sink.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    _say(f"{len(lines)} {'answer' if len(lines) == 1 else 'answers'} written.")
    if gone:
        _say(f"{gone} without reference and cues: the question has left the bank.")


def _on(settings: Settings, act: Callable[[Disputes], Awaitable[T]]) -> T:
    """What comes of an act on the disputes of the database."""
    from interviewer.conductor.disputes import Disputes

    return on_store(settings, lambda store: act(Disputes(store, clock=lambda: datetime.now(UTC))))


def _by_turn(cases: Sequence[Case]) -> list[list[Case]]:
    """The disputes of one answer together, answers by their oldest dispute."""
    turns: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        turns.setdefault((case.interview.id, case.turn.number), []).append(case)
    return list(turns.values())


# ---- what is said of a dispute


def _told(case: Case) -> Iterator[str | Text]:
    given, turn = case.dispute, case.turn
    yield f"Dispute {given.id}, {given.status}, of {given.at:%Y-%m-%d %H:%M} UTC"
    yield f"Question {turn.question}: {_asked(turn)}"
    yield from _mark(case)
    for number, answer in enumerate(turn.answers, 1):
        yield f"Answer {number}:" if len(turn.answers) > 1 else "Answer:"
        yield _lit(case, answer, number - 1)
    yield f"Objection: {given.comment}"
    yield f"Score: {turn_score(turn)} of 100, {marked_by(turn)}"
    if given.decision is None:
        yield f'Decide: interviewer disputes settle {given.id} VERDICT --reason "..." --quote "..."'
    else:
        by = f" by {given.decision.by}" if given.decision.by else ""
        yield f"Decided{by} on {given.decision.settled_at:%Y-%m-%d}: {given.decision.verdict}. {given.decision.reason}"


def _asked(turn: Turn) -> str:
    return next((say.text for say in turn.says if say.kind is SayKind.QUESTION), "")


def _mark(case: Case) -> Iterator[str]:
    """The point with its mark in force, or the mistake; and the mark contested where that was another."""
    given, grading = case.dispute, case.turn.grading
    mark = next((mark for mark in grading.marks if mark.point == given.point), None) if grading else None
    wrong = asserted_once(case.turn, given.point)
    if mark:
        yield f"Point {given.point}, weight {mark.weight}: {mark.says}"
    elif wrong:
        yield f"Mistake {given.point}, penalty {wrong.penalty}: {wrong.says}"
    now = verdict_in_force(grading, given.point) if grading else None
    if now is not given.verdict:
        yield f"Contested: {given.verdict}, by {given.model or given.grader}"
    yield f"Mark: {now or 'none any more'}" + (f", because: {mark.reason}" if mark and mark.reason else "")
    quote = mark.quote if mark else wrong and wrong.quote
    yield f"Quote: “{quote}”" if quote else "Quote: none"


def _lit(case: Case, answer: str, said: int) -> Text:
    """An answer, the words the mark rests on in reverse."""
    text, grading, point = Text(answer), case.turn.grading, case.dispute.point
    for mark in grading.marks if grading else ():
        if (mark.point, mark.said) == (point, said) and mark.quote:
            text.stylize("reverse", mark.start, mark.end)
    for wrong in grading.misconceptions if grading else ():
        if (wrong.id, wrong.said) == (point, said):
            text.stylize("reverse", wrong.start, wrong.end)
    return text


def _shape(case: Case) -> dict[str, object]:
    from interviewer.web.shapes import DisputeShape

    shape = DisputeShape.of(case.dispute).model_dump(mode="json")
    return {"question": case.turn.question, "interview": case.interview.id, **shape}


def _count(cases: Sequence[Case]) -> str:
    waiting = sum(case.dispute.status is DisputeStatus.OPEN for case in cases)
    return f"{waiting_words(waiting)}."


def _print_json(value: object) -> None:
    typer.get_binary_stream("stdout").write(json.dumps(value, ensure_ascii=False).encode() + b"\n")


def _console() -> Console:
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def _say(message: str) -> None:
    print(f"interviewer: {message}", file=sys.stderr)  # noqa: T201  # the command line speaks by printing
