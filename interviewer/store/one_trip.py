"""A connection to a SQLite file whose statements cross to its thread and back once each.

`aiosqlite` crosses for the cursor, the statement, its rows and the cursor's end, one after the other. Each crossing
wakes two threads, which costs more than a short statement does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite


class OneTripConnection(aiosqlite.Connection):
    """An `aiosqlite` connection with cursors of the kind below."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # awaited by nobody but SQLAlchemy, which enters it
        """A cursor, without a crossing."""
        return OneTripCursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """What comes of some work in the connection's thread."""
        return await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite types it not


class OneTripCursor:
    """What SQLAlchemy asks of a cursor: rows are fetched with their statement, so nothing is left to be closed."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and fetch its rows."""
        await self._run(lambda connection: connection.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of parameters."""
        await self._run(lambda connection: connection.executemany(statement, parameters))

    async def fetchall(self) -> list[Any]:
        """The rows of the statement."""
        return self._rows

    async def close(self) -> None:
        """Nothing."""

    async def _run(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def done(connection: sqlite3.Connection) -> None:
            cursor = work(connection)
            try:
                self._rows = cursor.fetchall()
                self.description = cursor.description
                self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        await self._connection.run(done)


async def connect(path: Path, *, timeout_s: float) -> OneTripConnection:
    """A connection to a file; a statement waits `timeout_s` seconds for another process."""
    connection = OneTripConnection(lambda: sqlite3.connect(path, timeout=timeout_s), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy has it with connections of its own making
    await connection
    return connection
