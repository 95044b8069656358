"""Whatever a model server does, end to end: the answer gets a grading with its true label, the interview goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.llm.body import body_limit
from tests import broken_replies as broken
from tests.broken_replies import Endless
from tests.graders import Clock
from tests.model_interviews import Recovering, answer, answered, browser, forgets_a_point
from tests.openai_server import JSON, Answer, OpenAIServer, Request, declines, fails, hangs, says, sends

Fault = Answer | Callable[[Request], Answer]

TWO_QUESTIONS = {"level": "mid", "questions": 2, "seed": 4}
EVENT = tuple(says("on and on and ").parts)[1]
WORDS = {
    "refused_key": "The model server refused the key.",
    "rate_limited": "The model server is over its limit.",
    "server_error": "The model server failed.",
    "timed_out": "The model did not answer in time.",
    "truncated": "The model's reply was cut off.",
    "unreadable": "The model's reply could not be read as marks.",
    "refusal": "The model declined to mark this answer.",
    "unreachable": "The model could not be reached.",
}
BUFFERS = 16_000_000
"""More than all the sockets, streams and transports between a server and its client hold."""

FAULTS: tuple[tuple[str, Fault, str], ...] = (
    ("401", fails(401), "refused_key"),
    ("429", fails(429), "rate_limited"),
    ("500", fails(500), "server_error"),
    ("an error cut short", broken.BROKEN_ERROR, "server_error"),
    ("nothing for long", hangs(5), "timed_out"),
    ("a byte now and then", broken.drips, "timed_out"),
    ("half a head, then nothing", broken.HALF_A_HEAD, "timed_out"),
    ("half a body, then nothing", broken.HALF_A_BODY, "timed_out"),
    ("100 Continue, then nothing", broken.ONLY_CONTINUE, "timed_out"),
    ("a stream that just ends", says('{"marks": [', finish=None, cut=True), "truncated"),
    ("cut by length", says('{"marks": [', finish="length"), "truncated"),
    ("a reset connection", broken.resets_midway, "truncated"),
    ("a completion cut in half", broken.whole_and_cut, "truncated"),
    ("HTML", sends("<html>Welcome</html>", kind="text/html"), "unreadable"),
    ("not JSON", says("I would give this a solid B plus."), "unreadable"),
    ("an empty body", broken.NOTHING, "unreadable"),
    ("not UTF-8", broken.NOT_UTF8, "unreadable"),
    ("a completion called text", broken.whole_as_text, "unreadable"),
    ("wrong points", forgets_a_point, "unreadable"),
    ("every event twice", broken.stammers, "unreadable"),
    ("garbage after the JSON", broken.adds_garbage, "unreadable"),
    ("two objects", broken.says_it_twice, "unreadable"),
    ("no HTTP", broken.NOT_HTTP, "unreachable"),
    ("broken framing", broken.BAD_FRAMES, "unreachable"),
    ("a refusal", declines(), "refusal"),
    ("a filter, midway", broken.filtered_midway, "refusal"),
)
HARMLESS: tuple[tuple[str, Fault], ...] = (
    ("a stream called octets", broken.as_octets),
    ("a stream called text", broken.as_plain_text),
    ("a stream called nothing", broken.as_nothing),
    ("words after the JSON", broken.adds_words),
    ("a byte order mark in the text", broken.with_a_mark_in_the_text),
    ("a byte order mark on the wire", broken.with_a_mark_on_the_wire),
    ("a byte order mark before a completion", broken.whole_with_a_mark),
    ("a connection left open", broken.never_hangs_up),
)


@dataclass(frozen=True, kw_only=True)
class Played:
    """The turn with the fault as it was right after it, its page, and the newest turn after one more answer."""

    turn: dict[str, Any]
    page: str
    next: dict[str, Any]


async def played(tmp_path: Path, bank: Bank, fault: Fault, **settings: Any) -> Played:
    """An interview whose first answer meets the fault, and whose second meets a model that is well again."""
    model = Recovering(fault)
    async with OpenAIServer(model) as server, browser(tmp_path, server.base_url, bank, **settings) as client:
        begun = (await client.post("/api/interviews", json=TWO_QUESTIONS)).json()
        after = await answer(client, bank, begun, Band.STRONG)
        page = (await client.get(f"/interviews/{begun['id']}")).text
        model.well = True
        more = await answer(client, bank, after, Band.STRONG)
    number = after["turns"][-1]["number"]
    return Played(turn=after["turns"][0], page=page, next=more["turns"][number - 1])


@pytest.mark.parametrize(("fault", "reason"), [pytest.param(*row[1:], id=row[0]) for row in FAULTS])
async def test_what_the_model_cannot_mark_is_marked_offline_and_the_page_says_why(
    tmp_path: Path, bank: Bank, fault: Fault, reason: str
) -> None:
    """The answer is safe, the mark is an estimate, it can be marked again, and the next one goes to the model."""
    impatient = {"model_timeout_s": 1.5} if reason == "timed_out" else {}
    happened = await played(tmp_path, bank, fault, **impatient)
    grading = happened.turn["grading"]
    assert (grading["grader"], grading["fallback"]) == ("fuzzy", reason)
    assert happened.turn["score"] >= 80
    assert WORDS[reason].replace("'", "&#39;") in happened.page
    assert "marked offline, as an estimate" in happened.page
    assert "Mark again" in happened.page
    assert (happened.next["grading"]["grader"], happened.next["score"]) == ("llm", 100)


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in HARMLESS])
async def test_what_does_no_harm_does_not_matter(tmp_path: Path, bank: Bank, fault: Fault) -> None:
    """The model marks as if nothing were wrong."""
    happened = await played(tmp_path, bank, fault)
    grading = happened.turn["grading"]
    assert (grading["grader"], grading["fallback"], grading["score"]) == ("llm", None, 100)
    assert "marked by served-model" in happened.page
    assert happened.next["grading"]["grader"] == "llm"


@pytest.mark.parametrize(
    ("endless", "reason"),
    [
        (Endless(b"", EVENT * 50), "truncated"),
        (Endless(b"data: ", b"x" * broken.PIECE), "unreadable"),
        (Endless(b"", b": keep-alive\n\n" * 4000), "unreadable"),
        (Endless(b'{"choices": [', b" " * broken.PIECE, kind=JSON), "unreadable"),
        (Endless(b'{"error": "', b"x" * broken.PIECE, kind=JSON, status=500), "server_error"),
        (Endless(b"x-padding: ", b"x" * broken.PIECE, head=broken.HEAD), "unreachable"),
    ],
    ids=["events", "line", "comments", "completion", "error", "head"],
)
async def test_a_reply_without_end_is_not_read_beyond_a_limit(
    tmp_path: Path, bank: Bank, endless: Endless, reason: str
) -> None:
    """So neither memory nor the candidate's patience runs out, although the server would go on for ever."""
    began = time.perf_counter()
    async with (
        OpenAIServer(endless) as server,
        browser(tmp_path, server.base_url, bank) as client,
    ):
        turn = await answered(client, bank, Band.STRONG)
    assert turn["grading"]["fallback"] == reason
    assert endless.sent <= body_limit(4000) + BUFFERS
    assert time.perf_counter() - began < 20


