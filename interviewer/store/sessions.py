"""Sessions <-> rows: begun, found by the hash of their token, given another, ended. No cache: an end is at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.domain import Person, Session
from interviewer.store.database import Database
from interviewer.store.people_rows import PERSON, person_of
from interviewer.store.tables import PersonRow, SessionRow

_SESSION = [
    col(getattr(SessionRow, name)) for name in ("person_id", "created_at", "used_at", "rotated_at", "expires_at")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session about to begin; `token` is the hash of the secret one."""

    token: str
    begun_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSession:
    """A session and whose it is; with a `salt`, it was found by the token that was replaced."""

    person: Person
    session: Session
    salt: str | None


class SessionStore:
    """The part of the store that keeps sessions; reached as `SqlStore.sessions`. It sees hashes of tokens only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, token: str, *, now: datetime) -> FoundSession | None:
        """The session that has or had this token; None when it is over, or its person is disabled.

        Raises:
            DatabaseUnusable: the database does not answer.
        """
        here, was = col(SessionRow.token) == token, col(SessionRow.before) == token
        query = (
            select(*PERSON, *_SESSION, was.label("was"), col(SessionRow.salt))
            .join(SessionRow, col(SessionRow.person_id) == col(PersonRow.id))
            .where(or_(here, was), col(SessionRow.expires_at) > now, col(PersonRow.disabled_at).is_(None))
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return FoundSession(person=person_of(row), session=_session(row), salt=row.salt if row.was else None)

    async def rotate(self, token: str, *, to: str, salt: str, now: datetime) -> bool:
        """Put another token in a token's place; False when somebody else has just done so, or the session is over.

        Raises:
            DatabaseUnusable: that could not be written.
        """
        values = {"token": to, "before": token, "salt": salt, "rotated_at": now, "used_at": now}
        return await self._update(token, values)

    async def touch(self, token: str, *, now: datetime) -> None:
        """Note that a session was used. Raises DatabaseUnusable as `rotate` does."""
        await self._update(token, {"used_at": now})

    async def end(self, token: str) -> None:
        """End the session that has or had this token, if there is one."""
        async with self._database.writing() as connection:
            await connection.execute(
                delete(SessionRow).where(or_(col(SessionRow.token) == token, col(SessionRow.before) == token))
            )

    async def end_all(self, person_id: str) -> None:
        """End every session of a person."""
        async with self._database.writing() as connection:
            await end_sessions(connection, person_id)

    async def of(self, person_id: str, *, now: datetime) -> list[Session]:
        """A person's sessions that are not over, newest first."""
        query = (
            select(*_SESSION)
            .where(col(SessionRow.person_id) == person_id, col(SessionRow.expires_at) > now)
            .order_by(col(SessionRow.created_at).desc(), col(SessionRow.token))
        )
        async with self._database.reading() as connection:
            return [_session(row) for row in await connection.execute(query)]

    async def _update(self, token: str, values: dict[str, Any]) -> bool:
        async with self._database.writing() as connection:
            done = await connection.execute(update(SessionRow).where(col(SessionRow.token) == token).values(**values))
        return done.rowcount == 1


async def begin_session(connection: AsyncConnection, person_id: str, new: NewSession) -> None:
    """Write a session, inside the caller's transaction."""
    at = new.begun_at
    times = {"created_at": at, "used_at": at, "rotated_at": at, "expires_at": new.expires_at}
    await connection.execute(insert(SessionRow).values(token=new.token, person_id=person_id, **times))


async def end_sessions(connection: AsyncConnection, person_id: str) -> None:
    """End every session of a person, inside the caller's transaction."""
    await connection.execute(delete(SessionRow).where(col(SessionRow.person_id) == person_id))


def _session(row: Any) -> Session:
    return Session(
        person=row.person_id,
        created_at=row.created_at,
        used_at=row.used_at,
        rotated_at=row.rotated_at,
        expires_at=row.expires_at,
    )
