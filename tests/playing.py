"""Plays interviews through the public doors with the bank's own sample answers."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.domain import Band


def sample(bank: Bank, question_id: str, band: Band) -> str:
    """A sample answer of a question."""
    question = bank.question(question_id)
    assert question
    return next(sample.text for sample in question.samples if sample.band is band)


def started(client: TestClient, **choice: Any) -> dict[str, Any]:
    """A new interview over the API."""
    reply = client.post("/api/interviews", json={"level": "mid", "questions": 3, "seed": 7, **choice})
    assert reply.status_code == 201, reply.text
    body: dict[str, Any] = reply.json()
    return body


def answer(client: TestClient, interview: dict[str, Any], text: str) -> dict[str, Any]:
    """The interview after an answer to its newest turn."""
    turn = interview["turns"][-1]
    reply = client.post(
        f"/api/interviews/{interview['id']}/answers",
        json={"turn": turn["number"], "text": text, "says_seen": len(turn["says"])},
    )
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body
