"""Scores by a machine and by people -> a scatter plot as one SVG file that needs nothing else. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

SIDE = 400
"""Length of each axis in the picture's units; a point of the score is four."""
LEFT, TOP, RIGHT, BOTTOM = 64, 64, 24, 56
LEAST_RADIUS, MOST_RADIUS = 2.5, 14.0
STYLE = """
  svg { --ink: #1f2328; --soft: #d0d7de; --dot: #0969da; --ground: #ffffff; font: 13px system-ui, sans-serif }
  @media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --soft: #3d444d; --dot: #4493f8; --ground: #0d1117 } }
  .ground { fill: var(--ground) } text { fill: var(--ink) } .head { font-size: 15px; font-weight: 600 }
  .grid { stroke: var(--soft) } .same { stroke: var(--ink); stroke-dasharray: 4 4 }
  .dot { fill: var(--dot); fill-opacity: .45 }
"""


def scatter(scores: Iterable[tuple[float, float]], *, name: str, pearson: float | None) -> str:
    """The SVG of pairs of machine and human scores, 0..1: the human's to the right, the machine's upwards.

    A dot's area tells how many pairs are equal to a whole point of the score; on the diagonal both agree.
    """
    counts = Counter((round(100 * machine), round(100 * human)) for machine, human in scores)
    total = sum(counts.values())
    agreement = "n/a" if pearson is None else f"{pearson:.3f}"
    name, figures = escape(_printable(name)), f"n = {total}, Pearson {agreement}"
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title desc">',
        f'<title id="title">{name}: {figures}</title>',
        f'<desc id="desc">Scatter plot of {total} answers. To the right the score by people, upwards the score by the '
        "grader, both from 0 to 100. Larger dots stand for more answers; on the dashed diagonal both agree.</desc>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        f'<text class="head" x="{LEFT}" y="26">{name}</text>',
        f'<text x="{LEFT}" y="46">{figures}</text>',
        *_axes(),
        *_dots(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes() -> Iterable[str]:
    right, bottom = LEFT + SIDE, TOP + SIDE
    for score in range(0, 101, 20):
        yield f'<line class="grid" x1="{_x(score)}" y1="{TOP}" x2="{_x(score)}" y2="{bottom}"/>'
        yield f'<line class="grid" x1="{LEFT}" y1="{_y(score)}" x2="{right}" y2="{_y(score)}"/>'
        yield f'<text x="{_x(score)}" y="{bottom + 20}" text-anchor="middle">{score}</text>'
        yield f'<text x="{LEFT - 10}" y="{_y(score)}" text-anchor="end" dominant-baseline="middle">{score}</text>'
    yield f'<line class="same" x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{TOP}"/>'
    yield f'<text x="{LEFT + SIDE // 2}" y="{bottom + 44}" text-anchor="middle">score by people</text>'
    middle = TOP + SIDE // 2
    turned = f'x="20" y="{middle}" transform="rotate(-90 20 {middle})"'
    yield f'<text {turned} text-anchor="middle">score by the grader</text>'


def _dots(counted: Sequence[tuple[tuple[int, int], int]]) -> Iterable[str]:
    """The large ones first, so that small ones lie on top."""
    most = max((count for _, count in counted), default=1)
    for (machine, human), count in counted:
        radius = max(LEAST_RADIUS, MOST_RADIUS * (count / most) ** 0.5) if most > 1 else LEAST_RADIUS
        yield f'<circle class="dot" cx="{_x(human)}" cy="{_y(machine)}" r="{radius:.2f}"/>'


def _x(score: int) -> int:
    return LEFT + score * SIDE // 100


def _y(score: int) -> int:
    return TOP + SIDE - score * SIDE // 100


def _printable(text: str) -> str:
    """The text without characters that XML does not allow."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
