"""Measures the product on this machine and prints the figures as Markdown, beside the machine's own ceiling.

    python bench/run.py [--seconds 5]

Everything runs over loopback: the server in one process, all candidates in this one. Nothing else is reached.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import math
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from interviewer import bank as banks
from interviewer.bank import Bank
from interviewer.domain import Level, Question, QuestionKind
from interviewer.grading.cascade import Cascade
from tests.unlimited import UNLIMITED_ENVIRON

ROOT = Path(__file__).resolve().parent.parent
CANDIDATES = (1, 16, 64)
STARTS = 3
PASSES = 5
QUESTIONS = 10
"""Questions of each interview that is played."""
LIBRARIES = ("fastapi", "starlette", "uvicorn", "pydantic", "sqlmodel", "sqlalchemy", "aiosqlite", "rapidfuzz")


@dataclass
class Connection:
    """One keep-alive HTTP/1.1 connection, hand-made so that the client costs little beside the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cookie: str = ""

    async def call(self, method: str, path: str, body: object = None) -> bytes:
        """Send a request and read its whole reply; raises for any status but 2xx."""
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\nCookie: {self.cookie}\r\n\r\n"
        )
        self.writer.write(head.encode() + data)
        reply = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"content-length: (\d+)", reply, re.IGNORECASE)
        content = await self.reader.readexactly(int(length[1]) if length else 0)
        if not reply.startswith("HTTP/1.1 2"):
            raise RuntimeError(f"{method} {path}: {reply.splitlines()[0]} {content[:200]!r}")
        if found := re.search(r"set-cookie: ([^;]+)", reply, re.IGNORECASE):
            self.cookie = found[1]
        return content


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    """A connection to a server on loopback."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


@dataclass
class Timings:
    """How long each of many things took, in milliseconds, and how many came in a second."""

    each_ms: list[float] = field(default_factory=list)
    per_s: float = 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        yield
        self.each_ms.append((time.perf_counter() - began) * 1000)

    @property
    def median(self) -> float:
        """Half took no longer."""
        return statistics.median(self.each_ms)

    @property
    def p99(self) -> float:
        """99 of 100 took no longer."""
        return sorted(self.each_ms)[min(len(self.each_ms) - 1, int(len(self.each_ms) * 0.99))]


Visit = Callable[[Connection, Timings, float], Awaitable[None]]
"""What one candidate does over a connection until a moment of the clock, noting what is to be timed."""


async def crowd(port: int, candidates: int, seconds: float, visit: Visit) -> Timings:
    """Many candidates at once for some seconds, each with a connection of its own."""
    timings = Timings()
    until = time.perf_counter() + seconds

    async def come() -> None:
        async with connected(port) as connection:
            await visit(connection, timings, until)

    began = time.perf_counter()
    await asyncio.gather(*(come() for _ in range(candidates)))
    timings.per_s = len(timings.each_ms) / (time.perf_counter() - began)
    return timings


def interviews(bank: Bank) -> Visit:
    """A candidate who plays interviews with the bank's sample answers; each answer is timed until it is marked."""
    said = {q.id: [*(sample.text for sample in q.samples), q.reference] for q in bank.questions}
    levels = list(Level)

    async def visit(connection: Connection, timings: Timings, until: float) -> None:
        count = len(timings.each_ms)
        await asyncio.sleep(0)
        while time.perf_counter() < until:
            choice = {"level": levels[count % 3], "questions": QUESTIONS}
            interview = json.loads(await connection.call("POST", "/api/interviews", choice))
            while interview["status"] == "open" and time.perf_counter() < until:
                turn = interview["turns"][-1]
                texts = said[turn["question"]["id"]]
                body = {"turn": turn["number"], "text": texts[count % len(texts)], "says_seen": len(turn["says"])}
                count += 1
                with timings.one():
                    reply = await connection.call("POST", f"/api/interviews/{interview['id']}/answers", body)
                interview = json.loads(reply)

    return visit


def posts(path: str) -> Visit:
    """A client that posts the same small body again and again."""

    async def visit(connection: Connection, timings: Timings, until: float) -> None:
        while time.perf_counter() < until:
            with timings.one():
                await connection.call("POST", path, {"turn": 1, "text": "word " * 60})

    return visit


