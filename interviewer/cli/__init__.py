"""The command line: `interviewer serve · doctor · bank · regrade · eval · grade`."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from interviewer import bank as banks
from interviewer.bank import check as bank_check
from interviewer.cli import doctor, measuring, regrading
from interviewer.cli.regrading import Database
from interviewer.domain import Level
from interviewer.errors import BankError, ConfigurationError, RowsError, SettingError
from interviewer.settings import Settings, load_settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.store import SqlStore

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A mock interviewer for developers whose marks you can check."
)
bank_app = typer.Typer(no_args_is_help=True, help="Look after the bank of questions.")
app.add_typer(bank_app, name="bank")

BankFolder = Annotated[Path | None, typer.Option("--bank", help="Folder of packs. [default: the shipped bank]")]


def main() -> None:
    """Run the command line; what the operator can mend is said in one line, without a traceback."""
    try:
        app()
    except (ConfigurationError, RowsError) as error:
        print(f"interviewer: {error}", file=sys.stderr)  # noqa: T201  # the command line speaks by printing
        raise SystemExit(2) from None


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one. [default: 8000]")] = None,
    database: Database = None,
) -> None:
    """Serve the pages and the API."""
    import uvicorn

    from interviewer.app import create_app

    settings = load_settings(host=host, port=port, database=database)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    listener = _listen(settings)
    application = create_app(settings)
    asyncio.run(_check_database(application.state.web.store))
    address, bound_port = listener.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"Interviewer on http://{shown}:{bound_port}/", markup=False)
    console.print(f"Database: {settings.database.resolve()}", markup=False)
    advice = "" if settings.model else " (set INTERVIEWER_MODEL to use a model)"
    console.print(f"Grader: {application.state.web.grader}{advice}", markup=False)
    config = uvicorn.Config(
        application,
        log_level="warning" if settings.log_level == "info" else settings.log_level,
        timeout_graceful_shutdown=settings.shutdown_s,
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise SystemExit(3)


app.command("regrade")(regrading.regrade)
app.command("doctor")(doctor.doctor)
app.command("eval")(measuring.evaluate)
app.command("grade")(measuring.grade)


@bank_app.command("check")
def check_bank(bank: BankFolder = None) -> None:
    """Hold every question against its own samples; exit 1 when anything is wrong."""
    console = Console(soft_wrap=True, highlight=False)
    try:
        loaded = banks.load(_bank_folder(bank))
        problems = bank_check.check(loaded)
    except BankError as error:
        problems = error.problems
    for problem in problems:
        console.print(str(problem), markup=False)
    if problems:
        raise typer.Exit(1)
    console.print(f"{len(loaded.questions)} questions are in order.")


@bank_app.command("stats")
def bank_stats(bank: BankFolder = None) -> None:
    """Count questions by topic and level."""
    console = Console()
    for pack in banks.load(_bank_folder(bank)).packs:
        table = Table("topic", *Level, "all", title=pack.title)
        for topic in pack.topics:
            counts = [sum(q.topic == topic.id and q.level is level for q in pack.questions) for level in Level]
            table.add_row(topic.title, *map(str, counts), str(sum(counts)))
        totals = [sum(q.level is level for q in pack.questions) for level in Level]
        table.add_row("all", *map(str, totals), str(sum(totals)), style="bold")
        console.print(table)


def _bank_folder(given: Path | None) -> Path:
    return given or load_settings().bank_dir


async def _check_database(store: SqlStore) -> None:
    """Open the database once before the address is printed: what is wrong with it is said in one line."""
    await store.open()
    await store.close()


def _listen(settings: Settings) -> socket.socket:
    """A listening socket, or a SettingError that says what to do."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each reply waits 40 ms for an ACK
        return listener
    except OSError as error:
        raise SettingError(
            f"Cannot listen on {settings.host} port {settings.port} ({error.strerror}). "
            "Stop what uses it, or choose another with --port."
        ) from error
