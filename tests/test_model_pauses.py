"""A model that keeps failing is left alone for a while: the whole product against a failing server, over a socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interviewer import prompts
from interviewer.bank import Bank
from interviewer.domain import Band, GraderKind, Grading, UngradedReason
from interviewer.grading.breaker import Breaker, Circuit
from interviewer.grading.cascade import Cascade
from interviewer.grading.rubric import RubricGrader
from interviewer.llm import OpenAIChat, ScriptedChat
from interviewer.web.words import grader_words
from tests.builders import a_question, at
from tests.conftest import ROOT
from tests.graders import Clock
from tests.model_interviews import Recovering, answered, browser
from tests.openai_server import OpenAIServer, declines, fails, hangs

ANSWER = "The thing is that word1 always goes before term1, and so it is alpha one."


async def fallback(client: httpx2.AsyncClient, bank: Bank) -> str | None:
    """Why the model did not mark the next answer; None when it did."""
    reason: str | None = (await answered(client, bank, Band.STRONG))["grading"]["fallback"]
    return reason


async def ready(client: httpx2.AsyncClient) -> dict[str, Any]:
    """What /readyz says."""
    reply = await client.get("/readyz")
    assert reply.status_code == 200
    body: dict[str, Any] = reply.json()
    return body


async def test_after_three_failures_the_fourth_answer_does_not_reach_the_server(tmp_path: Path, bank: Bank) -> None:
    """After the pause one does, its success closes the circuit, and all the while every answer is marked."""
    model, clock = Recovering(fails(500)), Clock()
    async with OpenAIServer(model) as server, browser(tmp_path, server.base_url, bank, clock) as client:
        assert [await fallback(client, bank) for _ in range(3)] == ["server_error"] * 3
        assert len(server.requests) == 3

        turn = await answered(client, bank, Band.STRONG)
        assert len(server.requests) == 3
        assert (turn["grading"]["grader"], turn["grading"]["fallback"]) == ("fuzzy", "paused")
        assert turn["score"] >= 80
        assert "The model has failed several times, so it is left alone for a while." in turn["page"]
        assert "You can have it marked again with the model later." in turn["page"]

        clock.now += timedelta(seconds=31)
        model.well = True
        assert await fallback(client, bank) is None
        assert await fallback(client, bank) is None
        assert len(server.requests) == 5


async def test_a_failed_trial_is_followed_by_a_longer_pause(tmp_path: Path, bank: Bank) -> None:
    """30 seconds, then 60."""
    clock = Clock()
    async with (
        OpenAIServer(lambda _request: fails(401)) as server,
        browser(tmp_path, server.base_url, bank, clock) as client,
    ):
        for _ in range(3):
            assert await fallback(client, bank) == "refused_key"
        clock.now += timedelta(seconds=31)
        assert [await fallback(client, bank) for _ in range(2)] == ["refused_key", "paused"]
        clock.now += timedelta(seconds=31)
        assert await fallback(client, bank) == "paused"
        clock.now += timedelta(seconds=31)
        assert await fallback(client, bank) == "refused_key"
        assert len(server.requests) == 5


async def test_readyz_and_the_start_page_say_until_when_the_model_is_paused(tmp_path: Path, bank: Bank) -> None:
    """The server stays ready, since the offline grader marks."""
    model, clock = Recovering(fails(500)), Clock()
    async with OpenAIServer(model) as server, browser(tmp_path, server.base_url, bank, clock) as client:
        well = "model a-model, with the offline grader behind it"
        assert (await ready(client))["grader"] == well
        assert (await ready(client))["model"] == {"circuit": "closed", "paused_until": None}
        for _ in range(3):
            await fallback(client, bank)

        said = await ready(client)
        assert said["status"] == "ok"
        assert said["model"]["circuit"] == "open"
        assert said["model"]["paused_until"].startswith("2026-11-21T12:00:3")
        paused = "model a-model paused until 12:00:30 UTC, offline grader marks"
        assert said["grader"] == paused
        assert f"Grader: {paused}." in (await client.get("/")).text

        clock.now += timedelta(seconds=31)
        assert (await ready(client))["model"] == {"circuit": "half_open", "paused_until": None}
        assert "on trial after a pause" in (await client.get("/")).text
        model.well = True
        await fallback(client, bank)
        assert (await ready(client))["grader"] == well


def test_a_pause_that_ends_on_another_day_says_which() -> None:
    """A server may ask for hours."""
    said = grader_words("m", Circuit.OPEN, now=at(0), until=at(13 * 3600))
    assert said == "model m paused until 2026-11-22 01:00:00 UTC, offline grader marks"


async def test_a_restart_is_closed(tmp_path: Path, bank: Bank) -> None:
    """The pause belongs to the process: whoever mends the key and restarts need not wait."""
    model, clock = Recovering(fails(401)), Clock()
    async with OpenAIServer(model) as server:
        async with browser(tmp_path, server.base_url, bank, clock) as client:
            assert [await fallback(client, bank) for _ in range(4)][-1] == "paused"
        model.well = True
        async with browser(tmp_path, server.base_url, bank, clock) as client:
            assert await fallback(client, bank) is None


async def test_two_answers_at_once_after_the_pause_send_one_request(tmp_path: Path, bank: Bank) -> None:
    """The other is marked offline at once, and does not wait for the trial."""
    model, clock = Recovering(fails(500)), Clock()
    async with OpenAIServer(model) as server, browser(tmp_path, server.base_url, bank, clock) as client:
        for _ in range(3):
            await fallback(client, bank)
        clock.now += timedelta(seconds=31)
        model.well, model.wait_s = True, 0.2
        both = await asyncio.gather(fallback(client, bank), fallback(client, bank))
        assert set(both) == {None, "paused"}
        assert len(server.requests) == 4


async def test_retry_after_is_the_least_that_a_pause_lasts(tmp_path: Path, bank: Bank) -> None:
    """Asked for once among the failures of the row is enough."""
    told = replace(fails(429), headers={"retry-after": "120"})
    faults, clock = iter([told, fails(500), fails(500)]), Clock()
    async with (
        OpenAIServer(lambda _request: next(faults)) as server,
        browser(tmp_path, server.base_url, bank, clock) as client,
    ):
        for _ in range(3):
            await fallback(client, bank)
        assert "paused until 12:02:0" in (await ready(client))["grader"]
        clock.now += timedelta(seconds=100)
        assert await fallback(client, bank) == "paused"


async def test_a_model_that_declines_answers_is_not_paused(tmp_path: Path, bank: Bank) -> None:
    """It is at work; otherwise one candidate's words could have it paused for everybody."""
    async with (
        OpenAIServer(lambda _request: declines()) as server,
        browser(tmp_path, server.base_url, bank, Clock()) as client,
    ):
        assert [await fallback(client, bank) for _ in range(5)] == ["refusal"] * 5
        assert len(server.requests) == 5


