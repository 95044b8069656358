"""The tables. What stands in them is written only by `sqlstore`, from values the domain has checked."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class InterviewRow(SQLModel, table=True):
    """One interview; `version` counts its saves, the lease says who is grading until when."""

    __tablename__ = "interview"

    id: str = Field(primary_key=True)
    owner: str = Field(index=True)
    pack: str
    level: str
    mode: str
    plan: str
    status: str
    queue: str
    created_at: datetime
    finished_at: datetime | None = None
    version: int = 0
    lease_holder: str | None = None
    lease_until: datetime | None = None


class TurnRow(SQLModel, table=True):
    """One question of an interview."""

    __tablename__ = "turn"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    question: str
    status: str = Field(index=True)


class SayRow(SQLModel, table=True):
    """Something said; `place` counts from 0 within the turn."""

    __tablename__ = "say"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    turn: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    who: str
    kind: str
    text: str
    at: datetime
    point: str | None = None


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


class DraftRow(SQLModel, table=True):
    """The unsent text of a turn; an older `sequence` never replaces a newer one."""

    __tablename__ = "draft"

    interview_id: str = Field(primary_key=True, foreign_key="interview.id", ondelete="CASCADE")
    turn: int = Field(primary_key=True)
    text: str
    sequence: int
