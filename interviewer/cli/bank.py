"""`interviewer bank check · stats · coverage`: what the bank holds, and what is wrong or missing in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from interviewer import bank as banks
from interviewer.bank import Bank
from interviewer.bank import check as bank_check
from interviewer.bank.coverage import coverage, read_wanted
from interviewer.bank.findings import Finding
from interviewer.domain import Level
from interviewer.errors import BankError, BankProblem, SettingError
from interviewer.settings import load_settings

BankFolder = Annotated[Path | None, typer.Option("--bank", help="Folder of packs. (default: the shipped bank)")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def check(
    bank: BankFolder = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="A question's id; may be given again.")] = None,
    topic: Annotated[list[str] | None, typer.Option("--topic", help="A topic's id; may be given again.")] = None,
    excused: Annotated[bool, typer.Option("--excused", help="List what `near` excuses, for a whole bank too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold every question against its own texts and those of the others; exit 1 when anything is wrong."""
    try:
        loaded = banks.load(bank_folder(bank))
        chosen = _chosen(loaded, only or (), topic or ())
        found = bank_check.check(loaded, chosen)
    except BankError as error:
        _say_broken(error.problems, as_json)
        raise typer.Exit(1) from None
    errors = [finding for finding in found if finding.is_error]
    rest = [finding for finding in found if finding.excused]
    count = len(loaded.questions) if chosen is None else len(chosen)
    if as_json:
        _print_json(count, errors, rest)
    else:
        _print(count, errors, rest, short=chosen is None and not excused)
    if errors:
        raise typer.Exit(1)


def stats(bank: BankFolder = None) -> None:
    """Count questions by topic and level."""
    console = Console()
    for pack in banks.load(bank_folder(bank)).packs:
        table = Table("topic", *Level, "all", title=pack.title)
        for topic in pack.topics:
            counts = [sum(q.topic == topic.id and q.level is level for q in pack.questions) for level in Level]
            table.add_row(topic.title, *map(str, counts), str(sum(counts)))
        totals = [sum(q.level is level for q in pack.questions) for level in Level]
        table.add_row("all", *map(str, totals), str(sum(totals)), style="bold")
        console.print(table)


def check_coverage(
    file: Annotated[Path, typer.Argument(help="Table with tabs: id, and if you like level, topic, kind, gist.")],
    bank: BankFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say which rows of a table no question covers; exit 1 when there is a gap."""
    loaded = banks.load(bank_folder(bank))
    found = coverage(read_wanted(file), loaded.questions)
    if as_json:
        missing = [{name: getattr(row, name) for name in row.__slots__} for row in found.missing]
        print(json.dumps({"rows": found.rows, "missing": missing, "unknown": found.unknown}))  # noqa: T201
    else:
        console = plain_console()
        for row in found.missing:
            place = " ".join(part for part in (row.level, row.topic, row.kind) if part)
            console.print(f"{row.id}: no question covers it ({place}: {row.gist})", markup=False)
        for question, ids in found.unknown.items():
            told = f"covers {', '.join(ids)}, which {file.name} does not have"
            console.print(str(BankProblem(*loaded.lines[question], question, told)), markup=False)
        console.print(f"{found.rows - len(found.missing)} of {found.rows} rows are covered.")
    if not found.is_whole:
        raise typer.Exit(1)


def bank_folder(given: Path | None) -> Path:
    """The folder that was named, or that of the settings."""
    return given or load_settings().bank_dir


def plain_console() -> Console:
    """A console that neither wraps nor colours, for lines that other programs read."""
    return Console(soft_wrap=True, highlight=False)


def _chosen(bank: Bank, only: Collection[str], topics: Collection[str]) -> frozenset[str] | None:
    """Ids of the questions to check; None for all of them."""
    if not only and not topics:
        return None
    if unknown := [id_ for id_ in only if bank.question(id_) is None]:
        raise SettingError(f"There is no question {unknown[0]!r}. `interviewer bank show` names those that are near.")
    known = {topic.id for pack in bank.packs for topic in pack.topics}
    if strange := [topic for topic in topics if topic not in known]:
        raise SettingError(f"There is no topic {strange[0]!r}. Topics: {', '.join(sorted(known))}.")
    outlines = [outline for pack in bank.packs for outline in pack.questions]
    return frozenset(only) | {outline.id for outline in outlines if outline.topic in topics}


def _print(count: int, errors: Sequence[Finding], excused: Sequence[Finding], *, short: bool) -> None:
    console = plain_console()
    for finding in errors:
        console.print(str(finding), markup=False)
    if short and excused:
        console.print(f"Excused by `near`: {len(excused)} pairs. --excused lists them with the reasons.")
    for finding in () if short else excused:
        console.print(f"{finding} [excused]", markup=False)
    if not errors:
        console.print(f"{count} questions are in order.")


def _print_json(count: int, errors: Sequence[Finding], excused: Sequence[Finding]) -> None:
    shown = {
        "questions": count,
        "errors": [_as_json(finding) for finding in errors],
        "excused": [_as_json(finding) for finding in excused],
    }
    print(json.dumps(shown))  # noqa: T201


def _as_json(finding: Finding) -> dict[str, object]:
    return {"measure": finding.measure, **_place(finding.problem)}


def _place(problem: BankProblem) -> dict[str, object]:
    return {"file": problem.file, "line": problem.line, "question": problem.question, "message": problem.message}


def _say_broken(problems: Sequence[BankProblem], as_json: bool) -> None:
    if as_json:
        broken = {"questions": None, "errors": [{"measure": "format", **_place(problem)} for problem in problems]}
        print(json.dumps({**broken, "excused": []}))  # noqa: T201
        return
    console = plain_console()
    for problem in problems:
        console.print(str(problem), markup=False)
