"""A PostgreSQL database, for several processes on several machines: psycopg 3, transactions in READ COMMITTED.

What has happened to an interview is told by NOTIFY, in a transaction of its own after the commit: commits with a NOTIFY
wait for one another, and one that writes nothing else is over at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import ceil
from pathlib import Path

import psycopg
from sqlalchemy import URL, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from interviewer.errors import SettingError
from interviewer.store.backups import dump_postgres
from interviewer.store.database import Database, first_line

log = logging.getLogger(__name__)

CHANNEL = "interviewer"
_SCHEMA_LOCK = 0x1E7EC1E3
"""Key of the advisory lock under which the schema is changed: any number that nothing else here uses."""
_AGAIN_S = 1.0
_ALIVE = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "20000"}
"""Options of libpq, in seconds, the last in milliseconds: a host that falls silent is given up within half a minute."""
_SESSION = {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}


class PostgresServer(Database):
    """A database on a server. `url` is as in postgresql://user:password@host:5432/name."""

    def __init__(self, url: str, *, pool_size: int, wait_s: float) -> None:
        """`pool_size` connections at most are open to read and write, and one to listen by.

        A connection, and a lock on a row, are waited for `wait_s` seconds.
        """
        parsed = _read(url)
        self.shown = parsed.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
        self._url = parsed
        self._alive = {name: value for name, value in _ALIVE.items() if name not in parsed.query}
        session = _SESSION | {"lock_timeout": f"{round(wait_s * 1000)}ms"}
        options = " ".join(f"-c {name}={value}" for name, value in session.items())
        self.engine = create_async_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=wait_s,
            pool_pre_ping=True,  # a restarted server is met by a new connection, not by an error
            hide_parameters=True,
            connect_args={
                "connect_timeout": ceil(wait_s),
                "application_name": CHANNEL,
                "options": options,
                **self._alive,
            },
        )
        self._snapshots = self.engine.execution_options(isolation_level="REPEATABLE READ")

    async def backup(self, file: Path) -> None:
        """By pg_dump, in its custom format."""
        await dump_postgres(self._url, file)

    async def announce(self, interview_id: str) -> None:
        """Notify whoever listens; a database that does not answer is left alone, since followers look again anyway."""
        try:
            async with self.reading() as connection:
                notify = text("SELECT pg_notify(:channel, :id)")
                await connection.execute(notify, {"channel": CHANNEL, "id": interview_id})
                await connection.commit()
        except Exception as error:
            log.warning("could not tell other processes", extra={"error": type(error).__name__})

    async def heard(self) -> AsyncIterator[str | None]:
        """What is notified; None whenever the connection is new, for what was missed."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    yield None
                    async for notice in connection.notifies():
                        yield notice.payload
            except psycopg.Error as error:
                log.warning("stopped hearing of changes, trying again", extra={"error": type(error).__name__})
            await asyncio.sleep(_AGAIN_S)

    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """An advisory lock, by a hash of its name: two names may share one, and then wait for one another."""
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    async def _reach(self) -> None:
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """Under an advisory lock, which ends with the transaction; it may take long."""
        async with self._writer() as connection:
            await _take_long(connection)
            await connection.execute(text("SET LOCAL lock_timeout = 0"))
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
            await connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
            yield connection

    def _reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """In READ COMMITTED each statement would see another moment, and an interview be put together of two."""
        return self._snapshots.connect()

    @asynccontextmanager
    async def _still(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            await _take_long(connection)
            yield connection

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.begin() as connection:
            yield connection

    def advice(self, error: BaseException) -> str:
        """Which database it is, and what to look at."""
        return (
            f"The database {self.shown} cannot be used ({type(error).__name__}: {first_line(error)}). "
            "Check that it is running and that INTERVIEWER_DATABASE_URL holds its address, name, user and password."
        )

    def _conninfo(self) -> str:
        options = {"application_name": f"{CHANNEL}-listener", **self._alive}
        return self._url.set(drivername="postgresql").update_query_dict(options).render_as_string(hide_password=False)


def _read(url: str) -> URL:
    """The parts of an address, a password among its options where passwords stand: no other place is kept secret."""
    try:
        read = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        read = None
    if read is None or "@" in f"{read.host}{read.database}":  # the rest of a password, which messages would tell
        raise SettingError(
            "INTERVIEWER_DATABASE_URL cannot be read. Write postgresql://user:password@host:5432/name, with signs "
            "like @ and / in the password as %40 and %2F."
        )
    password = read.query.get("password")
    return read.difference_update_query(["password"]).set(password=password) if isinstance(password, str) else read


async def _take_long(connection: AsyncConnection) -> None:
    for name in _SESSION:
        await connection.execute(text(f"SET LOCAL {name} = 0"))
