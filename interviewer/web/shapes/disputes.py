"""Disputes as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from interviewer.domain import Decision, Dispute, DisputeStatus, GraderKind, Verdict


class DecisionShape(BaseModel):
    """What a person decided, and why."""

    verdict: Verdict
    reason: str
    by: str | None
    settled_at: datetime

    @classmethod
    def of(cls, made: Decision) -> Self:
        """A decision."""
        return cls(verdict=made.verdict, reason=made.reason, by=made.by, settled_at=made.settled_at)


class DisputeShape(BaseModel):
    """An objection to a mark; `verdict`, `grader` and `model` are those of the mark contested."""

    id: str
    turn: int
    point: str
    comment: str
    verdict: Verdict
    grader: GraderKind
    model: str | None
    at: datetime
    status: DisputeStatus
    decision: DecisionShape | None

    @classmethod
    def of(cls, dispute: Dispute) -> Self:
        """A dispute."""
        told = {name: getattr(dispute, name) for name in cls.model_fields if name != "decision"}
        return cls(**told, decision=DecisionShape.of(dispute.decision) if dispute.decision else None)
