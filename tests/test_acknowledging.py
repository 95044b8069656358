"""The sentence that shows a candidate was heard: neutral, plain, English, and nothing in it that they did not say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.grading.acknowledging import MOST_CHARS, acknowledgement
from interviewer.grading.giveaway import gives_away
from tests.rubrics import QUESTION

ANSWERS = ("Pydantic validates the body before the handler function is called, and I would log it.",)
LONG = "You spoke of Pydantic and of the handler " * 5


def kept(text: str | None) -> str | None:
    return acknowledgement(text, QUESTION, ANSWERS)


@pytest.mark.parametrize(
    "text",
    [
        "You spoke of Pydantic and of when the body is validated.",
        "Thank you, you went through what happens before the handler is called.",
        "You described validation. You also spoke of the log.",
        "I hear that you put validation ahead of the handler.",
        "You spoke of `Pydantic` in front of the handler.",
    ],
)
def test_a_neutral_sentence_in_the_candidates_words_is_kept(text: str) -> None:
    assert kept(text) == text


def test_it_is_kept_on_one_line_with_nothing_invisible_in_it() -> None:
    assert kept(" You spoke of\n\tPydantic\u202e. ") == "You spoke of Pydantic ."


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " \n",
        "Great, you spoke of Pydantic.",
        "That is right, the body is validated.",
        "You spoke of Pydantic, but the handler is not called.",
        "Unfortunately you spoke of Pydantic alone.",
        "You did not speak of the status.",
        "You missed what the client sees.",
        "That is worth full marks.",
        "You spoke of Pydantic. And what does the client see?",
        "You spoke of Pydantic!",
        "You spoke of Pydantic. You spoke of the body. You spoke of the handler.",
        LONG,
        "You spoke of **Pydantic**.",
        "You spoke of <b>Pydantic</b>.",
        "You spoke of Pydantic, see https://example.org for more of it.",
        '{"acknowledge": "You spoke of Pydantic"}',
        "Du hast über Pydantic und den Body gesprochen.",
        "Вы говорили о валидации.",
        "你谈到了验证。",
        "You spoke of the 422.",
        "You said that the client receives a 422 with a list of all errors.",
        "You said that a field with a default is optional.",
        "A handler for RequestValidationError comes after that.",
    ],
)
def test_whatever_judges_asks_adds_or_cannot_be_checked_is_not_kept(text: str | None) -> None:
    assert kept(text) is None


def test_the_longest_that_is_kept_is_as_long_as_its_limit() -> None:
    text = f"You spoke of Pydantic and of the {'h' * 200}"
    assert kept(text[:MOST_CHARS]) == text[:MOST_CHARS]
    assert kept(text[: MOST_CHARS + 1]) is None


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_what_is_kept_is_plain_and_gives_nothing_away(text: str) -> None:
    said = kept(f"You spoke of Pydantic and the body {text}")
    if said is not None:
        assert said.isprintable()
        assert "?" not in said
        assert not gives_away(said, QUESTION, ANSWERS)
