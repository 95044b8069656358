"""The command line: `interviewer serve · chat · doctor · bank · regrade · usage · disputes · people · export · import ·
backup · restore · eval · grade`.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from interviewer.cli import (
    bank,
    bank_exchange,
    bank_items,
    bank_same,
    bank_writing,
    chat,
    disputes,
    doctor,
    measuring,
    moving,
    people,
    regrading,
    usage,
)
from interviewer.cli.databases import Database
from interviewer.errors import ConfigurationError, ConflictError, InputError, NotFound, SettingError
from interviewer.settings import Settings, load_settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.store import SqlStore
    from interviewer.web.parts import Web

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may be a candidate's words
    help="A mock interviewer for developers whose marks you can check.",
)
bank_app = typer.Typer(no_args_is_help=True, help="Look after the bank of questions.")
app.add_typer(bank_app, name="bank")
disputes_app = typer.Typer(no_args_is_help=True, help="Look at the marks that candidates contest, and decide.")
app.add_typer(disputes_app, name="disputes")
people_app = typer.Typer(no_args_is_help=True, help="Look after accounts.")
app.add_typer(people_app, name="people")


def main() -> None:
    """Run the command line; what the operator can mend is said in one line, without a traceback."""
    try:
        app()
    except (ConfigurationError, InputError, NotFound, ConflictError) as error:
        print(f"interviewer: {error}", file=sys.stderr)  # noqa: T201  # the command line speaks by printing
        raise SystemExit(2) from None


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. (default: 127.0.0.1)")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one. (default: 8000)")] = None,
    database: Database = None,
    workers: Annotated[int | None, typer.Option(help="Processes that serve. (default: 1)")] = None,
) -> None:
    """Serve the pages and the API."""
    from interviewer import serving
    from interviewer.app import create_app
    from interviewer.watch import logs

    settings = load_settings(host=host, port=port, database=database, workers=workers)
    logs.configure(settings.log_format, settings.log_level)
    listener = _listen(settings)
    application = create_app(settings)
    asyncio.run(_check_database(application.state.web.store))
    _introduce(settings, application.state.web, listener)
    if code := serving.serve(settings, application, listener):
        raise SystemExit(code)


bank_app.command("check")(bank.check)
bank_app.command("stats")(bank.stats)
bank_app.command("coverage")(bank.check_coverage)
bank_app.command("same-points")(bank_same.same)
bank_app.command("items")(bank_items.items)
bank_app.command("new")(bank_writing.new)
bank_app.command("show")(bank_writing.show)
bank_app.command("schema")(bank_writing.schema)
bank_app.command("export")(bank_exchange.export)
bank_app.command("import")(bank_exchange.import_file)
app.command("chat")(chat.chat)
app.command("regrade")(regrading.regrade)
app.command("usage")(usage.usage)
app.command("export")(moving.export)
app.command("import")(moving.import_file)
app.command("backup")(moving.backup)
app.command("restore")(moving.restore)
app.command("doctor")(doctor.doctor)
app.command("eval")(measuring.evaluate)
app.command("grade")(measuring.grade)
disputes_app.command("list")(disputes.listed)
disputes_app.command("show")(disputes.show)
disputes_app.command("settle")(disputes.settle)
disputes_app.command("export")(disputes.export)
people_app.command("add")(people.add)
people_app.command("list")(people.listed)
people_app.command("invite")(people.invite)
people_app.command("role")(people.set_role)
people_app.command("password")(people.set_password)
people_app.command("disable")(people.disable)
people_app.command("delete")(people.delete)


def _introduce(settings: Settings, web: Web, listener: socket.socket) -> None:
    """Say where the pages are, what keeps the interviews and who marks them."""
    address, port = listener.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"Interviewer on http://{shown}:{port}/", markup=False)
    console.print(f"Database: {web.store.database.shown}", markup=False)
    advice = "" if settings.model else " (set INTERVIEWER_MODEL to use a model)"
    console.print(f"Grader: {web.grader}{advice}", markup=False)
    if settings.workers > 1:
        console.print(f"Workers: {settings.workers}", markup=False)


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
