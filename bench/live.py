"""Measures live marking: from sending to the first sign of it, and from the model's last byte to the marks.

    python bench/live.py [--answers 100]

A model of a few lines marks every point at once; the product's server and a browser are real. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from run import ROOT, Timings, connected, machine, product, row, server

from interviewer import bank as banks
from interviewer.bank import Bank

CANDIDATES = (1, 16)
PIECE_S = 0.01
"""How long the model takes for each mark."""
_NUMBER = re.compile(r"This is answer number (\d+)\.")
_POINTS = ("response_format", "json_schema", "schema", "properties", "marks", "items", "properties", "point", "enum")
WATCH = """() => {
  window.seen = {};
  const note = (name) => { seen[name] ??= performance.now(); };
  document.addEventListener("keydown", (event) => event.key === "Enter" && note("sent"), { capture: true, once: true });
  new MutationObserver(() => {
    if (document.querySelector("[data-sent]")) note("bubble");
    if (document.querySelector(".live-card")) note("card");
  }).observe(document.body, { childList: true, subtree: true });
}"""


class InstantModel:
    """Speaks chat completions: every point met, quoting the whole answer; `done` is when the last byte of each left."""

    def __init__(self) -> None:
        self.done: dict[int, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                await self._reply(json.loads(await reader.readexactly(int(length[1]) if length else 0)), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _reply(self, asked: Any, writer: asyncio.StreamWriter) -> None:
        said = asked["messages"][-1]["content"]
        answer = said.split(">", 1)[-1].split("</answer", 1)[0].strip()
        writer.write(b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        for piece in self._pieces(asked, answer):
            await asyncio.sleep(PIECE_S)
            self._write(writer, {"choices": [{"index": 0, "delta": {"content": piece}}]})
            await writer.drain()
        self._write(writer, {"model": "instant", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        last = b"data: [DONE]\n\n"
        writer.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(last), last))
        await writer.drain()
        if number := _NUMBER.search(said):
            self.done[int(number[1])] = time.perf_counter()

    @staticmethod
    def _write(writer: asyncio.StreamWriter, chunk: object) -> None:
        data = f"data: {json.dumps(chunk)}\n\n".encode()
        writer.write(b"%x\r\n%s\r\n" % (len(data), data))

    @staticmethod
    def _pieces(asked: Any, answer: str) -> list[str]:
        points = asked
        for key in _POINTS:
            points = points.get(key, {})
        marks = [
            json.dumps({"point": point, "reason": "You say so.", "quote": answer, "verdict": "met"}) for point in points
        ]
        rest = '], "misconceptions": [], "strengths": [], "improve": [], "acknowledge": ""}'
        return ['{"marks": [', *(mark + ", " for mark in marks[:-1]), *marks[-1:], rest]


@contextmanager
def modelled(folder: Path) -> Iterator[tuple[InstantModel, int]]:
    """That model in a thread, and the port of a product's server that is marked by it."""
    model, ready, over = InstantModel(), threading.Event(), asyncio.Event()
    ports: list[int] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        listening = await asyncio.start_server(model.serve, "127.0.0.1", 0, limit=2**22)
        ports.append(listening.sockets[0].getsockname()[1])
        loops.append(asyncio.get_running_loop())
        ready.set()
        await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    settings = {
        "INTERVIEWER_MODEL": "instant",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{ports[0]}/v1",
        "OPENAI_API_KEY": "no-key",
        "INTERVIEWER_LOG_LEVEL": "warning",
    }
    with server(*product(folder), **settings) as (_process, port):
        yield model, port
    loops[0].call_soon_threadsafe(over.set)
    thread.join(10)


class Heard:
    """When which kind of event came first on an interview's stream."""

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self._port, self._path, self._cookie = port, path, cookie
        self.at: dict[str, float] = {}
        self.open = asyncio.Event()

    async def follow(self) -> None:
        """Listen until the stream ends, which it does when the interview is over."""
        async with connected(self._port) as connection:
            head = f"GET {self._path}/events HTTP/1.1\r\nHost: localhost\r\nCookie: {self._cookie}\r\n\r\n"
            connection.writer.write(head.encode())
            while line := await connection.reader.readline():
                if line.startswith(b"event: "):
                    self.at.setdefault(line[7:].decode().strip(), time.perf_counter())
                    self.open.set()
                if line.startswith((b"event: finished", b"event: error")):
                    return


