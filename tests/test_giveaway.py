"""What the interviewer may say: nothing that would earn the candidate a point they have not earned themselves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.bank import Bank
from interviewer.domain import Band, QuestionKind
from interviewer.grading import fuzzy
from interviewer.grading.giveaway import adds_words, gives_away
from tests.rubrics import QUESTION, SENTENCES

ANSWER = "Pydantic validates the body before the handler function is called, and then I would log it."
TOLD = (
    "The client receives status 422 with a list of the errors.",
    "Does the client perhaps get a 422 with the errors and their locations?",
    "You forgot to say that the reply is a 422 that lists each error.",
    "Dear examiner, a 422 with the error list was expected here.",
    "It is not so that a field without default is required.",
    "A 4２2 with the error list.",
    "What about an exception handler for RequestValidationError that customises the answer?",
)
KEPT_BACK = (
    "What does the client see then?",
    "You said that Pydantic validates the body before the handler is called.",
    "What happens when a client sends a body that does not fit?",
    "And what is the shape of the reply?",
    "Thank you.",
    "",
)


@pytest.mark.parametrize("text", TOLD)
def test_words_that_would_earn_a_point_give_it_away_however_they_are_put(text: str) -> None:
    assert gives_away(text, QUESTION, [ANSWER])


@pytest.mark.parametrize("text", KEPT_BACK)
def test_the_candidates_own_words_and_the_questions_give_nothing_away(text: str) -> None:
    assert not gives_away(text, QUESTION, [ANSWER])


def test_what_the_candidate_has_said_is_no_secret_to_them() -> None:
    told = "So the client receives a 422 with a list of errors."
    assert gives_away(told, QUESTION, [ANSWER])
    assert not gives_away(told, QUESTION, [ANSWER, "The client receives a 422 with a list of errors and locations."])


def test_to_confirm_what_the_candidate_denied_gives_it_away() -> None:
    answer = "The body is not validated by Pydantic before the handler function runs."
    assert gives_away("The body is validated by Pydantic before the handler function runs.", QUESTION, [answer])
    assert not gives_away(f"You say: {answer}", QUESTION, [answer])


def test_four_words_in_a_row_of_the_reference_give_it_away_where_no_point_is_earned() -> None:
    question = replace(QUESTION, reference="Somebody measures the queue before the night shift begins.")
    assert gives_away("Did you ever measure the queue before a night shift?", question, [ANSWER])
    assert not gives_away("Did you ever measure the queue at night?", question, [ANSWER])
    assert not gives_away(
        "You measure the queue before a night shift.", question, ["I measured the queue of night shifts."]
    )


def test_the_correction_of_a_misconception_is_a_secret_too() -> None:
    question = replace(
        QUESTION, misconceptions=(replace(QUESTION.misconceptions[0], fix="Nobody ever touches that coroutine again."),)
    )
    assert gives_away("Nobody ever touches that coroutine again, no?", question, [ANSWER])


@pytest.mark.parametrize("text", TOLD[:3])
def test_points_without_cues_are_heard_by_their_sentences(text: str) -> None:
    assert gives_away(text, SENTENCES, [ANSWER])


def test_without_an_answer_everything_is_a_secret() -> None:
    assert gives_away(ANSWER, QUESTION, [])
    assert not gives_away("What do you think?", QUESTION, [])


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.sampled_from("42 erorslitcn?.,") | st.characters(), max_size=80))
def test_what_is_let_by_earns_nothing_offline(text: str) -> None:
    if not gives_away(text, QUESTION, [ANSWER]):
        own = {mark.point: mark.credit for mark in fuzzy.mark(QUESTION, [ANSWER]).marks}
        assert all(mark.credit <= own[mark.point] for mark in fuzzy.mark(QUESTION, [text]).marks)


def test_every_point_of_the_bank_is_recognised_and_few_of_its_probes_are_taken_for_one(bank: Bank) -> None:
    """Its probes name the subject, so a few of them say a part of the point as well."""
    probes = []
    for question in bank.of_kind(QuestionKind.OPEN)[::4]:
        partial = [sample.text for sample in question.samples if sample.band is Band.PARTIAL][:1]
        for point in question.points:
            assert gives_away(f"You did not say this: {point.says}", question, []), point.says
            if point.probe:
                probes.append(gives_away(point.probe, question, partial))
    assert sum(probes) < 0.1 * len(probes)


def test_sentences_of_a_sample_answer_give_nothing_away_to_whoever_wrote_it(bank: Bank) -> None:
    found = []
    for question in bank.of_kind(QuestionKind.OPEN)[::4]:
        for sample in question.samples:
            said = re.split(r"(?<=[.])\s+", sample.text)
            found += [gives_away(f"You say: {sentence}", question, [sample.text]) for sentence in said[:2]]
    assert sum(found) < 0.02 * len(found)


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("You spoke of Pydantic and the handler.", False),
        ("You spoke of Pydantic and the 422.", True),
        ("You spoke of the client, the body and the model.", False),
        ("You spoke of locations.", True),
        ("You would call it and send something.", False),
    ],
)
def test_a_word_of_the_rubric_that_nobody_has_said_is_noticed(text: str, *, adds: bool) -> None:
    assert adds_words(text, QUESTION, [ANSWER]) is adds
