"""`interviewer doctor`: the settings in effect, and what works with them, one line each."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import typer
from pydantic import SecretStr
from rich.console import Console

from interviewer import bank as banks
from interviewer.cli.trial import ANSWER, QUESTION, REVISION, Finding, Sign, try_out
from interviewer.domain import Grading
from interviewer.settings import Settings, field_of, load_settings, setting_names

if TYPE_CHECKING:  # not needed for --help
    from interviewer.llm import LocalServer

NOT_SET = "not set"
OFFLINE_ONLY = 1
"""Exit status when interviews work, and the model does not or is not there."""
SHOWN_QUERY = frozenset({"api-version"})
"""What may be shown of an address behind its question mark; the rest may be a key."""


def doctor() -> None:
    """Try the settings out: exit 0 when the model marks, 1 when only the offline grader does, 2 when one is wrong."""
    settings = load_settings()
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    _section(console, "Settings", _settings_lines(settings))
    _section(console, "Database", _finding_lines([asyncio.run(_database(settings))]))
    _section(console, "Offline grader", _finding_lines(asyncio.run(_offline(settings))))
    if not asyncio.run(_model(settings, console)):
        raise typer.Exit(OFFLINE_ONLY)


async def _database(settings: Settings) -> Finding:
    """Whether interviews can be kept. Nothing is made or changed.

    Raises:
        DatabaseUnusable: they cannot.
    """
    from interviewer.store import database_at

    where = settings.kept_at
    if isinstance(where, Path) and not where.exists():
        return Finding(Sign.WORKS, "file", f"{where} will be made at the first start")
    database = database_at(where)
    await database.try_out()
    return Finding(Sign.WORKS, "answers", database.shown)


async def _model(settings: Settings, console: Console) -> bool:
    """Say what works of the model, or where one could be; whether it marks."""
    from interviewer.llm import OPENAI_URL, local_servers

    if not settings.model:
        none = Finding(Sign.PARTLY, "model", "none is set: answers are marked offline, as estimates")
        _section(console, "Model", [*_finding_lines([none]), *_offer_lines(await local_servers(), settings)])
        console.print("Interviews work, with the offline grader.")
        return False
    title = f"Model (one real grading, at most {settings.model_timeout_s:g} s)"
    console.print(title)
    trial = await try_out(settings, shown_address(settings.openai_base_url or OPENAI_URL))
    lines = _finding_lines(trial.findings)
    if not trial.reached:
        lines += _offer_lines(await local_servers(), settings)
    for line in lines:
        console.print(line)
    marks = "marked by the model" if trial.works else "marked by the offline grader until the model works"
    console.print(f"\nInterviews work, and are {marks}.")
    return trial.works


async def _offline(settings: Settings) -> list[Finding]:
    """The bank, and the grader that needs nothing.

    Raises:
        BankError: the bank is broken.
    """
    from interviewer.grading import choose

    bank = banks.load(settings.bank_dir)
    cascade = choose.cascade(settings, None, bank_revision=REVISION, clock=lambda: datetime.now(UTC))
    started = time.perf_counter()
    grading = await cascade.grade(QUESTION, [ANSWER])
    ms = (time.perf_counter() - started) * 1000
    assert isinstance(grading, Grading)
    return [
        Finding(Sign.WORKS, "bank", f"{len(bank.questions)} questions"),
        Finding(Sign.WORKS, "grader", f"marks one answer in {ms:.0f} ms"),
    ]


# ---- lines


def _section(console: Console, title: str, lines: Iterable[str]) -> None:
    console.print(title)
    for line in lines:
        console.print(line)
    console.print()


def _finding_lines(findings: Sequence[Finding]) -> list[str]:
    width = max(17, *(len(finding.what) for finding in findings))
    return [f"  {finding.sign} {finding.what:<{width}}  {finding.says}" for finding in findings]


def _settings_lines(settings: Settings) -> list[str]:
    """Every setting with its value; a secret only says whether it is set."""
    names = setting_names()
    width = max(map(len, names))
    lines = []
    for name in names:
        field = field_of(name)
        assert field
        value = _shown(getattr(settings, field))
        source = "" if value == NOT_SET or field in settings.model_fields_set else "  (default)"
        lines.append(f"  {name:<{width}}  {value}{source}")
    return lines


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set, not shown"
    if value is None or value == "":
        return NOT_SET
    return shown_address(value) if isinstance(value, str) and "://" in value else str(value)


def shown_address(url: str) -> str:
    """An address without what may be a secret in it: user, password, and all of its query but the version."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
        query = "&".join(f"{name}={value if name in SHOWN_QUERY else '…'}" for name, value in parse_qsl(parts.query))
        return urlunsplit(parts._replace(netloc=netloc, query=query, fragment=""))
    except ValueError:
        return "an address that cannot be read"


def _offer_lines(servers: Sequence[LocalServer], settings: Settings) -> list[str]:
    """What to set for each server that was found, ready to be copied."""
    from interviewer.llm.local import USUAL_PORTS

    lines: list[str] = []
    for server in servers:
        usable = [name for name in server.models if "embed" not in name.lower()]
        if not usable:
            says = f"answers at {server.base_url}, but has no model yet (Ollama: ollama pull qwen2.5:7b)"
            lines += _finding_lines([Finding(Sign.PARTLY, server.usually, says)])
            continue
        lines += _finding_lines(
            [Finding(Sign.WORKS, server.usually, f"answers at {server.base_url}. To mark with it:")]
        )
        lines += [f"      export INTERVIEWER_MODEL={shlex.quote(usable[0])}"]
        lines += [f"      export OPENAI_BASE_URL={server.base_url}"]
        if usable[1:]:
            lines += [f"      It also has {', '.join(usable[1:])}."]
    if not servers:
        ports = ", ".join(f"{port} ({usually})" for usually, port in USUAL_PORTS)
        lines += _finding_lines([Finding(Sign.PARTLY, "local server", f"none found on ports {ports}")])
    if settings.openai_api_key and not settings.model:
        lines += _finding_lines([Finding(Sign.PARTLY, "key", "set, but unused: INTERVIEWER_MODEL names no model")])
    return lines
