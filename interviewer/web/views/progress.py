"""The progress page: lines over time, a map of topics by level, and what they rest on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.domain import GraderKind, Level
from interviewer.graders import Grader
from interviewer.progress import Cell, Counts, PackProgress, Point, Progress, Series, Sitting, Streak
from interviewer.web import words
from interviewer.web.line_chart import SHAPES, Dot, Trend, line_chart, swatch
from interviewer.web.views.start import Choice
from interviewer.web.views.turns import topic_titles

SITTING_TITLE = MappingProxyType(
    {
        Sitting.INTERVIEW: "Interviews",
        Sitting.REVIEW: "Reviews",
        Sitting.CHECK: "Quick checks",
        Sitting.EXAM: "Practice exams",
    }
)
STEPS = 5
"""Of the map's colours, each over as many scores."""
LEFT_BANK = "Questions that have left the bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """A score with the number of answers it rests on, when it was made, and the sitting it is of."""

    score: int
    n: str
    at: datetime
    interview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A level's row beside the chart; `sign` is the piece of line that stands for it."""

    level: str
    sign: Markup
    sittings: int
    latest: ScoreView
    best: ScoreView
    scores: tuple[ScoreView, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """The lines of one kind of sitting."""

    id: str
    title: str
    svg: Markup
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """A field of the map, 0..100; `step` 1 to 5 is its colour."""

    score: int
    n: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """A topic of the map, by level; `href` shows its lines."""

    title: str
    href: str | None
    chosen: bool
    cells: tuple[HeatCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPage:
    """`progress.html`; nothing has been marked yet where there are no graders."""

    packs: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    graders: tuple[Choice, ...]
    grader: str
    is_estimate: bool
    shown: str
    streak: tuple[tuple[str, str], ...]
    counts: tuple[str, ...]
    charts: tuple[ChartView, ...]
    levels: tuple[str, ...]
    heat: tuple[HeatRow, ...]
    scale: tuple[tuple[int, str], ...]


def progress_page(progress: Progress, bank: Bank, *, pack: str, topic: str, grader: str) -> ProgressPage:
    """The page for a pack; `topic` empty means all. `grader` is the id of one, else the one that marked the most."""
    of_pack = next((each for each in progress.packs if each.pack == pack), None)
    offered = [count.grader for count in of_pack.graders] if of_pack else []
    by = next((each for each in offered if each.id == grader), offered[0] if offered else None)
    titles = topic_titles(bank, pack)
    about = titles.get(topic, "all topics")
    return ProgressPage(
        packs=tuple(_packs(progress, bank, pack)),
        topics=tuple(_topics(of_pack, titles, topic)),
        graders=tuple(_graders(of_pack, by)),
        grader=grader_title(by) if by else "",
        is_estimate=by is not None and by.kind is GraderKind.FUZZY,
        shown=f"{_pack_title(bank, pack)}, {about}",
        streak=tuple(_streak(progress.streak)),
        counts=tuple(_counts(of_pack.counts)) if of_pack else (),
        charts=tuple(_charts(of_pack.series, by, about)) if of_pack and by else (),
        levels=tuple(words.LEVEL_TITLE[level] for level in Level),
        heat=tuple(_heat(of_pack, by, titles, topic)) if of_pack and by else (),
        scale=tuple((step, _range(step)) for step in range(1, STEPS + 1)),
    )


def grader_title(grader: Grader) -> str:
    """A grader in a list of them."""
    match grader.kind:
        case GraderKind.FUZZY:
            return "Offline grader, estimates"
        case GraderKind.KEY:
            return "Right options of choice questions, exact"
        case GraderKind.LLM:
            return f"Model {grader.model or 'without a name'}"
        case GraderKind.HUMAN:
            return "A person"


def _packs(progress: Progress, bank: Bank, chosen: str) -> Iterator[Choice]:
    for each in progress.packs:
        yield Choice(value=each.pack, title=_pack_title(bank, each.pack), text="", checked=each.pack == chosen)


def _pack_title(bank: Bank, pack_id: str) -> str:
    pack = bank.pack(pack_id)
    return pack.title if pack else pack_id


def _topics(of_pack: PackProgress | None, titles: dict[str, str], chosen: str) -> Iterator[Choice]:
    practised = {cell.topic for cell in of_pack.cells} if of_pack else set()
    yield Choice(value="", title="All topics", text="", checked=not chosen)
    for topic, title in titles.items():
        if topic in practised or topic == chosen:
            yield Choice(value=topic, title=title, text="", checked=topic == chosen)


def _graders(of_pack: PackProgress | None, chosen: Grader | None) -> Iterator[Choice]:
    for each in of_pack.graders if of_pack else ():
        title = f"{grader_title(each.grader)} (n {each.n})"
        yield Choice(value=each.grader.id, title=title, text="", checked=each.grader == chosen)


def _streak(streak: Streak) -> Iterator[tuple[str, str]]:
    yield "Days in a row, until now", str(streak.current)
    yield "Longest row of days", str(streak.longest)
    yield "Days with an answer", str(streak.days)
    if streak.last:
        yield "Last answer", f"{streak.last.day} {streak.last:%b %Y}"


def _counts(counts: Counts) -> Iterator[str]:
    yield f"{counts.graded} marked"
    if counts.skipped:
        yield f"{counts.skipped} skipped, not counted as wrong"
    if counts.ungraded:
        yield f"{counts.ungraded} not graded yet"
    if counts.later:
        yield f"{counts.later} in an open interview whose marks come at its end"


def _charts(series: Sequence[Series], by: Grader, about: str) -> Iterator[ChartView]:
    for sitting in Sitting:
        lines = [each for each in series if each.sitting is sitting and each.grader == by]
        if lines:
            title = f"{SITTING_TITLE[sitting]}: scores over time, {about}, marked by: {grader_title(by)}"
            svg = line_chart(
                [_trend(line) for line in lines],
                id_=f"chart-{sitting}",
                title=title,
                desc=" ".join(map(_line_words, lines)),
            )
            rows = tuple(map(_line, lines))
            yield ChartView(id=sitting, title=SITTING_TITLE[sitting], svg=svg, lines=rows)


def _shape(level: Level) -> str:
    return SHAPES[level.rank]


def _trend(line: Series) -> Trend:
    title = words.LEVEL_TITLE[line.level]
    dots = tuple(
        Dot(at=p.at, score=p.score, title=f"{title}, {p.at.day} {p.at:%b %Y}: {p.score} (n {p.n})") for p in line.points
    )
    return Trend(name=line.level, shape=_shape(line.level), dots=dots)


def _line_words(line: Series) -> str:
    count = len(line.points)
    return (
        f"{words.LEVEL_TITLE[line.level]}: {count} {'sitting' if count == 1 else 'sittings'}, first "
        f"{line.points[0].score}, latest {line.latest.score}, best {line.best.score}, n {line.n}."
    )


def _line(line: Series) -> LineView:
    return LineView(
        level=words.LEVEL_TITLE[line.level],
        sign=swatch(line.level, _shape(line.level)),
        sittings=len(line.points),
        latest=_score(line.latest),
        best=_score(line.best),
        scores=tuple(map(_score, reversed(line.points))),
    )


def _score(point: Point) -> ScoreView:
    return ScoreView(score=point.score, n=f"n {point.n}", at=point.at, interview=point.interview)


def _heat(of_pack: PackProgress, by: Grader, titles: dict[str, str], chosen: str) -> Iterator[HeatRow]:
    cells = [cell for cell in of_pack.cells if cell.grader == by]
    known = [topic for topic in titles if any(cell.topic == topic for cell in cells)]
    gone = sorted({cell.topic for cell in cells if cell.topic and cell.topic not in titles})
    for topic in (*known, *gone):
        query = urlencode({"pack": of_pack.pack, "topic": topic, "grader": by.id})
        yield HeatRow(
            title=titles.get(topic, topic),
            href=f"/progress?{query}" if topic in titles else None,
            chosen=topic == chosen,
            cells=_by_level(cell for cell in cells if cell.topic == topic),
        )
    if any(cell.topic is None for cell in cells):
        left = _by_level(cell for cell in cells if cell.topic is None)
        yield HeatRow(title=LEFT_BANK, href=None, chosen=False, cells=left)


def _by_level(cells: Iterable[Cell]) -> tuple[HeatCell | None, ...]:
    found = {cell.level: HeatCell(score=cell.score, n=f"n {cell.n}", step=_step(cell.score)) for cell in cells}
    return tuple(found.get(level) for level in Level)


def _step(score: int) -> int:
    return min(STEPS, 1 + score * STEPS // 100)


def _range(step: int) -> str:
    width = 100 // STEPS
    return f"{(step - 1) * width}–{step * width - 1 if step < STEPS else 100}"
