"""Servers with several worker processes, which a test may kill one by one, on either database."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.faults.server import Running, running, until

NO_LIMITS = dict.fromkeys(
    (
        *("INTERVIEWER_ANSWERS_PER_MINUTE", "INTERVIEWER_DRAFTS_PER_MINUTE", "INTERVIEWER_STARTS_PER_HOUR"),
        *("INTERVIEWER_MODEL_REQUESTS_PER_HOUR", "INTERVIEWER_STREAMS_PER_PERSON", "INTERVIEWER_GRADINGS_AT_ONCE"),
        "INTERVIEWER_PEOPLE_PER_ADDRESS",
    ),
    "0",
)
"""Settings of a server that takes as much as a test sends."""


@dataclass(frozen=True)
class Workers:
    """A server of several processes, and where its interviews are kept."""

    server: Running
    where: Path | str

    @property
    def url(self) -> str:
        """Where all of them listen."""
        return self.server.url

    def pids(self) -> list[int]:
        """The worker processes there are."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        with suppress(OSError):
            found = [int(pid) for pid in children.read_text(encoding="ascii").split()]
            return [pid for pid in found if b"spawn_main" in _command(pid)]
        return []

    def ready(self, count: int = 4) -> list[int]:
        """The worker processes, once so many of them serve."""
        until(lambda: self._listening() >= count, 90)
        return self.pids()

    def stop(self, seconds: float = 30.0) -> int | None:
        """Ask it to stop; its exit status."""
        os.kill(self.server.pid, signal.SIGTERM)
        return self.server.dies(seconds)

    def _listening(self) -> int:
        """How many workers hear what the others do, which is the last thing that one begins with."""
        if isinstance(self.where, Path):
            return sum(_has_open(pid, self.where) for pid in self.pids())
        with psycopg.connect(self.where) as connection:
            query = (
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'interviewer-listener'"
            )
            found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0


@contextmanager
def workers(where: Path | str, count: int = 4, /, **settings: str) -> Iterator[Workers]:
    """A server with so many workers, until the block is left."""
    with running(where, INTERVIEWER_WORKERS=str(count), **NO_LIMITS, **settings) as server:
        yield Workers(server, where)  # when it is killed, its workers end too


def kill(pid: int) -> None:
    """`kill -9`, also of one that is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _has_open(pid: int, file: Path) -> bool:
    with suppress(OSError):
        return any(os.path.realpath(link) == str(file) for link in Path(f"/proc/{pid}/fd").iterdir())
    return False
