"""An answer that awaits its grade -> its grading: under a lease, by one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from interviewer import engine
from interviewer.conductor.changes import Changes
from interviewer.conductor.live import Live
from interviewer.conductor.parts import Parts
from interviewer.domain import GraderKind, Grading, Interview, Purpose, Question, QuestionKind, TurnStatus, Ungraded
from interviewer.errors import ModelError, StaleInterview
from interviewer.grading.key import by_key
from interviewer.grading.run import GradingRun, Watcher

log = logging.getLogger(__name__)


class Marking:
    """Has answers graded. Interviews in `answering` are left to the request that takes their answer."""

    def __init__(self, parts: Parts, changes: Changes) -> None:
        self._parts = parts
        self._changes = changes
        self._holder = parts.new_id()
        self.live = Live(changes.ring, process=self._holder[:6])
        self.answering: set[str] = set()

    @property
    def _now(self) -> datetime:
        return self._parts.clock()

    async def grade_awaiting(self, interview: Interview) -> Interview:
        """Grade every answer of the interview that awaits its grade, unless another process is at it."""
        for turn in interview.turns:
            if turn.status is TurnStatus.AWAITING_GRADE:
                interview = await self.grade(interview, turn.number)
        return interview

    async def pick_up(self) -> int:
        """Grade what a killed process left behind; how many interviews were looked after.

        One that breaks the grader is logged and does not hold up the others. An answer that is just being taken is
        left to its request, which would otherwise have to say that it could not be marked.
        """
        left = [found for found in await self._parts.store.awaiting(self._now) if found[0] not in self.answering]
        for interview_id, owner in left:
            try:
                await self.grade_awaiting(await self._parts.store.load(interview_id, owner))
            except Exception:
                log.exception("could not grade what was left behind", extra={"interview": interview_id})
        return len(left)

    async def grade(self, interview: Interview, turn: int, *, by_model: bool = False) -> Interview:
        """Grade one turn under the interview's lease; the interview unchanged when that was not possible.

        Raises:
            ModelError: with `by_model`, the model gave no grading again; none was added.
        """
        parts = self._parts
        until = self._now + timedelta(seconds=parts.lease_s)
        if not await parts.store.claim(interview.id, self._holder, now=self._now, until=until):
            return await self._parts.store.load(interview.id, interview.owner)
        current = engine.turn_of(interview, turn)
        try:
            with self.live.grading(interview, current, parts.bank.question(current.question)) as watcher:
                return await self._grade_leased(interview, turn, watcher, by_model=by_model)
        except BaseException:
            await asyncio.shield(parts.store.release(interview.id, self._holder))
            raise

    async def _grade_leased(
        self, interview: Interview, turn: int, watcher: Watcher | None, *, by_model: bool
    ) -> Interview:
        current = engine.turn_of(interview, turn)
        question = self._parts.bank.question(current.question)
        if question is None:
            log.warning("question left the bank", extra={"interview": interview.id, "question": current.question})
            return await self._ungraded(interview)
        if question.kind is QuestionKind.CHOICE:
            exact = by_key(question, current.chosen, bank=self._parts.bank.revision, graded_at=self._now)
            return await self._saved(interview, turn, exact)
        if current.chosen:
            log.warning("question has no options any more", extra={"interview": interview.id})
            return await self._ungraded(interview)
        run = GradingRun(
            chat=self._parts.chat_for(interview, turn, Purpose.GRADE),
            language=interview.plan.language,
            asked=current.asked,
            watcher=watcher,
        )
        result = await self._graded(question, current.answers, run)
        if isinstance(result, Ungraded):
            log.warning("not graded", extra={"interview": interview.id, "turn": turn, "reason": result.reason})
            return await self._ungraded(interview)
        if why := result.provenance.fallback:
            if by_model:
                raise ModelError(why, "The model gave no grading again, so the one in force stays.")
            if current.grading and current.grading.provenance.grader is GraderKind.LLM:
                return await self._ungraded(interview)  # an estimate does not displace a model's marks
        return await self._saved(interview, turn, result)

    async def _graded(self, question: Question, answers: Sequence[str], run: GradingRun) -> Grading | Ungraded:
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

    async def _saved(self, interview: Interview, turn: int, result: Grading) -> Interview:
        """The interview with a grading added, whoever saves meanwhile, unless they marked it too."""
        before = engine.turn_of(interview, turn).gradings
        while True:
            graded = engine.grade(interview, turn, result, questions=self._parts.bank.question, now=self._now)
            try:
                return await self._changes.save(interview, await self._parts.worded(interview, graded))
            except StaleInterview:
                interview = await self._parts.store.load(interview.id, interview.owner)
                if engine.turn_of(interview, turn).gradings != before:
                    return await self._ungraded(interview)

    async def _ungraded(self, interview: Interview) -> Interview:
        """The interview with its lease given back, since no grading of ours was saved."""
        await self._parts.store.release(interview.id, self._holder)
        return interview
