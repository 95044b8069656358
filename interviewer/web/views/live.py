"""A grading that is being made -> its live card. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from interviewer.conductor.live import LiveEvent, LiveGrading, LiveKind, Showing
from interviewer.domain import Mark
from interviewer.web import words
from interviewer.web.live_events import found_count, read_count, says_shown
from interviewer.web.markdown import inline_html

SHORT_QUOTE_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """A point of the rubric: what is thought of it so far."""

    says: Markup
    sign: str
    word: str
    by: str
    is_final: bool
    """The model has marked it; until then the verdict is the quick check's."""
    quote: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """The live card of a turn; without rows it only counts."""

    number: int
    label: str
    head: str
    state: str
    announce: str
    rows: tuple[LiveRow, ...]
    read: int
    points: int


def live_view(live: LiveGrading | None, number: int) -> LiveView | None:
    """The card of that turn as far as its grading has told; None when none is being made or nothing was told."""
    if live is None or live.number != number or not live.events:
        return None
    read, points = read_count(live.events), len(live.points)
    quick = [event for event in live.events if event.kind is LiveKind.QUICK]
    found = f"{found_count(quick[-1])} of {points} points found." if quick else ""
    counts_only = live.showing is Showing.COUNTS
    return LiveView(
        number=number,
        label=f"Reading your answer to question {number}" if counts_only else f"Quick check of question {number}",
        head="The model is reading your answer." if counts_only or not quick else f"Quick check, offline: {found}",
        state=f"{read} of {points} points read." if counts_only else _state(live, read),
        announce="" if counts_only or not quick else f"Quick check: {found}",
        rows=() if counts_only else _rows(live),
        read=read,
        points=points,
    )


def _state(live: LiveGrading, read: int) -> str:
    points = len(live.points)
    if read == points:
        return f"The model has marked all {points} points."
    if read:
        return f"The model has marked {read} of {points} points."
    if any(event.kind is LiveKind.AGAIN for event in live.events):
        return "The model's reply could not be used, so it is asked once more."
    return "The model is reading your answer."


def _rows(live: LiveGrading) -> tuple[LiveRow, ...]:
    standing: dict[str, tuple[LiveKind, Mark]] = {}
    for event in live.events:
        if event.kind is LiveKind.AGAIN:
            standing = _quick_marks(live.events)
        for mark in event.marks:
            standing[mark.point] = (event.kind, mark)
    return tuple(_row(live, place, *standing.get(point.id, (None, None))) for place, point in enumerate(live.points, 1))


def _quick_marks(events: tuple[LiveEvent, ...]) -> dict[str, tuple[LiveKind, Mark]]:
    return {mark.point: (event.kind, mark) for event in events if event.kind is LiveKind.QUICK for mark in event.marks}


def _row(live: LiveGrading, place: int, kind: LiveKind | None, mark: Mark | None) -> LiveRow:
    shown = live.showing is Showing.ALL or (kind is not None and mark is not None and says_shown(live, kind, mark))
    is_final = kind is LiveKind.MARK
    return LiveRow(
        says=inline_html(live.points[place - 1].says) if shown else Markup(f"Point {place} of {len(live.points)}"),
        sign=words.VERDICT_SIGN[mark.verdict] if mark else "·",
        word=words.VERDICT_WORD[mark.verdict] if mark else "not read yet",
        by=("model" if is_final else "quick check") if mark else "",
        is_final=is_final,
        quote=_short(mark.quote) if mark and mark.quote else None,
    )


def _short(quote: str) -> str:
    return quote if len(quote) <= SHORT_QUOTE_CHARS else f"{quote[: SHORT_QUOTE_CHARS - 1].rstrip()}…"
