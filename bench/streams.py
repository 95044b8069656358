"""Measures many event streams open on one process, and prints the figures as Markdown.

    python bench/streams.py [--streams 1000] [--answers 100]

On SQLite and on PostgreSQL: what an interview and its stream take of the server's memory and processor, and how long it
takes from sending an answer until its first event is heard on the interview's stream: with the answer sent to the
process that has the streams, and to another process on the same database. Everything over loopback, offline grading.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from load import databases, serving
from run import ROOT, Connection, Timings, connected, cpu_ms, machine, memory_mb, row

from interviewer import bank as banks
from interviewer.domain import Band

OWNERS = 20
"""People who share the interviews: what is looked up by owner has something to pass over."""
IDLE_S = 10.0
HEARD_WITHIN_S = 30.0
AT_ONCE = 50
"""Streams that are opened at the same moment."""


@dataclass
class Page:
    """Someone's interview, open in a browser; `heard` rings with the next event of its stream."""

    cookie: str
    interview: dict[str, Any]
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    heard_at: float = 0.0

    async def listen(self, port: int) -> None:
        """Follow the events."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        path = f"/api/interviews/{self.interview['id']}/events"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n\r\n".encode())
        try:
            async for line in reader:
                if line.startswith(b"event: ") and not self.heard.is_set():
                    self.heard_at = time.perf_counter()
                    self.heard.set()
        finally:
            writer.close()


async def opened(port: int, count: int) -> list[Page]:
    """Pages with an interview each."""
    pages = []
    async with connected(port) as connection:
        for number in range(count):
            if number % (count // OWNERS or 1) == 0:
                connection.cookie = ""
            body = {"level": "mid", "questions": 6, "seed": number % OWNERS}
            interview = json.loads(await connection.call("POST", "/api/interviews", body))
            pages.append(Page(connection.cookie, interview))
    return pages


async def answered(port: int, pages: list[Page], say: Callable[[Page], str]) -> tuple[Timings, Timings]:
    """One answer after the other, each to another interview: from sending to the reply, and to the first event."""
    replied, heard = Timings(), Timings()
    async with connected(port) as connection:
        for page in pages:
            page.heard.clear()
            began = time.perf_counter()
            hearing = asyncio.create_task(first_event(page, began, heard))
            with replied.one():
                await sent(connection, page, say(page))
            await hearing
    return replied, heard


async def first_event(page: Page, began: float, heard: Timings) -> None:
    """Note when the next event is heard."""
    async with asyncio.timeout(HEARD_WITHIN_S):
        await page.heard.wait()
    heard.each_ms.append((page.heard_at - began) * 1000)


async def sent(connection: Connection, page: Page, text: str) -> None:
    """Answer the newest turn."""
    turn = page.interview["turns"][-1]
    connection.cookie = page.cookie
    body = {"turn": turn["number"], "text": text, "says_seen": len(turn["says"])}
    reply = await connection.call("POST", f"/api/interviews/{page.interview['id']}/answers", body)
    page.interview = json.loads(reply)


@dataclass
class Figures:
    """Memory in MB at moments, shares of one processor, and both kinds of answers."""

    before_mb: float = 0.0
    kept_mb: float = 0.0
    open_mb: float = 0.0
    idle: float = 0.0
    here: tuple[Timings, Timings] = field(default_factory=lambda: (Timings(), Timings()))
    there: tuple[Timings, Timings] = field(default_factory=lambda: (Timings(), Timings()))


async def measure(pid: int, port: int, other: int, chosen: argparse.Namespace) -> Figures:
    """All of it on one database; `other` is the port of another process."""
    bank = banks.load(ROOT / "bank")
    said = {q.id: next((s.text for s in q.samples if s.band is Band.STRONG), q.reference) for q in bank.questions}
    figures = Figures()
    await warm(port, other, said)
    figures.before_mb = memory_mb(pid)
    pages = await opened(port, chosen.streams)
    figures.kept_mb = memory_mb(pid)
    listening = []
    for start in range(0, len(pages), AT_ONCE):
        portion = pages[start : start + AT_ONCE]
        listening += [asyncio.create_task(page.listen(port)) for page in portion]
        async with asyncio.timeout(HEARD_WITHIN_S):
            await asyncio.gather(*(page.heard.wait() for page in portion))
    figures.open_mb = memory_mb(pid)
    spent = cpu_ms(pid)
    await asyncio.sleep(IDLE_S)
    figures.idle = (cpu_ms(pid) - spent) / IDLE_S / 1000

    def say(page: Page) -> str:
        return said[page.interview["turns"][-1]["question"]["id"]]

    figures.here = await answered(port, pages[: chosen.answers], say)
    figures.there = await answered(other, pages[-chosen.answers :], say)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return figures


async def warm(port: int, other: int, said: dict[str, str]) -> None:
    """Have both processes make ready what they make ready once: rubrics, statements."""
    for each in (port, other):
        pages = await opened(each, OWNERS)
        async with connected(each) as connection:
            for page in pages:
                await sent(connection, page, said[page.interview["turns"][-1]["question"]["id"]])


def lines(kind: str, streams: int, figures: Figures) -> Iterator[str]:
    """The lines of a database."""
    kb = 1024 / streams
    yield row(kind, "resident memory before", f"{figures.before_mb:.0f} MB")
    yield row(kind, f"for each of {streams} open interviews", f"{(figures.kept_mb - figures.before_mb) * kb:.0f} kB")
    yield row(kind, "for the event stream of each", f"{(figures.open_mb - figures.kept_mb) * kb:.0f} kB")
    yield row(kind, "of one processor, while nobody answers", f"{figures.idle:.1%}")
    for title, (replied, heard) in (("this process", figures.here), ("another process", figures.there)):
        yield row(kind, f"answer sent to {title}: its first event, p50", f"{heard.median:.0f} ms")
        yield row(kind, f"answer sent to {title}: its first event, p99", f"{heard.p99:.0f} ms")
        yield row(kind, f"answer sent to {title}: marked, the reply, p50", f"{replied.median:.0f} ms")


def report(chosen: argparse.Namespace) -> Iterator[str]:
    """The whole report, as lines of Markdown."""
    yield from (f"`python bench/streams.py --streams {chosen.streams} --answers {chosen.answers}`: {machine()}.", "")
    yield from (row("database", "what", "figure"), row("---", "---", "---:"))
    with databases() as (makers, _):
        for kind, maker in makers.items():
            url = maker()
            with ExitStack() as stack:
                process, port = stack.enter_context(serving(url))
                _, other = stack.enter_context(serving(url))
                yield from lines(kind, chosen.streams, asyncio.run(measure(process.pid, port, other, chosen)))


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--answers", type=int, default=100, help="to each of the two processes")
    for line in report(parser.parse_args()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
