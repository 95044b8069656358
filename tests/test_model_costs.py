"""What a model costs in an interview: counted, shown, and held to its budgets, over a real socket."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band, Level
from interviewer.settings import Settings
from tests.graders import Clock
from tests.model_interviews import browser as any_browser
from tests.model_interviews import credits_all
from tests.openai_server import Answer, OpenAIServer, Request, fails, says
from tests.playing import sample
from tests.test_regrade import regrade

CHEAP: dict[str, Any] = {"model_price_in": "2", "model_price_out": "8"}
DEAR: dict[str, Any] = {"model_price_in": "2000", "model_price_out": "8000", "model_currency": "EUR"}


browser = partial(any_browser, model_timeout_s=20.0, model_max_tokens=2000)
"""A candidate's browser, with a model that is not asked for long replies."""


def marks_only(request: Request) -> Answer:
    """A model that marks, and says nothing of use to anything else."""
    wanted = request.body["response_format"]["json_schema"]["name"]
    return credits_all(request) if wanted == "marks" else says("{}")


def gradings(server: OpenAIServer) -> list[Request]:
    """The requests for marks."""
    return [r for r in server.requests if r.body["response_format"]["json_schema"]["name"] == "marks"]


def uncounted(request: Request) -> Answer:
    """The same from a server that does not count tokens."""
    whole = marks_only(request)
    return replace(whole, parts=tuple(part for part in whole.parts if b'"usage"' not in part))


def mixed_up(count: bytes) -> Callable[[Request], Answer]:
    """The same from a server whose count of the prompt is nonsense."""

    def answer(request: Request) -> Answer:
        whole = marks_only(request)
        wrong = b'"prompt_tokens": ' + count
        return replace(whole, parts=tuple(part.replace(b'"prompt_tokens": 11', wrong) for part in whole.parts))

    return answer


async def begin(client: httpx2.AsyncClient, questions: int = 1) -> dict[str, Any]:
    """A new interview."""
    choice = {"level": Level.MID, "questions": questions, "seed": 4}
    body: dict[str, Any] = (await client.post("/api/interviews", json=choice)).json()
    return body


async def answer(client: httpx2.AsyncClient, bank: Bank, interview: dict[str, Any]) -> dict[str, Any]:
    """The interview after a full answer to its newest question, which it has left then."""
    turn = interview["turns"][-1]
    text = sample(bank, turn["question"]["id"], Band.STRONG)
    path = f"/api/interviews/{interview['id']}"
    reply = await client.post(f"{path}/answers", json={"turn": turn["number"], "text": text})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    if body["status"] == "open" and body["turns"][-1]["number"] == turn["number"]:
        body = (await client.post(f"{path}/skip", json={"turn": turn["number"]})).json()
    return body


async def played(client: httpx2.AsyncClient, bank: Bank, questions: int = 1) -> dict[str, Any]:
    """A finished interview."""
    interview = await begin(client, questions)
    while interview["status"] == "open":
        interview = await answer(client, bank, interview)
    return interview


async def test_the_server_s_count_is_the_interview_s_with_its_price(tmp_path: Path, bank: Bank) -> None:
    """In the API, the report, its Markdown and its JSON."""
    async with OpenAIServer(marks_only) as server, browser(tmp_path, server.base_url, bank, **DEAR) as client:
        interview = await played(client, bank)
        path = f"/interviews/{interview['id']}/report"
        page, text = (await client.get(path)).text, (await client.get(f"/api{path}.md")).text
        whole = (await client.get(f"/api{path}")).json()
        calls, (listed,) = len(server.requests), (await client.get("/api/interviews")).json()
    assert interview["usage"] == {
        "calls": calls,
        "tokens_in": 11 * calls,
        "tokens_out": 7 * calls,
        "cost": 78_000 * calls / 1e6,
        "currency": "EUR",
        "estimated": False,
    }
    assert listed["usage"] == whole["interview"]["usage"] == interview["usage"]
    said = f"of the model, {18 * calls} tokens ({11 * calls} in, {7 * calls} out), {0.078 * calls:.4f} EUR."
    assert said in page
    assert said in text


NONSENSE = [b'"many"', b"-1", b"1000000000000", b"true", b"null", b"1.5"]


@pytest.mark.parametrize("script", [uncounted, *map(mixed_up, NONSENSE)], ids=["missing", *map(bytes.decode, NONSENSE)])
async def test_what_the_server_does_not_count_is_estimated_and_says_so(tmp_path: Path, bank: Bank, script: Any) -> None:
    """Without prices there is no money."""
    async with OpenAIServer(script) as server, browser(tmp_path, server.base_url, bank) as client:
        interview = await played(client, bank)
        page = (await client.get(f"/interviews/{interview['id']}/report")).text
        sent = sum(len(m["content"].encode()) for r in server.requests for m in r.body["messages"])
    usage = interview["usage"]
    assert usage["estimated"]
    assert abs(usage["tokens_in"] - sent / 4) < 3 * usage["calls"]
    assert (usage["cost"], usage["currency"]) == (None, None)
    assert "of the model, about " in page
    assert "USD" not in page


async def test_without_a_model_nothing_is_said_of_it(tmp_path: Path, bank: Bank) -> None:
    """No usage, no link, no line."""
    async with OpenAIServer([]) as server, browser(tmp_path, server.base_url, bank) as client:
        interview = await begin(client)
        assert interview["usage"] is None
        page = (await client.get(f"/interviews/{interview['id']}/report")).text
    assert "of the model" not in page
    assert "exactly what the model was asked" not in page


