"""Interviews <-> rows. Each method is one short transaction; the owner is part of every query.

SQLite by default: WAL, foreign keys, every commit on disk before it is acknowledged, one writer at a time
(unlimited writers wait on one another for hundreds of milliseconds).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, event, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import col

from interviewer.domain import Interview, Speaker, Turn, TurnStatus
from interviewer.errors import DatabaseUnusable, NotFound, StaleInterview
from interviewer.store import mapping
from interviewer.store.calls import ModelCalls
from interviewer.store.disputes import DisputeStore
from interviewer.store.drafts import DraftStore
from interviewer.store.due import DueTurn, due_query
from interviewer.store.histories import Histories
from interviewer.store.invitations import InvitationStore
from interviewer.store.people import PersonStore, hold_person
from interviewer.store.sessions import SessionStore
from interviewer.store.shares import ShareStore
from interviewer.store.tables import DraftRow, GradingRow, InterviewRow, SayRow, TurnRow

_NO_LEASE = {"lease_holder": None, "lease_until": None}


class SqlStore:
    """Interviews in a SQL database, and beside them `drafts`, `disputes`, `shares` and the model's `calls`.

    `histories` reads many interviews at once.
    """

    def __init__(self, database: Path) -> None:
        """`database` is a file; its folder is made when it is missing. Nothing is opened before `open`."""
        self.database = database
        self._engine: AsyncEngine = _engine(database)
        self._writing = asyncio.Lock()
        self.histories = Histories(self._engine)
        self.disputes = DisputeStore(self._engine, self._writer)
        self.drafts = DraftStore(self._engine, self._writer)
        self.shares = ShareStore(self._engine, self._writer)
        self.calls = ModelCalls(self._engine, self._writer)
        self.people = PersonStore(self._engine, self._writer)
        self.sessions = SessionStore(self._engine, self._writer)
        self.invitations = InvitationStore(self._engine, self._writer)

    async def open(self) -> None:
        """Connect and bring the schema up to date.

        Raises:
            DatabaseUnusable: the file cannot be created, read or written, or holds something else.
        """
        from interviewer.migrations import upgrade

        try:
            self.database.parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(_try_out, self.database)
            async with self._writer() as connection:
                await connection.run_sync(upgrade)
        except DatabaseUnusable:
            await self.close()
            raise
        except (OSError, SQLAlchemyError, sqlite3.Error) as error:
            await self.close()
            raise DatabaseUnusable(
                f"The database {self.database} cannot be used ({type(error).__name__}: {_first_line(error)}). "
                "Check that it is an Interviewer database and that its folder can be written, or name another "
                "file with --database."
            ) from error

    async def close(self) -> None:
        """Let go of all connections."""
        await self._engine.dispose()

    async def check(self) -> None:
        """Read one value; raises DatabaseUnusable when the database does not answer."""
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("select 1"))
        except SQLAlchemyError as error:
            raise DatabaseUnusable("The database does not answer.") from error

    async def add(self, interview: Interview) -> Interview:
        """Keep a new interview. Raises NotFound when it is for a person who is gone."""
        async with self._writer() as connection:
            await hold_person(connection, interview.owner)
            values = mapping.interview_values(interview) | mapping.moving_values(interview)
            await connection.execute(insert(InterviewRow).values(version=interview.version, **values))
            for turn in interview.turns:
                await _write_turn(connection, interview, None, turn)
        return interview

    async def save(self, before: Interview, after: Interview) -> Interview:
        """Write what `after` has more than `before`; gives `after` with its new version.

        A saved grading ends the grading lease.

        Raises:
            StaleInterview: somebody saved since `before` was loaded; nothing is written.
        """
        async with self._writer() as connection:
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
                    **(_NO_LEASE if _gradings(after) > _gradings(before) else {}),
                )
            )
            if moved.rowcount != 1:
                raise StaleInterview("The interview has moved on in the meantime. Look at where it stands now.")
            known = {turn.number: turn for turn in before.turns}
            for turn in after.turns:
                if turn != known.get(turn.number):
                    await _write_turn(connection, after, known.get(turn.number), turn)
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
        async with self._engine.connect() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def version(self, interview_id: str, owner: str) -> int | None:
        """The version of an interview, cheaply; None when it is gone."""
        query = select(col(InterviewRow.version)).where(
            col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def remove(self, interview_id: str, owner: str) -> None:
        """Delete an interview with everything said in it. Raises NotFound when there is none."""
        async with self._writer() as connection:
            gone = await connection.execute(
                delete(InterviewRow).where(col(InterviewRow.id) == interview_id, col(InterviewRow.owner) == owner)
            )
            if gone.rowcount != 1:
                raise NotFound("There is no such interview here.")

    async def claim(self, interview_id: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Take the grading lease of an interview; False when somebody else holds it still."""
        free = col(InterviewRow.lease_until).is_(None) | (col(InterviewRow.lease_until) <= now)
        async with self._writer() as connection:
            taken = await connection.execute(
                update(InterviewRow)
                .where(col(InterviewRow.id) == interview_id, free)
                .values(lease_holder=holder, lease_until=until)
            )
        return taken.rowcount == 1

    async def release(self, interview_id: str, holder: str) -> None:
        """Give the lease back when it is still held."""
        async with self._writer() as connection:
            await connection.execute(
                update(InterviewRow)
                .where(col(InterviewRow.id) == interview_id, col(InterviewRow.lease_holder) == holder)
                .values(**_NO_LEASE)
            )

    async def awaiting(self, now: datetime) -> list[tuple[str, str]]:
        """(interview id, owner) of all interviews with an answer that awaits its grade and that nobody is grading."""
        free = col(InterviewRow.lease_until).is_(None) | (col(InterviewRow.lease_until) <= now)
        query = (
            select(col(InterviewRow.id), col(InterviewRow.owner))
            .join(TurnRow, col(InterviewRow.id) == col(TurnRow.interview_id))
            .where(col(TurnRow.status) == TurnStatus.AWAITING_GRADE, free)
            .distinct()
        )
        async with self._engine.connect() as connection:
            return [(row[0], row[1]) for row in await connection.execute(query)]

    async def due(self, *, fallen_back: bool) -> list[DueTurn]:
        """Everybody's turns that want a grading, held or not, oldest first; see `due_query`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(due_query(fallen_back=fallen_back))
            return [DueTurn(interview=row[0], owner=row[1], turn=row[2], lease_until=row[3]) for row in rows]

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[AsyncConnection]:
        async with self._writing, self._engine.connect() as connection:
            await connection.execution_options(writes=True)
            async with connection.begin():
                yield connection


def _gradings(interview: Interview) -> int:
    return sum(len(turn.gradings) for turn in interview.turns)


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


def _engine(database: Path) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}", connect_args={"timeout": 10})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(dbapi_connection: Any, _: object) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _try_out(database: Path) -> None:
    """Fail here rather than in the driver, whose thread would outlive the event loop with an error of its own."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA schema_version")


def _first_line(error: BaseException) -> str:
    origin = getattr(error, "orig", None) or error
    return str(origin).splitlines()[0] if str(origin) else type(origin).__name__
