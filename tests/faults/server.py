"""Real servers on real sockets: the product's own, and one that a signal hits at a chosen write.

`running` starts `python -m interviewer …` as a person does. `forked` runs the same entry point in a process that has
its imports done already, so that many servers can be killed in little time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection, Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

import alembic.command
import uvicorn
import uvicorn.lifespan.on
import uvicorn.protocols.http.auto
from sqlalchemy.ext.asyncio import AsyncConnection

from interviewer import cli
from interviewer.app import create_app
from interviewer.assembly import OFFLINE_LEASE_S
from interviewer.settings import Settings
from interviewer.store import SqlStore
from interviewer.store.sqlite import SqliteFile

ROOT = Path(__file__).parent.parent.parent


class KillingFile(SqliteFile):
    """A database whose process is hit by a signal at one of its writes; the migration is write number 0."""

    def __init__(self, database: Path, *, write: int, moment: str, number: int) -> None:
        super().__init__(database)
        self._fatal = (write, moment)
        self._number = number
        self._written = 0

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[AsyncConnection]:
        write = self._written
        self._written += 1
        self._hit(write, "before")
        async with super()._writer() as connection:
            yield connection
            self._hit(write, "within")
        self._hit(write, "after")

    def _hit(self, write: int, moment: str) -> None:
        if (write, moment) == self._fatal:
            os.kill(os.getpid(), self._number)


@dataclass(frozen=True)
class Hit:
    """Which signal a server sends itself `before`, `within` or `after` which of its writes.

    To other servers its lease lasts `lease_s`: its clock is behind by the rest.
    """

    number: int
    write: int
    moment: str
    lease_s: float = 0.2


@dataclass(frozen=True)
class Running:
    """A server process and where it listens."""

    process: subprocess.Popen[str] | BaseProcess
    url: str

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.process.pid
        return self.process.pid

    def dies(self, seconds: float = 10.0) -> int | None:
        """The exit status of a process that is about to end; negative for a signal."""
        if isinstance(self.process, subprocess.Popen):
            return self.process.wait(seconds)
        self.process.join(seconds)
        return self.process.exitcode


def environ(**settings: str) -> dict[str, str]:
    """The environment of a server process: ours without settings, and then these."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("INTERVIEWER_", "OPENAI_", "OTEL_"))
    }
    return ours | {"PYTHONUNBUFFERED": "1"} | settings


@contextmanager
def running(where: Path | str, log: Path | None = None, /, **settings: str) -> Iterator[Running]:
    """`python -m interviewer serve` on a free port, until the block is left; its log goes to ours, or to a file.

    Interviews are kept in a file, or at a database URL.
    """
    if isinstance(where, str):
        settings["INTERVIEWER_DATABASE_URL"] = where
    with nullcontext() if log is None else log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "interviewer", *_arguments(where if isinstance(where, Path) else None)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=ROOT,
            env=environ(**settings),
            text=True,
        )
    assert process.stdout
    with process.stdout:
        try:
            yield Running(process, address(process.stdout))
        finally:
            process.kill()
            process.wait()


@contextmanager
def forked(database: Path, hit: Hit | None = None) -> Iterator[Running]:
    """The same server from a warm process; with `hit`, one that a signal hits. Until the block is left."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, alembic.command.__name__])
    ours, theirs = Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, str(database), hit), daemon=True)
    process.start()
    theirs.close()
    with closing(ours), os.fdopen(os.dup(ours.fileno()), encoding="utf-8") as stdout:
        try:
            yield Running(process, address(stdout))
        finally:
            process.kill()
            process.join()
            process.close()


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def _arguments(database: Path | None) -> list[str]:
    return ["serve", "--port", "0", *(["--database", str(database)] if database else [])]


def address(stdout: IO[str], seconds: float = 30.0) -> str:
    """The address a server prints in its first line."""
    deadline = time.monotonic() + seconds
    while not select.select([stdout], [], [], 0.1)[0]:
        assert time.monotonic() < deadline, "the server said nothing"
    line = stdout.readline()
    found = re.search(r"http://[^ ]+:\d+", line)
    assert found, f"the server said {line!r}"
    return found[0]


def _serve(stdout: Connection, database: str, hit: Hit | None) -> None:
    """Serve in this process, which prints to `stdout` from now on."""
    os.dup2(stdout.fileno(), 1)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as the process
    if hit is None:
        sys.argv = ["interviewer", *_arguments(Path(database))]
        cli.main()
    else:
        _serve_hit(Path(database), hit)


def _serve_hit(database: Path, hit: Hit) -> None:
    behind = timedelta(seconds=OFFLINE_LEASE_S - hit.lease_s)
    app = create_app(
        Settings(database=database),
        store=SqlStore(KillingFile(database, write=hit.write, moment=hit.moment, number=hit.number)),
        clock=lambda: datetime.now(UTC) - behind,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    asyncio.run(server.serve(sockets=[listener]))