@pytest.mark.parametrize(
    "budget",
    [{"model_tokens_per_interview": 20_000}, {"model_cost_per_interview": "0.05", **CHEAP}],
    ids=["tokens", "money"],
)
async def test_a_budget_reached_in_mid_interview_means_offline_marks_and_the_interview_goes_on(
    tmp_path: Path, bank: Bank, budget: dict[str, Any]
) -> None:
    """Each mark says which grader it was and why; the model has not failed, and another interview may ask it."""

    def costly(request: Request) -> Answer:
        whole = marks_only(request)
        counted = b'"prompt_tokens": 16000, "completion_tokens"'
        parts = tuple(part.replace(b'"prompt_tokens": 11, "completion_tokens"', counted) for part in whole.parts)
        return replace(whole, parts=parts)

    async with OpenAIServer(costly) as server, browser(tmp_path, server.base_url, bank, **budget) as client:
        first = await played(client, bank, questions=3)
        page = (await client.get(f"/interviews/{first['id']}")).text
        ready = (await client.get("/readyz")).json()
        asked = len(gradings(server))
        second = await played(client, bank)
    assert [turn["grading"]["grader"] for turn in first["turns"]] == ["llm", "fuzzy", "fuzzy"]
    assert [turn["grading"]["fallback"] for turn in first["turns"]] == [None, "over_budget", "over_budget"]
    assert asked == 1
    assert "The budget for the model is used up" in page
    assert "marked offline, as an estimate" in page
    assert ready["model"]["circuit"] == "closed"
    assert second["turns"][0]["grading"]["grader"] == "llm"


async def test_a_day_s_budget_is_not_refilled_by_deleting_but_by_midnight(tmp_path: Path, bank: Bank) -> None:
    """`/readyz` shows how much of it is used."""
    clock = Clock()
    limit: dict[str, Any] = {"model_tokens_per_day": 20_000}

    def costly(request: Request) -> Answer:
        whole = marks_only(request)
        parts = tuple(part.replace(b'"prompt_tokens": 11', b'"prompt_tokens": 16000') for part in whole.parts)
        return replace(whole, parts=parts)

    async with OpenAIServer(costly) as server, browser(tmp_path, server.base_url, bank, clock, **limit) as client:
        first = await played(client, bank)
        assert first["turns"][0]["grading"]["grader"] == "llm"
        await client.delete(f"/api/interviews/{first['id']}")
        second = await played(client, bank)
        assert second["turns"][0]["grading"]["fallback"] == "over_budget"
        spending = (await client.get("/readyz")).json()["spending"]
        assert spending["tokens"] >= 16_007
        assert (spending["tokens_budget"], spending["cost"], spending["currency"]) == (20_000, None, None)
        clock.now += timedelta(days=1)
        third = await played(client, bank)
        assert third["turns"][0]["grading"]["grader"] == "llm"


async def test_the_prompts_of_an_interview_grow_with_its_questions_and_not_with_its_talk(
    tmp_path: Path, bank: Bank
) -> None:
    """No marking holds what was said in another turn, so twice the questions cost twice as much."""
    async with OpenAIServer(marks_only) as server, browser(tmp_path, server.base_url, bank) as client:
        interview = await played(client, bank, questions=6)
    asked = gradings(server)
    assert len(asked) >= 6
    answers = [say["text"] for turn in interview["turns"] for say in turn["says"] if say["kind"] == "answer"]
    questions = [turn["question"]["ask"].strip() for turn in interview["turns"]]
    for request in asked:
        told = json.dumps([message["content"] for message in request.body["messages"]], ensure_ascii=False)
        assert sum(json.dumps(text.strip(), ensure_ascii=False)[1:-1] in told for text in answers) == 1
        assert sum(json.dumps(text, ensure_ascii=False)[1:-1] in told for text in questions) == 1


async def test_what_two_questions_prompts_have_in_common_begins_with_all_of_the_instructions(
    tmp_path: Path, bank: Bank
) -> None:
    """Providers cache common beginnings: what never changes stands first."""
    static = (Settings().prompts_dir / "grade-system.md.jinja").read_text(encoding="utf-8").strip()
    async with OpenAIServer(marks_only) as server, browser(tmp_path, server.base_url, bank) as client:
        await played(client, bank, questions=3)
    told = [request.body["messages"][0]["content"] for request in gradings(server)]
    assert len({text.removeprefix(static) for text in told}) == 3
    assert all(text.startswith(static) for text in told)


async def test_marking_again_from_the_command_line_is_counted_too(tmp_path: Path, bank: Bank) -> None:
    """By the same meter, in another process."""
    script = [fails(500), fails(500)]

    def back_again(request: Request) -> Answer:
        return script.pop() if script else marks_only(request)

    async with OpenAIServer(back_again) as server:
        async with browser(tmp_path, server.base_url, bank) as client:
            interview = await begin(client)
            await client.post(
                f"/api/interviews/{interview['id']}/answers",
                json={"turn": 1, "text": sample(bank, interview["turns"][0]["question"]["id"], Band.STRONG)},
            )
            script.clear()
            before = (await client.get(f"/api/interviews/{interview['id']}")).json()["usage"]["calls"]
        done = await regrade(tmp_path / "interviews.sqlite3", "--fallen-back", base_url=server.base_url)
        assert done.stdout.endswith("Graded 1 of 1 turns.\n"), done.stdout
    with closing(sqlite3.connect(tmp_path / "interviews.sqlite3")) as connection:
        outcomes = [row[0] for row in connection.execute("select outcome from model_call order by at")]
        (spent,) = connection.execute("select sum(tokens_in) from spending").fetchone()
    assert len(outcomes) == before + 1
    assert (outcomes[0], outcomes[-1]) == ("server_error", "ok")
    assert spent == 11
