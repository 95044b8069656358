"""Wrong beliefs that an answer mentions in order to turn them down: they cost nothing."""

from __future__ import annotations

import pytest

from interviewer.bank import Bank
from interviewer.domain import QuestionKind
from interviewer.grading import fuzzy
from interviewer.grading.rejected import rejected
from interviewer.grading.words import tokenize

WAYS = (
    "Many believe that {}, but that is wrong.",
    "It is a mistake to believe that {}.",
    "People often say that {}. That is not true.",
    "I used to think that {}, but it is not so.",
    "Some think {}, which is false.",
    "It is often claimed that {}; it isn't.",
)


@pytest.mark.parametrize("way", WAYS)
def test_a_belief_that_is_turned_down_is_never_taken_for_the_candidates_own(bank: Bank, way: str) -> None:
    """Of all the wrong beliefs in the bank, put in the rubric's own words."""
    accused = [
        f"{question.id}: {wrong.id}"
        for question in bank.of_kind(QuestionKind.OPEN)
        for wrong in question.misconceptions
        if fuzzy.mark(question, [way.format(wrong.says[0].lower() + wrong.says[1:].rstrip("."))]).misconceptions
    ]
    assert accused == []


def test_beliefs_that_are_asserted_are_found(bank: Bank) -> None:
    """The same sentences without a word against them: nine of ten at least."""
    beliefs = [(question, wrong) for question in bank.of_kind(QuestionKind.OPEN) for wrong in question.misconceptions]
    found = sum(bool(fuzzy.mark(question, [wrong.says]).misconceptions) for question, wrong in beliefs)
    assert found >= 0.9 * len(beliefs)


@pytest.mark.parametrize(
    ("text", "turned_down"),
    [
        ("It is not true that it blocks.", "that it blocks"),
        ("It is a myth that it blocks: it runs in a thread.", "that it blocks"),
        ("Many people think it blocks, but they are wrong, it does not.", "it blocks"),
        ("Beginners often say it blocks because of the loop, which is false.", "it blocks because of the loop"),
        ("I don't think so, it blocks.", ""),
        ("Many people think it blocks.", ""),
        ("Many people think it blocks, but only for a moment.", ""),
        ("Many people think it blocks. That is true.", ""),
        ("You should not think that it blocks.", "that it blocks"),
        ("It is wrong to block the loop.", ""),
        ("I believe it blocks.", ""),
        ("", ""),
    ],
)
def test_only_what_is_turned_down_is_rejected(text: str, turned_down: str) -> None:
    """And not what the speaker says after it, nor what is reported without a verdict."""
    tokens = tokenize(text)
    assert " ".join(tokens[at].word for at in sorted(rejected(text, tokens))) == turned_down
