"""The columns of a person as they are read beside those of other tables, and the person they make."""

from __future__ import annotations

from typing import Any

from sqlmodel import col

from interviewer.domain import Person, Role
from interviewer.store.tables import PersonRow

_NAMES = ("id", "name", "role", "created_at", "disabled_at")
PERSON: list[Any] = [col(getattr(PersonRow, name)).label(f"who_{name}") for name in _NAMES]


def person_of(row: Any) -> Person:
    """The person of a row that has the columns PERSON."""
    return Person(
        id=row.who_id,
        name=row.who_name,
        role=Role(row.who_role),
        created_at=row.who_created_at,
        disabled_at=row.who_disabled_at,
    )
