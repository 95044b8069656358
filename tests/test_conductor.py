"""One turn end to end: who grades, when, and what is left when a grader cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from interviewer.bank import Bank
from interviewer.conductor import Conductor, Grader, Parts, changes
from interviewer.domain import Interview, InterviewStatus, Level, Pack, Plan, Question, SayKind, Topic, TurnStatus
from interviewer.errors import ConflictError, NotFound, OutOfTurn, StaleInterview, UnknownChoice
from interviewer.store import Lease, SqlStore
from interviewer.web import stream
from interviewer.web.events import events
from interviewer.web.live_events import DONE, Position
from interviewer.web.parts import always
from tests.builders import T0, a_question
from tests.graders import Away, Broken, Clock, Marks, Slow, Talkative

QUESTIONS = tuple(a_question(f"q{number}") for number in range(1, 4))
OWNER = "alice"
LEASE_S = 10.0


_IDS = count()


def conductor(
    store: SqlStore, grader: Grader, *, questions: Sequence[Question] = QUESTIONS, clock: Clock | None = None
) -> Conductor:
    """A process of its own, as far as the store can tell."""
    pack = Pack(
        id="pack", title="A pack", topics=(Topic(id="basics", title="Basics", share=1.0),), questions=tuple(questions)
    )
    return Conductor(
        Parts(
            bank=Bank(packs=(pack,), questions=tuple(questions), revision="test", lines={}),
            store=store,
            grader=grader,
            clock=clock or Clock(),
            new_id=lambda: f"id{next(_IDS)}",
            new_seed=lambda: 4,
            answer_chars=1000,
            lease_s=LEASE_S,
        )
    )


async def started(by: Conductor) -> Interview:
    """A new interview of three questions."""
    return await by.start(Plan(level=Level.MID, questions=3, pack="pack"), owner=OWNER)


async def left_ungraded(store: SqlStore) -> Interview:
    """An interview whose first answer awaits its grade."""
    by = conductor(store, Away())
    interview = await started(by)
    return (await by.answer(interview.id, OWNER, turn=1, text="Words.")).interview


async def is_free(store: SqlStore, interview: Interview) -> bool:
    """Whether nobody holds the grading lease."""
    lease = Lease(holder="somebody else", taken_at=T0, until=T0 + timedelta(seconds=LEASE_S))
    was_free = await store.claim(interview.id, lease)
    await store.release(interview.id, lease.holder)
    return was_free


async def test_without_a_seed_one_is_chosen_and_recorded(store: SqlStore) -> None:
    """And an unknown pack is refused with those there are."""
    by = conductor(store, Marks())
    assert (await started(by)).plan.seed == 4
    with pytest.raises(UnknownChoice, match="Known packs: pack"):
        await by.start(Plan(level=Level.MID, pack="cobol"), owner=OWNER)


@pytest.mark.parametrize("texts", [("First.", "Second."), ("Same.", "Same.")], ids=["different", "same"])
async def test_of_two_answers_at_once_one_is_graded(store: SqlStore, texts: tuple[str, str]) -> None:
    """Two tabs, or a double click."""
    grader = Marks()
    by = conductor(store, grader)
    interview = await started(by)
    sent = (by.answer(interview.id, OWNER, turn=1, text=text, says_seen=1) for text in texts)
    done = await asyncio.gather(*sent, return_exceptions=True)
    refused = sum(isinstance(result, ConflictError) for result in done)
    assert refused == (1 if texts[0] != texts[1] else 0)  # the same answer sent twice counts once
    after = await by.load(interview.id, OWNER)
    assert len(after.turns[0].answers) == len(after.turns[0].gradings) == grader.calls == 1


async def test_two_processes_never_grade_the_same_answer_at_once(store: SqlStore) -> None:
    """The lease lets one in."""
    said = await left_ungraded(store)
    graders = [Marks() for _ in range(4)]
    await asyncio.gather(*(conductor(store, grader).grade_awaiting(said) for grader in graders))
    assert len((await store.load(said.id, OWNER)).turns[0].gradings) == 1
    assert await is_free(store, said)


async def test_who_finds_the_answer_graded_already_gives_the_lease_back(store: SqlStore) -> None:
    """It had looked before the other one was done; the next answer must not wait for its lease."""
    stale = await left_ungraded(store)
    await conductor(store, Marks()).grade_awaiting(stale)
    late = await conductor(store, Marks()).grade_awaiting(stale)
    assert len(late.turns[0].gradings) == 1
    assert await is_free(store, stale)


class BusyStore(SqlStore):
    """A store in whose process somebody looks for ungraded answers right after each save."""

    looker: Conductor
    found = 0

    async def save(
        self, before: Interview, after: Interview, lease: Lease | None = None, *, held: Lease | None = None
    ) -> Interview:
        """Save, and look."""
        saved = await super().save(before, after, lease, held=held)
        self.found += await self.looker.pick_up()
        return saved


async def test_looking_for_what_was_left_does_not_snatch_an_answer_from_its_request(tmp_path: Path) -> None:
    """The request would have to say that its answer could not be marked yet, or mark it a second time for nothing."""
    busy, grader = BusyStore(tmp_path / "interviews.sqlite3"), Marks()
    await busy.open()
    by = busy.looker = conductor(busy, grader)
    interview = await started(by)
    done = await by.answer(interview.id, OWNER, turn=1, text="Words.")
    assert done.interview.turns[0].status is TurnStatus.GRADED
    assert (busy.found, grader.calls) == (0, 1)
    await busy.close()


@pytest.mark.parametrize("move", ["skip", "finish"])
async def test_who_goes_on_while_the_grader_works_keeps_the_answer_and_gets_its_marks(
    store: SqlStore, move: str
) -> None:
    """The grading lands in the turn it is for and moves nothing else."""
    grader = Slow()
    by = conductor(store, grader)
    interview = await started(by)
    answering = asyncio.create_task(by.answer(interview.id, OWNER, turn=1, text="My words."))
    await grader.working.wait()
    went_on = await (by.skip(interview.id, OWNER, turn=1) if move == "skip" else by.finish(interview.id, OWNER))
    assert went_on.turns[0].status is TurnStatus.AWAITING_GRADE
    grader.may_go.set()
    after = (await answering).interview
    assert after.turns[0].answers == ("My words.",)
    assert after.turns[0].status is TurnStatus.GRADED
    assert len(after.turns[0].gradings) == 1
    assert after.turns[1:] == went_on.turns[1:]
    assert after.status is (InterviewStatus.OPEN if move == "skip" else InterviewStatus.FINISHED)
    assert await is_free(store, interview)


async def test_an_interview_deleted_while_the_grader_works_stays_deleted(store: SqlStore) -> None:
    """The late grading finds nothing to write to."""
    grader = Slow()
    by = conductor(store, grader)
    interview = await started(by)
    answering = asyncio.create_task(by.answer(interview.id, OWNER, turn=1, text="My words."))
    await grader.working.wait()
    await by.remove(interview.id, OWNER)
    grader.may_go.set()
    with pytest.raises(NotFound):
        await answering
    assert await by.recent(OWNER) == []


async def test_an_answer_to_the_next_question_waits_for_the_lease_and_is_picked_up(store: SqlStore) -> None:
    """One grading at a time in an interview; nothing is forgotten."""
    grader = Slow()
    by = conductor(store, grader)
    interview = await started(by)
    first = asyncio.create_task(by.answer(interview.id, OWNER, turn=1, text="First."))
    await grader.working.wait()
    await by.skip(interview.id, OWNER, turn=1)
    second = await by.answer(interview.id, OWNER, turn=2, text="Second.")
    assert second.interview.turns[1].status is TurnStatus.AWAITING_GRADE
    grader.may_go.set()
    await first
    assert await by.pick_up() == 1
    after = await by.load(interview.id, OWNER)
    assert [len(turn.gradings) for turn in after.turns] == [1, 1, 0]


async def test_a_grader_that_raises_leaves_the_answer_waiting_and_the_lease_free(store: SqlStore) -> None:
    """The error is not swallowed; the answer is safe; another grader finds it."""
    by = conductor(store, Broken())
    interview = await started(by)
    with pytest.raises(RuntimeError, match="a bug"):
        await by.answer(interview.id, OWNER, turn=1, text="Words.")
    assert (await by.load(interview.id, OWNER)).turns[0].status is TurnStatus.AWAITING_GRADE
    assert await is_free(store, interview)
    assert await conductor(store, Marks()).pick_up() == 1
    assert len((await by.load(interview.id, OWNER)).turns[0].gradings) == 1


async def test_an_answer_that_breaks_the_grader_does_not_hold_up_the_others(store: SqlStore) -> None:
    """What is left of other candidates is graded all the same."""
    away = conductor(store, Away())
    waiting = [await started(away) for _ in range(3)]
    for interview in waiting:
        await away.answer(interview.id, OWNER, turn=1, text="Words.")
    first = waiting[0].turns[0].question
    good = [interview for interview in waiting if interview.turns[0].question != first]
    assert good
    await conductor(store, Broken(first)).pick_up()
    for interview in good:
        assert (await away.load(interview.id, OWNER)).turns[0].status is TurnStatus.GRADED


async def test_a_request_that_is_given_up_leaves_the_answer_waiting_and_the_lease_free(store: SqlStore) -> None:
    """The server is told to stop while a model thinks."""
    grader = Slow()
    by = conductor(store, grader)
    interview = await started(by)
    answering = asyncio.create_task(by.answer(interview.id, OWNER, turn=1, text="Words."))
    await grader.working.wait()
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering
    assert (await by.load(interview.id, OWNER)).turns[0].status is TurnStatus.AWAITING_GRADE
    assert await is_free(store, interview)


async def test_an_answer_without_a_grading_waits_and_can_be_graded_later(store: SqlStore) -> None:
    """Never a score of nothing; skip is open meanwhile; regrade grades it once."""
    said = await left_ungraded(store)
    assert said.turns[0].status is TurnStatus.AWAITING_GRADE
    assert said.turns[0].gradings == ()
    assert await is_free(store, said)
    by = conductor(store, Marks())
    with pytest.raises(OutOfTurn, match="being marked"):
        await by.answer(said.id, OWNER, turn=1, text="Again.")
    after = await by.regrade(said.id, OWNER)
    assert after.turns[0].status is TurnStatus.GRADED
    assert after.current.number == 2
    again = await by.regrade(said.id, OWNER)
    assert again == after


async def test_a_grading_of_a_dead_process_is_taken_over_when_its_lease_is_over(store: SqlStore) -> None:
    """Not a moment earlier."""
    said, clock, grader = await left_ungraded(store), Clock(), Marks()
    await store.claim(said.id, Lease(holder="dead", taken_at=T0, until=T0 + timedelta(seconds=LEASE_S)))
    by = conductor(store, grader, clock=clock)
    assert await by.pick_up() == 0
    assert (await by.regrade(said.id, OWNER)).turns[0].status is TurnStatus.AWAITING_GRADE
    clock.now += timedelta(seconds=LEASE_S)
    assert await by.pick_up() == 1
    assert grader.calls == 1


async def test_who_waits_is_told_at_once_when_somebody_saves(store: SqlStore) -> None:
    """Also when nobody waited just then."""
    by = conductor(store, Marks())
    interview = await started(by)
    async with asyncio.timeout(2):
        with by.following(interview.id) as bell:
            waiting = asyncio.create_task(bell.next(interview, 60))
            await asyncio.sleep(0.05)
            hinted = await by.hint(interview.id, OWNER, turn=1)
            assert await waiting == hinted
            assert await bell.next(hinted, 0.01) is None
            again = await by.hint(interview.id, OWNER, turn=1)
            assert await bell.next(hinted, 60) == again


class DeafStore(SqlStore):
    """A store that hears of nothing, as of a process that is killed between saving and telling of it."""

    async def heard(self) -> AsyncIterator[str | None]:
        """Nothing, for ever."""
        await asyncio.Event().wait()
        yield None


async def test_what_nobody_tells_of_is_seen_at_the_next_look(
    store: SqlStore, where: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for each save of another process; also that an interview is gone."""
    monkeypatch.setattr(changes, "LOOK_EVERY_S", 0.05)
    hears_nothing = DeafStore(where)
    deaf, other = conductor(hears_nothing, Marks()), conductor(store, Marks())
    interview = await started(other)
    listening = asyncio.create_task(deaf.listen())
    async with asyncio.timeout(5):
        with deaf.following(interview.id) as bell:
            for _ in range(2):
                hinted = await other.hint(interview.id, OWNER, turn=1)
                assert await bell.next(interview, 60) == hinted
                interview = hinted
            await store.remove(interview.id, OWNER)
            with pytest.raises(NotFound):
                await bell.next(interview, 60)
    listening.cancel()
    await hears_nothing.close()


