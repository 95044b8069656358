"""An answer that awaits its grade -> its grading: under a lease, by one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from random import shuffle

from interviewer import engine
from interviewer.conductor.changes import Changes
from interviewer.conductor.live import Live, LiveGrading
from interviewer.conductor.parts import Parts
from interviewer.conductor.telling import Telling
from interviewer.domain import GraderKind, Grading, Interview, Purpose, Question, QuestionKind, TurnStatus, Ungraded
from interviewer.errors import DatabaseUnusable, ModelError, StaleInterview
from interviewer.grading.key import by_key
from interviewer.grading.run import GradingRun, Watcher
from interviewer.store import Lease

log = logging.getLogger(__name__)
GIVE_UP_S = 3.0
"""How long a grading that is given up may take to say so in the database."""
PICKED_UP_AT_ONCE = 8
"""Interviews whose answers a process grades at once when others have left them behind."""


class Marking:
    """Has answers graded, each under its interview's lease."""

    def __init__(self, parts: Parts, changes: Changes) -> None:
        self._parts = parts
        self._changes = changes
        self._process = parts.new_id()
        self._leases = 0
        self._at_work: dict[asyncio.Timeout, asyncio.Event] = {}
        self._until: float | None = None
        """When all gradings here are given up, in the event loop's time; None while there is no end."""
        self._telling = Telling(parts)
        self.live = Live(changes.ring, process=self._process[:6])

    @property
    def _now(self) -> datetime:
        return self._parts.clock()

    async def running(self, interview: Interview) -> LiveGrading | None:
        """The grading of an interview that is being made, here or in another process, if one is."""
        return self.live.of(interview.id) or await self._telling.elsewhere(interview)

    async def grade_awaiting(self, interview: Interview) -> Interview:
        """Grade every answer of the interview that awaits its grade, unless another process is at it."""
        for number in [turn.number for turn in interview.turns if turn.status is TurnStatus.AWAITING_GRADE]:
            if engine.turn_of(interview, number).status is TurnStatus.AWAITING_GRADE:
                interview = await self.grade(interview, number)
        return interview

    async def save_and_grade(self, before: Interview, said: Interview, turn: int) -> Interview:
        """Save an answer and the lease to grade it in one go, so that nobody else does; then grade it.

        Raises:
            StaleInterview: somebody saved since `before` was loaded; nothing is written.
        """
        lease = self._lease()
        saved = await self._changes.save(before, said, lease)
        if not await self._parts.store.holds(saved.id, lease.holder):
            return await self._parts.store.load(saved.id, saved.owner)
        return await self._grade(saved, turn, lease)

    async def pick_up(self) -> int:
        """Grade what a killed process left behind; how many interviews were looked after.

        One that breaks the grader is logged and does not hold up the others. Each process begins somewhere else.
        """
        left = await self._parts.store.awaiting(self._lease())
        shuffle(left)
        places = asyncio.Semaphore(PICKED_UP_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for interview_id, owner in left:
                group.create_task(self._grade_left(interview_id, owner, places))
        await self._parts.store.logs.sweep(self._now)
        return len(left)

    async def _grade_left(self, interview_id: str, owner: str, places: asyncio.Semaphore) -> None:
        async with places:
            if self._changes.over:
                return  # this process is about to stop: the others have more time
            try:
                await self.grade_awaiting(await self._parts.store.load(interview_id, owner))
            except Exception:
                log.exception("could not grade what was left behind", extra={"interview": interview_id})

    async def grade(self, interview: Interview, turn: int, *, by_model: bool = False) -> Interview:
        """Grade one turn under the interview's lease; the interview unchanged when that was not possible.

        Raises:
            ModelError: with `by_model`, the model gave no grading again; none was added.
        """
        lease, store = self._lease(), self._parts.store
        if not await store.claim(interview.id, lease):
            return await store.load(interview.id, interview.owner)
        held = await store.load(interview.id, interview.owner)
        if engine.turn_of(held, turn).gradings != engine.turn_of(interview, turn).gradings:
            await store.release(interview.id, lease.holder)  # somebody has just graded it: a model is not asked twice
            return held
        return await self._grade(held, turn, lease, by_model=by_model)

    def _lease(self) -> Lease:
        """The right to make one grading, from now on."""
        self._leases += 1
        now = self._now
        until = now + timedelta(seconds=self._parts.lease_s)
        return Lease(holder=f"{self._process}.{self._leases}", taken_at=now, until=until)

    async def _grade(self, interview: Interview, turn: int, lease: Lease, *, by_model: bool = False) -> Interview:
        """Grade one turn under a lease that is held, and then no more; the interview as it stands if time ran out."""
        store, limit = self._parts.store, asyncio.timeout_at(self._until)
        graded = None
        with self._under_way(limit):
            try:
                async with limit:
                    graded = await self._followed(interview, turn, lease, by_model=by_model)
            except BaseException as error:
                with suppress(DatabaseUnusable):  # then it ends by itself
                    await asyncio.shield(store.release(interview.id, lease.holder))
                if not (isinstance(error, TimeoutError) and limit.expired()):
                    raise
            else:
                if graded is None:
                    await store.release(interview.id, lease.holder)
        return graded or await store.load(interview.id, interview.owner)

    async def _followed(self, interview: Interview, turn: int, lease: Lease, *, by_model: bool) -> Interview | None:
        """As `_graded`, while whoever follows the interview is told of it."""
        current = engine.turn_of(interview, turn)
        with self.live.grading(interview, current, self._parts.bank.question(current.question)) as watcher:
            async with self._telling.of(interview, watcher):
                return await self._graded(interview, turn, lease, watcher, by_model=by_model)

    @contextmanager
    def _under_way(self, limit: asyncio.Timeout) -> Iterator[None]:
        over = self._at_work[limit] = asyncio.Event()
        try:
            yield
        finally:
            del self._at_work[limit]
            over.set()

    def stop(self) -> None:
        """Have gradings be over soon: what is not done by then is left to another process."""
        if self._until is not None:
            return
        self._until = asyncio.get_running_loop().time() + self._parts.last_s
        for limit in self._at_work:
            with suppress(RuntimeError):  # it is over, but for giving back its lease
                limit.reschedule(self._until)

    async def finish(self) -> None:
        """Wait for gradings that were given up to give back their leases; nothing else should be under way."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GIVE_UP_S):
                for over in tuple(self._at_work.values()):
                    await over.wait()

    async def _graded(
        self, interview: Interview, turn: int, lease: Lease, watcher: Watcher | None, *, by_model: bool
    ) -> Interview | None:
        """The interview with a grading of that turn added and saved; None when there is none to add."""
        current = engine.turn_of(interview, turn)
        question = self._parts.bank.question(current.question)
        if question is None:
            log.warning("question left the bank", extra={"interview": interview.id, "question": current.question})
            return None
        if question.kind is QuestionKind.CHOICE:
            exact = by_key(question, current.chosen, bank=self._parts.bank.revision, graded_at=self._now)
            return await self._saved(interview, turn, exact, lease)
        if current.chosen:
            log.warning("question has no options any more", extra={"interview": interview.id})
            return None
        run = GradingRun(
            chat=self._parts.chat_for(interview, turn, Purpose.GRADE),
            language=interview.plan.language,
            asked=current.asked,
            watcher=watcher,
        )
        result = await self._traced(question, current.answers, run)
        if isinstance(result, Ungraded):
            log.warning("not graded", extra={"interview": interview.id, "turn": turn, "reason": result.reason})
            return None
        if why := result.provenance.fallback:
            if by_model:
                raise ModelError(why, "The model gave no grading again, so the one in force stays.")
            if current.grading and current.grading.provenance.grader is GraderKind.LLM:
                return None  # an estimate does not displace a model's marks
        return await self._saved(interview, turn, result, lease)

    async def _traced(self, question: Question, answers: Sequence[str], run: GradingRun) -> Grading | Ungraded:
        with self._parts.watch.spans.span("grade") as span:
            result = await self._parts.grader.grade(question, answers, run)
            if isinstance(result, Ungraded):
                span.failed(result.reason)
                return result
            made = result.provenance
            span.note(
                interviewer__question=question.id,
                interviewer__grader=made.grader,
                interviewer__fallback=made.fallback,
                interviewer__prompts=made.prompt,
                gen_ai__usage__input_tokens=made.tokens_in,
                gen_ai__usage__output_tokens=made.tokens_out,
            )
            return result

    async def _saved(self, interview: Interview, turn: int, result: Grading, lease: Lease) -> Interview | None:
        """The interview with a grading added, whoever saves meanwhile; None when they marked it too."""
        before = engine.turn_of(interview, turn).gradings
        while True:
            graded = engine.grade(interview, turn, result, questions=self._parts.bank.question, now=self._now)
            try:
                return await self._changes.save(interview, await self._parts.worded(interview, graded), held=lease)
            except StaleInterview:
                interview = await self._parts.store.load(interview.id, interview.owner)
                if engine.turn_of(interview, turn).gradings != before:
                    return None
