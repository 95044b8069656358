"""Disputes <-> rows: contested by their candidates, settled by a person, gone with their interview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.domain import Decision, Dispute, DisputeStatus, GraderKind, Interview, Verdict
from interviewer.errors import AlreadySettled, NotFound, StaleInterview
from interviewer.store import mapping
from interviewer.store.database import Database
from interviewer.store.tables import DisputeRow, GradingRow, InterviewRow

_COLUMNS = [col(getattr(DisputeRow, name)) for name in DisputeRow.model_fields]
_IN_ORDER = (col(DisputeRow.at), col(DisputeRow.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDispute:
    """Somebody's dispute, and who that is."""

    dispute: Dispute
    owner: str


class DisputeStore:
    """The part of the store that keeps disputes; reached as `SqlStore.disputes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, interview_id: str) -> list[Dispute]:
        """The disputes of an interview, oldest first."""
        async with self._database.reading() as connection:
            return await _of(connection, interview_id)

    async def of_all(self, interview_ids: Sequence[str]) -> dict[str, list[Dispute]]:
        """The disputes of several interviews, by interview; one without any is not in it."""
        query = select(*_COLUMNS).where(col(DisputeRow.interview_id).in_(interview_ids)).order_by(*_IN_ORDER)
        found: dict[str, list[Dispute]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.interview_id, []).append(_dispute(row))
        return found

    async def contest(self, interview_id: str, owner: str, dispute: Callable[[Sequence[Dispute]], Dispute]) -> Dispute:
        """Keep what `dispute` makes of the disputes so far: a new one, or an open one with another comment.

        Raises:
            NotFound: the interview is gone, or somebody else's.
        """
        async with self._database.writing() as connection:
            mine = (col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner)
            if (await connection.execute(select(col(InterviewRow.id)).where(*mine).with_for_update())).first() is None:
                raise NotFound("There is no such interview here.")
            before = await _of(connection, interview_id)
            made = dispute(before)
            if made.id in {known.id for known in before}:
                here = col(DisputeRow.id) == made.id
                await connection.execute(update(DisputeRow).where(here).values(**_values(made)))
            else:
                await connection.execute(insert(DisputeRow).values(**_values(made)))
        return made

    async def waiting(self) -> int:
        """How many of everybody's disputes are not settled."""
        query = select(func.count()).select_from(DisputeRow).where(col(DisputeRow.status) == DisputeStatus.OPEN)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def found(
        self, *, id_start: str = "", only_open: bool = False, limit: int | None = None
    ) -> list[FoundDispute]:
        """Everybody's disputes, oldest first; those whose id starts so, those not settled, not more than `limit`."""
        query = (
            select(*_COLUMNS, col(InterviewRow.owner))
            .join(InterviewRow, col(InterviewRow.id) == col(DisputeRow.interview_id))
            .where(col(DisputeRow.id).startswith(id_start, autoescape=True))
            .order_by(*_IN_ORDER)
            .limit(limit)
        )
        if only_open:
            query = query.where(col(DisputeRow.status) == DisputeStatus.OPEN)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return [FoundDispute(dispute=_dispute(row), owner=row.owner) for row in rows]

    async def settle(self, before: Interview, after: Interview, settled: Dispute) -> None:
        """Keep a decision, and in the same transaction the grading that `after` has more than `before`.

        A grading lease goes on: it is for another answer.

        Raises:
            NotFound: the dispute is gone, with its interview.
            AlreadySettled: somebody has settled it in the meantime.
            StaleInterview: the interview was saved since `before` was loaded.
        """
        here = col(DisputeRow.id) == settled.id
        async with self._database.writing() as connection:
            interview = select(col(InterviewRow.id)).where(col(InterviewRow.id) == before.id).with_for_update()
            await connection.execute(interview)
            status = (await connection.execute(select(col(DisputeRow.status)).where(here))).scalar_one_or_none()
            if status is None:
                raise NotFound(f"Dispute {settled.id} is gone, with its interview.")
            if status != DisputeStatus.OPEN:
                raise AlreadySettled(f"Dispute {settled.id} has been settled in the meantime. It stays so.")
            await _move(connection, before, after, settled.turn)
            await connection.execute(update(DisputeRow).where(here).values(**_values(settled)))
        await self._database.announce(before.id)


async def _of(connection: AsyncConnection, interview_id: str) -> list[Dispute]:
    query = select(*_COLUMNS).where(col(DisputeRow.interview_id) == interview_id).order_by(*_IN_ORDER)
    return [_dispute(row) for row in (await connection.execute(query)).all()]


async def _move(connection: AsyncConnection, before: Interview, after: Interview, number: int) -> None:
    """Add the gradings that a turn has gained, to the interview as it was loaded."""
    turn = after.turns[number - 1]
    gained = range(len(before.turns[number - 1].gradings), len(turn.gradings))
    moved = await connection.execute(
        update(InterviewRow)
        .where(col(InterviewRow.id) == before.id, col(InterviewRow.version) == before.version)
        .values(version=before.version + bool(gained), **({"moved_at": mapping.moved_at(after)} if gained else {}))
    )
    if moved.rowcount != 1:
        raise StaleInterview("The interview has moved on in the meantime. Look at where it stands now.")
    for place in gained:
        await connection.execute(insert(GradingRow).values(**mapping.grading_values(after, turn, place)))


def _values(dispute: Dispute) -> dict[str, Any]:
    decision = dispute.decision
    return {
        "id": dispute.id,
        "interview_id": dispute.interview,
        "turn": dispute.turn,
        "point": dispute.point,
        "comment": dispute.comment,
        "verdict": dispute.verdict,
        "grader": dispute.grader,
        "model": dispute.model,
        "at": dispute.at,
        "status": dispute.status,
        "decided": decision.verdict if decision else None,
        "reason": decision.reason if decision else None,
        "settled_by": decision.by if decision else None,
        "settled_at": decision.settled_at if decision else None,
    }


def _dispute(row: Any) -> Dispute:
    return Dispute(
        id=row.id,
        interview=row.interview_id,
        turn=row.turn,
        point=row.point,
        comment=row.comment,
        verdict=Verdict(row.verdict),
        grader=GraderKind(row.grader),
        model=row.model,
        at=row.at,
        status=DisputeStatus(row.status),
        decision=_decision(row) if row.settled_at else None,
    )


def _decision(row: Any) -> Decision:
    return Decision(verdict=Verdict(row.decided), reason=row.reason, by=row.settled_by, settled_at=row.settled_at)
