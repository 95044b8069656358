"""A candidate's objection to a mark, and what a person made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from interviewer.domain.marks import GraderKind, Verdict


class DisputeStatus(StrEnum):
    """Whether a person has looked, and whether they agreed with the candidate."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person made of a disputed mark, and why; `by` is their name if they gave one."""

    verdict: Verdict
    reason: str
    by: str | None
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An objection to one mark of a turn; `point` is the id of a point or of an asserted misconception.

    `verdict`, `grader` and `model` are those of the mark that is contested; of a misconception the verdict is
    `contradicted`. An open dispute has no decision.
    """

    id: str
    interview: str
    turn: int
    point: str
    comment: str
    verdict: Verdict
    grader: GraderKind
    model: str | None
    at: datetime
    status: DisputeStatus = DisputeStatus.OPEN
    decision: Decision | None = None
