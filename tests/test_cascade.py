"""The cascade: by rule, else by the model, else offline, and it says which one it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer import prompts
from interviewer.domain import GraderKind, Grading, Question, UngradedReason, Verdict
from interviewer.errors import ModelError
from interviewer.grading import fuzzy
from interviewer.grading.assemble import NO_CONTENT_NOTES
from interviewer.grading.breaker import Breaker, Circuit
from interviewer.grading.cascade import Cascade
from interviewer.grading.content import NoContent
from interviewer.grading.rubric import RubricGrader
from interviewer.llm import OpenAIChat, ScriptedChat
from tests.builders import T0, a_question
from tests.openai_server import OpenAIServer, fails
from tests.replies import a_mark_reply, a_reply

PROMPTS = Path(__file__).parent.parent / "prompts"
ANSWER = "The thing is that word1 always goes before term1, and so it is alpha one."


@pytest.fixture
def question() -> Question:
    return a_question()


def ticking() -> Iterator[float]:
    """A stopwatch that moves a quarter of a second at each look."""
    seconds = 0.0
    while True:
        yield seconds
        seconds += 0.25


def a_cascade(model: ScriptedChat | OpenAIChat | None, breaker: Breaker | None = None) -> Cascade:
    grader = None
    if model is not None:
        grader = RubricGrader(
            model,
            prompts.load(PROMPTS),
            bank_revision="rev",
            clock=lambda: T0,
            boundary=lambda: "b0",
            deadline_s=5.0,
        )
    return Cascade(grader, bank_revision="rev", clock=lambda: T0, stopwatch=ticking().__next__, breaker=breaker)


async def grade(model: ScriptedChat | OpenAIChat | None, question: Question, *answers: str) -> Grading:
    result = await a_cascade(model).grade(question, answers)
    assert isinstance(result, Grading)
    return result


async def test_without_a_model_the_offline_grader_marks(question: Question) -> None:
    grading = await grade(None, question, ANSWER)
    assert grading.marks == fuzzy.mark(question, [ANSWER]).marks
    provenance = grading.provenance
    assert (provenance.grader, provenance.fallback, provenance.model) == (GraderKind.FUZZY, None, None)
    assert (provenance.bank, provenance.milliseconds, grading.graded_at) == ("rev", 250, T0)


async def test_with_a_model_the_model_marks(question: Question) -> None:
    model = ScriptedChat(
        [a_reply(a_mark_reply("p1", "met", "it is alpha one"), a_mark_reply("p2"), a_mark_reply("p3"))]
    )
    grading = await grade(model, question, ANSWER)
    assert grading.provenance.grader is GraderKind.LLM
    assert grading.marks[0].verdict is Verdict.MET


@pytest.mark.parametrize("reason", UngradedReason)
async def test_when_the_model_gives_nothing_the_offline_grader_marks_and_says_why(
    question: Question, reason: UngradedReason
) -> None:
    grading = await grade(ScriptedChat([ModelError(reason, "no")]), question, ANSWER)
    assert (grading.provenance.grader, grading.provenance.fallback) == (GraderKind.FUZZY, reason)
    assert grading.marks == fuzzy.mark(question, [ANSWER]).marks


@pytest.mark.parametrize("reason", [UngradedReason.OVER_BUDGET, UngradedReason.BUSY])
async def test_a_model_that_was_not_asked_has_not_failed(question: Question, reason: UngradedReason) -> None:
    """For want of budget or of a place; also when it was on trial, which the next answer is then."""
    breaker = Breaker(failures=2, pause_s=30, longest_pause_s=60)
    well = a_reply(a_mark_reply("p1", "met", "it is alpha one"), a_mark_reply("p2"), a_mark_reply("p3"))
    refused = ModelError(reason, "not asked")
    cascade = a_cascade(ScriptedChat([*[refused] * 5, well]), breaker)
    for _ in range(5):
        grading = await cascade.grade(question, [ANSWER])
        assert isinstance(grading, Grading)
        assert grading.provenance.fallback is reason
    assert breaker.state(T0) is Circuit.CLOSED
    for _ in range(2):
        permit = breaker.permit(T0)
        assert permit
        breaker.failed(permit, T0 - timedelta(seconds=30))
    assert breaker.state(T0) is Circuit.HALF_OPEN
    refusing = a_cascade(ScriptedChat([refused]), breaker)
    for trial, fallback in ((refusing, reason), (cascade, None)):
        grading = await trial.grade(question, [ANSWER])
        assert isinstance(grading, Grading)
        assert grading.provenance.fallback is fallback
    assert breaker.state(T0) is Circuit.CLOSED


async def test_a_reply_that_cannot_be_read_twice_is_marked_offline(question: Question) -> None:
    model = ScriptedChat(["not JSON", a_reply()])
    grading = await grade(model, question, ANSWER)
    assert (len(model.history), grading.provenance.fallback) == (2, UngradedReason.UNREADABLE)


async def test_the_operator_is_told_why_but_not_what_was_answered(
    question: Question, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await grade(ScriptedChat(["I heard: alpha one", "alpha one"]), question, ANSWER)
    (record,) = caplog.records
    assert record.__dict__["reason"] == "unreadable"
    assert "alpha" not in str(record.__dict__)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (("I don't know.",), NoContent.DONT_KNOW),
        (("   ",), NoContent.EMPTY_TALK),
        ((), NoContent.EMPTY_TALK),
        (("Thought process:", "no idea"), NoContent.EMPTY_TALK),
    ],
)
async def test_answers_that_hold_nothing_never_reach_a_model(
    question: Question, answers: tuple[str, ...], why: NoContent
) -> None:
    model = ScriptedChat([])
    grading = await grade(model, question, *answers)
    assert not model.history
    assert (grading.score, grading.notes) == (0, (NO_CONTENT_NOTES[why],))
    assert [mark.verdict for mark in grading.marks] == [Verdict.MISSED] * 3
    assert (grading.provenance.grader, grading.provenance.fallback) == (GraderKind.FUZZY, None)


async def test_one_text_that_holds_something_is_enough_to_ask_the_model(question: Question) -> None:
    reply = a_reply(a_mark_reply("p1", "met", "it is alpha one"), a_mark_reply("p2"), a_mark_reply("p3"))
    grading = await grade(ScriptedChat([reply]), question, "I don't know.", ANSWER)
    assert (grading.marks[0].verdict, grading.marks[0].said) == (Verdict.MET, 1)


async def test_over_a_real_socket_a_failing_server_costs_nobody_a_grading(question: Question) -> None:
    async with OpenAIServer([fails(500)]) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=0)
        grading = await grade(chat, question, ANSWER)
        await chat.close()
    assert grading.provenance.fallback is UngradedReason.SERVER_ERROR
