"""Graders and a clock for tests: each grader keeps the contract in one way, and in one way only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from interviewer.domain import Grading, Question, Ungraded, UngradedReason
from interviewer.grading.run import ALONE, GradingRun
from tests.builders import T0, a_grading

ALL = {"p1": 1.0, "p2": 1.0, "p3": 1.0}
"""Full credit for each point of `a_question`."""


class Clock:
    """A clock that goes a millisecond further each time it is read, and as far as a test wants."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        """The time."""
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Marks:
    """A grader that always gives these credits, and counts."""

    credits: dict[str, float] = field(default_factory=lambda: dict(ALL))
    calls: int = 0

    async def grade(self, question: Question, _answers: Sequence[str], _run: GradingRun = ALONE) -> Grading | Ungraded:
        """Mark."""
        self.calls += 1
        await asyncio.sleep(0)
        return a_grading(question, self.credits)


class Slow(Marks):
    """A grader that works until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.working, self.may_go = asyncio.Event(), asyncio.Event()

    async def grade(self, question: Question, answers: Sequence[str], run: GradingRun = ALONE) -> Grading | Ungraded:
        """Mark, late."""
        self.working.set()
        await self.may_go.wait()
        return await super().grade(question, answers, run)


class Broken:
    """A grader with a bug that only some questions bring out."""

    def __init__(self, *questions: str) -> None:
        self._questions = questions

    async def grade(self, question: Question, _answers: Sequence[str], _run: GradingRun = ALONE) -> Grading | Ungraded:
        """Raise, or mark."""
        if not self._questions or question.id in self._questions:
            raise RuntimeError("a bug")
        return a_grading(question, ALL)


class Away:
    """A grader that never has a grading."""

    async def grade(self, _question: Question, _answers: Sequence[str], _run: GradingRun = ALONE) -> Grading | Ungraded:
        """Say why not."""
        return Ungraded(reason=UngradedReason.TIMED_OUT, message="too slow")


class Talkative(Away):
    """A grader that tells what it thinks, waits until the test lets it go, and has no grading in the end."""

    def __init__(self) -> None:
        self.may_go = asyncio.Event()

    async def grade(self, question: Question, answers: Sequence[str], run: GradingRun = ALONE) -> Grading | Ungraded:
        """Tell, and say why not."""
        if run.watcher:
            run.watcher.quick(a_grading(question, ALL).marks)
        await self.may_go.wait()
        return await super().grade(question, answers, run)
