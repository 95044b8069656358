"""Question + the candidate's texts -> Grading: by rule, else by the model, else offline; it says which one it was.

A model that fails again and again is left alone for a while: see `breaker.py`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from interviewer.domain import NOT_ASKED, GraderKind, Grading, Provenance, Question, Ungraded, UngradedReason
from interviewer.grading import fuzzy
from interviewer.grading.assemble import NO_CONTENT_NOTES, assemble, missed_marks
from interviewer.grading.breaker import Breaker, Permit
from interviewer.grading.content import NoContent, no_content
from interviewer.grading.fuzzy import FuzzyMarks
from interviewer.grading.languages import is_english
from interviewer.grading.rubric import RubricGrader
from interviewer.grading.run import ALONE, Follower, GradingRun

log = logging.getLogger(__name__)

ENGLISH_ONLY = "The offline grader understands English only. Have this answer marked again by the model."


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
        offline = cache(lambda: fuzzy.mark(question, answers, run.asked))
        if self._model_grader is None:
            return self._offline(offline(), started)
        result = await self._by_model(self._model_grader, question, answers, run, offline)
        if isinstance(result, Grading):
            return result
        notes = (ENGLISH_ONLY,) if run.language and not all(map(is_english, answers)) else ()
        return self._offline(offline(), started, fallback=result.reason, notes=notes)

    async def _by_model(
        self,
        grader: RubricGrader,
        question: Question,
        answers: Sequence[str],
        run: GradingRun,
        offline: Callable[[], FuzzyMarks],
    ) -> Grading | Ungraded:
        """What the model makes of it, the offline marks shown first to whoever follows.

        A call that is cancelled, or breaks on a bug of ours, counts for nothing.
        """
        breaker = self._breaker
        permit = breaker.permit(self._clock()) if breaker else None
        if breaker and not permit:
            return Ungraded(reason=UngradedReason.PAUSED, message="The model is left alone for a while.")
        try:
            if run.watcher:
                Follower(run.watcher).quick(offline().marks)
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
        """A model that declines an answer is at work: otherwise one candidate could have it paused for all.

        One that was not asked, for want of budget or of a place, has not failed.
        """
        if isinstance(result, Grading) or result.reason is UngradedReason.REFUSAL:
            if breaker.succeeded(permit):
                log.warning("the model answers again: it marks from now on")
            return
        if result.reason in NOT_ASKED:
            breaker.abandoned(permit)
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
        self, found: FuzzyMarks, started: float, fallback: UngradedReason | None = None, notes: tuple[str, ...] = ()
    ) -> Grading:
        return assemble(
            found.marks,
            found.misconceptions,
            provenance=self._provenance(started, fallback),
            graded_at=self._clock(),
            notes=(*notes, *found.notes),
        )

    def _provenance(self, started: float, fallback: UngradedReason | None = None) -> Provenance:
        return Provenance(
            grader=GraderKind.FUZZY,
            bank=self._bank_revision,
            milliseconds=round((self._stopwatch() - started) * 1000),
            fallback=fallback,
        )
