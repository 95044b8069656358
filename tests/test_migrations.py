"""An older database with interviews in it -> the newest schema, and nothing is lost."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, DateTime, column, select, table
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from interviewer import migrations
from interviewer.domain import Amount, InterviewStatus, TurnStatus
from interviewer.llm import ScriptedChat
from interviewer.store import SqlStore
from interviewer.store.tables import InterviewRow
from tests.builders import T0
from tests.test_meter import SHORT, a_meter, ask

PLAN = {"level": "mid", "mode": "practice", "questions": 1, "pack": "fastapi", "topics": [], "seed": 7}
MINUTE = timedelta(minutes=1)
CALL = {
    "id": "c0",
    "purpose": "grade",
    "model": "m",
    "at": T0,
    "tokens_in": 20,
    "tokens_out": 5,
    "estimated": False,
    "cost": 16,
    "outcome": "ok",
    "messages": "[]",
    "reply_schema": "{}",
}
DISPUTE = {
    "id": "d0",
    "point": "p1",
    "comment": "I said it.",
    "verdict": "missed",
    "grader": "llm",
    "at": T0,
    "status": "open",
}
GRADING = {
    "marks": [],
    "misconceptions": [],
    "strengths": [],
    "improve": [],
    "notes": ["ünicode ✓"],
    "score": 40,
    "provenance": {"grader": "llm", "bank": "b", "milliseconds": 5, "model": "m", "prompt": "grade-system@0"},
    "graded_at": T0.isoformat(),
}


REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""The schemas that were released before this one, oldest first."""


async def at_revision(store: SqlStore, revision: str) -> None:
    """Give a new database the schema of an older version."""

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with store.database.alone() as connection:
        await connection.run_sync(upgrade)


def rows(revision: str) -> dict[str, dict[str, Any]]:
    """Table -> a row of it as the version of that schema wrote it."""
    number = int(revision)
    here = {"interview_id": "i0", "turn": 1}
    interview = {"id": "i0", "owner": "alice", "pack": "fastapi", "level": "mid", "mode": "practice", "version": 3}
    turn = {"interview_id": "i0", "number": 1, "question": "q1", "status": "graded"}
    asked = here | {"place": 0, "who": "interviewer", "kind": "question", "text": "What is q1?", "at": T0}
    said = here | {"place": 1, "who": "candidate", "kind": "answer", "text": "Words.", "at": T0 + MINUTE}
    grading = here | {"place": 0, "grader": "llm", "model": "m", "prompt": "grade-system@0", "bank": "b", "score": 40}
    found = {
        "interview": interview | {"plan": json.dumps(PLAN), "status": "finished", "queue": "[]", "created_at": T0},
        "turn": turn | ({"flagged": True} if number >= 4 else {}),
        "say": asked,
        "say again": said | ({"chosen": None} if number >= 4 else {}),
        "grading": grading | {"graded_at": T0 + MINUTE, "body": json.dumps(GRADING)},
        "draft": here | {"text": "", "sequence": 4} | ({"begun_at": T0} if number >= 5 else {}),
    }
    if number >= 6:
        found["interview"]["moved_at"] = T0 + MINUTE
    if number >= 2:
        found["model_call"] = CALL | here
        found["spending"] = {"day": "2026-11-21", "calls": 1, "tokens_in": 20, "tokens_out": 5, "cost": 16}
    if number >= 3:
        found["dispute"] = DISPUTE | here
    if number >= 5:
        found["share"] = {"interview_id": "i0", "token": "a hash", "made_at": T0}
    if number >= 7:
        ada = {"id": "ada", "name": "Ada", "name_key": "ada", "role": "admin", "password": "a hash", "created_at": T0}
        found["person"] = ada
        used = {"created_at": T0, "used_at": T0, "rotated_at": T0, "expires_at": T0 + MINUTE}
        found["session"] = used | {"token": "a hash", "person_id": "ada"}
        found["invitation"] = {"token": "a hash", "role": "admin", "made_at": T0, "expires_at": T0, "used_by": "ada"}
    return found


async def fill(store: SqlStore, revision: str) -> None:
    """An interview in every table there is."""
    async with store.database.writing() as connection:
        for name, row in rows(revision).items():
            into = table(name.removesuffix(" again"), *(column(key, _kind(value)) for key, value in row.items()))
            await connection.execute(into.insert().values(**row))


def _kind(value: object) -> TypeEngine[Any] | None:
    return DateTime(timezone=True) if isinstance(value, datetime) else None


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_of_any_older_version_is_brought_up_to_date_with_its_interviews(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, revision: str
) -> None:
    """They read as before, with all that belongs to them, and they can go on."""
    where = request.getfixturevalue("postgres").create() if kind == "postgres" else tmp_path / "old.sqlite3"
    store = SqlStore(where)
    await at_revision(store, revision)
    await fill(store, revision)
    await store.open()
    try:
        kept = await store.load("i0", "alice")
        assert (kept.status, kept.version, kept.plan.seed) == (InterviewStatus.FINISHED, 3, 7)
        (turn,) = kept.turns
        assert (turn.status, turn.answers, turn.flagged) == (TurnStatus.GRADED, ("Words.",), revision >= "0004")
        assert turn.grading
        assert (turn.grading.score, turn.grading.notes, turn.grading.provenance.calls) == (40, ("ünicode ✓",), ())
        assert bool(await store.calls.of_turn("i0", 1)) == bool(await store.calls.spending(T0.date()))
        assert bool(await store.calls.of_turn("i0", 1)) == (revision >= "0002")
        assert len(await store.disputes.of("i0")) == (revision >= "0003")
        assert (await store.shares.find("a hash") is not None) == (revision >= "0005")
        assert (await store.sessions.find("a hash", now=T0) is not None) == (revision >= "0007")
        assert await moved_at(store) == T0 + MINUTE
        spent_before = sum(day.amount.cost for day in await store.calls.spending(T0.date()))
        await ask(a_meter(store, ScriptedChat([SHORT])))
        assert (await store.calls.of_turn("i0", 1))[-1].amount == Amount(tokens_in=20, tokens_out=5, cost=16)
        assert sum(day.amount.cost for day in await store.calls.spending(T0.date())) == spent_before + 16
    finally:
        await store.close()


async def moved_at(store: SqlStore) -> datetime:
    """When the only interview last moved."""
    async with store.database.reading() as connection:
        found: datetime = (await connection.execute(select(col(InterviewRow.moved_at)))).scalar_one()
    return found


def test_every_released_schema_is_tried() -> None:
    """The newest one is what every other test uses."""
    versions = Path(migrations.__file__).parent / "versions"
    assert tuple(sorted(path.name[:4] for path in versions.glob("0*.py")))[:-1] == REVISIONS
