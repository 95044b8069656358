"""A criterion -> the credit map that is best by it, found step by step; the same every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations

from interviewer.grading.by_sentence import CreditMap

MEASURES = ("recall", "squared", "token_set", "window")
STEP = 0.05
"""Weights move from one measure to another by this."""
STARTS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12)
FULLS = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
POWER = 0.6
"""Held, not fitted: two sets do not say how kindly people mark a third. Chosen by hand, with all sets in view."""
FROM = CreditMap(recall=0.25, squared=0.25, token_set=0.25, window=0.25, start=0.06, full=0.75, power=POWER)
LEAST_GAIN = 1e-5

Criterion = Callable[[CreditMap], float]
"""The higher, the better the map."""


def best_by(criterion: Criterion) -> CreditMap:
    """Climb from `FROM` to the map that no single step makes better by `LEAST_GAIN`; the first of equals is taken."""
    best, value = FROM, criterion(FROM)
    while True:
        tried = [(criterion(step), step) for step in _steps(best)]
        gain, step = max(tried, key=lambda each: each[0])
        if gain < value + LEAST_GAIN:
            return best
        best, value = step, gain


def _steps(of: CreditMap) -> Iterator[CreditMap]:
    """Maps with some weight moved from one measure to another, or with one of the other numbers changed."""
    weights = {name: getattr(of, name) for name in MEASURES}
    for giver, taker in permutations(MEASURES, 2):
        for step in (STEP, 2 * STEP, 4 * STEP):
            if weights[giver] >= step - 1e-9:
                moved = weights | {giver: round(weights[giver] - step, 2), taker: round(weights[taker] + step, 2)}
                yield replace(of, **moved)
    for name, values in (("start", STARTS), ("full", FULLS)):
        yield from (replace(of, **{name: value}) for value in values if value != getattr(of, name))
