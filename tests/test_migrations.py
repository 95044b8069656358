"""An older database with interviews in it -> the newest schema, and nothing is lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from interviewer import migrations
from interviewer.domain import Amount, InterviewStatus, Purpose, TurnStatus
from interviewer.llm import ScriptedChat
from interviewer.store import SqlStore
from tests.builders import T0
from tests.test_meter import SHORT, a_meter, ask

PLAN = {"level": "mid", "mode": "practice", "questions": 1, "pack": "fastapi", "topics": [], "seed": 7}
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


def at_revision(path: Path, revision: str) -> None:
    """A new database with the schema of an older version."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def fill(path: Path) -> None:
    """An interview as version 0.1.0 wrote it."""
    at = "2026-11-21 12:00:00.000000"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO interview (id, owner, pack, level, mode, plan, status, queue, created_at, version) "
            "VALUES ('i0', 'alice', 'fastapi', 'mid', 'practice', ?, 'finished', '[]', ?, 3)",
            (json.dumps(PLAN), at),
        )
        connection.execute("INSERT INTO turn VALUES ('i0', 1, 'q1', 'graded')")
        connection.execute(
            "INSERT INTO say VALUES ('i0', 1, 0, 'interviewer', 'question', 'What is q1?', ?, NULL)", (at,)
        )
        connection.execute("INSERT INTO say VALUES ('i0', 1, 1, 'candidate', 'answer', 'Words.', ?, NULL)", (at,))
        connection.execute(
            "INSERT INTO grading VALUES ('i0', 1, 0, 'llm', 'm', 'grade-system@0', 'b', 40, ?, ?)",
            (at, json.dumps(GRADING)),
        )
        connection.execute("INSERT INTO draft VALUES ('i0', 1, '', 4)")


async def test_a_database_of_the_first_version_is_brought_up_to_date_with_its_interviews(tmp_path: Path) -> None:
    """They read as before, no model was asked in them as far as is known, and they can go on."""
    path = tmp_path / "old.sqlite3"
    at_revision(path, "0001")
    fill(path)
    store = SqlStore(path)
    await store.open()
    try:
        kept = await store.load("i0", "alice")
        assert (kept.status, kept.version, kept.plan.seed) == (InterviewStatus.FINISHED, 3, 7)
        (turn,) = kept.turns
        assert (turn.status, turn.answers) == (TurnStatus.GRADED, ("Words.",))
        assert turn.grading
        assert (turn.grading.score, turn.grading.notes, turn.grading.provenance.calls) == (40, ("ünicode ✓",), ())
        assert await store.calls.usage(["i0"]) == {}
        assert await store.calls.spending(T0.date()) == ()
        await ask(a_meter(store, ScriptedChat([SHORT])))
        (call,) = await store.calls.of_turn("i0", 1)
        assert (call.purpose, call.amount) == (Purpose.GRADE, Amount(tokens_in=20, tokens_out=5, cost=16))
    finally:
        await store.close()
