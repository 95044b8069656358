"""Measures answers a second with 1, 2 and 4 workers on SQLite and on PostgreSQL, and prints the figures as Markdown.

    python bench/load.py [--seconds 6] [--workers 1 2 4] [--candidates 32]

Real servers, as `interviewer serve --workers N` starts them; the candidates in processes of their own; everything over
loopback, commits on disk before they are acknowledged. Beside each figure stands the ceiling: the same stack doing
nothing but one commit for each request (`bare.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from run import ROOT, Connection, Timings, Visit, connected, cpu_ms, crowd, machine, posts, row, server

from interviewer import bank as banks
from interviewer.bank import Bank
from tests.postgres import Postgres, running_postgres

CLIENTS = 2
"""Processes of candidates."""
SEEDS = 12
"""Different interviews that are played: their rubrics are made ready before anything is measured."""
LOOK_EVERY_S = 0.5
QUIET_MS = 40.0
"""Of processor time between two looks: all workers together have started and wait."""
Databases = dict[str, Callable[[], str]]
"""Kind -> what makes the URL of a new, empty database of that kind."""


@contextmanager
def databases(kinds: Sequence[str] = ("SQLite", "PostgreSQL")) -> Iterator[tuple[Databases, int | None]]:
    """What makes databases, and the process id of the PostgreSQL server where that runs on this machine."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, running_postgres() as url:
        postgres = Postgres(url)
        makers: Databases = {
            "SQLite": lambda: f"sqlite:///{folder}/{time.time_ns()}.sqlite3",
            "PostgreSQL": postgres.create,
        }
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT pg_backend_pid(), current_setting('fsync')").fetchone()
            assert found
            assert found[1] == "on"
            parent = Path(f"/proc/{found[0]}/stat")
            pid = int(parent.read_text().rsplit(")", 1)[1].split()[1]) if parent.exists() else None
        yield {kind: makers[kind] for kind in kinds}, pid


@contextmanager
def serving(url: str, workers: int = 1) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`interviewer serve` on a database: its process and its port."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "INTERVIEWER_DATABASE_URL": url,
            "INTERVIEWER_DATABASE": f"{folder}/unused.sqlite3",  # what was read of the bank is kept beside it
            "INTERVIEWER_LOG_LEVEL": "error",
        }
        command = ("-m", "interviewer", "serve", "--port", "0", "--workers", str(workers))
        with server(*command, **settings) as (process, port):
            yield process, port


def family(pid: int) -> list[int]:
    """A process and all that it has started."""
    listed = subprocess.check_output(["ps", "-eo", "pid=,ppid="], text=True)
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found = [pid]
    for one in found:
        found.extend(children.get(one, ()))
    return found


def family_cpu_ms(pid: int | None) -> float:
    """Processor time of a process and all that it has started and that still run."""
    return sum(cpu_ms(each) for each in family(pid)) if pid else 0.0


def settle(pid: int, port: int) -> None:
    """Wait until all workers are there: connections that are opened sooner all go to the first of them."""
    asyncio.run(first_reply(port))
    before = -1.0
    while (now := family_cpu_ms(pid)) - before > QUIET_MS:
        before = now
        time.sleep(LOOK_EVERY_S)


async def first_reply(port: int) -> None:
    """Wait until a worker takes requests."""
    async with connected(port) as connection:
        await connection.call("GET", "/openapi.json")


def interviews(bank: Bank) -> Visit:
    """People who come one after the other, each with a cookie of their own, and play one of a few interviews."""
    said = {q.id: [*(sample.text for sample in q.samples), q.reference] for q in bank.questions}

    async def visit(connection: Connection, timings: Timings, until: float) -> None:
        count = id(connection) // 64 % SEEDS
        while time.perf_counter() < until:
            connection.cookie = ""
            choice = {"level": "mid", "questions": 6, "seed": count % SEEDS}
            interview = json.loads(await connection.call("POST", "/api/interviews", choice))
            while interview["status"] == "open" and time.perf_counter() < until:
                turn = interview["turns"][-1]
                texts = said[turn["question"]["id"]]
                body = {"turn": turn["number"], "text": texts[count % len(texts)], "says_seen": len(turn["says"])}
                with timings.one():
                    reply = await connection.call("POST", f"/api/interviews/{interview['id']}/answers", body)
                interview = json.loads(reply)
                count += 1

    return visit


