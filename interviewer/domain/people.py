"""People with an account: who they are, what they may see, where they are logged in, and how they are let in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_OWNER = "p."
"""What the owner id of a person begins with; that of a guest is 40 hexadecimal digits."""


class Role(StrEnum):
    """What a person may see beyond their own work; each role may also see what those before it may."""

    CANDIDATE = "candidate"
    AUTHOR = "author"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may see what `other` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account; `name` as they wrote it. A disabled person cannot log in."""

    id: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def owner(self) -> str:
        """The owner id of their interviews."""
        return owner_of_person(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser in which a person is logged in; `used_at` is kept to the hour."""

    person: str
    created_at: datetime
    used_at: datetime
    rotated_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that lets one person in, with a role; or, with a `person`, one by which they set a new password.

    `made_by` is None where the command line made it.
    """

    role: Role | None
    person: str | None
    made_by: str | None
    made_at: datetime
    expires_at: datetime
    used_by: str | None = None


def owner_of_person(person_id: str) -> str:
    """The owner id of a person's interviews."""
    return _OWNER + person_id


def person_of_owner(owner: str) -> str | None:
    """The id of the person an owner id stands for; None for a guest, and for the terminal."""
    return owner.removeprefix(_OWNER) if owner.startswith(_OWNER) else None
