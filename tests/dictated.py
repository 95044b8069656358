"""A model behind a real server whose marks come one by one, each when the test says so.

with DictatedModel(bank) as model, running(database, **model.settings): ...
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from interviewer.bank import Bank
from interviewer.domain import Question, Verdict
from interviewer.grading import fuzzy
from tests.in_thread import InThread
from tests.openai_server import Answer, OpenAIServer, Request, fails, says, streams

SCHEMA = ("response_format", "json_schema", "schema", "properties")
POINTS = ("marks", "items", "properties", "point", "enum")


class DictatedModel(InThread):
    """Marks as the offline grader does, but for the `verdicts` of some places (from 1), at the test's dictation."""

    def __init__(self, bank: Bank, verdicts: Mapping[int, Verdict] | None = None) -> None:
        super().__init__()
        self.verdicts = dict(verdicts or {})
        self.requests: list[Request] = []
        self.fails = False
        self.talk_s = 0.0
        """How long it takes for what is no grading; it then says nothing of use."""
        self._questions = {frozenset(p.id for p in q.points): q for q in map(bank.question, _ids(bank)) if q}

    @property
    def settings(self) -> dict[str, str]:
        """What to start the product with."""
        return {
            "INTERVIEWER_MODEL": "dictated",
            "OPENAI_BASE_URL": self._base_url,
            "OPENAI_API_KEY": "no-key",
            "INTERVIEWER_MODEL_RETRIES": "0",
        }

    def write(self, marks: int = 1) -> None:
        """Let it write so many more marks."""
        self._loop.call_soon_threadsafe(self._allow, marks)

    def finish(self) -> None:
        """Let it write the rest of what it was asked for, and all it is asked for from now on."""
        self._loop.call_soon_threadsafe(self._allow, 1000)

    def hold(self) -> None:
        """Let it write nothing of what it is asked for from now on."""
        self._loop.call_soon_threadsafe(self._take_back)

    def _take_back(self) -> None:
        self._allowed = asyncio.Semaphore(0)

    def _allow(self, pieces: int) -> None:
        for _ in range(pieces):
            self._allowed.release()

    async def _serve(self) -> None:
        self._allowed = asyncio.Semaphore(0)
        async with OpenAIServer(self._answer) as server:
            self._base_url = server.base_url
            await self.until_over()

    def _answer(self, request: Request) -> Answer:
        properties: Any = request.body
        for key in SCHEMA:
            properties = properties.get(key, {})
        if "marks" not in properties:
            return replace(says("{}"), wait_s=self.talk_s)  # asked for something else than marks
        self.requests.append(request)
        if self.fails:
            return fails(500)
        points: Any = properties
        for key in POINTS:
            points = points[key]
        pieces = self._pieces(self._questions[frozenset(points)], _answer_in(request))

        allowed = self._allowed

        async def may_send(place: int) -> None:
            if 0 < place <= len(pieces):
                await allowed.acquire()

        chunks = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
        end = {"model": "dictated", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        whole = streams({"choices": [{"index": 0, "delta": {"content": ""}}]}, *chunks, end)
        return Answer(whole.parts, may_send=may_send)

    def _pieces(self, question: Question, answer: str) -> list[str]:
        """The reply in as many pieces as it has points, and the rest of it."""
        marks = [json.dumps(self._mark(place, mark)) for place, mark in enumerate(fuzzy.mark(question, [answer]).marks)]
        first, *others = marks
        rest = '], "misconceptions": [], "strengths": [], "improve": []}'
        return [f'{{"marks": [{first}', *(f", {mark}" for mark in others), rest]

    def _mark(self, place: int, mark: Any) -> dict[str, object]:
        verdict = self.verdicts.get(place + 1, mark.verdict)
        credited = verdict in (Verdict.MET, Verdict.PARTLY)
        quote = mark.quote if credited else ""
        return {"point": mark.point, "reason": "You say so.", "quote": quote or "", "verdict": verdict}


def _ids(bank: Bank) -> list[str]:
    return [question.id for question in bank.questions]


def _answer_in(request: Request) -> str:
    return str(request.body["messages"][-1]["content"]).split(">", 1)[1].split("</answer", 1)[0].strip()
