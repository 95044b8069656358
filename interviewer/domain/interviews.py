"""What happens: plans, interviews, turns and what is said in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from interviewer.domain.marks import Grading
from interviewer.domain.questions import Level, QuestionKind


class Mode(StrEnum):
    """What kind of sitting it is; `BEHAVIOUR` says what that means."""

    PRACTICE = "practice"
    MOCK = "mock"
    CHECK = "check"
    EXAM = "exam"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a sitting treats its questions, whatever those are.

    `kinds` are the kinds it asks, those of the first before any of the next. `at_once`: feedback on a turn may be seen
    when it is over, else when the sitting is. `talks`: the interviewer probes and gives hints. `free`: all questions
    are there from the start, in any order, and an answer may be changed until the end. `of_level`: what it asks is of
    the plan's level, or of one that follows the answers, so that the sitting can be judged against a level. `called`:
    what people call such a sitting, in a word.
    """

    kinds: tuple[QuestionKind, ...]
    at_once: bool
    talks: bool
    free: bool = False
    of_level: bool = False
    called: str = "interview"


BEHAVIOUR: Mapping[Mode, Behaviour] = MappingProxyType(
    {
        Mode.PRACTICE: Behaviour(kinds=(QuestionKind.OPEN,), at_once=True, talks=True, of_level=True),
        Mode.MOCK: Behaviour(kinds=(QuestionKind.OPEN,), at_once=False, talks=True, of_level=True),
        Mode.REVIEW: Behaviour(kinds=(QuestionKind.OPEN, QuestionKind.CHOICE), at_once=True, talks=True),
        Mode.CHECK: Behaviour(
            kinds=(QuestionKind.CHOICE, QuestionKind.OPEN), at_once=True, talks=False, called="check"
        ),
        Mode.EXAM: Behaviour(kinds=(QuestionKind.CHOICE,), at_once=False, talks=False, free=True, called="exam"),
    }
)
"""Question and behaviour are separate things, as in Moodle: a mode is another behaviour of the same engine."""


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
    """Something said in a turn; `point` names the point a probe asks about.

    An answer to a choice question holds the ids of the chosen options in `chosen`, and their texts, a line each.
    """

    who: Speaker
    kind: SayKind
    text: str
    at: datetime
    point: str | None = None
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and what was said about it. Says and gradings are only ever added to.

    `flagged`: the candidate wants to come back to it before the end.
    """

    number: int
    question: str
    status: TurnStatus
    says: tuple[Say, ...]
    gradings: tuple[Grading, ...] = ()
    flagged: bool = False

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
    def chosen(self) -> tuple[str, ...]:
        """Ids of the options that stand chosen: those of the newest answer."""
        return next((say.chosen for say in reversed(self.says) if say.kind is SayKind.ANSWER), ())

    @property
    def is_choice(self) -> bool:
        """Whether options were chosen in it, also where they were taken back."""
        return any(say.chosen for say in self.says)

    @property
    def says_in_force(self) -> tuple[Say, ...]:
        """What was said, without the choices that a later one took the place of."""
        if not self.is_choice:
            return self.says
        newest = max(place for place, say in enumerate(self.says) if say.kind is SayKind.ANSWER)
        return tuple(say for place, say in enumerate(self.says) if say.kind is not SayKind.ANSWER or place == newest)

    @property
    def grading(self) -> Grading | None:
        """The grading in force: the newest."""
        return self.gradings[-1] if self.gradings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicShare:
    """A part of a blueprint of the candidate's own; `share` is relative to those beside it."""

    topic: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a candidate asked for; the same plan, seed and history give the same interview.

    `language` is the English name of the language the interviewer speaks when a model can; empty means English.
    `adaptive`: the level follows the answers, starting from `level`. `blueprint` stands in for that of the pack.
    `kinds` narrows what the behaviour asks. An exam has a limit of `minutes` and is passed from `pass_mark` of 100.
    """

    pack: str
    level: Level
    mode: Mode = Mode.PRACTICE
    questions: int = 6
    topics: tuple[str, ...] = ()
    seed: int = 0
    tone: Tone = Tone.NEUTRAL
    language: str = ""
    adaptive: bool = False
    blueprint: tuple[TopicShare, ...] = ()
    minutes: int | None = None
    pass_mark: int | None = None
    kinds: tuple[QuestionKind, ...] = ()

    @property
    def asks(self) -> tuple[QuestionKind, ...]:
        """The kinds that are asked: those of the behaviour, or what `kinds` leaves of them."""
        return tuple(kind for kind in self.behaviour.kinds if not self.kinds or kind in self.kinds)

    @property
    def behaviour(self) -> Behaviour:
        """How the sitting treats its questions."""
        return BEHAVIOUR[self.mode]


Rung = tuple[str, ...]
"""Ids of the questions of which one will be asked: one of each level where the level follows the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One sitting. `queue` holds a rung for each question still to come."""

    id: str
    owner: str
    plan: Plan
    status: InterviewStatus
    created_at: datetime
    turns: tuple[Turn, ...]
    queue: tuple[Rung, ...]
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
