"""Interviews of everybody -> statistics of the questions and points, for those who keep the bank. Pure.

Classical test theory, as far as it goes for answers that are chosen for each candidate anew:

* Facility: the mean score over the highest possible one, 0..1 (of a point: the mean credit).
* Discrimination: the item-rest correlation, Pearson's r between the score of the answer and the mean score of the same
  sitting's other answers by the same grader, -1..1 (of a point: of its credit with that same mean). The answer itself
  is left out of the rest, else it would be correlated with itself (corrected item-total correlation: Nunnally and
  Bernstein, Psychometric Theory, 3rd edition, 1994, chapter 8; Moodle's discrimination index is the same with the rest
  of the quiz, https://docs.moodle.org/en/Development:Quiz_item_analysis_calculations).

The first time that a candidate meets a question counts and no other: then the reference has been read. Its score is the
one in force, hints taken off, as Moodle counts the first attempt with its penalties. Graders are kept apart. Nothing is
told of fewer than 20, and nothing here holds a candidate's words or who they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt
from statistics import fmean

from interviewer.domain import Dispute, Interview, SayKind, Turn, TurnStatus
from interviewer.graders import Grader, grader_of
from interviewer.scoring import turn_score

LEAST = 20
"""Of fewer than this no figure is given. Even here the standard error of a correlation near 0 is 0.23, 1 / √(n - 1)."""
TOO_EASY_FROM = 0.95
TOO_HARD_TO = 0.10
"""Facilities that tell nobody from anybody: Moodle calls a question extremely easy from 0.95, very difficult to 0.10
(https://docs.moodle.org/en/Quiz_report_statistics)."""
NOBODY_BELOW = 0.02
"""Facility of a point that nobody earns: of 20 answers not even one half of it."""
LONGEST_S = 3600
"""Seconds to an answer beyond which it is all the same how many: somebody left and came back."""


class Flag(StrEnum):
    """Why a question should be looked at."""

    TOO_EASY = "too easy"
    TOO_HARD = "too hard"
    NEGATIVE = "negative discrimination"
    NOBODY = "a point nobody earns"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointItem:
    """A point over `n` answers that were marked on it."""

    point: str
    n: int
    facility: float | None
    discrimination: float | None
    dispute_rate: float | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedItem:
    """A question over the `n` answers that one grader marked; `pairs` of them had others beside them in their sitting.

    `dispute_rate` is the share of the answers of which some mark was contested.
    """

    grader: Grader
    n: int
    facility: float | None
    pairs: int
    discrimination: float | None
    dispute_rate: float | None
    points: tuple[PointItem, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question over all `asked` candidates who have left it behind, answered or skipped.

    `seconds` is the median time from the question to the first answer, of `timed` answers: where all questions are
    there from the start, no time is taken.
    """

    question: str
    asked: int
    timed: int
    seconds: int | None
    hint_share: float | None
    skip_rate: float | None
    graders: tuple[MarkedItem, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Of any grader."""
        return tuple(flag for flag in Flag if any(flag in marked.flags for marked in self.graders))


@dataclass(slots=True)
class _Correlation:
    """Pearson's r of pairs that come one by one (Welford's update of means and co-moments)."""

    n: int = 0
    mean_x: float = 0.0
    mean_y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, x: float, y: float) -> None:
        self.n += 1
        dx, dy = x - self.mean_x, y - self.mean_y
        self.mean_x += dx / self.n
        self.mean_y += dy / self.n
        self.xx += dx * (x - self.mean_x)
        self.yy += dy * (y - self.mean_y)
        self.xy += dx * (y - self.mean_y)

    @property
    def r(self) -> float | None:
        """None for fewer than 20 pairs, and where one side never changes."""
        spread = sqrt(self.xx) * sqrt(self.yy)
        return self.xy / spread if self.n >= LEAST and spread > 1e-9 else None


@dataclass(slots=True)
class _Marks:
    """What a question or a point has earned so far, 0..1 each time."""

    n: int = 0
    total: float = 0.0
    disputed: int = 0
    with_rest: _Correlation = field(default_factory=_Correlation)

    def add(self, earned: float, rest: float | None, *, disputed: bool) -> None:
        self.n += 1
        self.total += earned
        self.disputed += disputed
        if rest is not None:
            self.with_rest.add(earned, rest)

    @property
    def facility(self) -> float | None:
        return _share(self.total, self.n)


@dataclass(slots=True)
class _Question:
    """What a question has come to so far."""

    asked: int = 0
    hinted: int = 0
    skipped: int = 0
    seconds: Counter[int] = field(default_factory=Counter)
    marks: dict[Grader, _Marks] = field(default_factory=dict)
    points: dict[Grader, dict[str, _Marks]] = field(default_factory=dict)


class Tally:
    """Adds interviews up as they come; its size is that of the bank, however many there are."""

    def __init__(self) -> None:
        self._questions: dict[str, _Question] = {}
        self._candidate: str | None = None
        self._met: set[str] = set()
        """Questions that the candidate of now has met before."""

    def add(self, interview: Interview, disputes: Iterable[Dispute] = ()) -> None:
        """Count an interview with its disputes. They come candidate by candidate, each one's oldest first."""
        if interview.owner != self._candidate:
            self._candidate, self._met = interview.owner, set()
        contested: dict[int, set[str]] = {}
        for dispute in disputes:
            contested.setdefault(dispute.turn, set()).add(dispute.point)
        scores = _scores(interview.turns)
        for turn in interview.turns:
            if turn.status is TurnStatus.OPEN or turn.question in self._met:
                continue
            self._met.add(turn.question)
            found = self._questions.setdefault(turn.question, _Question())
            _count(found, turn, timed=not interview.plan.behaviour.free)
            _count_marks(found, turn, scores, contested.get(turn.number, set()))

    def items(self) -> tuple[Item, ...]:
        """The statistics of every question that was left behind by somebody, by id."""
        return tuple(_item(question, found) for question, found in sorted(self._questions.items()))


def _scores(turns: Iterable[Turn]) -> dict[int, tuple[Grader, float]]:
    """Turn number -> who marked it and its score, 0..1."""
    graded = ((turn, grader_of(turn), turn_score(turn)) for turn in turns)
    return {turn.number: (by, score / 100) for turn, by, score in graded if by and score is not None}


def _count(found: _Question, turn: Turn, *, timed: bool) -> None:
    found.asked += 1
    found.hinted += turn.hints_used > 0
    found.skipped += turn.status is TurnStatus.SKIPPED
    seconds = _seconds(turn) if timed else None
    if seconds is not None:
        found.seconds[seconds] += 1


def _count_marks(
    found: _Question, turn: Turn, scores: dict[int, tuple[Grader, float]], contested: Collection[str]
) -> None:
    if turn.number not in scores or turn.grading is None:
        return
    by, score = scores[turn.number]
    others = [other for number, (who, other) in scores.items() if who == by and number != turn.number]
    rest = fmean(others) if others else None
    found.marks.setdefault(by, _Marks()).add(score, rest, disputed=bool(contested))
    points = found.points.setdefault(by, {})
    for mark in turn.grading.marks:
        points.setdefault(mark.point, _Marks()).add(mark.credit, rest, disputed=mark.point in contested)


def _seconds(turn: Turn) -> int | None:
    """From the question to the first answer; None without one."""
    asked = next((say.at for say in turn.says if say.kind is SayKind.QUESTION), None)
    answered = next((say.at for say in turn.says if say.kind is SayKind.ANSWER), None)
    if asked is None or answered is None:
        return None
    return min(LONGEST_S, max(0, round((answered - asked).total_seconds())))


def _item(question: str, found: _Question) -> Item:
    graders = sorted(found.marks, key=lambda grader: grader.id)
    timed = found.seconds.total()
    return Item(
        question=question,
        asked=found.asked,
        timed=timed,
        seconds=_median(found.seconds) if timed >= LEAST else None,
        hint_share=_share(found.hinted, found.asked),
        skip_rate=_share(found.skipped, found.asked),
        graders=tuple(_marked(by, found.marks[by], found.points[by]) for by in graders),
    )


def _marked(by: Grader, marks: _Marks, of_points: dict[str, _Marks]) -> MarkedItem:
    points = tuple(_point(point, earned) for point, earned in of_points.items())
    flags = {*_flags(marks), *(flag for point in points for flag in point.flags if flag is Flag.NOBODY)}
    return MarkedItem(
        grader=by,
        n=marks.n,
        facility=marks.facility,
        pairs=marks.with_rest.n,
        discrimination=marks.with_rest.r,
        dispute_rate=_share(marks.disputed, marks.n),
        points=points,
        flags=tuple(flag for flag in Flag if flag in flags),
    )


def _point(point: str, earned: _Marks) -> PointItem:
    nobody = earned.facility is not None and earned.facility < NOBODY_BELOW
    negative = Flag.NEGATIVE in _flags(earned)
    return PointItem(
        point=point,
        n=earned.n,
        facility=earned.facility,
        discrimination=earned.with_rest.r,
        dispute_rate=_share(earned.disputed, earned.n),
        flags=((Flag.NEGATIVE,) if negative else ()) + ((Flag.NOBODY,) if nobody else ()),
    )


def _flags(marks: _Marks) -> Iterable[Flag]:
    if marks.facility is not None and marks.facility >= TOO_EASY_FROM:
        yield Flag.TOO_EASY
    if marks.facility is not None and marks.facility <= TOO_HARD_TO:
        yield Flag.TOO_HARD
    if marks.with_rest.r is not None and marks.with_rest.r < 0:
        yield Flag.NEGATIVE


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole >= LEAST else None


def _median(counted: Counter[int]) -> int:
    """The middle one, the lower of two."""
    middle, before = (counted.total() + 1) // 2, 0
    for seconds in sorted(counted):
        before += counted[seconds]
        if before >= middle:
            break
    return seconds
