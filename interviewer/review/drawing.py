"""Points that are due -> the questions that ask them again, a different one where the bank has it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from interviewer.domain import PointKey, Question, SamePoints
from interviewer.engine import Questions
from interviewer.review.fold import InReview
from interviewer.review.seen import WHOLE


def holders(point: InReview, questions: Questions, same: SamePoints) -> tuple[Question, ...]:
    """The questions to ask a point with: others than the last one where there are any. None when it left the bank."""
    found = [question for key in same.group(point.key) if (question := _holding(key, questions))]
    return tuple(q for q in found if q.id != point.last_question) or tuple(found)


def draw(
    points: Sequence[InReview], questions: Questions, same: SamePoints, *, today: date, count: int, seed: int
) -> tuple[str, ...]:
    """Ids of up to `count` questions, each the one that asks most of the points that are not asked yet.

    A point counts 1 on the day it is due and 1 more for each day it has waited: were all to count alike, a question
    with few due points would wait for ever behind those with many, and a candidate would need half as many questions
    again (by `bench/review.py`). Where several weigh the same, the one nearest to the level at which they were missed;
    then chance decides, by the seed.
    """
    left = {point.key: 1 + max(0, (today - point.due).days) for point in points}
    asks: dict[str, dict[PointKey, int]] = {}
    for point in points:
        missed_in = questions(point.key.question)
        for question in holders(point, questions, same):
            asks.setdefault(question.id, {})[point.key] = _steps(question, missed_in)
    order = Random(f"{seed}").sample(sorted(asks), len(asks))
    drawn: list[str] = []

    def gain(question: str) -> tuple[int, int]:
        keys = [key for key in asks[question] if key in left]
        return sum(left[key] for key in keys), -sum(asks[question][key] for key in keys)

    while len(drawn) < count and (best := max(order, key=gain, default=None)) and gain(best)[0]:
        drawn.append(best)
        for key in asks[best]:
            left.pop(key, None)
    return tuple(drawn)


def _holding(key: PointKey, questions: Questions) -> Question | None:
    """The question of a key, if it still has that point."""
    question = questions(key.question)
    if question is None:
        return None
    known = (statement.id for statement in question.statements)
    return question if key.point == WHOLE or key.point in known else None


def _steps(question: Question, other: Question | None) -> int:
    """How many levels lie between two questions."""
    return question.level.steps_to(other.level) if other else 0