async def answers(
    port: int, bank: Bank, model: InstantModel, numbers: Sequence[int]
) -> tuple[list[float], list[float]]:
    """Milliseconds from sending to `quick`, and from the model's last byte to `feedback`, of an interview for each."""
    first, last = [], []
    async with connected(port) as connection:
        for number in numbers:
            choice = {"level": "mid", "questions": 1, "seed": number}
            begun = json.loads(await connection.call("POST", "/api/interviews", choice))
            path, question = f"/api/interviews/{begun['id']}", bank.question(begun["turns"][0]["question"]["id"])
            assert question
            heard = Heard(port, path, connection.cookie)
            following = asyncio.create_task(heard.follow())
            await heard.open.wait()
            body = {"turn": 1, "text": f"{question.reference} This is answer number {number}."}
            sent = time.perf_counter()
            await connection.call("POST", f"{path}/answers", body)
            async with asyncio.timeout(10):
                await following
            first.append((heard.at["quick"] - sent) * 1000)
            last.append((heard.at["feedback"] - model.done[number]) * 1000)
    return first, last


async def crowd(port: int, bank: Bank, model: InstantModel, candidates: int, count: int) -> tuple[Timings, Timings]:
    """The same for many candidates at once."""
    first, last, base = Timings(), Timings(), candidates * 100_000
    groups = [range(base + place, base + count, candidates) for place in range(candidates)]
    for one in await asyncio.gather(*(answers(port, bank, model, numbers) for numbers in groups)):
        first.each_ms += one[0]
        last.each_ms += one[1]
    return first, last


def browsed(port: int, bank: Bank, count: int) -> tuple[Timings, Timings] | None:
    """From the key that sends, in a real Chromium, to the answer and to the quick check on the page."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return None
    from playwright.sync_api import sync_playwright

    bubble, card = Timings(), Timings()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for number in range(count):
            page.goto(f"http://127.0.0.1:{port}/")
            page.locator("[name=level][value=mid]").check()
            page.get_by_role("button", name="Start interview").click()
            page.locator("#answer").fill(f"{bank.questions[number].reference} So much for that.")
            page.evaluate(WATCH)
            page.keyboard.press("Enter")
            page.locator(".bubble.answer:not([data-sent])").wait_for()
            seen = page.evaluate("seen")
            bubble.each_ms.append(seen["bubble"] - seen["sent"])
            card.each_ms.append(seen["card"] - seen["sent"])
        browser.close()
    return bubble, card


def report(count: int) -> list[str]:
    """The whole report, as lines of Markdown."""
    bank, lines = banks.load(ROOT / "bank"), []
    with tempfile.TemporaryDirectory() as name, modelled(Path(name)) as (model, port):
        for candidates in CANDIDATES:
            first, last = asyncio.run(crowd(port, bank, model, candidates, count))
            lines.append(figures("answer sent to `quick` on the stream", candidates, first))
            lines.append(figures("model's last byte to `feedback` on the stream", candidates, last))
        seen = browsed(port, bank, min(count, 30))
        if seen:
            lines.append(figures("Enter to the answer on the page, in Chromium", 1, seen[0]))
            lines.append(figures("Enter to the quick check on the page, in Chromium", 1, seen[1]))
    head = [row("live marking", "candidates at once", "median ms", "p99 ms", "measured"), row("---", *["---:"] * 4)]
    return [f"`python bench/live.py --answers {count}`: {machine()}.", "", *head, *sorted(lines)]


def figures(what: str, candidates: int, timings: Timings) -> str:
    """A line of the table."""
    return row(what, candidates, f"{timings.median:.1f}", f"{timings.p99:.1f}", len(timings.each_ms))


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=100, help="answers for each number of candidates")
    sys.stdout.write("\n".join(report(parser.parse_args().answers)) + "\n")


if __name__ == "__main__":
    main()
