"""Scores over time -> SVG to print beside the table that holds them. Pure.

Lines differ in their dashes and in the shape of their dots, not by colour alone; both come from the classes of
`static/progress.css`, by the name of the line. It is an image with a title and a description.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

WIDTH, HEIGHT = 360, 190
"""Units of the chart's box, and about as many pixels on a phone, so that its figures can be read there."""
LEFT, RIGHT, TOP, BOTTOM = 28, 8, 8, 22
"""Margins around the field that the lines are drawn in."""
TOP_SCORE = 100
FEW = 40
"""More dots than this are drawn small."""
SHAPES = ("circle", "square", "triangle")
"""Of the dots: those of one line have one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A score of 0..100 at a time; `title` says what it is."""

    at: datetime
    score: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A line through its dots, oldest first; `name` is its class, `shape` one of `SHAPES`."""

    name: str
    shape: str
    dots: tuple[Dot, ...]


def line_chart(trends: Sequence[Trend], *, id_: str, title: str, desc: str) -> Markup:
    """The lines over one axis of time, from the oldest dot to the newest; `id_` is unique on the page."""
    times = sorted(dot.at for trend in trends for dot in trend.dots)
    first, last = times[0], times[-1]
    size = 3.5 if len(times) <= FEW else 2.0
    parts = [*map(_grid, (0, 25, 50, 75, 100)), *_ends(first, last)]
    for trend in trends:
        places = [(_x(dot.at, first, last), _y(dot.score)) for dot in trend.dots]
        path = " ".join(f"{x},{y}" for x, y in places)
        parts.append(Markup('<polyline class="trend {}" points="{}"/>').format(trend.name, path))
        parts += [_dot(trend, x, y, size=size, title=dot.title) for dot, (x, y) in zip(trend.dots, places, strict=True)]
    return Markup(
        '<svg class="trends" viewBox="0 0 {} {}" role="img" aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{}</title><desc id="{id}-desc">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, title, desc, Markup("").join(parts), id=id_)


def swatch(trend_name: str, shape: str) -> Markup:
    """A short piece of a line with one of its dots, for the row of a table that the line stands for."""
    dot = _dot(Trend(name=trend_name, shape=shape, dots=()), 16, 6, size=4.0, title="")
    return Markup(
        '<svg class="swatch" viewBox="0 0 32 12" aria-hidden="true">'
        '<polyline class="trend {}" points="0,6 32,6"/>{}</svg>'
    ).format(trend_name, dot)


def _grid(score: int) -> Markup:
    y = _y(score)
    label = Markup('<text x="{}" y="{}">{}</text>').format(LEFT - 6, y + 4, score) if score % 50 == 0 else Markup("")
    return Markup('<path class="grid" d="M{} {}H{}"/>{}').format(LEFT, y, WIDTH - RIGHT, label)


def _ends(first: datetime, last: datetime) -> list[Markup]:
    """The oldest and the newest time, at their ends of the axis; with the hours where they are of one day."""
    named = [f"{at.day} {at:%b %Y}" for at in (first, last)]
    if first.date() == last.date():
        named = [f"{named[0]}, {first:%H:%M}", f"{last:%H:%M} UTC"]
    text = Markup('<text class="{}" x="{}" y="{}">{}</text>')
    if first == last:
        return [text.format("middle", _x(first, first, last), HEIGHT - 6, f"{named[0]} UTC")]
    ends = (("start", LEFT), ("end", WIDTH - RIGHT))
    return [text.format(anchor, x, HEIGHT - 6, name) for (anchor, x), name in zip(ends, named, strict=True)]


def _dot(trend: Trend, x: float, y: float, *, size: float, title: str) -> Markup:
    told = Markup("<title>{}</title>").format(title) if title else Markup("")
    if trend.shape == "circle":
        return Markup('<circle class="dot {}" cx="{}" cy="{}" r="{}">{}</circle>').format(trend.name, x, y, size, told)
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1)) if trend.shape == "square" else ((0, -1.3), (1.2, 1), (-1.2, 1))
    points = " ".join(f"{x + size * right:.1f},{y + size * down:.1f}" for right, down in corners)
    return Markup('<polygon class="dot {}" points="{}">{}</polygon>').format(trend.name, points, told)


def _x(at: datetime, first: datetime, last: datetime) -> float:
    """Where a time stands between the first and the last; in the middle when they are the same."""
    share = (at - first) / (last - first) if last > first else 0.5
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)


def _y(score: int) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - score / TOP_SCORE), 1)
