"""Disputes that are kept: by the store, by the conductor, and beside whatever else happens to an interview."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select
from sqlmodel import col

from interviewer import disputes, engine, migrations
from interviewer.conductor import Conductor
from interviewer.conductor.changes import Changes
from interviewer.conductor.disputes import Disputes
from interviewer.conductor.meanwhile import beside_decisions, in_order
from interviewer.disputes import Ruling
from interviewer.domain import Dispute, Interview
from interviewer.errors import NotFound, SettledByPerson, StaleInterview, UnknownChoice
from interviewer.store import Lease, SqlStore
from interviewer.store.tables import InterviewRow
from interviewer.web.events import events
from tests.builders import T0, a_question, an_interview, at
from tests.graders import Clock, Marks
from tests.test_conductor import conductor, started
from tests.test_disputes import ANSWER, MET, MISSED, PARTLY, QUESTION, contested, graded, in_force, settled

# ---- the store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    """A store on a real file with the graded interview in it."""
    opened = SqlStore(tmp_path / "interviews.sqlite3")
    await opened.open()
    await opened.add(graded())
    yield opened
    await opened.close()


@pytest.fixture
def door(store: SqlStore) -> Disputes:
    """Disputes with ids d1, d2, …"""
    ids = iter(range(1, 99))
    return Disputes(store, clock=Clock(), new_id=lambda: f"d{next(ids)}")


async def contest(door: Disputes, point: str = "p2", comment: str = "I said it.", owner: str = "alice") -> Dispute:
    """Contest a mark of the first turn."""
    return await door.contest("i1", owner, turn=1, point=point, comment=comment)


async def test_disputes_and_decisions_come_back_as_they_were(store: SqlStore, door: Disputes) -> None:
    """To the microsecond; with the grading that followed."""
    first, second = await contest(door, comment="Wörds ✓\n“x”"), await contest(door, "p3")
    assert await store.disputes.of("i1") == [first, second]
    case = await door.settle("d1", Ruling(verdict=MET, reason="Yes.", quote="beta two", by="Ada"))
    assert await store.disputes.of("i1") == [case.dispute, second]
    assert await store.load("i1", "alice") == case.interview
    assert case.interview.version == 1
    assert [each.dispute for each in await door.cases(only_open=True)] == [second]
    assert (await door.case("d2")).dispute == second


async def test_sent_again_it_is_one_dispute_still(store: SqlStore, door: Disputes) -> None:
    """Also when sent twice at once."""
    await asyncio.gather(*(contest(door, comment=f"Comment {number}.") for number in range(4)))
    (one,) = await store.disputes.of("i1")
    assert one.comment.startswith("Comment")


async def test_a_stranger_finds_nothing_to_contest(store: SqlStore, door: Disputes) -> None:
    """An interview of somebody else is as good as none."""
    with pytest.raises(NotFound):
        await contest(door, owner="bob")
    assert await store.disputes.of("i1") == []


async def test_disputes_go_with_their_interview(store: SqlStore, door: Disputes) -> None:
    """Nothing of the candidate's words stays."""
    await contest(door)
    await store.remove("i1", "alice")
    assert await door.cases() == []
    with pytest.raises(NotFound, match="no dispute 'd1'"):
        await door.settle("d1", Ruling(verdict=MISSED, reason="No."))


async def test_an_id_may_be_cut_as_long_as_it_names_one(store: SqlStore) -> None:
    """As one types it."""
    ids = iter(["ab12", "ab34"])
    door = Disputes(store, clock=Clock(), new_id=lambda: next(ids))
    await contest(door), await contest(door, "p3")
    assert (await door.case("ab3")).dispute.point == "p3"
    with pytest.raises(UnknownChoice, match="2 disputes"):
        await door.case("ab")
    for none in ("", "%", "_", "zz"):
        with pytest.raises(NotFound):
            await door.case(none)


