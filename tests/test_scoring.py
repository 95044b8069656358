"""Scoring: marks in, points out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.domain import AssertedMisconception, Level, Mark, Turn, TurnStatus, Verdict
from interviewer.scoring import Standing, answer_score, exam_score, level_verdict, mean_score, turn_score
from tests.builders import a_grading, a_question, an_interview, at

MARKS = st.lists(
    st.builds(
        Mark,
        point=st.text(min_size=1, max_size=4),
        says=st.just("It is so"),
        weight=st.integers(1, 5),
        verdict=st.sampled_from(Verdict),
        credit=st.floats(0, 1),
        said=st.integers(0, 2),
    ),
    max_size=6,
)


def wrong(misconception_id: str, penalty: int) -> AssertedMisconception:
    """A misconception asserted."""
    return AssertedMisconception(
        id=misconception_id, says="", penalty=penalty, fix="", quote="", said=0, start=0, end=0
    )


@given(MARKS, st.lists(st.integers(5, 40), max_size=3))
def test_scores_stay_between_0_and_100(marks: list[Mark], penalties: list[int]) -> None:
    """Whatever the marks and penalties."""
    asserted = [wrong(str(number), penalty) for number, penalty in enumerate(penalties)]
    assert 0 <= answer_score(marks, asserted) <= 100


@given(MARKS.flatmap(lambda marks: st.tuples(st.just(marks), st.permutations(marks))))
def test_the_order_of_marks_does_not_matter(both: tuple[list[Mark], list[Mark]]) -> None:
    """Same marks, same score."""
    marks, shuffled = both
    assert answer_score(marks, ()) == answer_score(shuffled, ())


def test_a_point_met_only_after_a_probe_earns_three_quarters() -> None:
    """DESIGN 5."""
    question = a_question(points=3)
    assert a_grading(question, {"p1": 1, "p2": 1, "p3": 1}).score == 100
    assert a_grading(question, {"p1": 1, "p2": 1, "p3": 1}, said=1).score == 75


def test_a_misconception_costs_its_penalty_once() -> None:
    """However often it was said."""
    marks = a_grading(a_question(), {"p1": 1, "p2": 1, "p3": 1}).marks
    assert answer_score(marks, [wrong("a", 20)]) == 80
    assert answer_score(marks, [wrong("a", 20), wrong("a", 20)]) == 80


def graded(credits: dict[str, float], hints: int = 0) -> Turn:
    """A graded turn."""
    question = a_question()
    interview = an_interview([question])
    for _ in range(hints):
        interview = engine.hint(interview, 1, question, at(1))
    return replace(interview.current, status=TurnStatus.GRADED, gradings=(a_grading(question, credits),))


def test_each_hint_costs_ten_points() -> None:
    """DESIGN 5; never below zero."""
    assert turn_score(graded({"p1": 1, "p2": 1, "p3": 1}, hints=2)) == 80
    assert turn_score(graded({}, hints=2)) == 0


def test_what_is_skipped_or_ungraded_has_no_score_and_does_not_count() -> None:
    """Null, not zero."""
    skipped = replace(graded({}), status=TurnStatus.SKIPPED, gradings=())
    waiting = replace(skipped, status=TurnStatus.AWAITING_GRADE)
    assert turn_score(skipped) is None
    assert turn_score(waiting) is None
    assert mean_score([skipped, waiting]) is None
    assert mean_score([graded({"p1": 1, "p2": 1, "p3": 1}), skipped]) == 100


@pytest.mark.parametrize(
    ("credits", "turns", "standing"),
    [
        ({"p1": 1, "p2": 1, "p3": 1}, 3, Standing.AT_LEVEL),
        ({"p3": 1, "p1": 0.44}, 3, Standing.NEARLY),
        ({"p1": 1}, 3, Standing.NOT_YET),
        ({"p1": 1, "p2": 1, "p3": 1}, 2, Standing.TOO_LITTLE),
    ],
)
def test_the_level_verdict_follows_from_score_and_coverage(
    credits: dict[str, float], turns: int, standing: Standing
) -> None:
    """And says so little when there is little."""
    assert level_verdict(Level.MID, [graded(credits)] * turns).standing is standing


def test_answering_few_of_many_says_nothing_about_a_level() -> None:
    """Three brilliant answers out of ten."""
    skipped = replace(graded({}), status=TurnStatus.SKIPPED, gradings=())
    verdict = level_verdict(Level.MID, [graded({"p1": 1, "p2": 1, "p3": 1})] * 3 + [skipped] * 7)
    assert verdict.standing is Standing.TOO_LITTLE
    assert (verdict.graded, verdict.asked) == (3, 10)


def test_in_an_exam_a_question_without_an_answer_counts_nothing() -> None:
    """Skipped or never opened; an answer that still awaits its grade counts neither way."""
    full = graded({"p1": 1, "p2": 1, "p3": 1})
    skipped = replace(graded({}), status=TurnStatus.SKIPPED, gradings=())
    assert exam_score([full, skipped]) == 50
    assert exam_score([full, replace(skipped, status=TurnStatus.OPEN), skipped]) == 33
    assert exam_score([full, replace(skipped, status=TurnStatus.AWAITING_GRADE)]) == 100
    assert exam_score([]) == exam_score([skipped]) == 0
