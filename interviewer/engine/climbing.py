"""Which level comes next when the level follows the answers. Pure.

A staircase over pairs: two answers in a row that are clearly good lead a level up, two clearly weak ones lead a level
down, and after each step two more are heard. One answer moves nothing: a single mark is too noisy.
"""

from __future__ import annotations

from collections.abc import Iterable

from interviewer.domain import Interview, Level, Question, Rung, Turn, TurnStatus
from interviewer.engine.state import Questions
from interviewer.scoring import turn_score

PAIR = 2
"""Answers that a step rests on."""
CLIMB_FROM = 80
"""Mean score of the pair from which the level rises."""
DESCEND_TO = 40
"""Mean score of the pair down to which the level falls."""


def of_rung(interview: Interview, rung: Rung, questions: Questions) -> Question | None:
    """The question of a rung that fits the level of now: of that level, else of the nearest, the easier one first.

    None when all of them have left the bank.
    """
    offered = [question for question_id in rung if (question := questions(question_id))]
    if len(offered) < PAIR:
        return offered[0] if offered else None
    wanted = level_now(interview, questions)
    return min(offered, key=lambda q: (q.level.steps_to(wanted), q.level.rank))


def level_now(interview: Interview, questions: Questions) -> Level:
    """The level that the next question should have, by the scores of the turns so far; see the top of this file.

    A skipped turn counts as 0; one that is not graded yet, or whose question has left the bank, says nothing.
    """
    level, heard = interview.plan.level, list[int]()
    for asked, score in _told(interview.turns, questions):
        if asked is not level:
            level, heard = asked, []
        heard.append(score)
        if len(heard) < PAIR:
            continue
        reached = level.moved(_step(sum(heard[-PAIR:]) / PAIR))
        if reached is not level:
            level, heard = reached, []
    return level


def _told(turns: Iterable[Turn], questions: Questions) -> Iterable[tuple[Level, int]]:
    for turn in turns:
        question = questions(turn.question)
        score = 0 if turn.status is TurnStatus.SKIPPED else turn_score(turn)
        if question is not None and score is not None:
            yield question.level, score


def _step(mean: float) -> int:
    return (mean >= CLIMB_FROM) - (mean <= DESCEND_TO)
