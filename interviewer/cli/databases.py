"""Settings -> the store they name, for commands that look into a database which is there already."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from interviewer.errors import SettingError
from interviewer.settings import Settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.store import SqlStore

T = TypeVar("T")
Database = Annotated[
    Path | None,
    typer.Option(help="SQLite file, in the place of INTERVIEWER_DATABASE_URL and INTERVIEWER_DATABASE."),
]


def check_is_there(settings: Settings) -> None:
    """Raise SettingError when the database would be a new file; a server says itself whether it is there."""
    where = settings.kept_at
    if isinstance(where, Path) and not where.exists():
        raise SettingError(f"There is no database {where}. Name the file with --database.")


def on_store(settings: Settings, act: Callable[[SqlStore], Awaitable[T]], *, may_be_new: bool = False) -> T:
    """What comes of an act on the store; a running server may use it meanwhile. With `may_be_new`, a file is made.

    Raises:
        SettingError: there is no such file.
        DatabaseUnusable: it cannot be opened.
    """
    if not may_be_new:
        check_is_there(settings)
    return asyncio.run(_opened(settings, act))


async def _opened(settings: Settings, act: Callable[[SqlStore], Awaitable[T]]) -> T:
    from interviewer.store import SqlStore

    store = SqlStore(settings.kept_at)
    await store.open()
    try:
        return await act(store)
    finally:
        await store.close()
