"""Measures many interviews that are open at once while a slow model marks, and prints the figures as Markdown.

    python bench/open_interviews.py [--interviews 200] [--model-seconds 5]

The product runs in one process, the model in another, all candidates in this one; everything over loopback. Each
candidate has a page open, that is an event stream, and answers over a connection of their own, as a browser does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from run import ROOT, Timings, connected, cpu_ms, machine, memory_mb, product, row, server

from interviewer import bank as banks
from interviewer.domain import Band

SPREAD_S = 30.0
"""Over how long the answers of a quiet round are spread."""
LOOK_EVERY_S = 0.25
IDLE_S = 10.0


@dataclass
class Candidate:
    """Someone with a page open: `heard` are the events of the stream, each with the moment it came."""

    port: int
    cookie: str
    interview: dict[str, Any]
    heard: list[tuple[str, float]] = field(default_factory=list)

    async def listen(self) -> None:
        """Follow the events, as the page does."""
        async with connected(self.port) as stream:
            path = f"/api/interviews/{self.interview['id']}/events"
            stream.writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n\r\n".encode())
            async for line in stream.reader:
                if line.startswith(b"event: "):
                    self.heard.append((line[7:].decode().strip(), time.perf_counter()))

    async def answer(self, text: str, until: Answered) -> None:
        """Answer the newest turn, and note how long everything took."""
        turn = self.interview["turns"][-1]
        body = {"turn": turn["number"], "text": text, "says_seen": len(turn["says"])}
        began = time.perf_counter()
        async with connected(self.port) as connection:
            connection.cookie = self.cookie
            with until.graded.one():
                reply = await connection.call("POST", f"/api/interviews/{self.interview['id']}/answers", body)
        self.interview = json.loads(reply)
        until.heard.each_ms.append((min(at for _, at in self.heard if at > began) - began) * 1000)
        grading = self.interview["turns"][turn["number"] - 1]["grading"]
        said = f"{grading['grader']} {grading['fallback'] or ''}".strip() if grading else "asked more"
        until.outcomes[said] += 1


@dataclass
class Answered:
    """From sending an answer: until its first event is heard, for which it must be saved; until it is graded."""

    heard: Timings = field(default_factory=Timings)
    graded: Timings = field(default_factory=Timings)
    outcomes: Counter[str] = field(default_factory=Counter)
    most_mb: float = 0.0
    cpu_each_ms: float = 0.0


async def opened(port: int, count: int) -> list[Candidate]:
    """Candidates with an interview each."""
    candidates = []
    for number in range(count):
        async with connected(port) as connection:
            choice = {"level": ("junior", "mid", "senior")[number % 3], "questions": 5}
            interview = json.loads(await connection.call("POST", "/api/interviews", choice))
            candidates.append(Candidate(port, connection.cookie, interview))
    return candidates


async def round_of(candidates: list[Candidate], say: Callable[[Candidate], str], pid: int, spread_s: float) -> Answered:
    """Everybody answers once, within so many seconds, or all at the same moment."""
    told, chance, before = Answered(), random.Random(7), cpu_ms(pid)

    async def one(candidate: Candidate) -> None:
        await asyncio.sleep(chance.uniform(0, spread_s))
        await candidate.answer(say(candidate), told)

    async def watch() -> None:
        while True:
            told.most_mb = max(told.most_mb, memory_mb(pid))
            await asyncio.sleep(LOOK_EVERY_S)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(one(candidate) for candidate in candidates))
    watching.cancel()
    told.cpu_each_ms = (cpu_ms(pid) - before) / len(candidates)
    return told


async def measure(port: int, pid: int, count: int) -> tuple[dict[str, float], dict[str, Answered]]:
    """Memory at moments, the share of a processor while nobody says anything, and both rounds."""
    bank = banks.load(ROOT / "bank")
    said = {q.id: next((s.text for s in q.samples if s.band is Band.STRONG), q.reference) for q in bank.questions}

    def say(candidate: Candidate) -> str:
        return said[candidate.interview["turns"][-1]["question"]["id"]]

    figures = {"before": memory_mb(pid)}
    candidates = await opened(port, count)
    listening = [asyncio.create_task(candidate.listen()) for candidate in candidates]
    while not all(candidate.heard for candidate in candidates):
        await asyncio.sleep(0.05)
    figures["open"] = memory_mb(pid)
    idle = cpu_ms(pid)
    await asyncio.sleep(IDLE_S)
    figures["idle"] = (cpu_ms(pid) - idle) / IDLE_S / 10
    rounds = {
        f"spread over {SPREAD_S:g} s": await round_of(candidates, say, pid, SPREAD_S),
        "all at the same moment": await round_of(candidates, say, pid, 0.0),
    }
    figures["after"] = memory_mb(pid)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return figures, rounds


@contextmanager
def running(count: int, model_s: float) -> Iterator[tuple[int, int]]:
    """The product with the slow model behind it: its process id and its port."""
    with tempfile.TemporaryDirectory() as folder, server("bench/slow_model.py", str(model_s)) as (_, model_port):
        settings = {
            "INTERVIEWER_MODEL": "slow",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
            "INTERVIEWER_MODEL_CONCURRENCY": str(count),
            "INTERVIEWER_MODEL_TIMEOUT_S": "120",
            "INTERVIEWER_LOG_LEVEL": "error",
        }
        with server(*product(Path(folder)), **settings) as (process, port):
            yield process.pid, port


def report(count: int, model_s: float) -> list[str]:
    """The whole report, as lines of Markdown."""
    on = machine()
    with running(count, model_s) as (pid, port):
        figures, rounds = asyncio.run(measure(port, pid, count))
    lines = [
        f"`python bench/open_interviews.py --interviews {count} --model-seconds {model_s:g}`: {on}.",
        "",
        row("what", "figure"),
        row("---", "---:"),
        row("resident memory before the first interview", f"{figures['before']:.0f} MB"),
        row(f"with {count} interviews and event streams open", f"{figures['open']:.0f} MB"),
        row("of one processor, while nobody answers", f"{figures['idle']:.0f} %"),
        row("at most, while their answers are marked", f"{max(each.most_mb for each in rounds.values()):.0f} MB"),
        "",
        row(
            f"{count} answers",
            "saved, first event: p50 ms",
            "p99 ms",
            "marked: p50 s",
            "p99 s",
            "CPU ms each",
            "outcome",
        ),
        row("---", *["---:"] * 5, "---"),
    ]
    for title, told in rounds.items():
        by = ", ".join(f"{grader} {number}" for grader, number in told.outcomes.most_common())
        heard, graded = told.heard, told.graded
        seconds = (f"{graded.median / 1000:.2f}", f"{graded.p99 / 1000:.2f}")
        lines.append(row(title, f"{heard.median:.0f}", f"{heard.p99:.0f}", *seconds, f"{told.cpu_each_ms:.0f}", by))
    return lines


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interviews", type=int, default=200)
    parser.add_argument("--model-seconds", type=float, default=5.0)
    given = parser.parse_args()
    sys.stdout.write("\n".join(report(given.interviews, given.model_seconds)) + "\n")


if __name__ == "__main__":
    main()
