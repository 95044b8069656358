"""Marks in, points out: the only place where a score is computed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviewer.domain import AssertedMisconception, Interview, Level, Mark, Turn, TurnStatus

AFTER_PROBE_SHARE = 0.75
"""What a point is worth when it was met only after a probe (DESIGN 5)."""
HINT_COST = 10
"""Points of the turn's score that each hint costs (DESIGN 5)."""
CREDITED_FROM = 0.75
PARTLY_FROM = 0.35
"""Credits from which an estimate reads as `met` and as `partly`."""
AT_LEVEL_FROM = 70
NEARLY_FROM = 50
"""Interview scores from which the level verdict reads `at_level` and `nearly`."""
ENOUGH_TURNS = 3
"""Fewer graded turns than this say nothing about a level."""


def answer_score(marks: Sequence[Mark], misconceptions: Iterable[AssertedMisconception]) -> int:
    """Score 0..100 of an answer, before hints.

    sum(weight * credit) / sum(weight) * 100, where a point met only after a probe counts 75 %, less the penalty
    of each asserted misconception, clamped. The order of the marks does not matter.
    """
    total = sum(mark.weight for mark in marks)
    if total == 0:
        return 0
    earned = sum(
        mark.weight * mark.credit * (AFTER_PROBE_SHARE if mark.said > 0 else 1.0)
        for mark in sorted(marks, key=lambda mark: mark.point)
    )
    lost = sum({asserted.id: asserted.penalty for asserted in misconceptions}.values())
    return _clamp(100 * earned / total - lost)


def turn_score(turn: Turn) -> int | None:
    """Score 0..100 of a graded turn, hints taken off; None while there is nothing to score."""
    if turn.status is not TurnStatus.GRADED or turn.grading is None:
        return None
    return _clamp(turn.grading.score - HINT_COST * turn.hints_used)


def mean_score(turns: Iterable[Turn]) -> int | None:
    """Mean score of the graded turns; None when none is graded. Skipped and ungraded turns do not count."""
    scores = [score for turn in turns if (score := turn_score(turn)) is not None]
    return _clamp(sum(scores) / len(scores)) if scores else None


def exam_score(turns: Iterable[Turn]) -> int:
    """Score 0..100 of an exam: the mean over its questions, of which one without an answer counts 0.

    An answer that is not graded yet counts neither way; where nothing counts the score is 0.
    """
    counted = [turn_score(turn) or 0 for turn in turns if turn.status is not TurnStatus.AWAITING_GRADE]
    return _clamp(sum(counted) / len(counted)) if counted else 0


def sitting_score(interview: Interview, turns: Sequence[Turn]) -> int | None:
    """Score 0..100 of what a sitting came to over some of its turns: an exam's, or the mean."""
    return exam_score(turns) if interview.plan.behaviour.free and turns else mean_score(turns)


class Standing(StrEnum):
    """How an interview went against its level; `not_judged` where its questions are of any level."""

    AT_LEVEL = "at_level"
    NEARLY = "nearly"
    NOT_YET = "not_yet"
    TOO_LITTLE = "too_little"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelVerdict:
    """A standing with the numbers it rests on; `score` is None where nothing is marked and where none is judged."""

    level: Level
    standing: Standing
    score: int | None
    graded: int
    asked: int


def level_verdict(level: Level, turns: Sequence[Turn]) -> LevelVerdict:
    """Judge an interview against its level.

    With fewer than three graded turns, or fewer than half of those asked, the verdict is `too_little`: a score
    over a few chosen answers is not evidence of a level.
    """
    score = mean_score(turns)
    graded = sum(turn_score(turn) is not None for turn in turns)
    if score is None or graded < ENOUGH_TURNS or graded * 2 < len(turns):
        standing = Standing.TOO_LITTLE
    elif score >= AT_LEVEL_FROM:
        standing = Standing.AT_LEVEL
    else:
        standing = Standing.NEARLY if score >= NEARLY_FROM else Standing.NOT_YET
    return LevelVerdict(level=level, standing=standing, score=score, graded=graded, asked=len(turns))


def _clamp(points: float) -> int:
    return max(0, min(100, int(points + 0.5)))
