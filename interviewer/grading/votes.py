"""Several readings of the same answers -> one outcome: for each point the median verdict, never an average. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interviewer.domain import AssertedMisconception, Mark, Verdict

ORDER = (Verdict.CONTRADICTED, Verdict.MISSED, Verdict.PARTLY, Verdict.MET)
"""Verdicts from the least to the best."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One reading: a mark for each point in the rubric's order, and how many of the verdicts had to be taken back."""

    marks: tuple[Mark, ...]
    misconceptions: tuple[AssertedMisconception, ...]
    fallen: int


def majority(votes: int) -> int:
    """How many of so many votes are more than half."""
    return votes // 2 + 1


def median(marks: Sequence[Mark]) -> Mark:
    """The mark of the median verdict, the lower of two, by the first who gave it; with all verdicts in `votes`."""
    verdicts = tuple(mark.verdict for mark in marks)
    middle = sorted(verdicts, key=ORDER.index)[(len(verdicts) - 1) // 2]
    first = marks[verdicts.index(middle)]
    return replace(first, votes=verdicts) if len(marks) > 1 else first


def marks_of(votes: Sequence[Vote]) -> tuple[Mark, ...]:
    """One mark for each point."""
    return tuple(median(marks) for marks in zip(*(vote.marks for vote in votes), strict=True))


def asserted_in(votes: Sequence[Vote]) -> tuple[AssertedMisconception, ...]:
    """The misconceptions that more than half of the votes found, as the first of them did."""
    found: dict[str, list[AssertedMisconception]] = {}
    for vote in votes:
        for asserted in vote.misconceptions:
            found.setdefault(asserted.id, []).append(asserted)
    return tuple(same[0] for same in found.values() if len(same) >= majority(len(votes)))
