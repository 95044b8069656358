"""Several workers on one port: real processes, one of which is killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx2

from tests.faults.server import running

PATIENCE_S = 60.0


def workers_of(pid: int) -> set[int]:
    """The processes below a server that serve."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            ours = int(status.read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == pid
            if ours and b"spawn_main" in status.with_name("cmdline").read_bytes():
                found.add(int(status.parent.name))
        except OSError:
            continue
    return found


def test_a_killed_worker_is_told_of_and_replaced_and_sigterm_ends_them_all(tmp_path: Path) -> None:
    """The log has a line with both process ids, and the exit status says that it was told to stop."""
    log = tmp_path / "log"
    with running(tmp_path / "a.sqlite3", log, INTERVIEWER_WORKERS="2", INTERVIEWER_LOG_FORMAT="json") as server:
        assert httpx2.get(f"{server.url}/readyz", timeout=PATIENCE_S).status_code == 200
        before = workers_of(server.pid)
        assert len(before) == 2
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while "another is started" not in log.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        (fresh,) = workers_of(server.pid) - before
        line = next(line for line in log.read_text(encoding="utf-8").splitlines() if "another is started" in line)
        assert f'"pid": {killed}, "exit_code": -9, "next_pid": {fresh}' in line
        assert httpx2.get(f"{server.url}/readyz", timeout=PATIENCE_S).status_code == 200
        os.kill(server.pid, signal.SIGTERM)
        assert server.dies(PATIENCE_S) == 128 + signal.SIGTERM
        assert workers_of(server.pid) == set()
