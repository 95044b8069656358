"""The store: what is saved comes back, and nobody writes over anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from interviewer import engine
from interviewer.domain import AssertedMisconception, Interview
from interviewer.errors import DatabaseUnusable, NotFound, StaleInterview
from interviewer.store import SqlStore
from interviewer.store.tables import InterviewRow
from tests.builders import a_grading, a_question, an_interview, at

QUESTIONS = [a_question("q1"), a_question("q2")]
BY_ID = {question.id: question for question in QUESTIONS}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    """A store on a real file."""
    opened = SqlStore(tmp_path / "deep" / "er" / "interviews.sqlite3")
    await opened.open()
    yield opened
    await opened.close()


def graded(interview: Interview) -> Interview:
    """The interview with its first answer graded."""
    grading = a_grading(QUESTIONS[0], {"p1": 1.0})
    wrong = AssertedMisconception(id="m1", says="x", penalty=20, fix="y", quote="“z”", said=0, start=0, end=3)
    grading = replace(grading, misconceptions=(wrong,), notes=("ünicode ✓",))
    return engine.grade(interview, 1, grading, questions=BY_ID.get, now=at(3))


async def test_everything_said_and_marked_comes_back_as_it_was(store: SqlStore) -> None:
    """Through a probe, to the last offset."""
    interview = await store.add(an_interview(QUESTIONS))
    said = await store.save(interview, engine.answer(interview, 1, "Wörds ✓ 🙂\n```\ncode\n```", at(2)))
    marked = await store.save(said, graded(said))
    assert await store.load("i1", "alice") == marked
    assert marked.version == 2


async def test_another_owner_sees_nothing(store: SqlStore) -> None:
    """Not to read, not to delete, not in a list."""
    await store.add(an_interview(QUESTIONS))
    with pytest.raises(NotFound):
        await store.load("i1", "bob")
    with pytest.raises(NotFound):
        await store.remove("i1", "bob")
    assert await store.recent("bob") == []
    assert await store.asked("bob", "pack") == ()
    assert await store.version("i1", "bob") is None


async def test_of_two_who_save_at_once_the_second_is_told(store: SqlStore) -> None:
    """And nothing of the second is written."""
    interview = await store.add(an_interview(QUESTIONS))
    await store.save(interview, engine.answer(interview, 1, "First.", at(2)))
    with pytest.raises(StaleInterview):
        await store.save(interview, engine.answer(interview, 1, "Second.", at(2)))
    assert (await store.load("i1", "alice")).current.answers == ("First.",)


async def test_a_lease_is_held_by_one_until_it_runs_out(store: SqlStore) -> None:
    """Compare-and-set in the database."""
    await store.add(an_interview(QUESTIONS))
    until = at(0) + timedelta(seconds=10)
    assert await store.claim("i1", "worker-1", now=at(0), until=until)
    assert not await store.claim("i1", "worker-2", now=at(5), until=at(15))
    assert await store.claim("i1", "worker-2", now=at(10), until=at(20))
    await store.release("i1", "worker-1")
    assert not await store.claim("i1", "worker-3", now=at(11), until=at(30))


async def test_answers_that_await_their_grade_are_found_unless_leased(store: SqlStore) -> None:
    """What a killed process leaves behind."""
    interview = await store.add(an_interview(QUESTIONS))
    assert await store.awaiting(at(1)) == []
    said = await store.save(interview, engine.answer(interview, 1, "Words.", at(2)))
    assert await store.awaiting(at(3)) == [("i1", "alice")]
    await store.claim("i1", "worker", now=at(3), until=at(9))
    assert await store.awaiting(at(4)) == []
    assert await store.awaiting(at(9)) == [("i1", "alice")]
    await store.save(said, graded(said))
    assert await store.awaiting(at(99)) == []


async def test_an_older_draft_never_replaces_a_newer_one(store: SqlStore) -> None:
    """And an answer empties the draft without forgetting its sequence."""
    interview = await store.add(an_interview(QUESTIONS))
    assert await store.drafts.keep("i1", 1, "newer", 5, now=at(1))
    assert not await store.drafts.keep("i1", 1, "older", 4, now=at(1))
    assert not await store.drafts.keep("i1", 1, "same", 5, now=at(1))
    assert await store.drafts.of("i1", 1) == "newer"
    await store.save(interview, engine.answer(interview, 1, "Sent.", at(2)))
    assert await store.drafts.of("i1", 1) == ""
    assert not await store.drafts.keep("i1", 1, "late", 5, now=at(1))


async def test_deleting_an_interview_deletes_all_of_it(store: SqlStore) -> None:
    """Foreign keys are on."""
    await store.add(an_interview(QUESTIONS))
    await store.drafts.keep("i1", 1, "text", 1, now=at(1))
    await store.remove("i1", "alice")
    engine_ = create_engine(f"sqlite:///{store.database}")
    with engine_.connect() as connection:
        for table in InterviewRow.metadata.sorted_tables:
            assert connection.execute(table.select()).all() == [], table.name
    engine_.dispose()


async def test_the_migrations_make_exactly_the_tables_of_the_code(store: SqlStore) -> None:
    """Alembic finds no difference."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, InterviewRow.metadata))

    async with store._engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_opening_twice_changes_nothing(store: SqlStore) -> None:
    """Migrations are idempotent."""
    await store.add(an_interview(QUESTIONS))
    again = SqlStore(store.database)
    await again.open()
    assert (await again.load("i1", "alice")).id == "i1"
    await again.close()


@pytest.mark.parametrize("make", ["folder", "garbage", "below-a-file"])
async def test_an_unusable_database_says_which_file_and_what_to_do(tmp_path: Path, make: str) -> None:
    """Not a traceback of a library."""
    path = tmp_path / "db.sqlite3"
    if make == "folder":
        path.mkdir()
    elif make == "garbage":
        path.write_bytes(b"this is not a database" * 100)
    else:
        (tmp_path / "file").write_text("x", encoding="utf-8")
        path = tmp_path / "file" / "db.sqlite3"
    with pytest.raises(DatabaseUnusable, match=r"db\.sqlite3.*--database"):
        await SqlStore(path).open()


async def test_a_database_of_a_newer_version_is_left_alone(store: SqlStore) -> None:
    """With advice, and unchanged."""
    async with store._writer() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    newer = SqlStore(store.database)
    with pytest.raises(DatabaseUnusable, match="newer version"):
        await newer.open()
