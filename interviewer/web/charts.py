"""Figures -> SVG to print beside the numbers they draw. Pure.

A chart here never stands alone: it lies in a row of a table that holds its numbers, so it is hidden from assistive
technology unless it is given a `title`. Colours come from classes in `static/charts.css` (link it in the head block),
for light, dark, print and forced colours; it stretches to the width it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 1000, 12
"""Units of a chart's box; the width on the page is the style sheet's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a strip from `start` to `end`; `name` is its class: `full`, `half`, or one of the page's own."""

    start: float
    end: float
    name: str = "full"


def bar(value: float, *, of: float = 100, goal: float | None = None, title: str = "") -> Markup:
    """A bar filled to `value` of `of`, with a tick at `goal` (both in the unit of `value`)."""
    return strip([Stretch(start=0, end=value)], of=of, goal=goal, title=title)


def strip(stretches: Iterable[Stretch], *, of: float, goal: float | None = None, title: str = "") -> Markup:
    """A bar of length `of` with some stretches of it filled, cut off at both ends; with a `title` it is an image."""
    parts = [Markup('<rect class="track" width="{}" height="{}"/>').format(WIDTH, HEIGHT)]
    for stretch in stretches:
        start, end = _x(stretch.start, of), _x(stretch.end, of)
        if end > start:
            parts.append(
                Markup('<rect class="{}" x="{}" width="{}" height="{}"/>').format(
                    stretch.name, start, end - start, HEIGHT
                )
            )
    if goal is not None:
        parts.append(Markup('<rect class="goal" x="{}" width="4" height="{}"/>').format(_x(goal, of) - 2, HEIGHT))
    named = Markup('role="img"') if title else Markup('aria-hidden="true"')
    told = Markup("<title>{}</title>").format(title) if title else ""
    return Markup('<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" {}>{}{}</svg>').format(
        WIDTH, HEIGHT, named, told, Markup("").join(parts)
    )


def _x(value: float, of: float) -> int:
    return round(WIDTH * min(1.0, max(0.0, value / of))) if of > 0 else 0
