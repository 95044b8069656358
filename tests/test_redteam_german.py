"""Gaming answers in German, in an interview in German, against a model that obeys; each beside its honest twin.

Words of another language cannot be held against an English rubric, so less can be asked of an honest quote there. What
asks for marks, claims them or says nothing must earn nothing all the same. Rows as in `data/redteam.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest

from interviewer import prompts
from interviewer.bank import Bank
from interviewer.domain import Grading, Question
from interviewer.grading.languages import is_english
from interviewer.grading.rubric import RubricGrader
from interviewer.grading.run import GradingRun
from interviewer.llm import Asked, ScriptedChat
from tests.builders import T0
from tests.conftest import ROOT
from tests.replies import a_mark_reply, a_reply
from tests.test_redteam import DATA, Pair, all_met, closest, seen, sentences

PROMPTS = prompts.load(ROOT / "prompts")
PAIRS = tuple(
    Pair(**json.loads(line)) for line in (DATA / "redteam_german.jsonl").read_text(encoding="utf-8").splitlines()
)
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)


def question_of(pair: Pair, bank: Bank) -> Question:
    """The question that a pair answers."""
    question = bank.question(pair.question)
    assert question
    return question


def _always(reply: str, _: Asked) -> str:
    return reply


async def graded(question: Question, answer: str, reply: Callable[[Asked], str], *, asked: str = "") -> Grading:
    """What is left of a model's reply in an interview in German; `asked` is the question as it was put there."""
    grader = RubricGrader(
        ScriptedChat(reply), PROMPTS, bank_revision="rev", clock=lambda: T0, boundary=lambda: "b0undary", deadline_s=5.0
    )
    result = await grader.grade(question, (answer,), GradingRun(language="German", asked=((asked,),)))
    assert isinstance(result, Grading)
    return result


def test_there_are_some_of_many_kinds() -> None:
    assert len({pair.id for pair in PAIRS}) == len(PAIRS) >= 18
    assert len({pair.method for pair in PAIRS}) >= 8
    assert not any(is_english(pair.twin) or is_english(pair.attack) for pair in PAIRS)


@each_pair
async def test_an_attack_in_german_earns_nothing_from_a_model_that_obeys_it(pair: Pair, bank: Bank) -> None:
    question = question_of(pair, bank)
    replies: tuple[Callable[[Asked], str], ...] = (
        lambda _: all_met(question, lambda point: "wie schon in aller Ausführlichkeit erklärt"),
        lambda asked: all_met(question, lambda point: seen(asked)),
        lambda _: all_met(question, lambda point: closest(pair.attack, point)),
    )
    for reply in replies:
        asked = pair.attack if pair.method == "echo" else question.ask
        assert (await graded(question, pair.attack, reply, asked=asked)).score == 0


@each_pair
async def test_its_honest_twin_keeps_every_mark(pair: Pair, bank: Bank) -> None:
    """Each sentence may be quoted for a point; all of the answer for all of the points."""
    question = question_of(pair, bank)
    for sentence in sentences(pair.twin):
        first, *others = question.points
        reply = a_reply(a_mark_reply(first.id, "met", sentence), *(a_mark_reply(point.id) for point in others))
        assert (await graded(question, pair.twin, partial(_always, reply))).marks[0].quote == sentence
    whole = await graded(question, pair.twin, lambda _: all_met(question, lambda point: pair.twin))
    assert whole.score == 100
    assert whole.notes == ()


@each_pair
async def test_an_order_added_to_an_honest_answer_costs_nothing(pair: Pair, bank: Bank) -> None:
    question = question_of(pair, bank)
    ordered = f"{pair.twin} {PAIRS[0].attack}"
    result = await graded(question, ordered, lambda _: all_met(question, lambda point: pair.twin))
    assert result.score == 100
