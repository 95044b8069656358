"""An interview -> how each point of its marked turns went, once the candidate may have seen the feedback. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from fsrs import Rating

from interviewer import engine
from interviewer.disputes import made_by
from interviewer.domain import GraderKind, Grading, Interview, PointKey, SayKind, Turn, TurnStatus, Verdict

RATING = {
    Verdict.MET: Rating.Good,
    Verdict.PARTLY: Rating.Hard,
    Verdict.MISSED: Rating.Again,
    Verdict.CONTRADICTED: Rating.Again,
}
WHOLE = ""
"""Stands for the point where all of a question is one thing to know, as in a choice question."""


class Seen(NamedTuple):
    """A point that was asked for in turn number `turn` of an interview, and how that went.

    `lacked`: it was not fully earned, so it comes back.
    """

    key: PointKey
    interview: str
    turn: int
    at: datetime
    rating: Rating
    lacked: bool

    @property
    def partly(self) -> bool:
        """Whether some of it was there."""
        return self.rating is not Rating.Again


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTurn:
    """A marked turn. `at` is when its last answer was given: a later regrade changes how it went, not when.

    `points` are its points and the misconceptions `asserted` in it; `earned`: it earned something.
    """

    interview: str
    number: int
    question: str
    at: datetime
    points: tuple[Seen, ...]
    asserted: frozenset[PointKey]
    earned: bool

    def overcome(self, misconception: PointKey) -> Seen:
        """A misconception of the question that was not asserted this time."""
        return Seen(misconception, self.interview, self.number, self.at, Rating.Good, lacked=False)


def seen_in(interview: Interview) -> Iterator[SeenTurn]:
    """The turns that are marked and whose feedback may be seen."""
    for turn in interview.turns:
        grading, at = turn.grading, _answered_at(turn)
        if not (grading and at and turn.status is TurnStatus.GRADED and engine.feedback_due(interview, turn)):
            continue
        yield SeenTurn(
            interview=interview.id,
            number=turn.number,
            question=turn.question,
            at=at,
            points=tuple(
                Seen(PointKey(turn.question, point), interview.id, turn.number, at, rating, lacked)
                for point, rating, lacked in _rated(turn, grading)
            ),
            asserted=frozenset(PointKey(turn.question, wrong.id) for wrong in grading.misconceptions),
            earned=any(mark.verdict in (Verdict.MET, Verdict.PARTLY) for mark in grading.marks),
        )


def _answered_at(turn: Turn) -> datetime | None:
    return next((say.at for say in reversed(turn.says) if say.kind is SayKind.ANSWER), None)


def _rated(turn: Turn, grading: Grading) -> Iterator[tuple[str, Rating, bool]]:
    """Id of a point or an asserted misconception, how it went, whether it lacked something."""
    made = made_by(turn)
    if made and made.provenance.grader is GraderKind.KEY:
        wrong = bool(grading.misconceptions) or any(mark.verdict is not Verdict.MET for mark in grading.marks)
        yield WHOLE, Rating.Again if wrong else Rating.Good, wrong
        return
    hinted = turn.hints_used > 0
    for mark in grading.marks:
        is_met = mark.verdict is Verdict.MET
        helped = is_met and (hinted or mark.said > 0)  # what it took a hint or a probe to get was hard
        yield mark.point, Rating.Hard if helped else RATING[mark.verdict], not is_met
    yield from ((wrong.id, Rating.Again, True) for wrong in grading.misconceptions)
