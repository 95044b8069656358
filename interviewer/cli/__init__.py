"""The command line: `interviewer serve · chat · doctor · bank · regrade · usage · disputes · people · eval · grade`."""

from __future__ import annotations

import asyncio
import logging
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
    people,
    regrading,
    usage,
)
from interviewer.cli.regrading import Database
from interviewer.errors import ConfigurationError, ConflictError, InputError, NotFound, SettingError
from interviewer.settings import Settings, load_settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.store import SqlStore

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A mock interviewer for developers whose marks you can check."
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
