"""What running gradings tell <-> rows, so that it is seen in other processes than the one that grades.

A log is one row, written anew as it grows and gone with its grading. One that its process left behind when it was
killed counts for nothing once the grading is saved or taken over, and is swept away after `until`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from interviewer.store.database import Database
from interviewer.store.tables import InterviewRow, LogRow

AT_ONCE = 500
"""Interviews asked about in one query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What a grading has told so far: `told` counts its events, `body` holds them."""

    token: str
    told: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How far an interview has got: its version, and what its running grading has told."""

    version: int
    token: str | None
    told: int | None


class LogStore:
    """The part of the store that keeps the logs of running gradings; reached as `SqlStore.logs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, interview_id: str, log: Log, *, until: datetime) -> None:
        """Keep a log in the place of the one before it. That of an interview which is gone is not kept."""
        values = {"token": log.token, "told": log.told, "body": log.body, "until": until}
        try:
            async with self._database.writing() as connection:
                here = col(LogRow.interview_id) == interview_id
                if (await connection.execute(update(LogRow).where(here).values(**values))).rowcount == 0:
                    await connection.execute(insert(LogRow).values(interview_id=interview_id, **values))
        except IntegrityError:  # the interview was deleted meanwhile, or another process grades it too
            return
        await self._database.announce(interview_id)

    async def forget(self, interview_id: str, token: str) -> None:
        """Forget the log of a grading that is over."""
        async with self._database.writing() as connection:
            mine = (col(LogRow.interview_id) == interview_id, col(LogRow.token) == token)
            await connection.execute(delete(LogRow).where(*mine))
        await self._database.announce(interview_id)

    async def sweep(self, now: datetime) -> None:
        """Forget the logs that killed processes have left behind; writes only where there are any."""
        over = col(LogRow.until) <= now
        async with self._database.reading() as connection:
            left = (await connection.execute(select(col(LogRow.interview_id)).where(over).limit(1))).first()
        if left:
            async with self._database.writing() as connection:
                await connection.execute(delete(LogRow).where(over))

    async def of(self, interview_id: str, *, now: datetime) -> Log | None:
        """The log of the grading that is running, if one has told anything: the interview is leased to it."""
        row = LogRow
        query = (
            select(col(row.token), col(row.told), col(row.body))
            .join(InterviewRow, col(InterviewRow.id) == col(row.interview_id))
            .where(col(row.interview_id) == interview_id, col(row.until) > now)
            .where(col(InterviewRow.lease_holder).is_not(None))
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).first()
        return Log(token=found.token, told=found.told, body=found.body) if found else None


def pulse_query(interview_ids: Sequence[str]) -> Any:
    """Id, version, token and count of events told, of each interview."""
    return (
        select(col(InterviewRow.id), col(InterviewRow.version), col(LogRow.token), col(LogRow.told))
        .outerjoin(LogRow, col(LogRow.interview_id) == col(InterviewRow.id))
        .where(col(InterviewRow.id).in_(interview_ids))
    )
