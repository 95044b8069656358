"""The JSON of a candidate's progress."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from interviewer.domain import GraderKind, Level
from interviewer.progress import Sitting


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class GraderShape(_Read):
    """Who marked; the scores of `fuzzy` are estimates."""

    id: str
    kind: GraderKind
    model: str | None


class PointShape(_Read):
    """The mean score of `n` answers of a sitting."""

    interview: str
    at: datetime
    score: int
    n: int


class SeriesShape(_Read):
    """The scores of one kind of sitting at one level by one grader, oldest first."""

    sitting: Sitting
    level: Level
    grader: GraderShape
    n: int
    best: PointShape
    latest: PointShape
    points: list[PointShape]


class CellShape(_Read):
    """The mean score of `n` answers on a topic at a level; topic null: the question has left the bank."""

    topic: str | None
    level: Level
    grader: GraderShape
    score: int
    n: int


class CountsShape(_Read):
    """What became of the turns; marks of `later` come when their sitting is over."""

    graded: int
    skipped: int
    ungraded: int
    later: int


class GraderCountShape(_Read):
    """How many answers a grader has marked."""

    grader: GraderShape
    n: int


class PackProgressShape(_Read):
    """Progress in one pack; series and counts are those of the chosen topic."""

    pack: str
    interviews: int
    counts: CountsShape
    graders: list[GraderCountShape]
    series: list[SeriesShape]
    cells: list[CellShape]


class StreakShape(_Read):
    """Days in UTC on which something was answered, in a row."""

    current: int
    longest: int
    days: int
    last: date | None


class ProgressShape(_Read):
    """How the caller's scores went, pack by pack."""

    streak: StreakShape
    packs: list[PackProgressShape]
