"""`interviewer eval` and `interviewer grade`: the product's grader on anybody's answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import track

from interviewer.cli.files import opened, plot_paths, scored_rows, shown, write_plot, written
from interviewer.cli.marking import Mark, Marked, marking_by, pair
from interviewer.cli.tables import tables
from interviewer.domain import GraderKind, Ungraded, UngradedReason
from interviewer.errors import RowProblem
from interviewer.grading.ablation import without_cues, without_misconceptions
from interviewer.grading.agreement import Agreement, measure
from interviewer.grading.agreement.pairs import Pair
from interviewer.grading.plot import scatter
from interviewer.grading.rows import Row, read_rows

ROW_HELP = "JSON Lines: {id, question, reference or points, answer, …}; - reads the standard input."


class Machine(StrEnum):
    """The graders that a row can be given to."""

    LLM = GraderKind.LLM.value
    FUZZY = GraderKind.FUZZY.value


Grader = Annotated[Machine, typer.Option("--grader", help="Who marks: the offline grader, or the model you set.")]


@dataclass(frozen=True, slots=True)
class _Compared:
    agreement: Agreement
    pairs: Sequence[Pair]
    left_out: int


def evaluate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=f"{ROW_HELP} Each row needs its human score.")],
    grader: Grader = Machine.FUZZY,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, file by file.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a scatter plot (SVG), one for each file.")] = None,
    sentences_only: Annotated[
        bool, typer.Option("--sentences-only", help="Drop all cues: mark by the rubric's sentences.")
    ] = False,
    no_misconceptions: Annotated[
        bool, typer.Option("--no-misconceptions", help="Drop the known misconceptions.")
    ] = False,
) -> None:
    """Measure how well a grader agrees with people who marked the same answers."""
    rows = scored_rows(files)
    plots = plot_paths(plot, list(rows))
    if sentences_only:
        rows = {file: [without_cues(row) for row in inside] for file, inside in rows.items()}
    if no_misconceptions:
        rows = {file: [without_misconceptions(row) for row in inside] for file, inside in rows.items()}
    with marking_by(GraderKind(grader)) as mark:
        compared = {file: _compare(inside, mark, shown(file)) for file, inside in rows.items()}
    for (file, of), path in zip(compared.items(), plots, strict=True):
        if of.left_out:
            _say(f"{shown(file)}: {_left_out(of.left_out, len(rows[file]))} left out of the figures.")
        if path is not None:
            scores = ((each.machine, each.human) for each in of.pairs)
            name, pearson = Path(shown(file)).name, of.agreement.figures["pearson"].value
            write_plot(path, scatter(scores, name=name, pearson=pearson))
    _print(compared, GraderKind(grader), as_json=as_json)


def grade(
    file: Annotated[str, typer.Argument(metavar="FILE", help=ROW_HELP)],
    grader: Grader = Machine.FUZZY,
    out: Annotated[Path | None, typer.Option(help="File to write to. (default: the standard output)")] = None,
) -> None:
    """Mark answers and write the gradings as JSON Lines, one by one as they are made."""
    with opened(file) as lines, marking_by(GraderKind(grader)) as mark, written(out, source=file) as sink:
        bad_lines = _grade(read_rows(lines, shown(file)), mark, sink)
    if bad_lines:
        raise typer.Exit(2)


# ---- eval


def _compare(rows: Sequence[Row], mark: Mark, name: str) -> _Compared:
    console = Console(stderr=True, markup=False)
    pairs: list[Pair] = []
    for row in track(rows, description=name, console=console, transient=True, disable=not sys.stderr.isatty()):
        marked = mark(row)
        if isinstance(marked, Marked):
            pairs.append(pair(row, marked))
    return _Compared(measure(pairs), pairs, len(rows) - len(pairs))


def _print(compared: dict[str, _Compared], kind: GraderKind, *, as_json: bool) -> None:
    if as_json:
        figures = {
            shown(file): {"grader": kind, "left_out": of.left_out, **asdict(of.agreement)}
            for file, of in compared.items()
        }
        _write(typer.get_binary_stream("stdout"), figures)
        return
    console = Console(markup=False, highlight=False, emoji=False)
    for file, of in compared.items():
        for table in tables(f"{shown(file)}, marked by {kind}", of.agreement):
            console.print(table)


# ---- grade


def _grade(given: Iterable[Row | RowProblem], mark: Mark, sink: BinaryIO) -> int:
    """Grade line by line; how many lines did not fit."""
    bad_lines = rows = ungraded = 0
    for row in given:
        if isinstance(row, RowProblem):
            bad_lines += 1
            _say(str(row))
            continue
        rows += 1
        marked = _mark_or_say_why(mark, row)
        ungraded += isinstance(marked, Ungraded)
        _write(sink, {"id": row.id, **_shape(marked)})
    if ungraded:
        _say(f"{_left_out(ungraded, rows)} written as ungraded.")
    return bad_lines


def _mark_or_say_why(mark: Mark, row: Row) -> Marked | Ungraded:
    """The rows behind one that brings out a bug are graded all the same."""
    try:
        return mark(row)
    except Exception as error:
        return Ungraded(reason=UngradedReason.BROKEN, message=f"Marking failed with {type(error).__name__}.")


def _shape(marked: Marked | Ungraded) -> dict[str, object]:
    from interviewer.web.shapes import GradingShape

    if isinstance(marked, Ungraded):
        return {"ungraded": {"reason": marked.reason, "message": marked.message}}
    shape = GradingShape.of(marked.grading, marked.question).model_dump()
    return {"score": shape["score"], **shape, "graded_at": marked.grading.graded_at.isoformat()}


# ---- both


def _left_out(count: int, of: int) -> str:
    was, is_ = ("was", "is") if count == 1 else ("were", "are")
    return f"{count} of {of} answers {was} not graded by the model and {is_}"


def _write(sink: BinaryIO, value: object) -> None:
    """One line of JSON, there for the reader at once; broken pairs stay the escapes that they came as."""
    sink.write(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace") + b"\n")
    sink.flush()


def _say(message: str) -> None:
    print(f"interviewer: {message}", file=sys.stderr)  # noqa: T201  # the command line speaks by printing
