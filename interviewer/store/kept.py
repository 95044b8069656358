"""All that is kept of somebody, looked over and deleted; and what nobody needs any more, swept away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlmodel import col

from interviewer.store.database import Database
from interviewer.store.tables import DraftRow, InterviewRow, InvitationRow, SessionRow, ShareRow

_AT_ONCE = 200
"""Interviews deleted in one transaction: others wait for the time it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """The unsent text of a turn, and when it was begun."""

    turn: int
    text: str
    begun_at: datetime | None


class KeptStore:
    """The part of the store that looks after what is kept, and how long; reached as `SqlStore.kept`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, owner: str) -> int:
        """How many interviews an owner has."""
        query = select(func.count()).select_from(InterviewRow).where(col(InterviewRow.owner) == owner)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def drafts(self, interview_ids: Sequence[str]) -> dict[str, list[KeptDraft]]:
        """The drafts of several interviews, by interview; one without any is not in it."""
        query = select(col(DraftRow.interview_id), col(DraftRow.turn), col(DraftRow.text), col(DraftRow.begun_at))
        query = query.where(col(DraftRow.interview_id).in_(interview_ids)).order_by(col(DraftRow.turn))
        found: dict[str, list[KeptDraft]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(query):
                draft = KeptDraft(turn=row.turn, text=row.text, begun_at=row.begun_at)
                found.setdefault(row.interview_id, []).append(draft)
        return found

    async def shared(self, interview_ids: Sequence[str]) -> dict[str, datetime]:
        """When the links of several interviews were made, by interview; one without a link is not in it."""
        query = select(col(ShareRow.interview_id), col(ShareRow.made_at))
        async with self._database.reading() as connection:
            rows = await connection.execute(query.where(col(ShareRow.interview_id).in_(interview_ids)))
            return {row.interview_id: row.made_at for row in rows}

    async def remove(self, owner: str) -> None:
        """Delete all interviews of an owner, with everything in them."""
        async with self._database.writing() as connection:
            await connection.execute(delete(InterviewRow).where(col(InterviewRow.owner) == owner))

    async def retire(self, before: datetime) -> int:
        """Delete the interviews in which nothing has happened since; how many. Two processes may do it at once."""
        is_old = col(InterviewRow.moved_at) < before
        some = select(col(InterviewRow.id)).where(is_old).limit(_AT_ONCE)
        gone, last = 0, _AT_ONCE
        while last == _AT_ONCE:
            async with self._database.writing() as connection:
                done = await connection.execute(delete(InterviewRow).where(col(InterviewRow.id).in_(some), is_old))
            last = done.rowcount
            gone += last
        return gone

    async def sweep(self, now: datetime) -> None:
        """Delete the sessions and invitations that are over; writes only where there are any."""
        over = {row: col(row.expires_at) <= now for row in (SessionRow, InvitationRow)}
        async with self._database.reading() as connection:
            left = [await connection.scalar(select(exists().where(is_over))) for is_over in over.values()]
        if any(left):
            async with self._database.writing() as connection:
                for row, is_over in over.items():
                    await connection.execute(delete(row).where(is_over))
