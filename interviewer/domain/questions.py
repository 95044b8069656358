"""What is asked: packs, questions and their rubrics."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What the interview expects of the candidate."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"


class Band(StrEnum):
    """Where a sample answer must come out: strong >= 80, partial 30..79, weak < 30."""

    STRONG = "strong"
    PARTIAL = "partial"
    WEAK = "weak"


class QuestionKind(StrEnum):
    """How a question is answered."""

    OPEN = "open"


Cues = tuple[tuple[str, ...], ...]
"""Groups of alternatives: every group must be heard, any alternative of it will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One checkable statement of a rubric: the unit of marking.

    `cut` if it is a sentence of a reference in prose, which people mark more kindly than an author's point.
    """

    id: str
    says: str
    weight: int
    cues: Cues
    probe: str | None = None
    cut: bool = False


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

    @property
    def statements(self) -> tuple[Point | Misconception, ...]:
        """All that its rubric states: points, then misconceptions."""
        return (*self.points, *self.misconceptions)


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
