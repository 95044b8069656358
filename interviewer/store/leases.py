"""Who is grading an interview, and until when: the columns of a lease, and when it is free to take. Pure SQL.

A lease is written with the clock of the process that takes it. One that ends later than any could by the clock of
whoever looks was taken before a clock was set back: it counts as free, or nobody could grade until the clock is there
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, null, or_
from sqlmodel import col

from interviewer.store.tables import InterviewRow

NO_LEASE = {"lease_holder": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to grade an interview, of one process from the time at which it was taken until another."""

    holder: str
    taken_at: datetime
    until: datetime

    @property
    def values(self) -> dict[str, Any]:
        """Its columns."""
        return {"lease_holder": self.holder, "lease_until": self.until}


def without(holder: str) -> dict[str, Any]:
    """The columns as they are once that holder has given the lease back; anybody else's stays."""
    its = col(InterviewRow.lease_holder) == holder
    return {name: case((its, null()), else_=col(getattr(InterviewRow, name))) for name in NO_LEASE}


def is_free(lease: Lease) -> Any:
    """Whether nobody holds an interview that this lease could be taken for.

    Clocks of two machines may differ by as much as a lease lasts.
    """
    held_until, latest = col(InterviewRow.lease_until), lease.until + (lease.until - lease.taken_at)
    return or_(held_until.is_(None), held_until <= lease.taken_at, held_until > latest)