async def test_a_refused_connection_is_no_different(tmp_path: Path, bank: Bank) -> None:
    """Nobody listens there any more."""
    async with OpenAIServer([]) as server:
        gone = server.base_url
    async with browser(tmp_path, gone, bank) as client:
        turn = await answered(client, bank, Band.STRONG)
    assert turn["grading"]["fallback"] == "unreachable"
    assert "could not be reached" in turn["page"]


async def test_a_server_that_asks_for_hours_gets_them_and_nobody_waits(tmp_path: Path, bank: Bank) -> None:
    """The SDK does not sit them out either, although it may try again."""
    told = replace(fails(429), headers={"retry-after": "10800"})
    clock = Clock()
    async with (
        OpenAIServer(lambda _request: told) as server,
        browser(tmp_path, server.base_url, bank, clock, model_retries=1) as client,
    ):
        for _ in range(3):
            began = time.perf_counter()
            assert (await answered(client, bank, Band.STRONG))["grading"]["fallback"] == "rate_limited"
            assert time.perf_counter() - began < 10
        assert "paused until 15:00:0" in await grader(client)
        asked = len(server.requests)
        turn = await answered(client, bank, Band.STRONG)
        assert (turn["grading"]["fallback"], len(server.requests)) == ("paused", asked)


async def grader(client: httpx2.AsyncClient) -> str:
    """Who marks, as /readyz says it."""
    return str((await client.get("/readyz")).json()["grader"])
