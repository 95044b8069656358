"""How much of a sentence a text says: paraphrase, denial, opposites, numbers; what moves it and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain import Verdict
from interviewer.grading import fuzzy
from interviewer.grading.reading import Reading
from interviewer.grading.statements import Likeness, compare, share_by_sentence, statement
from tests.rubrics import SENTENCES

SAYS = "The client receives status 422 after the body was validated by the server"
ASKED = frozenset({"bodi"})
SENTENCE_POOL = (
    "Pydantic validates the body before the handler runs.",
    "The client receives a 422 with the list of errors.",
    "A field without a default is required.",
    "You can write an exception handler for RequestValidationError.",
)
UNRELATED = (
    "Bees dance to tell others where flowers are.",
    "The moon pulls at the sea twice every day.",
    "My grandmother baked bread on Sundays.",
    "Mountains in Chile are high and dry.",
)


def like(text: str, says: str = SAYS) -> Likeness:
    """How much of `says` the text says."""
    return compare(statement(says, ASKED, {}), Reading(text, SENTENCES))


def credits_of(text: str) -> list[float]:
    """Credit of each point, marked by its sentence."""
    return [mark.credit for mark in fuzzy.mark(SENTENCES, [text]).marks]


@pytest.mark.parametrize(
    "text",
    [
        SAYS,
        "The server validates the body, and after that the client gets a 422 status.",
        "After validation on the server, the status that the caller receives is 422.",
        "once the server has validated it the client recieves status 422",
    ],
)
def test_a_paraphrase_says_more_than_another_topic(text: str) -> None:
    """In the same and in near words, with a typing slip."""
    other = "A background task writes the log line when the lifespan of the application ends."
    assert like(text).recall > 0.5 > like(other).recall + 0.2
    assert like(text).window > like(other).window


@pytest.mark.parametrize(
    "text",
    [
        "The client does not receive status 422 after the body was validated by the server",
        "The client receives status 422 before the body was validated by the server",
        "The server receives status 422 after the body was validated by the server",
        "The client receives status 400 after the body was validated by the server",
        "The client sends status 422 after the body was validated by the server",
    ],
)
def test_denied_turned_round_or_with_another_number_it_says_less(text: str) -> None:
    """Than the statement itself; all of which it says."""
    assert like(SAYS).recall == pytest.approx(1)
    assert like(text).recall < like(SAYS).recall - 0.05
    assert like(text).squared < like(SAYS).squared


def test_a_statement_that_denies_is_said_by_a_denial() -> None:
    """And less by its opposite."""
    says = "The handler is never called for a broken body"
    denied, stated = like("The handler is never called when it is broken.", says), like("The handler is called.", says)
    assert denied.recall > stated.recall + 0.1


def test_two_denials_take_each_other_back() -> None:
    """Says as much as none."""
    says = "The handler runs without a session"
    assert like("The handler does not run without no session.", says).recall <= like(says, says).recall


def test_words_of_the_question_weigh_nothing_in_the_recall() -> None:
    """Whoever only repeats them says nothing."""
    assert like("It is about the body.").recall == 0


@settings(max_examples=24, deadline=None)
@given(st.permutations(SENTENCE_POOL))
def test_the_order_of_sentences_moves_no_measure_of_the_words(order: Sequence[str]) -> None:
    """Recall, squared recall and the set of words."""
    whole, moved = like(" ".join(SENTENCE_POOL)), like(" ".join(order))
    assert (moved.recall, moved.squared) == pytest.approx((whole.recall, whole.squared))
    assert moved.token_set == pytest.approx(whole.token_set, abs=0.12)


@settings(max_examples=24, deadline=None)
@given(st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=6), st.sampled_from(SENTENCE_POOL))
def test_padding_takes_nothing_away(padding: list[str], said: str) -> None:
    """Neither recall nor credit."""
    padded = " ".join([said, *padding])
    assert like(padded).recall >= like(said).recall - 1e-9
    assert all(more >= less - 0.03 for more, less in zip(credits_of(padded), credits_of(said), strict=True))


@pytest.mark.parametrize("said", [said for said in SENTENCE_POOL if "list of errors" not in said])
def test_padding_adds_nothing(said: str) -> None:
    """Less than 0.03 of a credit. (The one left out: bread "made of" flour is near a "list of".)"""
    padded = " ".join([said, *UNRELATED])
    assert like(padded).recall == pytest.approx(like(said).recall, abs=0.01)
    assert credits_of(padded) == pytest.approx(credits_of(said), abs=0.03)


@pytest.mark.parametrize("said", SENTENCE_POOL[:3])
def test_case_and_blanks_move_nothing(said: str) -> None:
    """Shouted, whispered, or with a wide space bar."""
    assert astuple(like(said.lower())) == astuple(like(said))
    assert credits_of(said.lower()) == credits_of(said)
    assert credits_of(said.replace(" ", "   ")) == credits_of(said)
    assert credits_of(f"\t {said}  ") == credits_of(said)


@pytest.mark.parametrize("text", ["", " ", "...", "\n\n", "!?"])
def test_no_words_say_nothing(text: str) -> None:
    """Zeros everywhere."""
    assert like(text) == Likeness()
    assert credits_of(text) == [0, 0, 0, 0]
    assert not any(share_by_sentence(statement(SAYS, ASKED, {}), Reading(text, SENTENCES)).values())


@pytest.mark.parametrize("says", ["", "the of and", "body", "body body", "42"])
def test_any_statement_can_be_looked_for(says: str) -> None:
    """One without words of its own keeps those it has."""
    found = like("The body has 42 fields of its own.", says)
    assert all(0 <= measure <= 1 for measure in (found.recall, found.squared, found.token_set, found.window))


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(st.sampled_from([*SAYS.split(), "not", "400", "before", "."])).map(" ".join)
    )
)
def test_every_measure_is_a_share(text: str) -> None:
    """0..1, whatever the text; the places lie in it."""
    found = like(text)
    assert all(0 <= measure <= 1 + 1e-9 for measure in (found.recall, found.squared, found.token_set, found.window))
    assert found.squared <= found.recall + 1e-9
    reading = Reading(text, SENTENCES)
    assert 0 <= found.first <= found.last <= max(len(reading.tokens) - 1, 0)
    shares = share_by_sentence(statement(SAYS, ASKED, {}), reading)
    assert all(0 <= share <= 1 + 1e-9 for share in shares.values())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*SENTENCE_POOL, *UNRELATED, "“Ünïcode” — first!", "`code(x)`;"]), max_size=5))
def test_the_quote_of_a_credited_mark_stands_where_its_offsets_say(said: list[str]) -> None:
    """Verbatim."""
    text = "\n".join(said)
    for mark in fuzzy.mark(SENTENCES, [text]).marks:
        assert mark.credit == 0 or mark.quote
        assert mark.quote is None or text[mark.start : mark.end] == mark.quote
        assert mark.credit > 0 or mark.verdict in (Verdict.MISSED, Verdict.CONTRADICTED)
