"""A reference in prose is cut into points: one for each sentence that adds something."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.bank import Bank
from interviewer.grading.references import points_of

REFERENCE = "The salt stays in the dish. The water evaporates when it is heated. The water evaporates."
ASKED = "How do you separate the salt from the water?"


def test_each_sentence_is_a_point_with_its_own_words() -> None:
    """Ids in order, no cues, said to be cut."""
    points = points_of("First alpha is built. Then beta follows it.")
    assert [(point.id, point.says) for point in points] == [
        ("s1", "First alpha is built"),
        ("s2", "Then beta follows it"),
    ]
    assert all(point.cut and not point.cues and point.weight > 0 for point in points)


def test_a_sentence_that_only_repeats_is_left_out() -> None:
    """The ids of the others stay those of their sentences."""
    assert [point.id for point in points_of(REFERENCE, ASKED)] == ["s1", "s2"]


def test_what_the_question_says_weighs_nothing() -> None:
    """A sentence with words of its own weighs more than one that has the question's."""
    plain = {point.id: point.weight for point in points_of(REFERENCE)}
    asked = {point.id: point.weight for point in points_of(REFERENCE, ASKED)}
    assert all(asked[name] < plain[name] for name in asked)
    assert [p.id for p in points_of("Salt and water separate. Evaporation leaves a residue.", ASKED)] == ["s2"]


def test_a_reference_that_only_repeats_the_question_is_still_something_to_mark() -> None:
    """All its sentences, alike."""
    points = points_of("You separate the salt. You separate the water.", ASKED)
    assert [point.weight for point in points] == [1, 1]


def test_no_words_no_points() -> None:
    """An empty reference has none."""
    assert points_of("") == ()
    assert points_of(" ... ! ") == ()


def test_every_point_stands_in_its_reference(bank: Bank) -> None:
    """Verbatim, in order, with weights above nothing."""
    for question in bank.questions:
        points = points_of(question.reference, question.ask)
        places = [question.reference.index(point.says) for point in points]
        assert places == sorted(places)
        assert len({point.id for point in points}) == len(points)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_can_be_cut(reference: str, asked: str) -> None:
    """Without an exception; each point is words of the text and weighs something."""
    for point in points_of(reference, asked):
        assert point.says in reference
        assert point.weight >= 1
