"""Measures the progress page and the statistics of the bank on long histories, and prints the figures as Markdown.

    python bench/progress.py [--interviews 300] [--gradings 100000]

One candidate with so many interviews of six turns asks for the page; then their interviews are copied to as many other
candidates as it takes to have so many gradings, for `interviewer bank items` in a process of its own. The answers are
the bank's samples, marked by the offline grader.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from fastapi.testclient import TestClient
from run import ROOT, Timings, machine, row

from interviewer import bank as banks
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Interview
from interviewer.progress import progress
from interviewer.settings import Settings
from interviewer.store import SqlStore
from tests.generated import BEGAN_AT, Played

LOADS = 9
COPIED = {
    "interview": ("id", "owner"),
    "turn": ("interview_id",),
    "say": ("interview_id",),
    "grading": ("interview_id",),
}
"""Tables of an interview, and the columns in which a copy differs."""


async def kept(database: Path, interviews: Sequence[Interview]) -> None:
    """Write them all."""
    store = SqlStore(database)
    await store.open()
    for interview in interviews:
        await store.add(interview)
    await store.close()


def of_one(bank: Bank, database: Path, interviews: int) -> list[str]:
    """What the progress of one candidate takes."""
    with TestClient(create_app(Settings(database=database), bank=bank), base_url="http://localhost") as client:
        client.post("/api/interviews", json={"level": "mid"})
        with closing(sqlite3.connect(database)) as connection:
            (owner,) = connection.execute("select owner from interview").fetchone()
        played = Played(bank)
        history = [played.interview(number, owner) for number in range(interviews)]
        asyncio.run(kept(database, history))
        pages, calculated = Timings(), Timings()
        for _ in range(LOADS):
            with pages.one():
                reply = client.get("/progress")
            assert reply.status_code == 200, reply.text
            with calculated.one():
                progress(history, bank.outline, today=BEGAN_AT.date())
    return [
        row(f"`/progress` with {interviews} interviews, whole request", f"{pages.median:.0f} ms"),
        row("of that, calculated from the interviews", f"{calculated.median:.0f} ms"),
        row("the page", f"{len(reply.content) / 1024:.0f} kB"),
    ]


def of_all(database: Path, gradings: int) -> list[str]:
    """What the statistics over everybody take; the memory is that of the whole process."""
    with closing(sqlite3.connect(database)) as connection, connection:
        (there,) = connection.execute("select count(*) from grading").fetchone()
        for number in range(1, -(-gradings // there)):
            copy(connection, number)
        (there,) = connection.execute("select count(*) from grading").fetchone()
    began = time.perf_counter()
    command = [sys.executable, "-m", "interviewer", "bank", "items", "--json", "--database", str(database)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [row(f"`bank items` over {there:,} gradings", f"{seconds:.1f} s"), row("its memory", f"{memory:.0f} MB")]


def copy(connection: sqlite3.Connection, number: int) -> None:
    """Give the interviews of the first candidate to another, too."""
    for table, differing in COPIED.items():
        columns = [each[1] for each in connection.execute(f"pragma table_info({table})")]
        values = ", ".join(f"{name} || '+{number}'" if name in differing else name for name in columns)
        own = f"instr({differing[0]}, '+') = 0"
        connection.execute(f"insert into {table} ({', '.join(columns)}) select {values} from {table} where {own}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interviews", type=int, default=300)
    parser.add_argument("--gradings", type=int, default=100_000)
    chosen = parser.parse_args()
    lines = ["## Long histories", "", machine(), "", row("what", "figure"), row("---", "---:")]
    bank = banks.load(ROOT / "bank")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "interviews.sqlite3"
        lines += of_one(bank, database, chosen.interviews) + of_all(database, chosen.gradings)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
