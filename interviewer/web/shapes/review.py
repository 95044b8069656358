"""What comes back, as JSON."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field, StrictInt

from interviewer.bank import Bank
from interviewer.conductor.reviewing import QUESTIONS, Reviewed
from interviewer.picker import MAX_QUESTIONS
from interviewer.review import InReview, Seen
from interviewer.web.shapes.bodies import Body


class NewReview(Body):
    """What a candidate asks for; without a pack it is that of what is due first."""

    pack: str | None = None
    questions: StrictInt = Field(default=QUESTIONS, ge=1, le=MAX_QUESTIONS)
    seed: StrictInt | None = Field(default=None, ge=0, lt=2**53)


class SeenShape(BaseModel):
    """A time that a point was asked for; `rating` is FSRS's: 1 again, 2 hard, 3 good."""

    interview: str
    turn: int
    question: str
    at: datetime
    rating: int
    lacked: bool

    @classmethod
    def of(cls, seen: Seen) -> SeenShape:
        """From the domain."""
        return cls(
            interview=seen.interview,
            turn=seen.turn,
            question=seen.key.question,
            at=seen.at,
            rating=seen.rating,
            lacked=seen.lacked,
        )


class PointShape(BaseModel):
    """A point in review: where it was last not fully earned, when it comes back, how it went each time.

    `point` is empty for a choice question, which counts as one; `same` are the points of other questions that state
    the same.
    """

    question: str
    point: str
    topic: str
    due: date
    stability_days: float
    seen: list[SeenShape]
    same: list[str]

    @classmethod
    def of(cls, point: InReview, bank: Bank) -> PointShape:
        """From the domain."""
        question = bank.question(point.key.question)
        return cls(
            question=point.key.question,
            point=point.key.point,
            topic=question.topic if question else "",
            due=point.due,
            stability_days=round(point.stability_days, 3),
            seen=[SeenShape.of(seen) for seen in point.seen],
            same=[str(key) for key in bank.same_points.group(point.key) if key != point.key],
        )


class ReviewShape(BaseModel):
    """What comes back to the caller as of `today`, a UTC day; what is due first stands in front."""

    today: date
    due: int
    open: list[str]
    points: list[PointShape]

    @classmethod
    def of(cls, reviewed: Reviewed, bank: Bank) -> ReviewShape:
        """From the domain."""
        return cls(
            today=reviewed.today,
            due=len(reviewed.due),
            open=[interview.id for interview in reviewed.open],
            points=[PointShape.of(point, bank) for point in reviewed.points],
        )