@dataclass(frozen=True)
class Load:
    """What came of some seconds of load; processor time in milliseconds for one request."""

    timings: Timings
    clients_share: float
    """Of all the machine's processors."""
    server_ms: float
    database_ms: float


_BANK = banks.load(ROOT / "bank")


def one_client(port: int, candidates: int, seconds: float, path: str | None) -> tuple[Timings, float]:
    """A process of candidates: their timings, and the processor time it took, in seconds."""
    before = time.process_time()
    visit = posts(path) if path else interviews(_BANK)
    return asyncio.run(crowd(port, candidates, seconds, visit)), time.process_time() - before


def loaded(port: int, pids: tuple[int, int | None], candidates: int, seconds: float, path: str | None) -> Load:
    """Candidates in processes of their own for some seconds, on a route or (None) playing interviews."""
    before = [family_cpu_ms(pid) for pid in pids]
    one = partial(one_client, port, candidates // CLIENTS, seconds)
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        told = pool.map(one, [path] * CLIENTS)
    spent = [family_cpu_ms(pid) - was for pid, was in zip(pids, before, strict=True)]
    both = Timings([ms for timings, _ in told for ms in timings.each_ms], sum(timings.per_s for timings, _ in told))
    share = sum(cpu for _, cpu in told) / seconds / multiprocessing.cpu_count()
    count = len(both.each_ms)
    return Load(both, share, spent[0] / count, spent[1] / count)


def measured(maker: Callable[[], str], postgres: int | None, workers: int, chosen: argparse.Namespace) -> list[str]:
    """Cells of a line: the product, and its ceiling."""
    with serving(maker(), workers) as (process, port):
        pids = (process.pid, postgres)
        settle(process.pid, port)
        loaded(port, pids, chosen.candidates, chosen.seconds / 2, None)  # rubrics and statements are made ready
        ours = loaded(port, pids, chosen.candidates, chosen.seconds, None)
    with server("bench/bare.py", maker(), str(workers)) as (process, port):
        settle(process.pid, port)
        loaded(port, (process.pid, postgres), chosen.candidates, 1.0, "/commit")
        bare = loaded(port, (process.pid, postgres), chosen.candidates, chosen.seconds / 2, "/commit")
    told = ours.timings
    return [
        *(f"{told.per_s:,.0f}", f"{told.median:.0f}", f"{told.p99:.0f}"),
        *(f"{ours.server_ms:.1f}", f"{ours.database_ms:.1f}", f"{ours.clients_share:.0%}"),
        *(f"{bare.timings.per_s:,.0f}", f"{bare.timings.p99:.0f}", f"{bare.clients_share:.0%}"),
    ]


def report(chosen: argparse.Namespace) -> Iterator[str]:
    """The whole report, as lines of Markdown."""
    command = f"bench/load.py --seconds {chosen.seconds:g} --candidates {chosen.candidates}"
    yield from (f"`python {command}`: {machine()}.", "")
    heads = (
        "database",
        "workers",
        "answers a second",
        "p50 ms",
        "p99 ms",
        "server CPU ms each",
        "database CPU ms each",
    )
    ceiling = ("clients' CPU", "ceiling, one commit: a second", "p99 ms", "clients' CPU")
    yield row(*heads, *ceiling)
    yield row("---", *["---:"] * (len(heads) + len(ceiling) - 1))
    with databases() as (makers, postgres):
        for kind, maker in makers.items():
            for workers in chosen.workers:
                pid = postgres if kind == "PostgreSQL" else None
                yield row(kind, workers, *measured(maker, pid, workers, chosen))


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each run; half of that for the ceiling")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--candidates", type=int, default=32, help="at once")
    for line in report(parser.parse_args()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
