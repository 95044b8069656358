"""An interview with a model: the whole product against an OpenAI-compatible server over a real socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from tests.openai_server import Answer, OpenAIServer, Request, declines, fails, hangs, says, sends
from tests.playing import sample

SCHEMA = ("response_format", "json_schema", "schema", "properties", "marks", "items", "properties", "point", "enum")


@asynccontextmanager
async def browser(tmp_path: Path, base_url: str, bank: Bank) -> AsyncIterator[httpx2.AsyncClient]:
    """A candidate's browser on an application that asks the model behind `base_url`."""
    app = create_app(
        Settings(
            database=tmp_path / "interviews.sqlite3",
            model="a-model",
            openai_base_url=base_url,
            model_timeout_s=0.8,
            model_retries=0,
        ),
        bank=bank,
    )
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


def credits_all(request: Request) -> Answer:
    """A model that marks every point met and quotes the whole answer for it."""
    return says(json.dumps(_reply(request, quote=_answer_in(request))))


def invents_quotes(request: Request) -> Answer:
    """A model that marks every point met with words nobody said."""
    return says(json.dumps(_reply(request, quote="as everybody in the room has already agreed")))


def forgets_a_point(request: Request) -> Answer:
    """A model that leaves one point of the rubric out, however often it is asked."""
    reply = _reply(request, quote=_answer_in(request))
    return says(json.dumps({**reply, "marks": reply["marks"][1:]}))


def _reply(request: Request, *, quote: str) -> dict[str, Any]:
    points: Any = request.body
    for key in SCHEMA:
        points = points[key]
    marks = [{"point": point, "reason": "You say so.", "quote": quote, "verdict": "met"} for point in points]
    return {"marks": marks, "misconceptions": [], "strengths": ["You name it."], "improve": []}


def _answer_in(request: Request) -> str:
    text = str(request.body["messages"][-1]["content"])
    return text.split(">", 1)[1].split("</answer", 1)[0].strip()


async def answered(client: httpx2.AsyncClient, bank: Bank, band: Band) -> dict[str, Any]:
    """The first turn of a finished one-question interview."""
    choice = {"level": "mid", "questions": 1, "seed": 4, "topics": ["database"]}
    begun = (await client.post("/api/interviews", json=choice)).json()
    text = sample(bank, begun["turns"][0]["question"]["id"], band)
    path = f"/api/interviews/{begun['id']}"
    reply = await client.post(f"{path}/answers", json={"turn": 1, "text": text})
    assert reply.status_code == 200, reply.text
    await client.post(f"{path}/finish")
    turn: dict[str, Any] = (await client.get(path)).json()["turns"][0]
    turn["page"] = (await client.get(f"/interviews/{begun['id']}")).text
    return turn


async def test_the_model_marks_and_the_page_says_who_it_was(tmp_path: Path, bank: Bank) -> None:
    """With prompt ids, tokens, and quotes that our code has found."""
    async with OpenAIServer(credits_all) as server, browser(tmp_path, server.base_url, bank) as client:
        turn = await answered(client, bank, Band.STRONG)
    assert turn["grading"]["grader"] == "llm"
    assert turn["grading"]["model"] == "served-model"
    assert turn["grading"]["fallback"] is None
    assert "@" in turn["grading"]["prompt"]
    assert turn["score"] == 100
    assert "marked by served-model" in turn["page"]
    assert "estimate" not in turn["page"].lower().split("transcript", 1)[1].split("composer")[0]


async def test_invented_quotes_earn_nothing_and_the_grading_is_flagged(tmp_path: Path, bank: Bank) -> None:
    """However sure the model was."""
    async with OpenAIServer(invents_quotes) as server, browser(tmp_path, server.base_url, bank) as client:
        turn = await answered(client, bank, Band.STRONG)
    assert turn["grading"]["grader"] == "llm"
    assert turn["score"] == 0
    assert turn["grading"]["notes"]
    assert {mark["verdict"] for mark in turn["grading"]["marks"]} == {"missed"}


