"""A monotone map from the machine's scores to the people's, learnt without the group it is applied to. Pure.

Source: pool adjacent violators, Ayer et al. 1955; Barlow, Bartholomew, Bremner and Brunk 1972.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interviewer.grading.agreement.pairs import Pair

_WHOLE = 10**9
"""Scores are summed as whole billionths: sums do not depend on their order, and can be taken apart again."""


@dataclass(slots=True)
class _Block:
    weight: float
    total: float
    along: float
    size: int = 1

    @property
    def mean(self) -> float:
        return self.total / self.weight


def isotonic(values: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """The non-decreasing sequence nearest to `values` in weighted least squares."""
    weights = weights or [1.0] * len(values)
    triples = [(weight, weight * value, 0.0) for value, weight in zip(values, weights, strict=True)]
    return [block.mean for block in _blocks(triples) for _ in range(block.size)]


def mapped_residuals(pairs: Sequence[Pair]) -> list[float] | None:
    """For each pair, its mapped machine score minus the human one; the map is fitted on all other groups.

    Between the means of the pooled blocks the map runs straight, beyond the ends it stays level. None with fewer
    than two groups.
    """
    by_group: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_group[pair.group].append(pair)
    if len(by_group) < 2:
        return None
    counts, totals = _sums(pairs)
    maps = {}
    for group, inside in by_group.items():
        own_counts, own_totals = _sums(inside)
        left = {at: n - own_counts[at] for at, n in counts.items() if n > own_counts[at]}
        maps[group] = _Map(left, {at: totals[at] - own_totals[at] for at in left})
    return [maps[pair.group](pair.machine) - pair.human for pair in pairs]


class _Map:
    def __init__(self, counts: Mapping[float, int], totals: Mapping[float, int]) -> None:
        blocks = _blocks([(float(counts[at]), totals[at] / _WHOLE, at * counts[at]) for at in sorted(counts)])
        self._at = [block.along / block.weight for block in blocks]
        self._to = [block.mean for block in blocks]

    def __call__(self, score: float) -> float:
        above = bisect_right(self._at, score)
        if above == 0 or above == len(self._at):
            return self._to[max(0, above - 1)]
        low, high = self._at[above - 1], self._at[above]
        share = (score - low) / (high - low)
        return self._to[above - 1] + share * (self._to[above] - self._to[above - 1])


def _sums(pairs: Sequence[Pair]) -> tuple[Counter[float], Counter[float]]:
    """How many pairs there are at each machine score, and the sum of their human scores in billionths."""
    counts: Counter[float] = Counter()
    totals: Counter[float] = Counter()
    for pair in pairs:
        counts[pair.machine] += 1
        totals[pair.machine] += round(pair.human * _WHOLE)
    return counts, totals


def _blocks(triples: Sequence[tuple[float, float, float]]) -> list[_Block]:
    """Neighbours pooled until their means rise; a triple is weight, weighted value and weighted place."""
    blocks: list[_Block] = []
    for weight, total, along in triples:
        blocks.append(_Block(weight, total, along))
        while len(blocks) > 1 and blocks[-2].mean >= blocks[-1].mean:
            last = blocks.pop()
            blocks[-1].weight += last.weight
            blocks[-1].total += last.total
            blocks[-1].along += last.along
            blocks[-1].size += last.size
    return blocks
