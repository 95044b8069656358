"""The store: what is saved comes back, and nobody writes over anybody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event
from sqlalchemy.util import await_only

from interviewer import engine
from interviewer.domain import AssertedMisconception, Interview, Mode
from interviewer.errors import DatabaseUnusable, NotFound, StaleInterview
from interviewer.store import Lease, SqlStore, database_at
from interviewer.store.tables import InterviewRow
from tests.builders import a_grading, a_question, an_interview, at
from tests.postgres import Postgres

QUESTIONS = [a_question("q1"), a_question("q2")]
BY_ID = {question.id: question for question in QUESTIONS}


def graded(interview: Interview) -> Interview:
    """The interview with its first answer graded."""
    grading = a_grading(QUESTIONS[0], {"p1": 1.0})
    wrong = AssertedMisconception(id="m1", says="x", penalty=20, fix="y", quote="“z”", said=0, start=0, end=3)
    grading = replace(grading, misconceptions=(wrong,), notes=("ünicode ✓",))
    return engine.grade(interview, 1, grading, questions=BY_ID.get, now=at(3))


def lease(holder: str, taken: int, until: int) -> Lease:
    """Times in seconds."""
    return Lease(holder=holder, taken_at=at(taken), until=at(until))


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
    assert await store.claim("i1", lease("worker-1", 0, 10))
    assert not await store.claim("i1", lease("worker-2", 5, 15))
    assert await store.claim("i1", lease("worker-2", 10, 20))
    await store.release("i1", "worker-1")
    assert not await store.claim("i1", lease("worker-3", 11, 21))


async def test_an_answer_and_the_lease_to_grade_it_are_saved_in_one_go(store: SqlStore) -> None:
    """Nobody who looks for ungraded answers comes between them."""
    interview = await store.add(an_interview(QUESTIONS))
    await store.save(interview, engine.answer(interview, 1, "Words.", at(2)), lease("worker-1", 2, 10))
    assert await store.awaiting(lease("worker", 3, 11)) == []
    assert not await store.claim("i1", lease("worker-2", 3, 11))


async def test_a_grading_gives_back_its_own_lease_only(store: SqlStore) -> None:
    """A choice that is marked by the key meanwhile must not have another answer graded twice."""
    interview = await store.add(an_interview(QUESTIONS))
    mine, other = (lease(name, 3, 20) for name in ("mine", "another's"))
    said = await store.save(interview, engine.answer(interview, 1, "Words.", at(2)), other)
    marked = await store.save(said, graded(said), held=mine)
    assert await store.holds("i1", "another's")
    await store.save(marked, marked, held=other)
    assert await store.claim("i1", mine)


async def test_an_interview_is_read_as_it_stood_at_one_moment(where: Path | str, store: SqlStore) -> None:
    """However often it is saved meanwhile by another process: version and words fit."""
    other, said = SqlStore(where), await store.add(an_interview(QUESTIONS))

    async def talk(interview: Interview) -> None:
        for _ in range(60):
            interview = await other.save(interview, engine.request(interview, 1, "Again, please.", at(2)))

    talking = asyncio.create_task(talk(said))
    while not talking.done():
        seen = await store.load("i1", "alice")
        assert len(seen.turns[0].says) == len(said.turns[0].says) + seen.version
    await talking
    await other.close()


async def test_a_lease_from_before_a_clock_was_set_back_is_no_lease(store: SqlStore) -> None:
    """Else an answer would wait for as long as the clock went back."""
    await store.add(an_interview(QUESTIONS))
    await store.claim("i1", lease("killed", 3600, 3610))
    assert await store.claim("i1", lease("worker", 1, 11))


async def test_of_two_reviews_begun_at_once_there_is_one(where: Path | str, store: SqlStore) -> None:
    """In two processes; both are told of the same one. Another mode and another candidate have their own."""
    other = SqlStore(where)
    review = an_interview(QUESTIONS)
    found = await asyncio.gather(*(kept.add_once(replace(review, id=f"i{n}")) for n, kept in enumerate([store, other])))
    assert len({interview.id for interview in found}) == 1
    assert (await store.add_once(replace(review, id="i3", owner="bob"))).id == "i3"
    mock = replace(review, id="i4", plan=replace(review.plan, mode=Mode.MOCK))
    assert (await store.add_once(mock)).id == "i4"
    await other.close()


async def test_answers_that_await_their_grade_are_found_unless_leased(store: SqlStore) -> None:
    """What a killed process leaves behind."""
    interview = await store.add(an_interview(QUESTIONS))
    assert await store.awaiting(lease("worker", 1, 7)) == []
    said = await store.save(interview, engine.answer(interview, 1, "Words.", at(2)))
    assert await store.awaiting(lease("worker", 3, 9)) == [("i1", "alice")]
    await store.claim("i1", lease("worker", 3, 9))
    assert await store.awaiting(lease("worker", 4, 10)) == []
    assert await store.awaiting(lease("worker", 9, 15)) == [("i1", "alice")]
    await store.save(said, graded(said))
    assert await store.awaiting(lease("worker", 99, 105)) == []


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
    async with store.database.reading() as connection:
        for table in InterviewRow.metadata.sorted_tables:
            assert (await connection.execute(table.select())).all() == [], table.name


async def test_the_migrations_make_exactly_the_tables_of_the_code(store: SqlStore) -> None:
    """Alembic finds no difference."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, InterviewRow.metadata))

    async with store.database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_opening_twice_changes_nothing(store: SqlStore, where: Path | str) -> None:
    """Migrations are idempotent."""
    await store.add(an_interview(QUESTIONS))
    again = SqlStore(where)
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


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, postgres: Postgres, kind: str) -> None:
    """With advice, and unchanged."""
    where = postgres.create() if kind == "postgres" else tmp_path / "newer.sqlite3"
    store = SqlStore(where)
    await store.open()
    async with store.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    await store.close()
    newer = SqlStore(where)
    with pytest.raises(DatabaseUnusable, match="newer version"):
        await newer.open()


