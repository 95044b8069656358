"""An interview with a model: the whole product against an OpenAI-compatible server over a real socket.

What goes wrong with a model: `test_model_faults.py`. One that keeps failing: `test_model_pauses.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

from interviewer.bank import Bank
from interviewer.domain import Band
from tests.model_interviews import answered, browser, credits_all, invents_quotes
from tests.openai_server import Answer, OpenAIServer, Request, fails, says


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


ADVERT = """Backend developer (senior)

We look for somebody who knows PostgreSQL and SQLAlchemy well, and who has written tests with pytest.
No Kubernetes needed.
"""


def reads_the_advert(_request: Request) -> Answer:
    """What a model might make of it, with a quote that is not there and one that is denied."""
    named = [
        {"topic": "database", "quote": "knows PostgreSQL and SQLAlchemy well", "weight": 3},
        {"topic": "testing", "quote": "written tests with pytest", "weight": 2},
        {"topic": "security-auth", "quote": "OAuth2 and JWT", "weight": 3},
        {"topic": "deployment", "quote": "Kubernetes", "weight": 2},
    ]
    return says(json.dumps({"topics": named, "level": "senior", "level_quote": "Backend developer (senior)"}))


async def test_a_model_reads_an_advert_and_its_quotes_are_looked_up(tmp_path: Path, bank: Bank) -> None:
    """What it invents or what the text denies proposes nothing."""
    async with OpenAIServer(reads_the_advert) as server, browser(tmp_path, server.base_url, bank) as client:
        proposal = (await client.post("/api/aim", json={"text": ADVERT, "pack": "fastapi"})).json()
        (request,) = server.requests
    assert ADVERT.splitlines()[2] in request.body["messages"][-1]["content"]
    assert proposal["by"] == "model"
    shares = {topic["topic"]: topic["share"] for topic in proposal["topics"]}
    named = {topic["topic"] for topic in proposal["topics"] if topic["quotes"]}
    assert named == {"database", "testing"}
    assert shares["database"] > shares["testing"]
    assert proposal["level"]["level"] == "senior"


async def test_an_advert_is_read_by_terms_when_the_model_fails(tmp_path: Path, bank: Bank) -> None:
    """And the reply says why."""
    async with OpenAIServer(lambda _request: fails(500)) as server, browser(tmp_path, server.base_url, bank) as client:
        proposal = (await client.post("/api/aim", json={"text": ADVERT, "pack": "fastapi"})).json()
    assert proposal["by"] != "model"
    assert proposal["fallback"] == "server_error"
    assert {"database", "testing"} <= {topic["topic"] for topic in proposal["topics"] if topic["quotes"]}