@pytest.mark.parametrize(
    ("fault", "reason", "says_so"),
    [
        (fails(401), "refused_key", "refused the key"),
        (fails(429), "rate_limited", "over its limit"),
        (fails(500), "server_error", "server failed"),
        (hangs(5), "timed_out", "did not answer in time"),
        (says('{"marks": [', finish=None, cut=True), "truncated", "cut off"),
        (says('{"marks": [', finish="length"), "truncated", "cut off"),
        (sends("<html>Welcome</html>", kind="text/html"), "unreadable", "could not be read"),
        (says("I would give this a solid B plus."), "unreadable", "could not be read"),
        (forgets_a_point, "unreadable", "could not be read"),
        (declines(), "refusal", "declined"),
    ],
    ids=["401", "429", "500", "time-out", "cut stream", "cut by length", "HTML", "not JSON", "wrong points", "refusal"],
)
async def test_whatever_goes_wrong_the_answer_is_marked_offline_and_the_page_says_so(
    tmp_path: Path, bank: Bank, fault: Any, reason: str, says_so: str
) -> None:
    """The answer is safe, the mark is an estimate, the reason is named, and it can be marked again."""
    script = fault if callable(fault) else lambda _request: fault
    async with OpenAIServer(script) as server, browser(tmp_path, server.base_url, bank) as client:
        turn = await answered(client, bank, Band.STRONG)
    assert turn["status"] == "graded"
    assert turn["grading"]["grader"] == "fuzzy"
    assert turn["grading"]["fallback"] == reason
    assert turn["score"] >= 80
    assert says_so in turn["page"]
    assert "marked offline, as an estimate" in turn["page"]
    assert "Mark again" in turn["page"]


async def test_a_refused_connection_is_no_different(tmp_path: Path, bank: Bank) -> None:
    """Nobody listens there any more."""
    async with OpenAIServer([]) as server:
        gone = server.base_url
    async with browser(tmp_path, gone, bank) as client:
        turn = await answered(client, bank, Band.STRONG)
    assert turn["grading"]["fallback"] == "unreachable"
    assert "could not be reached" in turn["page"]


async def test_an_answer_of_no_content_never_reaches_the_model(tmp_path: Path, bank: Bank) -> None:
    """It is recognised by rules."""
    async with OpenAIServer([]) as server, browser(tmp_path, server.base_url, bank) as client:
        begun = (await client.post("/api/interviews", json={"level": "junior", "questions": 1})).json()
        body = {"turn": 1, "text": "Sorry, I don't know."}
        await client.post(f"/api/interviews/{begun['id']}/answers", json=body)
        assert server.requests == []


async def test_marking_again_with_a_model_that_is_back_adds_its_grading(tmp_path: Path, bank: Bank) -> None:
    """The offline estimate stays in the history, the newer one is in force."""
    calls: list[Request] = []

    def back_again(request: Request) -> Answer:
        calls.append(request)
        return fails(500) if len(calls) == 1 else credits_all(request)

    async with OpenAIServer(back_again) as server, browser(tmp_path, server.base_url, bank) as client:
        turn = await answered(client, bank, Band.STRONG)
        assert turn["grading"]["grader"] == "fuzzy"
        mine = (await client.get("/api/interviews")).json()[0]
        again = await client.post(f"/api/interviews/{mine['id']}/regrade", json={"turn": 1})
    assert again.json()["turns"][0]["grading"]["grader"] == "llm"


async def test_marking_again_with_a_model_that_is_gone_keeps_its_grading(tmp_path: Path, bank: Bank) -> None:
    """An offline estimate never displaces a model's marks."""
    calls: list[Request] = []

    def gone_after_one(request: Request) -> Answer:
        calls.append(request)
        return credits_all(request) if len(calls) == 1 else fails(500)

    async with OpenAIServer(gone_after_one) as server, browser(tmp_path, server.base_url, bank) as client:
        before = await answered(client, bank, Band.STRONG)
        mine = (await client.get("/api/interviews")).json()[0]
        again = await client.post(f"/api/interviews/{mine['id']}/regrade", json={"turn": 1})
    assert again.status_code == 200
    assert again.json()["turns"][0]["grading"] == before["grading"]
    assert len(calls) > 1
