"""An account as JSON: what is kept, and what is sent to delete it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from interviewer.conductor.keeping import CONFIRM, KeptOfPerson
from interviewer.domain import Person, Role, Session
from interviewer.web.shapes.bodies import Body


class PersonShape(BaseModel):
    """Somebody with an account."""

    name: str
    role: Role
    created_at: datetime

    @classmethod
    def of(cls, person: Person) -> Self:
        """A person."""
        return cls(name=person.name, role=person.role, created_at=person.created_at)


class SessionShape(BaseModel):
    """A browser in which the caller is logged in; `used_at` to the hour."""

    created_at: datetime
    used_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, session: Session) -> Self:
        """A session."""
        return cls(created_at=session.created_at, used_at=session.used_at, expires_at=session.expires_at)


class AccountShape(BaseModel):
    """What is kept of the caller; `person` is null for a guest, and where there are no accounts."""

    person: PersonShape | None
    interviews: int
    sessions: list[SessionShape]

    @classmethod
    def of(cls, kept: KeptOfPerson, interviews: int) -> Self:
        """What is kept, and how many interviews."""
        return cls(
            person=PersonShape.of(kept.person) if kept.person else None,
            interviews=interviews,
            sessions=[SessionShape.of(session) for session in kept.sessions],
        )


class DeleteAccount(Body):
    """The words that confirm it and, with an account, the password."""

    confirm: str = Field(description=f"The words: {CONFIRM}")
    password: str = ""
