"""The tables. What stands in them is written only by `sqlstore`, from values the domain has checked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

_AWAITING = text("status = 'awaiting_grade'")
_OPEN = text("status = 'open'")


class InterviewRow(SQLModel, table=True):
    """One interview; `version` counts its saves, the lease says who is grading until when.

    `moved_at` is when something was last said or marked in it.
    """

    __tablename__ = "interview"
    __table_args__ = (Index("ix_interview_by_owner", "owner", "created_at", "id"),)

    id: str = Field(primary_key=True)
    owner: str
    pack: str
    level: str
    mode: str
    plan: str
    status: str
    queue: str
    created_at: datetime
    finished_at: datetime | None = None
    moved_at: datetime = Field(index=True)
    version: int = 0
    lease_holder: str | None = None
    lease_until: datetime | None = None


class TurnRow(SQLModel, table=True):
    """One question of an interview."""

    __tablename__ = "turn"
    __table_args__ = (Index("ix_turn_awaiting", "interview_id", sqlite_where=_AWAITING, postgresql_where=_AWAITING),)

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    question: str
    status: str
    flagged: bool = False


class SayRow(SQLModel, table=True):
    """Something said; `place` counts from 0 within the turn, `chosen` is a JSON list of ids of options."""

    __tablename__ = "say"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    turn: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    who: str
    kind: str
    text: str
    at: datetime
    point: str | None = None
    chosen: str | None = None


class GradingRow(SQLModel, table=True):
    """A grading; the columns beside `body` (the whole of it as JSON) are there to be queried."""

    __tablename__ = "grading"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    turn: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    grader: str
    model: str | None = None
    prompt: str | None = None
    bank: str
    score: int
    graded_at: datetime
    body: str


class ModelCallRow(SQLModel, table=True):
    """A request to the model; until its outcome is known, tokens and cost are the most it can come to."""

    __tablename__ = "model_call"

    id: str = Field(primary_key=True)
    interview_id: str = Field(foreign_key="interview.id", ondelete="CASCADE", index=True)
    turn: int
    purpose: str
    model: str
    prompts: str | None = None
    at: datetime
    milliseconds: int | None = None
    first_ms: int | None = None
    tokens_in: int = Field(sa_type=BigInteger)
    tokens_out: int = Field(sa_type=BigInteger)
    estimated: bool
    cost: int = Field(sa_type=BigInteger)
    outcome: str
    messages: str
    reply_schema: str
    reply: str | None = None


class SpendingRow(SQLModel, table=True):
    """What the calls of a UTC day (as in 2026-11-21) came to; it outlives the interviews they were made for."""

    __tablename__ = "spending"

    day: str = Field(primary_key=True)
    calls: int
    tokens_in: int = Field(sa_type=BigInteger)
    tokens_out: int = Field(sa_type=BigInteger)
    cost: int = Field(sa_type=BigInteger)


class DraftRow(SQLModel, table=True):
    """The unsent text of a turn; an older `sequence` never replaces a newer one.

    `begun_at` is when the first text that is not blank was kept.
    """

    __tablename__ = "draft"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    turn: int = Field(primary_key=True)
    text: str
    sequence: int
    begun_at: datetime | None = None


class DisputeRow(SQLModel, table=True):
    """An objection to a mark and what a person decided; a mark has one open objection at most."""

    __tablename__ = "dispute"
    __table_args__ = (
        Index(
            *("ix_dispute_open", "interview_id", "turn", "point"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: str = Field(primary_key=True)
    interview_id: str = Field(index=True, foreign_key="interview.id", ondelete="CASCADE")
    turn: int
    point: str
    comment: str
    verdict: str
    grader: str
    model: str | None = None
    at: datetime
    status: str = Field(index=True)
    decided: str | None = None
    reason: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


class ShareRow(SQLModel, table=True):
    """The link by which anyone may read an interview's report; an interview has one at most.

    `token` is a SHA-256 of what the link holds: a copied database opens nothing.
    """

    __tablename__ = "share"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    token: str = Field(unique=True)
    made_at: datetime


class PersonRow(SQLModel, table=True):
    """Somebody with an account; `name_key` is what the name is found by, `password` its argon2 hash."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    name: str
    name_key: str = Field(unique=True)
    role: str
    password: str
    created_at: datetime
    disabled_at: datetime | None = None


class SessionRow(SQLModel, table=True):
    """A browser in which a person is logged in. Tokens are SHA-256 of what the cookie holds.

    `before` is the token that was replaced at `rotated_at`; with it, `salt` gives the one that replaced it.
    """

    __tablename__ = "session"

    token: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    created_at: datetime
    used_at: datetime
    rotated_at: datetime
    expires_at: datetime = Field(index=True)
    before: str | None = Field(default=None, index=True)
    salt: str | None = None


class InvitationRow(SQLModel, table=True):
    """A link that lets one person in, or by which `person_id` sets a new password; `token` as in SessionRow."""

    __tablename__ = "invitation"

    token: str = Field(primary_key=True)
    role: str | None = None
    person_id: str | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    made_by: str | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    made_at: datetime
    expires_at: datetime = Field(index=True)
    used_by: str | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)


class LogRow(SQLModel, table=True):
    """What the running grading of an interview has told, for other processes; nothing after `until`."""

    __tablename__ = "live_log"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    token: str
    told: int
    body: str
    until: datetime = Field(index=True)


class RateRow(SQLModel, table=True):
    """How often somebody did something in a window of time and in the one before; no names, `key` is a hash.

    `number` counts the windows from 1970 on; from `ends_at`, in seconds since then, the row counts no more.
    """

    __tablename__ = "rate"

    key: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    spent: int
    spent_before: int
    ends_at: float = Field(index=True)
