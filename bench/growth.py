"""Measures how what people wait for grows with the interviews that are stored, and prints the figures as Markdown.

    python bench/growth.py [--to 100000] [--turns 6] [--kinds SQLite PostgreSQL]

From a thousand stored interviews, ten times as many at each step, generated (`tests/generated.py`): finished and open
ones of many people, with what was said, gradings, calls of a model, drafts, links and disputes. One person with thirty
interviews, always the same, is measured: through the store, and over HTTP at a real server. A million interviews of six
turns take some 30 GB on a disk and some 20 minutes for each database; fewer turns, less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from load import databases, serving
from run import ROOT, Connection, Timings, connected, machine, row

from interviewer import bank as banks
from interviewer.bank import Bank
from interviewer.domain import Interview, Say, SayKind, Speaker, TurnStatus
from interviewer.store import Lease, SqlStore
from interviewer.web.guard import COOKIE, owner_of
from tests.generated import BEGAN_AT, Played, copy, play

FIRST = 200
"""Interviews that are played; all others are copies."""
MINE = 30
AWAITING = 5
TIMES = 15
TOKEN = "bench" * 8 + "abc"
ME = owner_of(TOKEN)
Acts = dict[str, Callable[[int], Awaitable[Any]]]
"""Name -> what is timed; it is told how often it was done before."""


async def prepared(url: str, bank: Bank, turns: int) -> list[Interview]:
    """A new database with what is played; gives the interviews of the one who is measured."""
    store = SqlStore(url)
    await store.open()
    played = Played(bank, turns=turns)
    await play(store, played, FIRST)
    mine = [played.interview(number, ME, interview_id=f"mine{number}") for number in range(MINE)]
    for interview in mine:
        await store.add(interview)
    for number in range(AWAITING):
        left = played.interview(number, "away", interview_id=f"left{number}", answers=1)
        await store.add(awaiting(left))
    await store.shares.make("mine0", ME, "token", now=BEGAN_AT)
    await store.close()
    return mine


def awaiting(interview: Interview) -> Interview:
    """The interview with an answer to its newest turn that nobody has graded."""
    from dataclasses import replace

    turn = interview.current
    said = Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text="It depends.", at=interview.created_at)
    left = replace(turn, status=TurnStatus.AWAITING_GRADE, says=(*turn.says, said))
    return replace(interview, turns=(*interview.turns[:-1], left))


def through_store(store: SqlStore, mine: list[Interview]) -> Acts:
    """What requests ask of the store."""
    from sqlalchemy import select  # noqa: TID251  # the one query below stands in no release yet
    from sqlmodel import col  # noqa: TID251

    from interviewer.store.tables import InterviewRow

    ids = [interview.id for interview in mine]
    now = datetime.now(UTC)
    lease = Lease(holder="bench", taken_at=now, until=now + timedelta(seconds=10))
    forgotten = BEGAN_AT - timedelta(days=1)

    async def outdated() -> None:
        query = select(col(InterviewRow.id)).where(col(InterviewRow.moved_at) < forgotten).limit(500)
        async with store.database.reading() as connection:
            await connection.execute(query)

    return {
        "load an interview": lambda at: store.load(ids[at % MINE], ME),
        "its version": lambda at: store.version(ids[at % MINE], ME),
        "all 30 of a person": lambda _: store.recent(ME),
        "whether any of them has changed": lambda _: store.histories.versions(ME),
        "questions a person was asked": lambda _: store.asked(ME, mine[0].plan.pack),
        "whether 30 that are followed have moved": lambda _: store.pulses(ids),
        "answers nobody is grading (5)": lambda _: store.awaiting(lease),
        "what a link leads to": lambda _: store.shares.find("token"),
        "what the calls of 30 came to": lambda _: store.calls.usage(ids),
        "disputes of 30": lambda _: store.disputes.of_all(ids),
        "what is to be forgotten (none)": lambda _: outdated(),
        "take a lease": lambda at: store.claim(ids[at % MINE], lease),
        "keep a draft": lambda at: store.drafts.keep(ids[at % MINE], 1, "A text.", None, now=now),
    }


def over_http(connection: Connection, bank: Bank) -> Acts:
    """What a browser asks of the server."""
    said = {question.id: question.reference for question in bank.questions}
    begun: list[dict[str, Any]] = []

    async def start(at: int) -> None:
        choice = {"level": "mid", "questions": 6, "seed": at}
        begun.append(json.loads(await connection.call("POST", "/api/interviews", choice)))

    async def answer(at: int) -> None:
        turn = begun[at]["turns"][-1]
        body = {"turn": turn["number"], "text": said[turn["question"]["id"]], "says_seen": len(turn["says"])}
        await connection.call("POST", f"/api/interviews/{begun[at]['id']}/answers", body)

    return {
        "HTTP: the start page": lambda _: connection.call("GET", "/"),
        "HTTP: an interview's page": lambda at: connection.call("GET", f"/interviews/mine{at % MINE}"),
        "HTTP: begin an interview": start,
        "HTTP: answer, saved, marked, saved": answer,
    }


async def timed(acts: Acts) -> dict[str, float]:
    """Median milliseconds of each act, after a first time that does not count."""
    medians = {}
    for name, act in acts.items():
        timings = Timings()
        for at in range(TIMES + 1):
            with timings.one():
                await act(at)
        medians[name] = Timings(timings.each_ms[1:]).median
    return medians


@asynccontextmanager
async def visiting(port: int) -> Any:
    """A connection with the cookie of the one who is measured."""
    async with connected(port) as connection:
        connection.cookie = f"{COOKIE}={TOKEN}"
        yield connection


async def measured(url: str, bank: Bank, mine: list[Interview]) -> dict[str, float]:
    """Everything at the size that the database has."""
    store = SqlStore(url)
    await store.open()
    told = await timed(through_store(store, mine))
    await store.close()
    with serving(url) as (_, port):
        async with visiting(port) as connection:
            told |= await timed(over_http(connection, bank))
    await forget_begun(url, bank)
    return told


async def forget_begun(url: str, bank: Bank) -> None:
    """Delete what the measuring has begun: the next size finds the same person."""
    store = SqlStore(url)
    await store.open()
    for interview in await store.recent(ME, limit=1000):
        if not interview.id.startswith("mine"):
            await store.remove(interview.id, ME)
    await store.close()


def size_mb(url: str) -> float:
    """Of the database on disk."""
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size / 2**20
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert found
        return float(found[0]) / 2**20


def table(kind: str, sizes: list[int], told: list[dict[str, float]]) -> Iterator[str]:
    """The table of a database."""
    yield row(f"{kind}, median ms", *(f"{size:,}" for size in sizes), "grows")
    yield row("---", *["---:"] * (len(sizes) + 1))
    for name in told[0]:
        each = [one[name] for one in told]
        if name.startswith("MB"):
            yield row(name, *(f"{value:,.0f}" for value in each), f"x {each[-1] / each[0]:,.0f}")
        else:
            yield row(name, *(f"{value:.1f}" for value in each), f"x {each[-1] / each[0]:.1f}")
    yield ""


def report(chosen: argparse.Namespace) -> Iterator[str]:
    """The whole report, as lines of Markdown."""
    yield from (f"`python bench/growth.py --to {chosen.to} --turns {chosen.turns}`: {machine()}.", "")
    bank = banks.load(ROOT / "bank")
    sizes = [size for size in (10**3, 10**4, 10**5, 10**6) if size <= chosen.to]
    with databases(chosen.kinds) as (makers, _):
        for kind, maker in makers.items():
            url, told, there = maker(), [], 1
            mine = asyncio.run(prepared(url, bank, chosen.turns))
            for size in sizes:
                began = time.perf_counter()
                copy(url, range(there, size // FIRST))
                os.sync()  # what was generated is on disk before anything waits for a disk
                there = size // FIRST
                sys.stderr.write(f"{kind}: {size:,} generated in {time.perf_counter() - began:.0f} s\n")
                told.append(asyncio.run(measured(url, bank, mine)) | {"MB on disk": size_mb(url)})
            yield from table(kind, sizes, told)


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=int, default=100_000, help="interviews")
    parser.add_argument("--turns", type=int, default=6, help="of each generated interview")
    parser.add_argument("--kinds", nargs="+", default=["SQLite", "PostgreSQL"])
    for line in report(parser.parse_args()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
