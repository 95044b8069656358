"""Invitations and links to a new password <-> rows: made, found by the hash of their token, used once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.domain import Invitation, Role
from interviewer.errors import NotFound
from interviewer.store.database import Database
from interviewer.store.tables import InvitationRow, PersonRow

_COLUMNS = [
    col(getattr(InvitationRow, name)) for name in ("role", "person_id", "made_by", "made_at", "expires_at", "used_by")
]
LEADS_NOWHERE = (
    "This link leads nowhere: it was used, or it is too old, or a part of it is missing. Ask whoever sent it for a new "
    "one."
)


class InvitationStore:
    """The part of the store that keeps invitations; reached as `SqlStore.invitations`. It sees their hashes only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, token: str, made: Invitation) -> None:
        """Keep an invitation; of a person's new password the one before it is gone.

        Raises:
            NotFound: whoever makes it is no admin any more, or the person it is for is gone.
        """
        async with self._database.writing() as connection:
            await _check(connection, made)
            if made.person:
                await withdraw_links(connection, made.person)
            await connection.execute(
                insert(InvitationRow).values(
                    token=token,
                    role=made.role,
                    person_id=made.person,
                    made_by=made.made_by,
                    made_at=made.made_at,
                    expires_at=made.expires_at,
                )
            )

    async def find(self, token: str, *, now: datetime) -> Invitation | None:
        """The invitation that has this token; None when it was used, or is too old."""
        query = select(*_COLUMNS).where(
            col(InvitationRow.token) == token,
            col(InvitationRow.expires_at) > now,
            col(InvitationRow.used_by).is_(None),
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return _invitation(row) if row else None

    async def of(self, person_id: str) -> list[Invitation]:
        """All that a person made, was let in by, or was sent, oldest first."""
        columns = (InvitationRow.made_by, InvitationRow.used_by, InvitationRow.person_id)
        mine = or_(*(col(column) == person_id for column in columns))
        query = select(*_COLUMNS).where(mine).order_by(col(InvitationRow.made_at), col(InvitationRow.token))
        async with self._database.reading() as connection:
            return [_invitation(row) for row in await connection.execute(query)]


async def _check(connection: AsyncConnection, made: Invitation) -> None:
    """Hold the people it names, so that a change of theirs comes before or after, and withdraws it."""
    makes = (col(PersonRow.role) == Role.ADMIN, col(PersonRow.disabled_at).is_(None))
    people: dict[str | None, tuple[Any, ...]] = {made.person: (), made.made_by: makes}
    for person_id in sorted(filter(None, people)):  # in one order, so that two who do it to each other do not wait
        held = select(col(PersonRow.id)).where(col(PersonRow.id) == person_id, *people[person_id]).with_for_update()
        if (await connection.execute(held)).first() is None:
            raise NotFound("There is no such person here any more. Load the page again.")


async def use_invitation(connection: AsyncConnection, token: str, person_id: str, *, now: datetime) -> None:
    """Use an invitation up, inside the caller's transaction; of two at once, one is told that it leads nowhere.

    Raises:
        NotFound: it was used, or is too old.
    """
    used = await connection.execute(
        update(InvitationRow)
        .where(
            col(InvitationRow.token) == token,
            col(InvitationRow.expires_at) > now,
            col(InvitationRow.used_by).is_(None),
        )
        .values(used_by=person_id)
    )
    if used.rowcount != 1:
        raise NotFound(LEADS_NOWHERE)


async def withdraw_invitations(connection: AsyncConnection, person_id: str) -> None:
    """Forget what a person made and nobody used, and the links to a new password of theirs."""
    made = (col(InvitationRow.made_by) == person_id, col(InvitationRow.used_by).is_(None))
    await connection.execute(delete(InvitationRow).where(*made))
    await withdraw_links(connection, person_id)


async def withdraw_links(connection: AsyncConnection, person_id: str) -> None:
    """Forget the unused links to a new password of a person."""
    theirs = (col(InvitationRow.person_id) == person_id, col(InvitationRow.used_by).is_(None))
    await connection.execute(delete(InvitationRow).where(*theirs))


def _invitation(row: Any) -> Invitation:
    return Invitation(
        role=Role(row.role) if row.role else None,
        person=row.person_id,
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_by=row.used_by,
    )
