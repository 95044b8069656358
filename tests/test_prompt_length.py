"""How long prompts are, counted with a real vocabulary, and what they have in common."""

from __future__ import annotations

import statistics

import pytest

from bench import prompts as counted
from interviewer import prompts
from interviewer.bank import Bank
from interviewer.domain import QuestionKind
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def lengths(bank: Bank) -> list[counted.Length]:
    """The marking of every open question by its own strong sample."""
    return counted.markings(bank)


def test_a_median_marking_reads_at_most_1200_tokens(lengths: list[counted.Length]) -> None:
    """Over the whole bank, messages as they are sent; the longest is not twice that."""
    assert statistics.median(length.tokens for length in lengths) <= counted.MOST_MEDIAN == 1200
    assert max(length.tokens for length in lengths) <= 2 * counted.MOST_MEDIAN


def test_what_any_two_questions_prompts_have_in_common_is_all_of_the_instructions(bank: Bank) -> None:
    """Providers cache common beginnings, so what never changes stands first and nothing that does stands in it."""
    loaded = prompts.load(ROOT / "prompts")
    static = loaded["grade-system"].render()
    model, asked = counted.asked_of(bank)
    told = [call.messages[0].content for call in model.history]
    assert len(told) == len(asked) == sum(q.kind is QuestionKind.OPEN for q in bank.questions)
    assert all(text.startswith(static) for text in told)
    assert len(set(told)) == len(told)
    for question, call in zip(asked, model.history, strict=True):
        assert call.messages[1].role == "user"
        assert counted.sample(question).strip()[:40] in call.messages[1].content


async def test_a_longer_interview_costs_as_much_for_each_marking(bank: Bank) -> None:
    """No marking holds the talk of another turn: tokens grow with the questions and no faster."""
    short, long = await counted.interview(bank, 2, 1), await counted.interview(bank, 8, 1)
    assert long.markings > 3 * short.markings
    assert long.tokens / long.markings == pytest.approx(short.tokens / short.markings, rel=0.15)
