"""A SQLite file: WAL, foreign keys, every commit on disk before it is acknowledged, one writer at a time.

Unlimited writers would wait on one another for hundreds of milliseconds.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from interviewer.errors import DatabaseUnusable
from interviewer.store.backups import copy_sqlite
from interviewer.store.database import WAIT_S, Database, first_line, unusable
from interviewer.store.one_trip import connect

LOOK_EVERY_S = 0.25
"""How often it is looked whether any process has written. One file's counter is read, no row."""


class SqliteFile(Database):
    """A database in a file; its folder is made when it is missing."""

    def __init__(self, path: Path, *, wait_s: float = WAIT_S) -> None:
        """A writer waits `wait_s` seconds for those of this process, and as long for other processes."""
        self.path = path
        self.shown = str(path.resolve())
        one_trip = partial(connect, path, timeout_s=wait_s)
        self.engine = _with_pragmas(create_async_engine(_url(path), async_creator=one_trip))
        self._writing = asyncio.Lock()
        self._wait_s = wait_s

    async def backup(self, file: Path) -> None:
        """By SQLite's own online backup, and then checked."""
        await asyncio.to_thread(copy_sqlite, self.path, file)

    async def announce(self, interview_id: str) -> None:
        """Nothing: other processes look at the file."""

    async def heard(self) -> AsyncIterator[str | None]:
        """None after any process has written."""
        async with aiosqlite.connect(self.path, isolation_level=None) as connection:
            last: object = None
            while True:
                async with connection.execute("PRAGMA data_version") as found:
                    now = await found.fetchone()
                if now != last:
                    last = now
                    yield None
                await asyncio.sleep(LOOK_EVERY_S)

    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Nothing: a writer is alone."""

    async def _reach(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            await asyncio.to_thread(_try_out, self.path)
        except sqlite3.Error as error:
            raise DatabaseUnusable(self.advice(error)) from error

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """As every writer is."""
        async with self._writer() as connection:
            yield connection

    @asynccontextmanager
    async def _still(self) -> AsyncIterator[AsyncConnection]:
        """As every transaction in WAL mode is; by a connection that can give its rows little by little."""
        engine = _with_pragmas(create_async_engine(_url(self.path), connect_args={"timeout": self._wait_s}))
        try:
            async with engine.connect() as connection:
                yield connection
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn(), self.engine.connect() as connection:
            await connection.execution_options(writes=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Be the one writer of this process. While another holds the file locked, the queue must not grow longer."""
        try:
            async with asyncio.timeout(self._wait_s):
                await self._writing.acquire()
        except TimeoutError:
            raise unusable("Nothing could be saved", "the file is locked") from None
        try:
            yield
        finally:
            self._writing.release()

    def advice(self, error: BaseException) -> str:
        """Which file it is, and what to look at."""
        return (
            f"The database {self.path} cannot be used ({type(error).__name__}: {first_line(error)}). "
            "Check that it is an Interviewer database and that its folder can be written, or name another "
            "file with --database."
        )


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def _with_pragmas(engine: AsyncEngine) -> AsyncEngine:
    """The engine, its connections set up as ours are."""

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(dbapi_connection: Any, _: object) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _try_out(path: Path) -> None:
    """Fail here rather than in the driver, whose thread would outlive the event loop with an error of its own."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA schema_version")
