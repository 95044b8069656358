"""The formulas of agreement over sums and tables of counts. Pure; None where a figure is not defined."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

STRONG_FROM = 0.80
PARTIAL_FROM = 0.30
"""Scores from which an answer is `strong` and `partial`, as in the bank's samples (DESIGN 6)."""
FIFTHS = 5
BANDS = 3
_ROUNDING = 1e-9
"""So that 3/5 given as 0.6 falls into the class it begins."""

Table = Sequence[Sequence[int]]
"""Counts: the machine's class by row, the human's by column."""


def correlation(n: int, sums: tuple[int, int, int, int, int]) -> float | None:
    """Pearson's r from whole-number sums of x, y, x squared, y squared and x times y.

    r = (n Sxy - Sx Sy) / sqrt((n Sxx - Sx^2)(n Syy - Sy^2)); None where a side has no variance.
    Source: Pearson 1895. Whole numbers keep the differences exact.
    """
    x, y, xx, yy, xy = sums
    spread_x, spread_y = n * xx - x * x, n * yy - y * y
    if spread_x <= 0 or spread_y <= 0:
        return None
    return max(-1.0, min(1.0, (n * xy - x * y) / (math.sqrt(spread_x) * math.sqrt(spread_y))))


def mid_ranks(values: Sequence[int]) -> list[int]:
    """Twice the rank of each value, counted from 1; equal values share the mean of their ranks.

    Spearman's rho is Pearson's r of these. Source: Spearman 1904; mid-ranks for ties, Kendall 1945.
    """
    counts = Counter(values)
    ranks: dict[int, int] = {}
    below = 0
    for value in sorted(counts):
        ranks[value] = 2 * below + counts[value] + 1
        below += counts[value]
    return [ranks[value] for value in values]


def weighted_kappa(table: Table) -> float | None:
    """Cohen's kappa with quadratic weights; with two classes it is the plain kappa.

    1 - sum(w O) / sum(w E) with w = (i - j)^2 and E = row total x column total / n; None where chance alone
    leaves nothing to disagree about. Source: Cohen 1960 (plain), Cohen 1968 (weighted).
    """
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    classes = range(len(table))
    seen = sum((i - j) ** 2 * table[i][j] for i in classes for j in classes)
    by_chance = sum((i - j) ** 2 * rows[i] * columns[j] for i in classes for j in classes)
    return 1 - sum(rows) * seen / by_chance if by_chance else None


def share_within(table: Table, steps: int) -> float | None:
    """Share of the counts at most `steps` classes apart; None in an empty table."""
    total = sum(map(sum, table))
    classes = range(len(table))
    near = sum(table[i][j] for i in classes for j in classes if abs(i - j) <= steps)
    return near / total if total else None


def fifth_of(share: float) -> int:
    """Class 0..4 of a score: five of equal width, each closed below."""
    return min(FIFTHS - 1, int(share * FIFTHS + _ROUNDING))


def band_of(share: float) -> int:
    """0 weak, 1 partial, 2 strong."""
    return (share >= PARTIAL_FROM) + (share >= STRONG_FROM)


def third_of(credit: float) -> int:
    """The nearest of 0, a half and 1, as 0, 1 or 2; halfway goes up."""
    return min(2, int(2 * credit + 0.5))


def credited(credit: float) -> int:
    """1 where a credit counts as given: from a half on."""
    return int(credit >= 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """The quantile of sorted values, linear between neighbours.

    Source: definition 7 of Hyndman and Fan 1996.
    """
    place = share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])
