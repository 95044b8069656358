"""`interviewer people`: accounts made, invited, changed and deleted by whoever has the database."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from interviewer.cli.databases import Database, on_store
from interviewer.domain import Role
from interviewer.errors import UnknownChoice, UnusablePassword
from interviewer.people import PASSWORD_CHARS
from interviewer.settings import Settings, load_settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.conductor.people import People
    from interviewer.conductor.roster import Roster
    from interviewer.store import SqlStore

Name = Annotated[str, typer.Argument(metavar="NAME", help="As it was typed at sign-up; capitals do not matter.")]
RoleOption = Annotated[Role, typer.Option(help="What the person may see.")]
T = TypeVar("T")
MOST_LISTED = 100_000


def add(name: Name, role: RoleOption = Role.CANDIDATE, database: Database = None) -> None:
    """Make an account. The password is asked for, or read from the standard input."""
    password = _password()
    settings = load_settings(database=database)
    person = _on(settings, lambda people, _: people.add(name, password, role), may_be_new=True)
    _console().print(f"{person.name} has an account now, as {person.role}.")


def listed(
    find: Annotated[str, typer.Option(help="Only names with this in them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
    database: Database = None,
) -> None:
    """List who has an account, by name."""
    found = _on(load_settings(database=database), lambda _, roster: roster.page(find, limit=MOST_LISTED)).people
    if as_json:
        shapes = [
            {"name": p.name, "role": p.role, "created_at": p.created_at.isoformat(), "disabled": bool(p.disabled_at)}
            for p in found
        ]
        typer.get_binary_stream("stdout").write(json.dumps(shapes, ensure_ascii=False).encode() + b"\n")
        return
    console = _console()
    if found:
        table = Table("name", "role", "since", "")
        for person in found:
            state = "disabled" if person.disabled_at else ""
            table.add_row(person.name, person.role, f"{person.created_at:%Y-%m-%d}", state)
        console.print(table, soft_wrap=False)
    console.print(f"{len(found)} {'person has' if len(found) == 1 else 'people have'} an account.")


def invite(
    base_url: Annotated[
        str, typer.Option("--base-url", help="Address people use for the server, as in https://interview.example.org")
    ],
    role: RoleOption = Role.CANDIDATE,
    database: Database = None,
) -> None:
    """Print a link by which one person may sign up within seven days."""
    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise UnknownChoice(f"--base-url {base_url!r} is no address. Write it as in https://interview.example.org")
    link = _on(load_settings(database=database), lambda _, roster: roster.invite(role, by=None))
    _console().print(f"{base_url.rstrip('/')}/invited/{link.token}")


def set_role(
    name: Name, role: Annotated[Role, typer.Argument(help="What the person may see.")], database: Database = None
) -> None:
    """Give a person a role. They have to log in again."""

    async def act(_: People, roster: Roster) -> None:
        await roster.set_role((await roster.named(name)).id, role)

    _on(load_settings(database=database), act)
    _console().print(f"{name} is {role} now, and has to log in again.")


def set_password(name: Name, database: Database = None) -> None:
    """Set a person's password, asked for or read from the standard input. All their sessions end."""
    password = _password()

    async def act(people: People, roster: Roster) -> None:
        await people.set_password(await roster.named(name), password)

    _on(load_settings(database=database), act)
    _console().print(f"{name} has a new password, and has to log in again.")


def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let a disabled person in again.")] = False,
    database: Database = None,
) -> None:
    """Log a person out and let them in no more. What is theirs stays."""

    async def act(_: People, roster: Roster) -> None:
        person = await roster.named(name)
        await (roster.enable(person.id) if undo else roster.disable(person.id))

    _on(load_settings(database=database), act)
    _console().print(f"{name} may log in again." if undo else f"{name} is logged out and may log in no more.")


def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = None,
) -> None:
    """Delete a person with all their interviews. There is no way back."""
    settings = load_settings(database=database)
    person = _on(settings, lambda _, roster: roster.named(name))
    if not yes:
        typer.confirm(f"Delete {person.name} with all that is theirs?", abort=True)
    _on(settings, lambda _, roster: roster.remove(person.id))
    _console().print(f"{person.name} is deleted, with all that was theirs.")


def _password() -> str:
    """What is typed twice at a prompt, or the first line of the standard input."""
    if sys.stdin.isatty():
        least = PASSWORD_CHARS[0]
        asked: str = typer.prompt(f"Password, at least {least} characters", hide_input=True, confirmation_prompt=True)
        return asked
    line = sys.stdin.buffer.readline(4 * PASSWORD_CHARS[-1] + 2)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise UnusablePassword("The password on the standard input is no UTF-8 text.") from None


def _on(settings: Settings, act: Callable[[People, Roster], Awaitable[T]], *, may_be_new: bool = False) -> T:
    """What comes of an act on the accounts of the database; a running server may use it meanwhile."""

    def acted(store: SqlStore) -> Awaitable[T]:
        from interviewer.conductor.people import People
        from interviewer.conductor.roster import Roster
        from interviewer.passwords import Passwords

        people = People(store, passwords=Passwords(), clock=_now, new_id=lambda: token_urlsafe(16))
        return act(people, Roster(store, clock=_now))

    return on_store(settings, acted, may_be_new=may_be_new)


def _now() -> datetime:
    return datetime.now(UTC)


def _console() -> Console:
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
