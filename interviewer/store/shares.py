"""Links to reports <-> rows: made and revoked by the interview's owner, gone with the interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.errors import NotFound
from interviewer.store.database import Database
from interviewer.store.tables import InterviewRow, ShareRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedInterview:
    """Which interview a link leads to, and whose it is."""

    interview: str
    owner: str


class ShareStore:
    """The part of the store that keeps links; reached as `SqlStore.shares`. It sees their hashes only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, interview_id: str, owner: str, token: str, *, now: datetime) -> None:
        """Keep the one link of an interview; the one before it is gone.

        Raises:
            NotFound: the interview is gone, or somebody else's.
        """
        async with self._database.writing() as connection:
            await _check_owner(connection, interview_id, owner)
            await connection.execute(delete(ShareRow).where(col(ShareRow.interview_id) == interview_id))
            values = {"interview_id": interview_id, "token": token, "made_at": now}
            await connection.execute(insert(ShareRow).values(**values))

    async def revoke(self, interview_id: str, owner: str) -> None:
        """Forget the link, if there is one. Raises NotFound as `make` does."""
        async with self._database.writing() as connection:
            await _check_owner(connection, interview_id, owner)
            await connection.execute(delete(ShareRow).where(col(ShareRow.interview_id) == interview_id))

    async def made_at(self, interview_id: str) -> datetime | None:
        """When the link of an interview was made; None when there is none."""
        query = select(col(ShareRow.made_at)).where(col(ShareRow.interview_id) == interview_id)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def find(self, token: str) -> SharedInterview | None:
        """What a link leads to; None when it was revoked or never made."""
        query = (
            select(col(InterviewRow.id), col(InterviewRow.owner))
            .join(ShareRow, col(InterviewRow.id) == col(ShareRow.interview_id))
            .where(col(ShareRow.token) == token)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return SharedInterview(interview=row.id, owner=row.owner) if row else None


async def _check_owner(connection: AsyncConnection, interview_id: str, owner: str) -> None:
    mine = (col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner)
    if (await connection.execute(select(col(InterviewRow.id)).where(*mine).with_for_update())).first() is None:
        raise NotFound("There is no such interview here. It may belong to another browser.")
