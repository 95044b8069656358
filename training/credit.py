"""Human marks -> interviewer/grading/data/credit.json, and how well maps fitted so do on what they have not seen.

Two maps. `cut`, for sentences cut from a reference: fitted on the human-graded sets. Its criterion is the mean of
Pearson's r over the sets, less a share of the mean RMSE over those marked on a scale: a map should give people's marks,
not only follow them, and marks of 0 or 1 alone say nothing of how large a part of an answer earns. `point`, for points
of a rubric: fitted on the fitted half of the project's own set, with its references and without; wrong answers must not
earn much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np

from interviewer.grading.agreement import Pair, mapped_residuals
from interviewer.grading.by_sentence import CreditMap
from training.features import Measured
from training.search import best_by

ERROR_SHARE = 0.1
"""What an RMSE of 1 costs beside a Pearson of 1. More helps SAF and costs SciEntsBank when they are left out."""
ASSERTED_FROM = 0.7
"""Chosen by hand: from what share of it in one sentence on a misconception is asserted."""
MOST_FOR_WRONG = 0.26
"""Mean score that wrong but confident answers may earn by the `point` map; on new questions it comes out higher."""
POINT_STARTS = tuple(hundredths / 100 for hundredths in range(20, 58, 2))
POINT_FULLS = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
POINT_POWERS = (0.6, 0.8, 1.0, 1.2, 1.4, 1.6)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Figures on answers that the map was not fitted on; `mapped_rmse_of_5` after a map learnt on other questions."""

    pearson: float
    mapped_rmse_of_5: float
    map: CreditMap | None


def cut_map(sets: Iterable[Measured]) -> CreditMap:
    """The map for cut sentences that is best over these sets."""
    every = list(sets)
    scaled = [each for each in every if len(set(each.human.tolist())) > 2]

    def criterion(of: CreditMap) -> float:
        error = sum(_rmse(each.scores(of), each.human) for each in scaled) / max(1, len(scaled))
        return sum(_pearson(each.scores(of), each.human) for each in every) / len(every) - ERROR_SHARE * error

    return best_by(criterion)


def cut_left_out(sets: Mapping[str, Measured]) -> dict[str, LeftOut]:
    """For each set, how a map fitted on the others does on it."""
    found: dict[str, LeftOut] = {}
    for name, target in sets.items():
        fitted = cut_map(other for key, other in sets.items() if key != name)
        found[name] = _left_out(target, target.scores(fitted), fitted)
    return found


def point_map(own: Measured) -> CreditMap:
    """The map for points: best Pearson, ties by RMSE, of those that give wrong answers little."""
    return _best_point(own, {of: own.scores(of) for of in _point_maps()}, np.full(len(own.groups), True))


def point_left_out(own: Measured) -> LeftOut:
    """How maps for points do on each question when they are fitted on the other questions."""
    scores = {of: own.scores(of) for of in _point_maps()}
    groups = np.array(own.groups)
    predicted = np.zeros(len(groups))
    for group in dict.fromkeys(own.groups):
        of = _best_point(own, scores, groups != group)
        predicted[groups == group] = scores[of][groups == group]
    return _left_out(own, predicted, None)


def calibration(cut: CreditMap, point: CreditMap) -> dict[str, Any]:
    """What credit.json holds."""
    return {"cut": asdict(cut), "point": asdict(point), "asserted_from": ASSERTED_FROM}


def _point_maps() -> Iterator[CreditMap]:
    for start, full, power in product(POINT_STARTS, POINT_FULLS, POINT_POWERS):
        yield CreditMap(recall=1.0, squared=0.0, token_set=0.0, window=0.0, start=start, full=full, power=power)


def _best_point(own: Measured, scores: Mapping[CreditMap, Any], used: Any) -> CreditMap:
    wrong = used & np.array([tier == "wrong" for tier in own.tiers])
    allowed = {of: given for of, given in scores.items() if given[wrong].mean() <= MOST_FOR_WRONG}

    def goodness(of: CreditMap) -> tuple[float, float]:
        given, human = allowed[of][used], own.human[used]
        return round(_pearson(given, human), 4), -_rmse(given, human)

    return max(allowed, key=goodness)


def _left_out(target: Measured, scores: Sequence[float], of: CreditMap | None) -> LeftOut:
    pairs = [
        Pair(machine=round(float(score), 2), human=float(human), group=group)
        for score, human, group in zip(scores, target.human, target.groups, strict=True)
    ]
    residuals = mapped_residuals(pairs) or []
    return LeftOut(
        pearson=round(_pearson(scores, target.human), 4),
        mapped_rmse_of_5=round(5 * float(np.sqrt(np.mean(np.square(residuals)))), 4),
        map=of,
    )


def _pearson(scores: Any, human: Any) -> float:
    """Pearson's r; -1 where all scores are one."""
    return float(np.corrcoef(scores, human)[0, 1]) if np.ptp(scores) else -1.0


def _rmse(scores: Any, human: Any) -> float:
    return float(np.sqrt(np.mean((scores - human) ** 2)))
