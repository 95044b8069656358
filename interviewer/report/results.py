"""What a report holds: frozen values, plain enough to become JSON as they are. Pure.

A score is 0..100 or None where nothing is marked; seconds end in `_s`.
"""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.domain import GraderKind, Level, QuestionKind, TurnStatus, Verdict
from interviewer.report.figures import TalkFigures, TurnFigures
from interviewer.scoring import LevelVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicResult:
    """How one topic went; where several graders marked it there is one of these for each.

    `grader` is None when nothing is graded. `asked` counts the turns of the topic that no other result counts.
    """

    topic: str
    title: str
    grader: GraderKind | None
    score: int | None
    graded: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """How the questions of one level went; `asked` counts them."""

    level: Level
    score: int | None
    graded: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStep:
    """From question `turn` on, the questions were of `level`."""

    turn: int
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class GraderResult:
    """The mean of what one grader marked; `model` names it where it is one."""

    grader: GraderKind
    model: str | None
    score: int
    graded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamResult:
    """What an exam came to: a question without an answer counts 0. `passed` is None where there is no pass mark."""

    score: int
    pass_mark: int | None
    passed: bool | None
    asked: int
    unanswered: int
    minutes: int | None
    out_of_time: bool = False
    """It was handed in because its time was up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Something that cost points, in a line: a point not met, or (`contradicted`) what is true instead."""

    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionResult:
    """An option of a choice question beside what was chosen."""

    id: str
    text: str
    chosen: bool
    correct: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResult:
    """How one question went, as far as it may be seen: until `due` there is no score and nothing missed.

    `grader` is who marked it, also where a person has decided a mark since (`decided`). `topic`, `level` and `kind`
    are None when the question has left the bank.
    """

    number: int
    question: str
    topic: str | None
    level: Level | None
    kind: QuestionKind | None
    status: TurnStatus
    due: bool
    score: int | None
    grader: GraderKind | None
    decided: bool
    missed: tuple[Missed, ...]
    options: tuple[OptionResult, ...]
    takeaway: str | None
    figures: TurnFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyItem:
    """Something to learn next. `gain` is what it would have added to the interview's score, in points."""

    turn: int
    topic: str
    learn: tuple[str, ...]
    takeaway: str
    analogy: str | None
    sources: tuple[str, ...]
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an interview comes to.

    `score` is that of the whole sitting, `verdict.score` of the turns the verdict rests on: where the level follows
    the answers, those of one level. `estimated` counts graded turns that the offline grader marked, `decided` those
    with a mark that a person decided. `levels` and `route` are empty unless the level follows the answers.
    """

    score: int | None
    verdict: LevelVerdict
    exam: ExamResult | None
    topics: tuple[TopicResult, ...]
    levels: tuple[LevelResult, ...]
    route: tuple[LevelStep, ...]
    graders: tuple[GraderResult, ...]
    strengths: tuple[str, ...]
    study: tuple[StudyItem, ...]
    turns: tuple[TurnResult, ...]
    talk: TalkFigures
    graded: int
    skipped: int
    ungraded: int
    not_asked: int
    estimated: int
    decided: int
