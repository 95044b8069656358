"""How well a grader agrees with people: pairs of marks in, figures with intervals out. Pure.

Shares are 0..1 on both sides. Whatever cannot be computed (one answer, no variance, one group) is None.
"""

from interviewer.grading.agreement.formulas import band_of, correlation, fifth_of, mid_ranks, weighted_kappa
from interviewer.grading.agreement.isotonic import isotonic, mapped_residuals
from interviewer.grading.agreement.measure import Agreement, Figure, GroupFigures, PartFigures, measure
from interviewer.grading.agreement.pairs import Credits, Pair

__all__ = [
    "Agreement",
    "Credits",
    "Figure",
    "GroupFigures",
    "Pair",
    "PartFigures",
    "band_of",
    "correlation",
    "fifth_of",
    "isotonic",
    "mapped_residuals",
    "measure",
    "mid_ranks",
    "weighted_kappa",
]