@contextmanager
def server(*command: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process and its port, which it prints; `settings` are its environment beside what is no setting.

    It limits nobody: a candidate here asks more in a second than a person in an hour.
    """
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("INTERVIEWER_", "OPENAI_"))}
    environ = keep | UNLIMITED_ENVIRON | settings
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ)
    assert process.stdout
    with process.stdout:
        try:
            found = re.search(r":(\d+)/?$", process.stdout.readline().strip())
            assert found, "the server did not start"
            yield process, int(found[1])
        finally:
            process.terminate()
            process.wait(60)


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)], text=True)) / 1024


def cpu_ms(pid: int) -> float:
    """Processor time a process has taken; not a number where the system does not say it finely."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return math.nan
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


def product(folder: Path) -> tuple[str, ...]:
    """The command of the product's server, with a database of its own."""
    return ("-m", "interviewer", "serve", "--port", "0", "--database", str(folder / f"{time.time_ns()}.sqlite3"))


async def first_page(port: int) -> None:
    """Wait until the start page is there."""
    async with connected(port) as connection:  # the socket listens before its address is printed
        await connection.call("GET", "/")


def start_up(folder: Path) -> tuple[Timings, float]:
    """From nothing to the first page, new database and all, and the memory then."""
    timings, memory = Timings(), 0.0
    for _ in range(STARTS):
        began = time.perf_counter()
        with server(*product(folder)) as (process, port):
            asyncio.run(first_page(port))
            timings.each_ms.append((time.perf_counter() - began) * 1000)
            memory = memory_mb(process.pid)
    return timings, memory


async def offline_grading(bank: Bank) -> Timings:
    """Every sample and every reference of the bank, marked by the offline grader, without HTTP or database."""
    grader = Cascade(None, bank_revision=bank.revision, clock=lambda: datetime.now(UTC))
    answers: list[tuple[Question, str]] = [
        (q, text)
        for q in bank.of_kind(QuestionKind.OPEN)
        for text in (*(sample.text for sample in q.samples), q.reference)
    ]
    for question, text in answers:
        await grader.grade(question, [text])
    timings = Timings()
    for question, text in answers * PASSES:
        with timings.one():
            await grader.grade(question, [text])
    return timings


def machine() -> str:
    """What it ran on, and with what."""
    cpu = Path("/proc/cpuinfo")
    name = re.search(r"model name\s*: (.+)", cpu.read_text()) if cpu.exists() else None
    versions = ", ".join(f"{library} {importlib.metadata.version(library)}" for library in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {name[1] if name else platform.processor()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} before, {platform.system()}, Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}; interviewer {importlib.metadata.version('interviewer')}, {versions}"
    )


def row(*cells: object) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def crowds(folder: Path, bank: Bank, seconds: float) -> tuple[list[str], float]:
    """Lines for each number of candidates: whole turns beside the bare routes; and the server's memory afterwards."""
    with server(*product(folder)) as ours, server("bench/bare.py", str(folder / "bare")) as ceiling:
        kinds = (
            ("answer, saved, marked, saved", ours, interviews(bank), seconds),
            ("ceiling: bare route", ceiling, posts("/nothing"), seconds / 2),
            ("ceiling: bare route, one commit", ceiling, posts("/commit"), seconds / 2),
        )
        lines: dict[str, list[str]] = {title: [] for title, *_ in kinds}
        for candidates in CANDIDATES:  # one after the other, so that what else the machine does hits all alike
            for title, (process, port), visit, length in kinds:
                before = cpu_ms(process.pid)
                timings = asyncio.run(crowd(port, candidates, length, visit))
                cpu = (cpu_ms(process.pid) - before) / len(timings.each_ms)
                figures = (f"{timings.median:.2f}", f"{timings.p99:.2f}", f"{timings.per_s:,.0f}", f"{cpu:.2f}")
                lines[title].append(row(title, candidates, *figures, len(timings.each_ms)))
        return [line for of_title in lines.values() for line in of_title], memory_mb(ours[0].pid)


def report(seconds: float) -> Sequence[str]:
    """The whole report, as lines of Markdown."""
    bank = banks.load(ROOT / "bank")
    with tempfile.TemporaryDirectory() as name:
        folder, on = Path(name), machine()
        starts, memory = start_up(folder)
        grading = asyncio.run(offline_grading(bank))
        lines, memory_after = crowds(folder, bank, seconds)
    return [
        f"`python bench/run.py --seconds {seconds:g}`: {on}.",
        "",
        row("what", "figure"),
        row("---", "---:"),
        row(f"start-up to first page, new process and database (median of {STARTS})", f"{starts.median / 1000:.2f} s"),
        row("resident memory after the first page", f"{memory:.0f} MB"),
        row("resident memory after all interviews below", f"{memory_after:.0f} MB"),
        row("offline grading of an answer, median", f"{grading.median:.2f} ms"),
        row(f"offline grading of an answer, p99 ({len(grading.each_ms):,} gradings)", f"{grading.p99:.2f} ms"),
        "",
        row("request", "candidates at once", "median ms", "p99 ms", "per second", "server CPU ms each", "measured"),
        row("---", *["---:"] * 6),
        *lines,
    ]


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each run with candidates")
    sys.stdout.write("\n".join(report(parser.parse_args().seconds)) + "\n")


if __name__ == "__main__":
    main()
