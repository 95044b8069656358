"""Pairs -> sums for each group: all that the figures need, so that a resample adds groups up and touches no row. Pure.

Everything is a whole number (scores in billionths, squares in their squares): sums are exact in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from interviewer.grading.agreement.formulas import (
    BANDS,
    FIFTHS,
    Table,
    band_of,
    credited,
    fifth_of,
    mid_ranks,
    third_of,
)
from interviewer.grading.agreement.pairs import Pair

WHOLE = 10**9
_BYTES = 16
"""Of one sum in a packed number: squares in 10^18 for 10^20 rows."""
_FIFTHS, _BANDS, _CREDITED, _THIRDS = 13, 38, 47, 51
_END = 60


class Moments(NamedTuple):
    """Sums of x, y, x squared, y squared and x times y."""

    x: int
    y: int
    xx: int
    yy: int
    xy: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What a set of pairs adds up to; `of` a whole sample, or of a resample of its groups."""

    values: Sequence[int]

    @property
    def n(self) -> int:
        """How many pairs."""
        return self.values[0]

    @property
    def scores(self) -> Moments:
        """Of the scores: x the machine's, y the human's, in billionths."""
        return Moments(*self.values[1:6])

    @property
    def ranks(self) -> Moments:
        """Of twice the ranks within the whole sample."""
        return Moments(*self.values[6:11])

    @property
    def distance(self) -> int:
        """Of |x - y|, in billionths."""
        return self.values[11]

    @property
    def residuals(self) -> int:
        """Of the squared residuals after the monotone map, in billionths of billionths."""
        return self.values[12]

    @property
    def fifths(self) -> Table:
        """Pairs by the machine's and the human's fifth."""
        return self._table(_FIFTHS, FIFTHS)

    @property
    def bands(self) -> Table:
        """Pairs by the machine's and the human's band."""
        return self._table(_BANDS, BANDS)

    @property
    def credited(self) -> Table:
        """Points by whether the machine and the human credit them."""
        return self._table(_CREDITED, 2)

    @property
    def thirds(self) -> Table:
        """Points by the credit nearest to 0, a half and 1."""
        return self._table(_THIRDS, 3)

    def _table(self, start: int, classes: int) -> Table:
        return [self.values[at : at + classes] for at in range(start, start + classes * classes, classes)]

    @classmethod
    def unpacked(cls, packed: int) -> Self:
        """The sums that `packed_groups` put into one number, or that several such numbers add up to."""
        raw = packed.to_bytes(_BYTES * _END, "little")
        return cls([int.from_bytes(raw[at : at + _BYTES], "little") for at in range(0, len(raw), _BYTES)])


def packed_groups(pairs: Sequence[Pair], residuals: Sequence[float] | None = None) -> list[int]:
    """The sums of each group, in the order of the groups' names, each as one long number: adding two adds all sums."""
    groups: defaultdict[str, list[int]] = defaultdict(lambda: [0] * _END)
    rank_x = mid_ranks([_whole(pair.machine) for pair in pairs])
    rank_y = mid_ranks([_whole(pair.human) for pair in pairs])
    for pair, *ranks, residual in zip(pairs, rank_x, rank_y, residuals or [0.0] * len(pairs), strict=True):
        sums = groups[pair.group]
        x, y = _whole(pair.machine), _whole(pair.human)
        given = (1, *_moments(x, y), *_moments(*ranks), abs(x - y), round((residual * WHOLE) ** 2))
        for at, value in enumerate(given):
            sums[at] += value
        sums[_FIFTHS + FIFTHS * fifth_of(pair.machine) + fifth_of(pair.human)] += 1
        sums[_BANDS + BANDS * band_of(pair.machine) + band_of(pair.human)] += 1
        for point in pair.points:
            sums[_CREDITED + 2 * credited(point.machine) + credited(point.human)] += 1
            sums[_THIRDS + 3 * third_of(point.machine) + third_of(point.human)] += 1
    return [_packed(groups[group]) for group in sorted(groups)]


def _packed(sums: Sequence[int]) -> int:
    return int.from_bytes(b"".join(value.to_bytes(_BYTES, "little") for value in sums), "little")


def _moments(x: int, y: int) -> Moments:
    return Moments(x, y, x * x, y * y, x * y)


def _whole(share: float) -> int:
    return round(share * WHOLE)
