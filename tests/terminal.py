"""`interviewer …` as a process; `interviewer chat` on a pseudo-terminal, as somebody sits at one, or from a pipe."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from typer.testing import CliRunner, Result

from interviewer import cli
from tests.conftest import ROOT
from tests.faults.server import environ

PATIENCE_S = 30.0
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r")


class Terminal:
    """A running `interviewer chat`; `raw` is all that it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self._process = process
        self._end = end
        self._seen = 0
        self.raw = ""

    @property
    def text(self) -> str:
        """What it has printed, without what colours it."""
        return ESCAPES.sub("", self.raw)

    def until(self, words: str) -> None:
        """Wait until it has printed these words, after those that were waited for before."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.text[self._seen :]:
            if time.monotonic() > deadline or not self._read(deadline):
                raise AssertionError(f"{words!r} did not come; there was: {self.text[-2000:]}")
        self._seen = self.text.index(words, self._seen) + len(words)

    def type(self, text: str) -> None:
        """Type, as hands do: control characters mean what they mean there."""
        os.write(self._end, text.encode())

    def interrupt(self) -> None:
        """Ctrl+C."""
        self.type("\x03")

    def status(self) -> int:
        """The exit status, once it has ended."""
        deadline = time.monotonic() + PATIENCE_S
        while self._read(deadline):
            pass
        return self._process.wait(PATIENCE_S)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._end], [], [], max(0.0, deadline - time.monotonic()))
        try:
            data = os.read(self._end, 65536) if ready else b""
        except OSError:  # Linux, when the other side is closed
            return False
        self.raw += data.decode(errors="replace")
        return bool(data)


@contextmanager
def terminal(database: Path, *arguments: str, **settings: str) -> Iterator[Terminal]:
    """`interviewer chat` with these arguments on a terminal of 100 columns."""
    end, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "interviewer", "chat", "--database", str(database), *arguments],
        stdin=other,
        stdout=other,
        stderr=other,
        cwd=ROOT,
        env={"TERM": "xterm-256color", "COLUMNS": "100"} | environ(**settings),
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(other)
    try:
        yield Terminal(process, end)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(end)


def _take_terminal() -> None:
    """Ctrl+C goes to whom the terminal belongs to."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def interviewer(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What `interviewer …` did, in a process of its own; one that should have ended is stopped after a while."""
    return subprocess.run(
        [sys.executable, "-m", "interviewer", *arguments],
        cwd=ROOT,
        env=environ(COLUMNS="120", **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def piped(database: Path, typed: str | bytes, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`interviewer chat` fed from a pipe, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "interviewer", "chat", "--database", str(database), *arguments],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        cwd=ROOT,
        env={"COLUMNS": "100"} | environ(**settings),
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def typed(database: Path, text: str, *arguments: str, **settings: str) -> Result:
    """`interviewer chat` in this process, fed from a pipe: quicker, and an error of ours comes out as it is."""
    clean = {name: None for name in os.environ if name.startswith(("INTERVIEWER_", "OPENAI_"))}
    command = ["chat", "--database", str(database), *arguments]
    return CliRunner().invoke(
        cli.app, command, input=text, env=clean | {"COLUMNS": "100"} | settings, catch_exceptions=False
    )
