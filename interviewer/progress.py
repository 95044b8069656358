"""A candidate's interviews -> how their scores went over time, by topic and level. Pure.

Nothing is compared that cannot be: a mean holds the scores of one pack, one level and one grader, and a line those of
one kind of sitting besides. Everything counts the answers it rests on. Only what may be seen by now is in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from interviewer import engine
from interviewer.domain import Interview, Level, Mode, Outline, SayKind, Turn, TurnStatus
from interviewer.graders import Grader, grader_of
from interviewer.scoring import exam_score, mean_score, turn_score

Outlines = Callable[[str], Outline | None]
"""Question id -> its outline, or None when it has left the bank."""


class Sitting(StrEnum):
    """Kinds of sittings whose scores mean different things."""

    INTERVIEW = "interview"
    REVIEW = "review"
    CHECK = "check"
    EXAM = "exam"


SITTING = MappingProxyType(
    {
        Mode.PRACTICE: Sitting.INTERVIEW,
        Mode.MOCK: Sitting.INTERVIEW,
        Mode.REVIEW: Sitting.REVIEW,
        Mode.CHECK: Sitting.CHECK,
        Mode.EXAM: Sitting.EXAM,
    }
)
"""Practice and mock interviews ask and mark alike, so their scores go on in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A sitting in a line: the mean score, 0..100, of `n` answers; `at` is when it began."""

    interview: str
    at: datetime
    score: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Scores of one kind of sitting at one level by one grader, oldest first; never empty."""

    sitting: Sitting
    level: Level
    grader: Grader
    points: tuple[Point, ...]

    @property
    def best(self) -> Point:
        """The highest score, the first of them when there are several."""
        return max(self.points, key=lambda point: point.score)

    @property
    def latest(self) -> Point:
        """The newest score."""
        return self.points[-1]

    @property
    def n(self) -> int:
        """How many answers the line rests on."""
        return sum(point.n for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The mean score, 0..100, of `n` answers on a topic at a level; topic None: the question has left the bank."""

    topic: str | None
    level: Level
    grader: Grader
    score: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the turns: `later` are those whose marks come at the end of a sitting that is still open."""

    graded: int = 0
    skipped: int = 0
    ungraded: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GraderCount:
    """How many answers a grader has marked."""

    grader: Grader
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackProgress:
    """Progress in one pack. Lines and counts are those of the chosen topic; graders and cells those of all topics.

    `graders` come with the one that marked the most answers first.
    """

    pack: str
    interviews: int
    counts: Counts
    graders: tuple[GraderCount, ...]
    series: tuple[Series, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Days in UTC on which something was answered, in a row.

    `current` is the row that reaches to today, or to yesterday while today has no answer yet. `days` counts them all.
    """

    current: int
    longest: int
    days: int
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a candidate's scores went; the pack that was practised last comes first."""

    streak: Streak
    packs: tuple[PackProgress, ...]


@dataclass(frozen=True, slots=True)
class _Marked:
    """A turn whose score may be seen, with what it is grouped by."""

    interview: Interview
    turn: Turn
    topic: str | None
    level: Level
    grader: Grader


def progress(interviews: Iterable[Interview], outline: Outlines, *, today: date, topic: str | None = None) -> Progress:
    """The progress that a candidate's interviews show; `today` is the day in UTC.

    The level of an answer is that of its question, which matters where the level follows the answers; when the
    question has left the bank, that of its plan.
    """
    in_order = sorted(interviews, key=lambda interview: interview.created_at)
    by_pack: dict[str, list[Interview]] = {}
    for interview in reversed(in_order):
        by_pack.setdefault(interview.plan.pack, []).append(interview)
    return Progress(
        streak=streak(_days(in_order), today),
        packs=tuple(_of_pack(pack, found[::-1], outline, topic) for pack, found in by_pack.items()),
    )


def streak(days: Collection[date], today: date) -> Streak:
    """The streak that some days make."""
    known, longest, row = set(days), 0, 0
    for day in sorted(known):
        row = row + 1 if day - timedelta(days=1) in known else 1
        longest = max(longest, row)
    at, current = today if today in known else today - timedelta(days=1), 0
    while at in known:
        current, at = current + 1, at - timedelta(days=1)
    return Streak(current=current, longest=longest, days=len(known), last=max(known, default=None))


def _days(interviews: Iterable[Interview]) -> set[date]:
    return {
        say.at.astimezone(UTC).date()
        for interview in interviews
        for turn in interview.turns
        for say in turn.says
        if say.kind is SayKind.ANSWER
    }


def _of_pack(pack: str, interviews: Sequence[Interview], outline: Outlines, topic: str | None) -> PackProgress:
    marked, fates = list[_Marked](), Counter[str]()
    for interview in interviews:
        for turn in interview.turns:
            asked = outline(turn.question)
            if topic is None or (asked and asked.topic == topic):
                fates[_fate(interview, turn)] += 1
            if _fate(interview, turn) == "graded" and (grader := grader_of(turn)):
                level = asked.level if asked else interview.plan.level
                marked.append(_Marked(interview, turn, asked.topic if asked else None, level, grader))
    chosen = [one for one in marked if topic is None or one.topic == topic]
    counted = Counter(one.grader for one in marked)
    return PackProgress(
        pack=pack,
        interviews=len(interviews),
        counts=Counts(
            graded=fates["graded"], skipped=fates["skipped"], ungraded=fates["ungraded"], later=fates["later"]
        ),
        graders=tuple(GraderCount(grader=grader, n=n) for grader, n in counted.most_common()),
        series=tuple(_series(chosen, whole=topic is None)),
        cells=tuple(_cells(marked)),
    )


def _fate(interview: Interview, turn: Turn) -> str:
    """Which of the counts a turn belongs to; none while it is open."""
    if turn.status is TurnStatus.SKIPPED and interview.plan.behaviour.free:
        return "unanswered"  # it counts 0 there
    if turn.status in (TurnStatus.OPEN, TurnStatus.SKIPPED):
        return turn.status
    if turn_score(turn) is None:
        return "ungraded"
    return "graded" if engine.feedback_due(interview, turn) else "later"


def _series(marked: Iterable[_Marked], *, whole: bool) -> Iterable[Series]:
    """The lines; of an exam as a `whole` its own score counts, at the level it was taken at."""
    lines: defaultdict[tuple[Sitting, Level, Grader], dict[str, list[_Marked]]] = defaultdict(dict)
    for one in marked:
        level = one.interview.plan.level if one.interview.plan.behaviour.free else one.level
        line = lines[SITTING[one.interview.plan.mode], level, one.grader]
        line.setdefault(one.interview.id, []).append(one)
    for sitting, level, grader in sorted(lines, key=_place):
        points = tuple(_point(found, whole=whole) for found in lines[sitting, level, grader].values())
        yield Series(sitting=sitting, level=level, grader=grader, points=points)


def _place(key: tuple[Sitting, Level, Grader]) -> tuple[int, int, str]:
    sitting, level, grader = key
    return list(Sitting).index(sitting), level.rank, grader.id


def _point(marked: Sequence[_Marked], *, whole: bool) -> Point:
    interview = marked[0].interview
    if whole and interview.plan.behaviour.free:
        score, n = exam_score(interview.turns), len(interview.turns)
        return Point(interview=interview.id, at=interview.created_at, score=score, n=n)
    return Point(interview=interview.id, at=interview.created_at, score=_mean(marked), n=len(marked))


def _cells(marked: Iterable[_Marked]) -> Iterable[Cell]:
    found: defaultdict[tuple[str | None, Level, Grader], list[_Marked]] = defaultdict(list)
    for one in marked:
        found[one.topic, one.level, one.grader].append(one)
    for (topic, level, grader), of_cell in found.items():
        yield Cell(topic=topic, level=level, grader=grader, score=_mean(of_cell), n=len(of_cell))


def _mean(marked: Iterable[_Marked]) -> int:
    """Never of none: whatever is marked has a score."""
    return mean_score(one.turn for one in marked) or 0
