"""Real servers: one that a signal hits at a chosen write, and the plain one that comes after it.

    python -m tests.faults.server DATABASE WRITE MOMENT [SIGNAL]

serves on a free port, prints its address, and sends itself SIGNAL at `before`, `within` or `after` write number
WRITE (migrations are number 0).
"""

from __future__ import annotations

import asyncio
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from interviewer.app import OFFLINE_LEASE_S, create_app
from interviewer.settings import Settings
from interviewer.store import SqlStore

ROOT = Path(__file__).parent.parent.parent
LEASE_S = 1.5
"""How long the lease of a server that was hit seems to last to the others: its clock is behind by the rest."""


class KillingStore(SqlStore):
    """A store whose process is hit by a signal at one of its writes."""

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
class Running:
    """A server process and where it listens."""

    process: subprocess.Popen[str]
    url: str

    def dies(self, seconds: float = 10.0) -> int:
        """The exit status of a process that is about to end."""
        return self.process.wait(seconds)


@contextmanager
def running(*command: str, environ: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A server that prints its address, until the block is left."""
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(environ or {})},
        text=True,
    )
    try:
        yield Running(process, _address(process))
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def plain(database: Path, **environ: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Command and environment of the product's own server on a free port."""
    return ("-m", "interviewer", "serve", "--port", "0", "--database", str(database)), environ


def _address(process: subprocess.Popen[str], seconds: float = 30.0) -> str:
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout
    stdout = process.stdout
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    line = lines.get(timeout=seconds)
    found = re.search(r"http://[^ ]+:\d+", line)
    assert found, f"the server said {line!r}"
    return found[0]


def serve(database: Path, *, write: int, moment: str, number: int) -> None:
    """Serve until the signal comes."""
    import uvicorn

    behind = timedelta(seconds=OFFLINE_LEASE_S - LEASE_S)
    app = create_app(
        Settings(database=database),
        store=KillingStore(database, write=write, moment=moment, number=number),
        clock=lambda: datetime.now(UTC) - behind,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    name = sys.argv[4] if len(sys.argv) > 4 else "SIGKILL"
    serve(Path(sys.argv[1]), write=int(sys.argv[2]), moment=sys.argv[3], number=signal.Signals[name])
