"""The whole product against a model behind a real socket: the candidate's browser, what they do, and who marks.

async with OpenAIServer(credits_all) as server, browser(tmp_path, server.base_url, bank) as client:
    turn = await answered(client, bank, Band.STRONG)
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
from opentelemetry.trace import TracerProvider

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.llm import ChatModel
from interviewer.settings import Settings
from tests.openai_server import Answer, Request, says
from tests.playing import sample

CHOICE = {"level": "mid", "questions": 1, "seed": 1, "topics": ["database"]}
SCHEMA = ("response_format", "json_schema", "schema", "properties", "marks", "items", "properties", "point", "enum")


@asynccontextmanager
async def browser(
    tmp_path: Path,
    base_url: str,
    bank: Bank,
    clock: Callable[[], datetime] | None = None,
    chat_model: ChatModel | None = None,
    spans: TracerProvider | None = None,
    **settings: Any,
) -> AsyncIterator[httpx2.AsyncClient]:
    """A candidate's browser on an application that asks the model behind `base_url`, and whose time goes by `clock`."""
    patient: dict[str, Any] = {"model_timeout_s": 20, "model_retries": 0}
    place = {"database": tmp_path / "interviews.sqlite3", "model": "a-model", "openai_base_url": base_url}
    app = create_app(
        Settings(**(patient | place | settings)), bank=bank, clock=clock, chat_model=chat_model, spans=spans
    )
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


async def answered(client: httpx2.AsyncClient, bank: Bank, band: Band) -> dict[str, Any]:
    """The first turn of a finished one-question interview."""
    begun = (await client.post("/api/interviews", json=CHOICE)).json()
    path = f"/api/interviews/{begun['id']}"
    await answer(client, bank, begun, band)
    await client.post(f"{path}/finish")
    turn: dict[str, Any] = (await client.get(path)).json()["turns"][0]
    turn["page"] = (await client.get(f"/interviews/{begun['id']}")).text
    return turn


async def answer(client: httpx2.AsyncClient, bank: Bank, interview: dict[str, Any], band: Band) -> dict[str, Any]:
    """The interview after a sample answer to its newest turn."""
    turn = interview["turns"][-1]
    body = {
        "turn": turn["number"],
        "text": sample(bank, turn["question"]["id"], band),
        "says_seen": len(turn["says"]),
    }
    reply = await client.post(f"/api/interviews/{interview['id']}/answers", json=body)
    assert reply.status_code == 200, reply.text
    after: dict[str, Any] = reply.json()
    return after


class Recovering:
    """A model server that has a fault until it is told that it is well."""

    def __init__(self, fault: Answer | Callable[[Request], Answer]) -> None:
        self.fault = fault
        self.well = False
        self.wait_s = 0.0

    def __call__(self, request: Request) -> Answer:
        """The fault, or marks."""
        if self.well:
            return replace(credits_all(request), wait_s=self.wait_s)
        return self.fault(request) if callable(self.fault) else self.fault


def credits_all(request: Request) -> Answer:
    """A model that marks every point met and quotes the whole answer for it."""
    return says(good_reply(request))


def invents_quotes(request: Request) -> Answer:
    """A model that marks every point met with words nobody said."""
    return says(json.dumps(_reply(request, quote="as everybody in the room has already agreed")))


def forgets_a_point(request: Request) -> Answer:
    """A model that leaves one point of the rubric out, however often it is asked."""
    reply = _reply(request, quote=_answer_in(request))
    return says(json.dumps({**reply, "marks": reply["marks"][1:]}))


def good_reply(request: Request) -> str:
    """The text of a reply that credits everything."""
    return json.dumps(_reply(request, quote=_answer_in(request)))


def _reply(request: Request, *, quote: str) -> dict[str, Any]:
    points: Any = request.body
    for key in SCHEMA:
        points = points[key]
    marks = [{"point": point, "reason": "You say so.", "quote": quote, "verdict": "met"} for point in points]
    return {"marks": marks, "misconceptions": [], "strengths": ["You name it."], "improve": []}


def _answer_in(request: Request) -> str:
    text = str(request.body["messages"][-1]["content"])
    return text.split(">", 1)[1].split("</answer", 1)[0].strip()
