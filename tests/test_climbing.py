"""The level follows the answers: up after two good ones, down after two weak ones, and the same again for a seed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.domain import Interview, Level, Plan, Question
from tests.builders import a_grading, a_question, at

RUNGS = 6
QUESTIONS = [a_question(f"{level}-{n}", level=level, probes=False) for n in range(RUNGS) for level in Level]
BY_ID = {question.id: question for question in QUESTIONS}
QUEUE = tuple(tuple(f"{level}-{n}" for level in Level) for n in range(RUNGS))


def begun(level: Level = Level.MID) -> Interview:
    """An interview whose level follows the answers."""
    plan = Plan(pack="pack", level=level, questions=RUNGS, adaptive=True)
    return engine.start(plan, QUEUE, interview_id="i1", owner="alice", questions=BY_ID.get, now=at(0))


def answered(interview: Interview, score: int) -> Interview:
    """The interview after an answer worth 0, 17, 50, 83 or 100 of 100."""
    question = BY_ID[interview.current.question]
    earned = {0: (), 17: ("p1",), 50: ("p3",), 83: ("p2", "p3"), 100: ("p1", "p2", "p3")}[score]
    said = engine.answer(interview, interview.current.number, "Words.", at(1))
    grading = a_grading(question, dict.fromkeys(earned, 1.0))
    return engine.grade(said, interview.current.number, grading, questions=BY_ID.get, now=at(2))


def levels(interview: Interview) -> str:
    """The levels asked so far, by their first letters."""
    return "".join(BY_ID[turn.question].level[0] for turn in interview.turns)


@pytest.mark.parametrize(
    ("start", "scores", "asked"),
    [
        (Level.MID, (83, 100, 83, 83, 50), "mmssss"),
        (Level.MID, (17, 17, 17, 17, 50), "mmjjjj"),
        (Level.MID, (50, 50, 50, 50, 50), "mmmmmm"),
        (Level.JUNIOR, (100, 100, 100, 100, 0), "jjmmss"),
        (Level.SENIOR, (0, 0, 100, 100, 100), "ssmmss"),
        (Level.JUNIOR, (0, 0, 0, 0, 0), "jjjjjj"),
        (Level.MID, (100, 0, 100, 83, 0), "mmmmss"),
    ],
)
def test_two_answers_in_a_row_move_the_level(start: Level, scores: tuple[int, ...], asked: str) -> None:
    """One alone moves nothing, and beyond the first and last level there is none."""
    interview = begun(start)
    for score in scores:
        interview = answered(interview, score)
    assert levels(interview) == asked


def test_a_skipped_question_counts_as_nothing_earned() -> None:
    """Two of them lead a level down."""
    interview = begun()
    for _ in range(2):
        interview = engine.skip(interview, interview.current.number, questions=BY_ID.get, now=at(1))
    assert levels(interview) == "mmj"


def test_a_rung_without_the_level_offers_its_nearest() -> None:
    """The easier one of two that are as near; one whose questions have all left the bank is passed over."""
    plan = Plan(pack="pack", level=Level.MID, questions=3, adaptive=True)
    queue = (("junior-0", "senior-0"), ("gone", "also-gone"), ("senior-1",))
    interview = engine.start(plan, queue, interview_id="i1", owner="alice", questions=BY_ID.get, now=at(0))
    assert levels(answered(interview, 50)) == "js"


@given(st.lists(st.sampled_from([0, 17, 50, 83, 100]), max_size=RUNGS - 1), st.sampled_from(list(Level)))
def test_the_same_answers_lead_over_the_same_questions(scores: list[int], start: Level) -> None:
    """Nothing but plan, draw and marks decides; each rung is asked once and one level is climbed at a time."""
    runs = []
    for _ in range(2):
        interview = begun(start)
        for score in scores:
            interview = answered(interview, score)
        runs.append([turn.question for turn in interview.turns])
    assert runs[0] == runs[1]
    asked: list[Question] = [BY_ID[question_id] for question_id in runs[0]]
    steps = [question.level.rank for question in asked]
    assert all(abs(a - b) <= 1 for a, b in pairwise(steps))
    assert [question.id.split("-")[1] for question in asked] == [str(n) for n in range(len(asked))]
