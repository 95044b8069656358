"""Measures export, import and backup on SQLite and PostgreSQL, and prints the figures as Markdown.

    python bench/moving.py [--interviews 5000]

Each command is a process of its own, its start of about a second included. The interviews have six turns, answered with
the bank's samples; PostgreSQL is that of the tests, with its own settings.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from progress import Played, copy, kept
from run import ROOT, machine, row

from interviewer import bank as banks
from tests.postgres import Postgres, client_programs, running_postgres

PLAYED = 50
"""Interviews that are played; the others are copies of them."""
TELLING = """
import atexit, sys
from interviewer.cli import main
told = lambda: next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
atexit.register(lambda: print(told(), file=sys.stderr))
main()
"""
"""The command line, and in the end the most memory it took; what the system adds up holds that of this process too."""


def filled(database: Path, interviews: int) -> int:
    """Make the interviews; gives the number of their rows."""
    played = Played(banks.load(ROOT / "bank"))
    asyncio.run(kept(database, [played.interview(number, f"owner{number}") for number in range(PLAYED)]))
    with closing(sqlite3.connect(database)) as connection, connection:
        for number in range(1, interviews // PLAYED):
            copy(connection, number)
        tables = ("interview", "turn", "say", "grading")
        return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


def measured(*arguments: object, url: str = "") -> tuple[float, float]:
    """Seconds that a command takes, and the megabytes it takes at most."""
    environment = os.environ | {"PATH": f"{client_programs()}:{os.environ['PATH']}", "INTERVIEWER_DATABASE_URL": url}
    command = [sys.executable, "-c", TELLING, *map(str, arguments)]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, int(done.stderr.split()[-2]) / 1024


def figures(folder: Path, server: Postgres, interviews: int) -> list[str]:
    """A line of the table for each command."""
    here, back, url = folder / "here.sqlite3", folder / "back.sqlite3", server.create()
    first, packed, second = folder / "a.jsonl", folder / "a.jsonl.gz", folder / "b.jsonl"
    rows = filled(here, interviews)
    lines = []
    for what, arguments, at in (
        ("export from SQLite", ("export", first, "--database", here), ""),
        ("the same, compressed", ("export", packed, "--database", here), ""),
        ("import into PostgreSQL", ("import", first), url),
        ("export from PostgreSQL", ("export", second), url),
        ("import into SQLite", ("import", second, "--database", back), ""),
        ("backup of SQLite", ("backup", folder / "copy", "--database", here), ""),
        ("backup of PostgreSQL", ("backup", folder / "dump"), url),
    ):
        seconds, megabytes = measured(*arguments, url=at)
        lines.append(row(what, f"{seconds:.1f} s", f"{rows / seconds:,.0f}", f"{megabytes:.0f} MB"))
    assert first.read_bytes() == second.read_bytes()
    sizes = ", ".join(f"{name} {path.stat().st_size / 2**20:.0f} MB" for name, path in (
        ("database", here), ("export", first), ("compressed", packed), ("pg_dump", folder / "dump"),
    ))  # fmt: skip
    return [*lines, "", f"{interviews:,} interviews, {rows:,} rows: {sizes}. Both exports have the same bytes."]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interviews", type=int, default=5000)
    chosen = parser.parse_args()
    head = [
        "## Moving",
        "",
        machine(),
        "",
        row("command", "time", "rows a second", "memory"),
        row("---", *["---:"] * 3),
    ]
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        lines = figures(Path(folder), Postgres(server), chosen.interviews)
    sys.stdout.write("\n".join(head + lines) + "\n")


if __name__ == "__main__":
    main()