async def test_an_interview_that_is_deleted_while_it_is_read_is_there_or_not_found(
    store: SqlStore, where: Path | str
) -> None:
    """Never without its turns, though its rows are read table by table."""
    interview = await store.add(an_interview(QUESTIONS))
    others = SqlStore(where)
    await others.open()
    deleting: list[asyncio.Task[None]] = []

    def delete_between(connection: Connection, _cursor: object, said: str, *_: object) -> None:
        if "FROM turn" in said and not deleting:
            deleting.append(asyncio.get_running_loop().create_task(others.remove("i1", "alice")))
            await_only(asyncio.wait(deleting))

    event.listen(store.database.engine.sync_engine, "before_cursor_execute", delete_between)
    try:
        assert await store.load("i1", "alice") == interview
    except NotFound:
        pass
    finally:
        await others.close()
    assert deleting
    assert await store.recent("alice") == []


async def test_who_starts_while_another_changes_the_schema_waits_for_it(postgres: Postgres) -> None:
    """However long that takes: a lock on a row is waited for far shorter."""
    where = postgres.create()
    first, second = (SqlStore(database_at(where, wait_s=0.2)) for _ in range(2))
    await first.open()
    async with first.database.alone():
        opening = asyncio.create_task(second.open())
        await asyncio.sleep(1)
        assert not opening.done()
    await opening
    await first.close()
    await second.close()


async def test_a_database_host_that_falls_silent_is_given_up_within_half_a_minute(postgres: Postgres) -> None:
    """The kernel would wait for a quarter of an hour; what the address says about it counts."""
    where = postgres.create()
    for asked, granted in (("", "20000"), ("tcp_user_timeout=9000", "9000")):
        store = SqlStore(f"{where}{'&' if '?' in where else '?'}{asked}" if asked else where)
        await store.open()
        async with store.database.reading() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver
            assert driver.info.get_parameters()["tcp_user_timeout"] == granted
        await store.close()
