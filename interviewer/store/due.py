"""Which turns want a grading: the query, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from interviewer.domain import TurnStatus
from interviewer.store.tables import GradingRow, InterviewRow, TurnRow

_HAS_FALLBACK = '"fallback":"'
"""Stands in the body of a grading that the offline grader gave in the model's place; inside a text, its quotes
would be escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTurn:
    """A turn that wants a grading; until `lease_until` another process may be at work on its interview."""

    interview: str
    owner: str
    turn: int
    lease_until: datetime | None


def awaits_grade() -> Any:
    """Whether a turn awaits its grade; the status stands in the query itself, so that the index of these is used."""
    return col(TurnRow.status) == literal_column(f"'{TurnStatus.AWAITING_GRADE}'")


def due_query(*, fallen_back: bool) -> Any:
    """Turns that await their grade; with `fallen_back`, also those the offline grader marked in the model's place."""
    wanted = awaits_grade()
    return (
        select(col(InterviewRow.id), col(InterviewRow.owner), col(TurnRow.number), col(InterviewRow.lease_until))
        .join(TurnRow, col(InterviewRow.id) == col(TurnRow.interview_id))
        .where(or_(wanted, _fell_back()) if fallen_back else wanted)
        .order_by(col(InterviewRow.created_at), col(InterviewRow.id), col(TurnRow.number))
    )


def _fell_back() -> Any:
    """Whether the grading in force, a turn's newest, is an offline one in the model's place."""
    other = aliased(GradingRow)
    newest = (
        select(func.max(col(other.place)))
        .where(col(other.interview_id) == col(TurnRow.interview_id), col(other.turn) == col(TurnRow.number))
        .correlate(TurnRow)
        .scalar_subquery()
    )
    return exists().where(
        col(GradingRow.interview_id) == col(TurnRow.interview_id),
        col(GradingRow.turn) == col(TurnRow.number),
        col(GradingRow.place) == newest,
        col(GradingRow.body).contains(_HAS_FALLBACK),
    )
