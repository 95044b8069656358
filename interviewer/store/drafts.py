"""Unsent texts <-> rows: the newest of each turn, and when the first of them came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import col

from interviewer.store.database import Database
from interviewer.store.tables import DraftRow, InterviewRow


class DraftStore:
    """The part of the store that keeps drafts; reached as `SqlStore.drafts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, interview_id: str, turn: int, draft: str, sequence: int | None, *, now: datetime) -> bool:
        """Keep an unsent text; False when one of the same or a later sequence is kept, or the interview is gone.

        Without a sequence it is the next one.
        """
        begun_at = now if draft.strip() else None
        async with self._database.writing() as connection:
            here = (col(DraftRow.interview_id) == interview_id, col(DraftRow.turn) == turn)
            interview = select(col(InterviewRow.id)).where(col(InterviewRow.id) == interview_id).with_for_update()
            if (await connection.execute(interview)).first() is None:
                return False
            found = (
                await connection.execute(select(col(DraftRow.sequence), col(DraftRow.begun_at)).where(*here))
            ).first()
            sequence = (found.sequence if found else 0) + 1 if sequence is None else sequence
            if found is None:
                values = {"interview_id": interview_id, "turn": turn, "text": draft, "sequence": sequence}
                await connection.execute(insert(DraftRow).values(begun_at=begun_at, **values))
            elif sequence > found.sequence:
                values = {"text": draft, "sequence": sequence, "begun_at": found.begun_at or begun_at}
                await connection.execute(update(DraftRow).where(*here).values(**values))
            return found is None or sequence > found.sequence

    async def of(self, interview_id: str, turn: int) -> str:
        """The unsent text of a turn, or an empty one."""
        here = (col(DraftRow.interview_id) == interview_id, col(DraftRow.turn) == turn)
        async with self._database.reading() as connection:
            return (await connection.execute(select(col(DraftRow.text)).where(*here))).scalar_one_or_none() or ""

    async def begun(self, interview_id: str) -> dict[int, datetime]:
        """Turn number -> when the first text that is not blank was kept, of the turns that had one."""
        begun_at = col(DraftRow.begun_at)
        query = select(col(DraftRow.turn), begun_at).where(
            col(DraftRow.interview_id) == interview_id, begun_at.is_not(None)
        )
        async with self._database.reading() as connection:
            return {row.turn: row.begun_at for row in await connection.execute(query)}
