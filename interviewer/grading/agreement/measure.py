"""Pairs -> `Agreement`: every figure with its interval, and the breakdowns. Pure.

Intervals: 95 % percentile bootstrap (Efron 1979; Efron and Tibshirani 1993, chapter 13) over whole groups, because
answers to one question are not independent (Field and Welsh 2007). The seed is fixed: the same pairs give the same
interval, in whatever order they come.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from interviewer.grading.agreement.formulas import correlation, quantile, share_within, weighted_kappa
from interviewer.grading.agreement.isotonic import mapped_residuals
from interviewer.grading.agreement.pairs import Pair
from interviewer.grading.agreement.sums import WHOLE, Sums, packed_groups

RESAMPLES = 1000
SEED = 20261121
OF = 5
"""The literature on Mohler's data gives errors on a scale of 0 to 5."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the ends of its 95 % interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFigures:
    """The answers of one level or tier; means and errors on 0..1."""

    n: int
    mean_machine: float
    mean_human: float
    rmse: float
    leniency: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """The answers of one group."""

    n: int
    pearson: float | None
    rmse: float
    leniency: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well a grader agrees with people: `figures` by the names in `FIGURES`, times in milliseconds an answer."""

    n: int
    groups: int
    points: int
    figures: Mapping[str, Figure]
    ms_median: float | None
    ms_p99: float | None
    by_level: Mapping[str, PartFigures]
    by_tier: Mapping[str, PartFigures]
    by_group: Mapping[str, GroupFigures]


def measure(pairs: Sequence[Pair]) -> Agreement:
    """Compare the machine's marks with the human ones."""
    groups = packed_groups(pairs, mapped_residuals(pairs))
    whole = Sums.unpacked(sum(groups))
    times = sorted(pair.ms for pair in pairs if pair.ms is not None)
    return Agreement(
        n=len(pairs),
        groups=len(groups),
        points=sum(map(sum, whole.credited)),
        figures=_figures(groups, whole),
        ms_median=median(times) if times else None,
        ms_p99=quantile(times, 0.99) if times else None,
        by_level={name: _part(inside) for name, inside in _parts(pairs, lambda pair: pair.level)},
        by_tier={name: _part(inside) for name, inside in _parts(pairs, lambda pair: pair.tier)},
        by_group={name: _group(inside) for name, inside in _parts(pairs, lambda pair: pair.group)},
    )


# ---- figures


def _pearson(sums: Sums) -> float | None:
    return correlation(sums.n, sums.scores)


def _spearman(sums: Sums) -> float | None:
    """In a resample the ranks stay those of the whole sample: ranking anew would need the rows."""
    return correlation(sums.n, sums.ranks)


def _rmse(sums: Sums) -> float | None:
    of = sums.scores
    return math.sqrt((of.xx - 2 * of.xy + of.yy) / sums.n) / WHOLE if sums.n else None


def _mae(sums: Sums) -> float | None:
    return sums.distance / sums.n / WHOLE if sums.n else None


def _leniency(sums: Sums) -> float | None:
    return (sums.scores.x - sums.scores.y) / sums.n / WHOLE if sums.n else None


def _mapped_rmse(sums: Sums) -> float | None:
    """In a resample the residuals stay those of the one leave-one-group-out fit."""
    return math.sqrt(sums.residuals / sums.n) / WHOLE if sums.n else None


def _mapped_rmse_of_5(sums: Sums) -> float | None:
    mapped = _mapped_rmse(sums)
    return None if mapped is None else OF * mapped


FIGURES: Mapping[str, Callable[[Sums], float | None]] = {
    "pearson": _pearson,
    "spearman": _spearman,
    "rmse": _rmse,
    "mae": _mae,
    "leniency": _leniency,
    "kappa_fifths": lambda sums: weighted_kappa(sums.fifths),
    "band_exact": lambda sums: share_within(sums.bands, 0),
    "band_within_one": lambda sums: share_within(sums.bands, 1),
    "mapped_rmse": _mapped_rmse,
    "mapped_rmse_of_5": _mapped_rmse_of_5,
    "point_accuracy": lambda sums: share_within(sums.credited, 0),
    "point_kappa": lambda sums: weighted_kappa(sums.credited),
    "point_kappa_thirds": lambda sums: weighted_kappa(sums.thirds),
}
"""Every figure, from sums."""
_NEED_TWO_GROUPS = frozenset({"mapped_rmse", "mapped_rmse_of_5"})


def _figures(groups: Sequence[int], whole: Sums) -> Mapping[str, Figure]:
    enough = len(groups) > 1
    draw = random.Random(SEED)
    resamples = [Sums.unpacked(sum(draw.choices(groups, k=len(groups)))) for _ in range(RESAMPLES * enough)]
    return {
        name: _figure(of, whole, resamples) if enough or name not in _NEED_TWO_GROUPS else Figure(None)
        for name, of in FIGURES.items()
    }


def _figure(of: Callable[[Sums], float | None], whole: Sums, resamples: Sequence[Sums]) -> Figure:
    """No interval where most resamples leave the figure undefined."""
    value = of(whole)
    drawn = sorted(found for sums in resamples if (found := of(sums)) is not None)
    if value is None or 2 * len(drawn) <= len(resamples):
        return Figure(value)
    return Figure(value, quantile(drawn, 0.025), quantile(drawn, 0.975))


# ---- breakdowns


def _parts(pairs: Sequence[Pair], key: Callable[[Pair], str | None]) -> Iterator[tuple[str, Sums]]:
    """The sums of each part, in the order of their names; pairs without one are in none."""
    parts: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if (name := key(pair)) is not None:
            parts[name].append(pair)
    for name in sorted(parts):
        yield name, Sums.unpacked(sum(packed_groups(parts[name])))


def _part(sums: Sums) -> PartFigures:
    return PartFigures(
        n=sums.n,
        mean_machine=sums.scores.x / sums.n / WHOLE,
        mean_human=sums.scores.y / sums.n / WHOLE,
        rmse=_rmse(sums) or 0.0,
        leniency=_leniency(sums) or 0.0,
    )


def _group(sums: Sums) -> GroupFigures:
    return GroupFigures(n=sums.n, pearson=_pearson(sums), rmse=_rmse(sums) or 0.0, leniency=_leniency(sums) or 0.0)
