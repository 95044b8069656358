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

PORTION = 1000
"""Rows of a query that are fetched with it; the others when they are asked for."""


class OneTripConnection(aiosqlite.Connection):
    """An `aiosqlite` connection with cursors of the kind below."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # awaited by nobody but SQLAlchemy, which enters it
        """A cursor, without a crossing."""
        return OneTripCursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """What comes of some work in the connection's thread."""
        return await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite types it not


class OneTripCursor:
    """What SQLAlchemy asks of a cursor: the first `PORTION` rows are fetched with their statement."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._more: sqlite3.Cursor | None = None
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
        """The rows that are left."""
        rows, self._rows = self._rows, []
        if more := self._more:
            rows += await self._connection.run(lambda _: more.fetchall())
            await self.close()
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, for a query that is streamed."""
        wanted = size or self.arraysize
        if len(self._rows) < wanted and (more := self._more):
            self._rows += await self._connection.run(lambda _: more.fetchmany(max(PORTION, wanted)))
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def close(self) -> None:
        """End a statement whose rows were not all fetched."""
        more, self._more = self._more, None
        if more:
            await self._connection.run(lambda _: more.close())

    async def _run(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def done(connection: sqlite3.Connection) -> None:
            cursor = work(connection)
            self._rows = cursor.fetchmany(PORTION)
            self.description = cursor.description
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
            if len(self._rows) < PORTION:
                cursor.close()
            else:
                self._more = cursor

        await self._connection.run(done)


async def connect(path: Path, *, timeout_s: float) -> OneTripConnection:
    """A connection to a file; a statement waits `timeout_s` seconds for another process."""
    connection = OneTripConnection(lambda: sqlite3.connect(path, timeout=timeout_s), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy has it with connections of its own making
    await connection
    return connection
