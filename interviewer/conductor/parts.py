"""What a conductor works with and what comes of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from interviewer.bank import Bank
from interviewer.domain import Grading, Interview, Purpose, Question, Speaker, Ungraded
from interviewer.grading.run import GradingRun
from interviewer.llm import ChatModel
from interviewer.passwords import Passwords
from interviewer.store import SqlStore
from interviewer.talk.clarified import Clarified
from interviewer.watch import UNWATCHED, Watch

ChatFor = Callable[[Interview, int, Purpose], ChatModel | None]
"""Interview, turn and what for -> the model to ask there; None when that is left to the grader."""


def no_chat(_interview: Interview, _turn: int, _purpose: Purpose) -> None:
    """Nobody to ask but whom the grader knows."""


class Grader(Protocol):
    """Anything that keeps the grading contract."""

    async def grade(self, question: Question, answers: Sequence[str], run: GradingRun) -> Grading | Ungraded:
        """Mark the candidate's texts of one turn."""


class Talk(Protocol):
    """The interviewer's words by a model. It never raises and never takes long: the words as they were will do."""

    async def reword(self, before: Interview | None, after: Interview) -> Interview:
        """`after` with other texts in what the interviewer says beyond `before`; nothing else may differ."""

    async def clarify(self, interview: Interview, turn: int, question: Question, text: str) -> Clarified | None:
        """What to make of a short message that may be a question back; None when the model has no opinion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a conductor works with; everything that differs between production and tests is an argument."""

    bank: Bank
    store: SqlStore
    grader: Grader
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    new_seed: Callable[[], int]
    answer_chars: int
    lease_s: float
    """Seconds a grading may take before another process may take it over."""
    last_s: float = 0.0
    """Seconds a grading may go on once its process is told to stop."""
    chat_for: ChatFor = no_chat
    talk: Talk | None = None
    """Who words what the interviewer says; None leaves it at the bank's and the fixed words."""
    watch: Watch = UNWATCHED
    """Who is told what happens."""

    passwords: Passwords = field(default_factory=Passwords)

    async def worded(self, before: Interview | None, after: Interview) -> Interview:
        """`after`, reworded where the interviewer says more in it than in `before`."""
        if self.talk is None or _interviewers_says(after) == (_interviewers_says(before) if before else 0):
            return after
        return await self.talk.reword(before, after)


def _interviewers_says(interview: Interview) -> int:
    return sum(say.who is Speaker.INTERVIEWER for turn in interview.turns for say in turn.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An interview after an answer; `replaced` counts characters of it that could not be kept as they were."""

    interview: Interview
    replaced: int
