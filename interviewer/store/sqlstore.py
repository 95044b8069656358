"""Interviews <-> rows. Each method is one short transaction; the owner is part of every query."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from pathlib import Path

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.domain import Interview, InterviewStatus, Speaker, Turn
from interviewer.errors import NotFound, StaleInterview
from interviewer.store import mapping
from interviewer.store.calls import ModelCalls
from interviewer.store.database import Database
from interviewer.store.disputes import DisputeStore
from interviewer.store.drafts import DraftStore
from interviewer.store.due import DueTurn, awaits_grade, due_query
from interviewer.store.histories import Histories
from interviewer.store.invitations import InvitationStore
from interviewer.store.kept import KeptStore
from interviewer.store.leases import NO_LEASE, Lease, is_free, without
from interviewer.store.logs import AT_ONCE, LogStore, Pulse, pulse_query
from interviewer.store.people import PersonStore, hold_person
from interviewer.store.places import database_at
from interviewer.store.rates import RateStore
from interviewer.store.sessions import SessionStore
from interviewer.store.shares import ShareStore
from interviewer.store.tables import DraftRow, GradingRow, InterviewRow, SayRow, TurnRow
from interviewer.store.waiting import Waiting


class SqlStore:
    """Interviews in a SQL database, beside them `drafts`, `disputes`, `shares`, `logs`, `rates` and model `calls`.

    `histories` reads many interviews at once, `waiting` counts what has no grade yet.
    """

    def __init__(self, where: Path | str | Database) -> None:
        """`where` is a file or a database URL. Nothing is opened before `open`.

        Raises:
            SettingError: a URL of nothing that interviews can be kept in.
        """
        self.database = where if isinstance(where, Database) else database_at(where)
        self.histories = Histories(self.database)
        self.disputes = DisputeStore(self.database)
        self.drafts = DraftStore(self.database)
        self.shares = ShareStore(self.database)
        self.logs = LogStore(self.database)
        self.rates = RateStore(self.database)
        self.calls = ModelCalls(self.database)
        self.waiting = Waiting(self.database)
        self.kept = KeptStore(self.database)
        self.people = PersonStore(self.database)
        self.sessions = SessionStore(self.database)
        self.invitations = InvitationStore(self.database)

    async def open(self) -> None:
        """Connect and bring the schema up to date.

        Raises:
            DatabaseUnusable: it cannot be reached, created, read or written, or holds something else.
        """
        await self.database.open()

    async def close(self) -> None:
        """Let go of all connections."""
        await self.database.close()

    async def check(self) -> None:
        """Read one value; raises DatabaseUnusable when the database does not answer."""
        async with self.database.reading() as connection:
            await connection.execute(text("select 1"))

    async def add(self, interview: Interview) -> Interview:
        """Keep a new interview. Raises NotFound when it is for a person who is gone."""
        async with self.database.writing() as connection:
            await _add(connection, interview)
        return interview

    async def add_once(self, interview: Interview) -> Interview:
        """Keep a new interview, unless its owner has an open one of the same mode and pack: then that one."""
        row, plan = InterviewRow, interview.plan
        same = (col(row.owner) == interview.owner, col(row.pack) == plan.pack, col(row.mode) == plan.mode)
        is_open = (*same, col(row.status) == InterviewStatus.OPEN)
        async with self.database.writing() as connection:
            await self.database.lock(connection, f"owner {interview.owner}")
            there = (await connection.execute(select(col(row.id)).where(*is_open).limit(1))).scalar_one_or_none()
            if there is None:
                await _add(connection, interview)
        return interview if there is None else await self.load(there, interview.owner)

    async def save(
        self, before: Interview, after: Interview, lease: Lease | None = None, *, held: Lease | None = None
    ) -> Interview:
        """Write what `after` has more than `before`; gives `after` with its new version.

        With `lease` that is taken in the same transaction as the answer it is for, if it is free:
        see `holds`. `held` is given back in the same transaction as the grading it was taken for.

        Raises:
            StaleInterview: somebody saved since `before` was loaded; nothing is written.
        """
        async with self.database.writing() as connection:
            moved = await connection.execute(
                update(InterviewRow)
                .where(
                    col(InterviewRow.id) == before.id,
                    col(InterviewRow.owner) == before.owner,
                    col(InterviewRow.version) == before.version,
                )
                .values(
                    version=before.version + 1,
                    **mapping.moving_values(after),
                    **(without(held.holder) if held else {}),
                )
            )
            if moved.rowcount != 1:
                raise StaleInterview("The interview has moved on in the meantime. Look at where it stands now.")
            if lease:
                await _take(connection, before.id, lease)
            known = {turn.number: turn for turn in before.turns}
            for turn in after.turns:
                if turn != known.get(turn.number):
                    await _write_turn(connection, after, known.get(turn.number), turn)
        await self.database.announce(after.id)
        return replace(after, version=before.version + 1)

    async def load(self, interview_id: str, owner: str) -> Interview:
        """One interview of that owner. Raises NotFound when there is none."""
        found = await self.histories.found(
            col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner, limit=1
        )
        if not found:
            raise NotFound("There is no such interview here. It may belong to another browser.")
        return found[0]

    async def recent(self, owner: str, limit: int = 50) -> list[Interview]:
        """The owner's interviews, newest first."""
        newest = col(InterviewRow.created_at).desc()
        return await self.histories.found(col(InterviewRow.owner) == owner, order=(newest,), limit=limit)

    async def asked(self, owner: str, pack: str) -> tuple[str, ...]:
        """Ids of all questions the owner was asked, oldest first."""
        query = (
            select(col(TurnRow.question))
            .join(InterviewRow, col(InterviewRow.id) == col(TurnRow.interview_id))
            .where(col(InterviewRow.owner) == owner, col(InterviewRow.pack) == pack)
            .order_by(col(InterviewRow.created_at), col(TurnRow.number))
        )
        async with self.database.reading() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def version(self, interview_id: str, owner: str) -> int | None:
        """The version of an interview, cheaply; None when it is gone."""
        query = select(col(InterviewRow.version)).where(
            col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner
        )
        async with self.database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def remove(self, interview_id: str, owner: str) -> None:
        """Delete an interview with everything said in it. Raises NotFound when there is none."""
        async with self.database.writing() as connection:
            gone = await connection.execute(
                delete(InterviewRow).where(col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner)
            )
            if gone.rowcount != 1:
                raise NotFound("There is no such interview here.")

    async def claim(self, interview_id: str, lease: Lease) -> bool:
        """Take the grading lease of an interview; False when somebody else holds it still."""
        async with self.database.writing() as connection:
            return await _take(connection, interview_id, lease)

    async def holds(self, interview_id: str, holder: str) -> bool:
        """Whether that is who holds the lease, if anybody does."""
        query = select(col(InterviewRow.lease_holder)).where(col(InterviewRow.id) == interview_id)
        async with self.database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none() == holder

    async def release(self, interview_id: str, holder: str) -> None:
        """Give the lease back when it is still held."""
        async with self.database.writing() as connection:
            await connection.execute(
                update(InterviewRow)
                .where(col(InterviewRow.id) == interview_id, col(InterviewRow.lease_holder) == holder)
                .values(**NO_LEASE)
            )

    async def awaiting(self, lease: Lease) -> list[tuple[str, str]]:
        """(interview id, owner) of all interviews with an answer to grade that this lease could be taken for."""
        query = (
            select(col(InterviewRow.id), col(InterviewRow.owner))
            .join(TurnRow, col(InterviewRow.id) == col(TurnRow.interview_id))
            .where(awaits_grade(), is_free(lease))
            .distinct()
        )
        async with self.database.reading() as connection:
            return [(row[0], row[1]) for row in await connection.execute(query)]

    async def due(self, *, fallen_back: bool) -> list[DueTurn]:
        """Everybody's turns that want a grading, held or not, oldest first; see `due_query`."""
        async with self.database.reading() as connection:
            rows = await connection.execute(due_query(fallen_back=fallen_back))
            return [DueTurn(interview=row[0], owner=row[1], turn=row[2], lease_until=row[3]) for row in rows]

    def heard(self) -> AsyncIterator[str | None]:
        """Ids of interviews that were saved or whose grading told something, by any process; None for any of them."""
        return self.database.heard()

    async def pulses(self, interview_ids: Collection[str]) -> dict[str, Pulse]:
        """How far each of these interviews has got; one that is gone is not in it."""
        found: dict[str, Pulse] = {}
        ids = sorted(interview_ids)
        async with self.database.reading() as connection:
            for start in range(0, len(ids), AT_ONCE):
                rows = await connection.execute(pulse_query(ids[start : start + AT_ONCE]))
                found.update({row.id: Pulse(version=row.version, token=row.token, told=row.told) for row in rows})
        return found