async def test_how_many_failures_and_how_long_are_settings(tmp_path: Path, bank: Bank) -> None:
    """One failure, five seconds."""
    clock = Clock()
    async with (
        OpenAIServer(lambda _request: fails(500)) as server,
        browser(tmp_path, server.base_url, bank, clock, model_failures=1, model_pause_s=5) as client,
    ):
        assert [await fallback(client, bank) for _ in range(2)] == ["server_error", "paused"]
        clock.now += timedelta(seconds=6)
        assert await fallback(client, bank) == "server_error"


# ---- the cascade alone


def a_cascade(model: OpenAIChat | ScriptedChat, breaker: Breaker, clock: Callable[[], Any]) -> Cascade:
    """The grader of the product with this breaker."""
    loaded = prompts.load(ROOT / "prompts")
    rubric = RubricGrader(model, loaded, bank_revision="r", clock=clock, boundary=lambda: "b0", deadline_s=5.0)
    return Cascade(rubric, bank_revision="r", clock=clock, breaker=breaker)


async def reason(cascade: Cascade, text: str = ANSWER) -> UngradedReason | None:
    """Why the offline grader marked."""
    grading = await cascade.grade(a_question(), [text])
    assert isinstance(grading, Grading)
    assert grading.provenance.grader is GraderKind.FUZZY
    return grading.provenance.fallback


async def test_a_trial_that_is_cancelled_or_meets_a_bug_makes_room_for_the_next() -> None:
    """Neither says anything about the model; a circuit stuck half-open would never ask it again."""
    clock, breaker = Clock(), Breaker(failures=1, pause_s=30, longest_pause_s=600)
    async with OpenAIServer([fails(500), hangs(), fails(500)]) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=0)
        cascade = a_cascade(chat, breaker, clock)
        assert await reason(cascade) is UngradedReason.SERVER_ERROR
        clock.now += timedelta(seconds=31)
        trial = asyncio.create_task(cascade.grade(a_question(), [ANSWER]))
        while len(server.requests) < 2:
            await asyncio.sleep(0.01)
        assert await reason(cascade) is UngradedReason.PAUSED
        trial.cancel()
        await asyncio.gather(trial, return_exceptions=True)
        broken = a_cascade(ScriptedChat([]), breaker, clock)  # the same breaker, a model with a bug
        with pytest.raises(RuntimeError):
            await broken.grade(a_question(), [ANSWER])
        assert await reason(cascade) is UngradedReason.SERVER_ERROR
        await chat.close()
    assert len(server.requests) == 3


async def test_an_answer_of_no_content_does_not_use_up_the_trial() -> None:
    """It never reaches a model."""
    clock, breaker = Clock(), Breaker(failures=1, pause_s=30, longest_pause_s=600)
    async with OpenAIServer(lambda _request: fails(500)) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=0)
        cascade = a_cascade(chat, breaker, clock)
        await reason(cascade)
        clock.now += timedelta(seconds=31)
        assert await reason(cascade, "I don't know.") is None
        assert breaker.state(clock()) is Circuit.HALF_OPEN
        assert await reason(cascade) is UngradedReason.SERVER_ERROR
        await chat.close()


async def test_the_log_says_when_it_opens_and_when_it_closes(
    tmp_path: Path, bank: Bank, caplog: pytest.LogCaptureFixture
) -> None:
    """Once each, and nothing for the answers between, of which the page tells."""
    model, clock = Recovering(fails(500)), Clock()
    with caplog.at_level(logging.INFO, logger="interviewer.grading.cascade"):
        async with OpenAIServer(model) as server, browser(tmp_path, server.base_url, bank, clock) as client:
            for _ in range(6):
                await fallback(client, bank)
            clock.now += timedelta(seconds=31)
            model.well = True
            await fallback(client, bank)
    said = [r.getMessage() for r in caplog.records if r.name == "interviewer.grading.cascade"]
    assert said[:3] == ["the model gave no grading, the offline grader marks"] * 3
    assert said[3:] == [
        "the model failed too often: it is left alone until 2026-11-21 12:00:30 UTC, the offline grader marks",
        "the model answers again: it marks from now on",
    ]
