"""What is asked: packs, questions and their rubrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Level(StrEnum):
    """What the interview expects of the candidate."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"

    @property
    def rank(self) -> int:
        """Its place among the levels, from 0 for the easiest."""
        return list(Level).index(self)

    def steps_to(self, other: Level) -> int:
        """How many levels lie between the two, whichever is the harder one."""
        return abs(other.rank - self.rank)

    def moved(self, steps: int) -> Level:
        """The level so many steps up, or down where negative; the ladder ends at its ends."""
        levels = list(Level)
        return levels[max(0, min(len(levels) - 1, self.rank + steps))]


class Band(StrEnum):
    """Where a sample answer must come out: strong >= 80, partial 30..79, weak < 30."""

    STRONG = "strong"
    PARTIAL = "partial"
    WEAK = "weak"


class QuestionKind(StrEnum):
    """How a question is answered."""

    OPEN = "open"
    CHOICE = "choice"


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
class Option:
    """One answer that a choice question offers, with why it is right or wrong."""

    id: str
    text: str
    correct: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRange:
    """The versions of a package that a question holds for, as in `>=0.118`."""

    package: str
    versions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Another question that shares points on purpose, with the reason."""

    question: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A question without its rubric: enough to draw, count and list by."""

    id: str
    pack: str
    kind: QuestionKind
    level: Level
    topic: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Outline):
    """One question of the bank with its rubric. Ids never change meaning.

    A choice question has `options`; its points are the right ones, its misconceptions the wrong ones.
    """

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
    options: tuple[Option, ...] = ()
    holds_for: tuple[VersionRange, ...] = ()
    near: tuple[Near, ...] = ()

    @property
    def statements(self) -> tuple[Point | Misconception, ...]:
        """All that its rubric states: points, then misconceptions."""
        return (*self.points, *self.misconceptions)

    @property
    def several(self) -> bool:
        """Whether several of its options are right."""
        return sum(option.correct for option in self.options) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A part of a pack's subject; `share` is its part of the pack's blueprint, `terms` are what adverts call it."""

    id: str
    title: str
    share: float
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamTerms:
    """What a practice exam of a pack is like: how many questions in how many minutes, passed from which score."""

    questions: int = 20
    minutes: int = 30
    pass_mark: int = 70


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One subject: topics with their blueprint, and an outline of each question; `about` is a line on it."""

    id: str
    title: str
    topics: tuple[Topic, ...]
    questions: tuple[Outline, ...]
    about: str = ""
    exam: ExamTerms = ExamTerms()

    @cached_property
    def by_level(self) -> Mapping[Level, tuple[Outline, ...]]:
        """The questions of each level, in their order."""
        found: dict[Level, list[Outline]] = {level: [] for level in Level}
        for outline in self.questions:
            found[outline.level].append(outline)
        return {level: tuple(outlines) for level, outlines in found.items()}