async def test_of_two_who_settle_at_once_one_decides(store: SqlStore, door: Disputes) -> None:
    """The other is told; there is one grading more."""
    await contest(door)
    done = await asyncio.gather(
        *(door.settle("d1", Ruling(verdict=v, reason="So.", quote="beta two")) for v in (MET, PARTLY)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["AlreadySettled", "Case"]
    assert len((await store.load("i1", "alice")).turns[0].gradings) == 2


class Meanwhile(SqlStore):
    """A store in which the interview moves on once, between looking at a dispute and settling it."""

    moves = 0

    async def load(self, interview_id: str, owner: str) -> Interview:
        """Load, then save a grading as another process would."""
        found = await super().load(interview_id, owner)
        if self.moves == 0:
            self.moves = 1
            made = replace(in_force(found), notes=("Marked again.",))
            await self.save(found, engine.grade(found, 1, made, questions=lambda _id: None, now=at(12)))
        return found


async def test_a_decision_looks_again_when_the_interview_has_moved_on(store: SqlStore, door: Disputes) -> None:
    """Its grading rests on the one in force by then."""
    await contest(door)
    other = Meanwhile(store.database)
    case = await Disputes(other, clock=Clock()).settle("d1", Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    assert [grading.notes for grading in case.turn.gradings] == [("A note.",), ("Marked again.",), ("Marked again.",)]
    assert case.interview == await store.load("i1", "alice")
    await other.close()


async def test_a_stale_decision_writes_nothing(store: SqlStore, door: Disputes) -> None:
    """Neither the decision without its grading nor the grading without its decision."""
    await contest(door)
    case = await door.case("d1")
    made = disputes.settle(case.turn, case.dispute, Ruling(verdict=MET, reason="Yes.", quote="beta two"), at(20))
    assert made.grading
    after = engine.grade(case.interview, 1, made.grading, questions=lambda _id: None, now=at(20))
    await store.save(case.interview, case.interview)
    with pytest.raises(StaleInterview):
        await store.disputes.settle(case.interview, after, made.dispute)
    assert (await door.case("d1")).dispute == case.dispute
    assert len((await store.load("i1", "alice")).turns[0].gradings) == 1


async def test_a_decision_that_changes_a_mark_is_something_that_happened(store: SqlStore, door: Disputes) -> None:
    """So what was settled today is not forgotten tomorrow as if nobody had touched it for so long."""
    await contest(door)
    moved = select(col(InterviewRow.moved_at))
    async with store.database.reading() as connection:
        before = (await connection.execute(moved)).scalar_one()
    await door.settle("d1", Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    async with store.database.reading() as connection:
        assert (await connection.execute(moved)).scalar_one() > before


async def test_a_decision_leaves_the_lease_of_another_answer_alone(store: SqlStore, door: Disputes) -> None:
    """It is held by who marks that answer."""
    await contest(door)
    await store.claim("i1", Lease(holder="a worker", taken_at=at(0), until=at(99)))
    await door.settle("d1", Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    assert not await store.claim("i1", Lease(holder="another", taken_at=at(50), until=at(149)))


async def test_a_database_from_before_keeps_all_it_had(tmp_path: Path) -> None:
    """The table is added beside the interviews of the last version."""
    store = SqlStore(tmp_path / "old.sqlite3")
    await store.open()
    await store.add(graded())
    async with store.database.writing() as connection:
        await connection.run_sync(_downgrade_to, "0002")
    await store.open()
    assert await store.load("i1", "alice") == graded()
    assert (await contest(Disputes(store, clock=Clock()))).point == "p2"
    await store.close()


def _downgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


# ---- the conductor: no grader displaces a person


async def contested_by_alice(by: Conductor) -> Interview:
    """An interview at its second question, a mark of the first contested."""
    interview = await started(by)
    await by.answer(interview.id, "alice", turn=1, text=ANSWER)
    interview = await by.skip(interview.id, "alice", turn=1)
    await by.disputes.contest(interview.id, "alice", turn=1, point="p2", comment="I said it.")
    return interview


async def test_what_a_person_decided_is_not_marked_again(tmp_path: Path) -> None:
    """Not by any grader; other turns are."""
    store = SqlStore(tmp_path / "a.sqlite3")
    await store.open()
    grader = Marks({"p1": 0.5})
    by = conductor(store, grader)
    (dispute,) = await store.disputes.of((await contested_by_alice(by)).id)
    ruling = Ruling(verdict=MET, reason="Yes.", quote="beta two")
    interview = (await by.disputes.settle(dispute.id, ruling)).interview
    with pytest.raises(SettledByPerson, match="question 1"):
        await by.regrade(interview.id, "alice", turn=1)
    assert grader.calls == 1
    assert await by.load(interview.id, "alice") == interview
    assert await by.regrade(interview.id, "alice") == interview
    await store.close()


async def test_a_decision_meanwhile_does_not_cost_the_candidate_an_answer(tmp_path: Path) -> None:
    """The words of a move may take a model seconds; what a person decides on another turn then is no conflict."""
    store = SqlStore(tmp_path / "a.sqlite3")
    await store.open()
    by = conductor(store, Marks({"p1": 0.5}))
    before = await by.skip((await contested_by_alice(by)).id, "alice", turn=2)
    said = engine.answer(before, 3, "An answer to the third.", T0)
    (dispute,) = await store.disputes.of(before.id)
    decided = (await by.disputes.settle(dispute.id, Ruling(verdict=MET, reason="Yes.", quote="beta two"))).interview
    after = await Changes(store).save(before, said)
    assert after == await store.load(before.id, "alice")
    assert after.turns[0] == decided.turns[0]
    assert after.turns[2].answers == ("An answer to the third.",)
    told = [(event.kind, event.data["number"]) for event in events(after)]
    assert told[: len(events(decided))] == [(event.kind, event.data["number"]) for event in events(decided)]
    assert told[len(events(decided)) :] == [("turn", 3)]
    with pytest.raises(StaleInterview):
        await Changes(store).save(before, engine.answer(before, 3, "Another.", T0))
    await store.close()


def test_only_decisions_on_other_turns_are_no_conflict() -> None:
    """A grader's marks, another answer, a decision on the very turn that moves, the end: all are."""
    before = graded()
    again = replace(in_force(before), notes=("Again.",))
    decided, _ = settled(before, contested(before), Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    regraded = engine.grade(before, 1, again, questions=lambda _id: None, now=at(15))
    assert beside_decisions(before, before, decided) == decided
    assert beside_decisions(before, regraded, decided) is None
    assert beside_decisions(before, before, regraded) is None
    ended = replace(decided, finished_at=at(99))
    assert beside_decisions(before, before, ended) is None


def test_what_a_move_adds_is_told_after_the_decision() -> None:
    """Says, gradings and the end of an interview, so that a stream neither repeats nor loses an event."""
    interview = an_interview([QUESTION, a_question("q2")])
    first, then = engine.answer(interview, 1, ANSWER, at(1)), {"q2": a_question("q2")}.get
    before = engine.grade(first, 1, in_force(graded()), questions=then, now=at(2))
    said = engine.answer(before, 2, "Words.", at(5))
    after = engine.grade(said, 2, in_force(graded()), questions=lambda _id: None, now=at(6))
    over = after if after.finished_at else engine.finish(after, at(6))
    decided, _ = settled(before, contested(before), Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    beside = beside_decisions(before, over, decided)
    assert beside
    made = in_order(decided, beside)
    assert made.finished_at
    gained = [say.at for say in made.turns[1].says[len(before.turns[1].says) :]]
    assert min(*gained, made.turns[1].gradings[0].graded_at, made.finished_at) > at(20)
    assert made.turns[0] == decided.turns[0]
