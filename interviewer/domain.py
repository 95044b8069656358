"""The nouns of the product: frozen values, no behaviour beyond what they can say of themselves.

Times are aware UTC and end in `_at`; a share or a credit is 0..1; points of a score are whole numbers 0..100.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """What the interview expects of the candidate."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"


class Mode(StrEnum):
    """When feedback is shown: after each answer, or once the interview is over."""

    PRACTICE = "practice"
    MOCK = "mock"


class Verdict(StrEnum):
    """What an answer did for one point."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    CONTRADICTED = "contradicted"


class Band(StrEnum):
    """Where a sample answer must come out: strong >= 80, partial 30..79, weak < 30."""

    STRONG = "strong"
    PARTIAL = "partial"
    WEAK = "weak"


class QuestionKind(StrEnum):
    """How a question is answered."""

    OPEN = "open"


class GraderKind(StrEnum):
    """Who gave a grading."""

    LLM = "llm"
    FUZZY = "fuzzy"


class UngradedReason(StrEnum):
    """Why a grader gave no grading."""

    UNREACHABLE = "unreachable"
    REFUSED_KEY = "refused_key"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMED_OUT = "timed_out"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    REFUSAL = "refusal"
    REJECTED = "rejected"
    BROKEN = "broken"


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
    """What something said is for."""

    QUESTION = "question"
    ANSWER = "answer"
    PROBE = "probe"
    HINT = "hint"


Cues = tuple[tuple[str, ...], ...]
"""Groups of alternatives: every group must be heard, any alternative of it will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One checkable statement of a rubric: the unit of marking."""

    id: str
    says: str
    weight: int
    cues: Cues
    probe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A known wrong belief; asserting it costs `penalty` points of the score."""

    id: str
    says: str
    cues: Cues
    penalty: int
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An answer whose band is known: the test of its question."""

    band: Band
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Code that shows the answer, and a test that runs it against the installed packages."""

    code: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the bank with its rubric. Ids never change meaning."""

    id: str
    pack: str
    kind: QuestionKind
    level: Level
    topic: str
    ask: str
    reference: str
    points: tuple[Point, ...]
    misconceptions: tuple[Misconception, ...]
    hints: tuple[str, ...]
    takeaway: str
    samples: tuple[Sample, ...]
    sources: tuple[str, ...]
    covers: tuple[str, ...] = ()
    analogy: str | None = None
    example: Example | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A part of a pack's subject; `share` is its part of the pack's blueprint."""

    id: str
    title: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One subject: topics with their blueprint, and the questions."""

    id: str
    title: str
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The verdict on one point.

    `said` counts the candidate's texts of the turn from 0: where the quote stands. A point that was met only
    after a probe has `said` > 0. `start` and `end` are character offsets of the quote in that text.
    """

    point: str
    says: str
    weight: int
    verdict: Verdict
    credit: float
    quote: str | None = None
    said: int = 0
    start: int = 0
    end: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertedMisconception:
    """A misconception the candidate asserted, with the words that show it."""

    id: str
    says: str
    penalty: int
    fix: str
    quote: str
    said: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who gave a grading and from what; `fallback` says why the model did not."""

    grader: GraderKind
    bank: str
    milliseconds: int
    model: str | None = None
    prompt: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    fallback: UngradedReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """All marks of a turn with feedback and provenance; `score` is what the marks are worth before hints."""

    marks: tuple[Mark, ...]
    misconceptions: tuple[AssertedMisconception, ...]
    strengths: tuple[str, ...]
    improve: tuple[str, ...]
    notes: tuple[str, ...]
    score: int
    provenance: Provenance
    graded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ungraded:
    """There is no grading, and why. Never a number."""

    reason: UngradedReason
    message: str


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
    """What a candidate asked for; the same plan, seed and history give the same interview."""

    level: Level
    mode: Mode = Mode.PRACTICE
    questions: int = 6
    pack: str = "fastapi"
    topics: tuple[str, ...] = ()
    seed: int = 0


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
        return len(self.turns) + len(self.queue)
