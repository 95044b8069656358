"""Several workers on one port: real processes, one of which is killed."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx2

from tests.faults.server import running, until
from tests.faults.workers import Workers, kill

PATIENCE_S = 60.0


def test_a_killed_worker_is_told_of_and_replaced_and_sigterm_ends_them_all(tmp_path: Path) -> None:
    """The log has a line with both process ids, and the exit status says that it was told to stop."""
    log, file = tmp_path / "log", tmp_path / "a.sqlite3"
    with running(file, log, INTERVIEWER_WORKERS="2", INTERVIEWER_LOG_FORMAT="json") as server:
        served_by = Workers(server, file)
        before = served_by.ready(2)
        killed = before[0]
        kill(killed)
        until(lambda: "another is started" in log.read_text(encoding="utf-8"), PATIENCE_S)
        (fresh,) = set(served_by.pids()) - set(before)
        line = next(line for line in log.read_text(encoding="utf-8").splitlines() if "another is started" in line)
        assert f'"pid": {killed}, "exit_code": -9, "next_pid": {fresh}' in line
        assert httpx2.get(f"{server.url}/readyz", timeout=PATIENCE_S).status_code == 200
        assert served_by.stop(PATIENCE_S) == 128 + signal.SIGTERM
        assert served_by.pids() == []
