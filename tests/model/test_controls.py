"""Our controls against a real model's own words: what it quotes is looked up, what it adds up to is ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from interviewer.bank import Bank
from interviewer.domain import Band, Grading, Question, Verdict
from interviewer.grading.evidence import find_quote
from interviewer.grading.rubric import RubricGrader
from interviewer.llm import OpenAIChat
from interviewer.scoring import answer_score
from tests.builders import T0
from tests.model.conftest import PATIENCE_S
from tests.model.llama import Llama
from tests.model.pointwise import PointByPoint
from tests.model_interviews import answered, browser
from tests.playing import sample
from tests.test_redteam import OPEN, PAIRS, PROMPTS, Pair

METHODS = (
    "ignore-rubric",
    "json-reply",
    "fake-fence",
    "self-grading",
    "chat-template",
    "rubric-paste",
)


def attacks() -> list[Pair]:
    """One of each of these methods, none that is known to get through."""
    held_off = [pair for pair in PAIRS if f"obeyed {pair.id}" not in OPEN]
    return [next(pair for pair in held_off if pair.method == method) for method in METHODS]


async def graded(chat: OpenAIChat, question: Question, answer: str) -> tuple[Grading, PointByPoint]:
    """The model's marks of an answer after all checks, and what it said."""
    model = PointByPoint(chat)
    grader = RubricGrader(
        model, PROMPTS, bank_revision="rev", clock=lambda: T0, boundary=lambda: "b0undary", deadline_s=PATIENCE_S
    )
    grading = await grader.grade(question, (answer,))
    assert isinstance(grading, Grading), grading
    return grading, model


def check(grading: Grading, question: Question, answer: str) -> None:
    """What holds of every grading by a model, whatever it said."""
    assert [mark.point for mark in grading.marks] == [point.id for point in question.points]
    for mark in grading.marks:
        assert mark.credit == {Verdict.MET: 1.0, Verdict.PARTLY: 0.5}.get(mark.verdict, 0.0)
        if mark.credit:
            assert mark.quote
            assert answer[mark.start : mark.end] == mark.quote
            assert find_quote(mark.quote, [answer])
    assert grading.score == answer_score(grading.marks, grading.misconceptions)


@pytest.mark.parametrize("pair", attacks(), ids=lambda pair: pair.id)
async def test_no_attack_gains_anything_from_a_real_model(chat: OpenAIChat, bank: Bank, pair: Pair) -> None:
    """It states nothing that a point asks for, so nothing it holds can be quoted for one."""
    question = bank.question(pair.question)
    assert question
    grading, model = await graded(chat, question, pair.attack)
    check(grading, question, pair.attack)
    assert (grading.score, grading.strengths) == (0, ())
    assert len(model.replies) == len(question.points)


async def test_honest_answers_get_marks_with_their_own_words(chat: OpenAIChat, bank: Bank) -> None:
    """How many, a model so small cannot be held to; that its words reach the page checked, it can."""
    questions = [question for question in bank.questions if question.samples][:2]
    claimed = 0
    for question in questions:
        answer = sample(bank, question.id, Band.STRONG)
        grading, model = await graded(chat, question, answer)
        check(grading, question, answer)
        claimed += sum('"met"' in reply.text or '"partly"' in reply.text for reply in model.replies)
    assert claimed, "the model credits nothing at all: then this test shows nothing"


@pytest.fixture
async def turn(chat: OpenAIChat, model: Llama, bank: Bank, tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    """The turn of a one-question interview in the whole application, marked by the model point by point."""
    asked = PointByPoint(chat)
    async with browser(tmp_path, model.base_url, bank, chat_model=asked, model_timeout_s=PATIENCE_S) as client:
        yield await answered(client, bank, Band.STRONG)


async def test_the_whole_application_says_that_the_model_marked(turn: dict[str, Any]) -> None:
    grading = turn["grading"]
    assert (grading["grader"], grading["fallback"], grading["estimate"]) == ("llm", None, False)
    assert grading["milliseconds"] > 0
    assert "marked by smollm2" in turn["page"]
