"""Rows -> whole interviews: those of one candidate, or of all of them in portions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, tuple_
from sqlmodel import col

from interviewer.domain import Interview
from interviewer.store import mapping
from interviewer.store.database import Database
from interviewer.store.tables import GradingRow, InterviewRow, SayRow, TurnRow

PORTION = 50
"""Interviews that are read at once when many are wanted: others wait for the time it takes, some 50 ms."""
_BY_CANDIDATE = (col(InterviewRow.owner), col(InterviewRow.created_at), col(InterviewRow.id))


def _columns(table: Any) -> list[Any]:
    """Its columns one by one: plain rows are read in half the time of objects that could be changed.

    The table's own, not the attributes of its class: those SQLAlchemy compares one by one at every execution.
    """
    return list(table.__table__.columns)


def _of_interviews(table: Any, *order: Any) -> Any:
    """The rows of a table that belong to the interviews `ids`."""
    its_ids = table.__table__.columns.interview_id.in_(bindparam("ids", expanding=True))
    return select(*_columns(table)).where(its_ids).order_by(*order)


_OF_INTERVIEWS = (
    _of_interviews(TurnRow, col(TurnRow.number)),
    _of_interviews(SayRow, col(SayRow.turn), col(SayRow.place)),
    _of_interviews(GradingRow, col(GradingRow.turn), col(GradingRow.place)),
)
"""Made once: to build a statement and to recognise it takes SQLAlchemy as long as to run it."""


class Histories:
    """The part of the store that reads interviews; reached as `SqlStore.histories`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, owner: str) -> list[Interview]:
        """All interviews of an owner, oldest first."""
        return [interview async for portion in self.by(owner) for interview in portion]

    def by(self, owner: str, *, portion: int = PORTION) -> AsyncIterator[list[Interview]]:
        """All interviews of an owner, portion by portion, oldest first; see `all`."""
        return self._portions(col(InterviewRow.owner) == owner, size=portion)

    async def versions(self, owner: str) -> tuple[tuple[str, int], ...]:
        """Id and version of all interviews of an owner: whether anything has changed, cheaply."""
        query = select(col(InterviewRow.id), col(InterviewRow.version)).where(col(InterviewRow.owner) == owner)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(col(InterviewRow.id)))
            return tuple((row.id, row.version) for row in rows)

    def all(self, pack: str | None = None, *, portion: int = PORTION) -> AsyncIterator[list[Interview]]:
        """Everybody's interviews in a pack or in any, portion by portion: candidate by candidate, each oldest first.

        Between two portions nothing is held; what is begun meanwhile may be in it or not.
        """
        return self._portions(*(() if pack is None else (col(InterviewRow.pack) == pack,)), size=portion)

    async def packs(self) -> list[str]:
        """Ids of the packs that there are interviews in, also of those that have left the bank."""
        query = select(col(InterviewRow.pack)).distinct().order_by(col(InterviewRow.pack))
        async with self._database.reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def found(self, *where: Any, order: Sequence[Any] = (), limit: int | None = None) -> list[Interview]:
        """The interviews that conditions on their row hold for."""
        query = select(*_columns(InterviewRow)).where(*where).order_by(*order).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            ids = [row.id for row in rows]
            if not ids:
                return []
            turns, says, gradings = [(await connection.execute(of, {"ids": ids})).all() for of in _OF_INTERVIEWS]
            return mapping.interviews(rows, turns, says, gradings)

    async def _portions(self, *where: Any, size: int) -> AsyncIterator[list[Interview]]:
        beyond: tuple[Any, ...] = ()
        while portion := await self.found(*where, *beyond, order=_BY_CANDIDATE, limit=size):
            yield portion
            last = portion[-1]
            beyond = (tuple_(*_BY_CANDIDATE) > tuple_(last.owner, last.created_at, last.id),)