async def test_streams_in_which_nothing_happens_ask_the_database_nothing_each_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that are followed are looked at together, in one query for hundreds."""
    monkeypatch.setattr(changes, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(stream, "ASK_AGAIN_S", 0.01)
    store = SqlStore(tmp_path / "interviews.sqlite3")
    await store.open()
    by = conductor(store, Marks())
    begun = [await started(by) for _ in range(20)]
    told = [stream.follow(by, one.id, OWNER, Position(len(events(one))), always) for one in begun]
    waiting = [asyncio.ensure_future(anext(one)) for one in told]
    listening = asyncio.create_task(by.listen())
    asked: list[str] = []
    event.listen(store.database.engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    async with asyncio.timeout(10):
        while len({query for query in asked if query != "BEGIN"}) != 1:  # at first each loads its interview
            asked.clear()
            await asyncio.sleep(0.2)
    assert len(asked) <= 20
    hinted = await by.hint(begun[0].id, OWNER, turn=1)
    assert (await waiting[0]).data["text"] == hinted.current.says[-1].text
    for task in (listening, *waiting):
        task.cancel()
    await asyncio.gather(listening, *waiting, return_exceptions=True)
    await store.close()


class Overtaken(SqlStore):
    """A store in which somebody else is about to grade the second turn whenever this one asks for a lease."""

    other: Conductor | None = None

    async def claim(self, interview_id: str, lease: Lease) -> bool:
        """Another process holds it, and is done a moment later."""
        if self.other is None:
            return await super().claim(interview_id, lease)
        other, self.other = self.other, None
        await other.grade_awaiting(await self.load(interview_id, OWNER))
        return False


async def test_what_another_process_has_graded_meanwhile_is_not_graded_again(tmp_path: Path) -> None:
    """Two answers await their grade; the lease for the first was not to be had."""
    store, grader = Overtaken(tmp_path / "interviews.sqlite3"), Marks()
    await store.open()
    away, by = conductor(store, Away()), conductor(store, grader)
    left = await started(away)
    for turn in (1, 2):
        left = (await away.answer(left.id, OWNER, turn=turn, text="Words.")).interview
        left = await away.skip(left.id, OWNER, turn=turn) if turn == 1 else left
    store.other = conductor(store, Marks())
    after = await by.grade_awaiting(left)
    assert [len(turn.gradings) for turn in after.turns[:2]] == [1, 1]
    assert grader.calls == 0
    await store.close()


class Reluctant(SqlStore):
    """A store that takes its time to have a lease given back."""

    def __init__(self, where: Path) -> None:
        super().__init__(where)
        self.wanted, self.may = asyncio.Event(), asyncio.Event()

    async def release(self, interview_id: str, holder: str) -> None:
        """Give it back once the test says so."""
        self.wanted.set()
        await self.may.wait()
        await super().release(interview_id, holder)


async def test_who_is_told_to_stop_while_a_lease_is_given_back_gives_it_back(tmp_path: Path) -> None:
    """Told twice, as by Ctrl+C at the terminal and then by the supervisor."""
    store = Reluctant(tmp_path / "interviews.sqlite3")
    await store.open()
    by = conductor(store, Away())
    interview = await started(by)
    answering = asyncio.create_task(by.answer(interview.id, OWNER, turn=1, text="Words."))
    await store.wanted.wait()
    by.stop()
    by.stop()
    store.may.set()
    assert (await answering).interview.turns[0].status is TurnStatus.AWAITING_GRADE
    await by.finish_up()
    assert await is_free(store, interview)
    await store.close()


async def test_a_question_that_left_the_bank_can_be_skipped_and_its_answer_is_kept(store: SqlStore) -> None:
    """The interview was open while the bank was edited."""
    interview = await started(conductor(store, Marks()))
    gone = interview.turns[0].question
    by = conductor(store, Marks(), questions=[q for q in QUESTIONS if q.id != gone])
    with pytest.raises(OutOfTurn, match="Skip it"):
        await by.hint(interview.id, OWNER, turn=1)
    said = (await by.answer(interview.id, OWNER, turn=1, text="Words.")).interview
    assert said.turns[0].status is TurnStatus.AWAITING_GRADE
    assert await is_free(store, said)
    after = await by.skip(interview.id, OWNER, turn=1)
    assert after.turns[0].answers == ("Words.",)
    assert after.current.number == 2


class Crossing(SqlStore):
    """A store whose first two readers both look before either of them writes."""

    looked = 0

    async def load(self, interview_id: str, owner: str) -> Interview:
        """Load, and wait for the other one."""
        found = await super().load(interview_id, owner)
        self.looked += 1
        if self.looked == 1:
            self.both = asyncio.Event()
            await self.both.wait()
        elif self.looked == 2:
            self.both.set()
        return found


async def test_a_move_made_from_an_old_view_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    """Two moves at once: the second must look again."""
    store = Crossing(tmp_path / "interviews.sqlite3")
    await store.open()
    by = conductor(store, Marks())
    interview = await started(by)
    moves = (by.hint(interview.id, OWNER, turn=1), by.hint(interview.id, OWNER, turn=1))
    done = await asyncio.gather(*moves, return_exceptions=True)
    assert sum(isinstance(result, StaleInterview) for result in done) == 1
    after = await by.load(interview.id, OWNER)
    assert [say.kind for say in after.current.says] == [SayKind.REMARK, SayKind.QUESTION, SayKind.HINT]
    await store.close()


async def test_a_grading_that_comes_to_nothing_is_said_to_be_over_at_once(store: SqlStore) -> None:
    """Whoever follows it does not wait for the next look at the database."""
    grader = Talkative()
    by = conductor(store, grader)
    interview = await started(by)
    told = stream.follow(by, interview.id, OWNER, Position(len(events(interview))), always)
    answering = asyncio.create_task(by.answer(interview.id, OWNER, turn=1, text="Words."))
    assert [(await anext(told)).kind for _ in range(2)] == ["turn", "quick"]
    grader.may_go.set()
    async with asyncio.timeout(changes.LOOK_EVERY_S / 2):
        assert (await anext(told)).kind == DONE
    assert await by.live(interview) is None
    assert (await answering).interview.turns[0].status is TurnStatus.AWAITING_GRADE
