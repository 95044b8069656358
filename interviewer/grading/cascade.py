"""Question + the candidate's texts -> Grading: by rule, else by the model, else offline; it says which one it was.

A model that fails again and again is left alone for a while: see `breaker.py`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from interviewer.domain import GraderKind, Grading, Provenance, Question, Ungraded, UngradedReason
from interviewer.grading import fuzzy
from interviewer.grading.assemble import NO_CONTENT_NOTES, assemble, missed_marks
from interviewer.grading.breaker import Breaker, Permit
from interviewer.grading.content import NoContent, no_content
from interviewer.grading.rubric import RubricGrader
from interviewer.grading.run import ALONE, GradingRun

log = logging.getLogger(__name__)


class Cascade:
    """The grader of the product. Without a model the offline grader marks; with one, it steps in when the model can't.

    `stopwatch` gives seconds that only go forward. With a `breaker`, a failing model gets its pauses.
    """

    def __init__(
        self,
        model_grader: RubricGrader | None,
        *,
        bank_revision: str,
        clock: Callable[[], datetime],
        stopwatch: Callable[[], float] = time.perf_counter,
        breaker: Breaker | None = None,
    ) -> None:
        self._model_grader = model_grader
        self._bank_revision = bank_revision
        self._clock = clock
        self._stopwatch = stopwatch
        self._breaker = breaker

    async def grade(self, question: Question, answers: Sequence[str], run: GradingRun = ALONE) -> Grading | Ungraded:
        """Mark the candidate's texts of one turn. Texts that hold nothing are recognised before any model is asked."""
        started = self._stopwatch()
        nothing = [no_content(answer, question) for answer in answers]
        if all(nothing):
            return self._nothing_said(question, nothing[0] if nothing else None, started)
        if self._model_grader is None:
            return self._offline(question, answers, started)
        result = await self._by_model(self._model_grader, question, answers, run)
        if isinstance(result, Grading):
            return result
        return self._offline(question, answers, started, fallback=result.reason)

    async def _by_model(
        self, grader: RubricGrader, question: Question, answers: Sequence[str], run: GradingRun
    ) -> Grading | Ungraded:
        """What the model makes of it; a call that is cancelled, or breaks on a bug of ours, counts for nothing."""
        breaker = self._breaker
        permit = breaker.permit(self._clock()) if breaker else None
        if breaker and not permit:
            return Ungraded(reason=UngradedReason.PAUSED, message="The model is left alone for a while.")
        try:
            result = await grader.grade(question, answers, run)
        except BaseException:
            if breaker and permit:
                breaker.abandoned(permit)
            raise
        if isinstance(result, Ungraded):
            log.warning(
                "the model gave no grading, the offline grader marks",
                extra={"question": question.id, "reason": result.reason.value, "detail": result.message},
            )
        if breaker and permit:
            self._settle(breaker, permit, result)
        return result

    def _settle(self, breaker: Breaker, permit: Permit, result: Grading | Ungraded) -> None:
        """A model that declines an answer is at work: otherwise one candidate could have it paused for all."""
        if isinstance(result, Grading) or result.reason is UngradedReason.REFUSAL:
            if breaker.succeeded(permit):
                log.warning("the model answers again: it marks from now on")
            return
        until = breaker.failed(permit, self._clock(), retry_after_s=result.retry_after_s)
        if until:
            log.warning(
                "the model failed too often: it is left alone until %s, the offline grader marks",
                f"{until:%Y-%m-%d %H:%M:%S} UTC",
                extra={"until": until.isoformat(), "reason": result.reason.value},
            )

    def _nothing_said(self, question: Question, why: NoContent | None, started: float) -> Grading:
        note = NO_CONTENT_NOTES[why or NoContent.EMPTY_TALK]
        marks = missed_marks(question, "Not found in the answer.")
        return assemble(marks, (), provenance=self._provenance(started), graded_at=self._clock(), notes=(note,))

    def _offline(
        self, question: Question, answers: Sequence[str], started: float, fallback: UngradedReason | None = None
    ) -> Grading:
        found = fuzzy.mark(question, answers)
        return assemble(
            found.marks,
            found.misconceptions,
            provenance=self._provenance(started, fallback),
            graded_at=self._clock(),
            notes=found.notes,
        )

    def _provenance(self, started: float, fallback: UngradedReason | None = None) -> Provenance:
        return Provenance(
            grader=GraderKind.FUZZY,
            bank=self._bank_revision,
            milliseconds=round((self._stopwatch() - started) * 1000),
            fallback=fallback,
        )
