"""What happens: plans, interviews, turns and what is said in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from interviewer.domain.marks import Grading
from interviewer.domain.questions import Level


class Mode(StrEnum):
    """When feedback is shown: after each answer, or once the interview is over."""

    PRACTICE = "practice"
    MOCK = "mock"


class Tone(StrEnum):
    """How the interviewer speaks; it moves no mark."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    TOUGH = "tough"


class TurnStatus(StrEnum):
    """Where a turn stands."""

    OPEN = "open"
    AWAITING_GRADE = "awaiting_grade"
    GRADED = "graded"
    SKIPPED = "skipped"


class InterviewStatus(StrEnum):
    """Whether the interview still takes moves."""

    OPEN = "open"
    FINISHED = "finished"


class Speaker(StrEnum):
    """Who said something."""

    INTERVIEWER = "interviewer"
    CANDIDATE = "candidate"


class SayKind(StrEnum):
    """What something said is for.

    A request is the candidate's and no answer: it is not marked. A remark is the interviewer's and asks nothing.
    """

    QUESTION = "question"
    ANSWER = "answer"
    PROBE = "probe"
    HINT = "hint"
    REQUEST = "request"
    REMARK = "remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something said in a turn; `point` names the point a probe asks about."""

    who: Speaker
    kind: SayKind
    text: str
    at: datetime
    point: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and what was said about it. Says and gradings are only ever added to."""

    number: int
    question: str
    status: TurnStatus
    says: tuple[Say, ...]
    gradings: tuple[Grading, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The candidate's texts, in order: the answer, then the answers to probes."""
        return tuple(say.text for say in self.says if say.kind is SayKind.ANSWER)

    @property
    def asked(self) -> tuple[tuple[str, ...], ...]:
        """For each of the candidate's texts, everything the interviewer had said before it."""
        before: list[str] = []
        found: list[tuple[str, ...]] = []
        for say in self.says:
            if say.who is Speaker.INTERVIEWER:
                before.append(say.text)
            elif say.kind is SayKind.ANSWER:
                found.append(tuple(before))
        return tuple(found)

    @property
    def requests(self) -> tuple[str, ...]:
        """The candidate's words that are no answer, in order."""
        return tuple(say.text for say in self.says if say.kind is SayKind.REQUEST)

    @property
    def last_asked(self) -> str:
        """What was asked last: the newest probe, or the question."""
        asking = (say.text for say in reversed(self.says) if say.kind in (SayKind.PROBE, SayKind.QUESTION))
        return next(asking, "")

    @property
    def hints_used(self) -> int:
        """How many hints were shown."""
        return sum(say.kind is SayKind.HINT for say in self.says)

    @property
    def probed(self) -> tuple[str, ...]:
        """Ids of the points that were probed."""
        return tuple(say.point for say in self.says if say.point is not None)

    @property
    def grading(self) -> Grading | None:
        """The grading in force: the newest."""
        return self.gradings[-1] if self.gradings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a candidate asked for; the same plan, seed and history give the same interview.

    `language` is the English name of the language the interviewer speaks when a model can; empty means English.
    """

    pack: str
    level: Level
    mode: Mode = Mode.PRACTICE
    questions: int = 6
    topics: tuple[str, ...] = ()
    seed: int = 0
    tone: Tone = Tone.NEUTRAL
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One sitting. `queue` holds the ids of the questions still to come."""

    id: str
    owner: str
    plan: Plan
    status: InterviewStatus
    created_at: datetime
    turns: tuple[Turn, ...]
    queue: tuple[str, ...]
    finished_at: datetime | None = None
    version: int = 0

    @property
    def current(self) -> Turn:
        """The turn whose question was asked last."""
        return self.turns[-1]

    @property
    def length(self) -> int:
        """How many questions the interview has when nothing is cut short."""
        return self.plan.questions