async def _add(connection: AsyncConnection, interview: Interview) -> None:
    await hold_person(connection, interview.owner)
    values = mapping.interview_values(interview) | mapping.moving_values(interview)
    await connection.execute(insert(InterviewRow).values(version=interview.version, **values))
    for turn in interview.turns:
        await _write_turn(connection, interview, None, turn)


async def _take(connection: AsyncConnection, interview_id: str, lease: Lease) -> bool:
    free = (col(InterviewRow.id) == interview_id, is_free(lease))
    return (await connection.execute(update(InterviewRow).where(*free).values(**lease.values))).rowcount == 1


async def _write_turn(connection: AsyncConnection, interview: Interview, before: Turn | None, turn: Turn) -> None:
    """Write a turn's status and the says and gradings it has gained; what the candidate says empties the draft."""
    here = (col(TurnRow.interview_id) == interview.id, col(TurnRow.number) == turn.number)
    if before is None:
        await connection.execute(insert(TurnRow).values(**mapping.turn_values(interview, turn)))
    elif mapping.moving_turn_values(before) != mapping.moving_turn_values(turn):
        await connection.execute(update(TurnRow).where(*here).values(**mapping.moving_turn_values(turn)))
    for place, (old, new) in enumerate(zip(before.says if before else (), turn.says, strict=False)):
        if old.text != new.text:  # said in other words before anybody has seen it
            key = mapping.say_values(interview, turn, place)
            same = (col(getattr(SayRow, name)) == key[name] for name in ("interview_id", "turn", "place"))
            await connection.execute(update(SayRow).where(*same).values(text=new.text))
    new_says = range(len(before.says) if before else 0, len(turn.says))
    if new_says:
        says = [mapping.say_values(interview, turn, place) for place in new_says]
        await connection.execute(insert(SayRow), says)
    new_gradings = range(len(before.gradings) if before else 0, len(turn.gradings))
    if new_gradings:
        gradings = [mapping.grading_values(interview, turn, place) for place in new_gradings]
        await connection.execute(insert(GradingRow), gradings)
    if any(turn.says[place].who is Speaker.CANDIDATE for place in new_says):
        drafts = (col(DraftRow.interview_id) == interview.id, col(DraftRow.turn) == turn.number)
        await connection.execute(update(DraftRow).where(*drafts).values(text=""))
