"""What the check of the bank can find, and which of it is an error already."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from interviewer.errors import BankProblem


class Measure(StrEnum):
    """What is measured of a question."""

    DRAFT = "draft"
    REFERENCE = "reference"
    SAMPLES = "samples"
    CUES = "cues"
    ECHO = "echo"
    BAG = "bag"
    PROBE = "probe"
    EVIDENCE = "evidence"
    CROSSTALK = "crosstalk"
    NEAR = "near"
    VERSIONS = "versions"
    OPTIONS = "options"
    SPREAD = "spread"
    """How the right options of a whole pack stand among the wrong ones."""


NOT_YET = frozenset({Measure.CROSSTALK, Measure.EVIDENCE, Measure.PROBE})
"""Measures that only warn until the shipped bank passes them. Whoever mends the last question empties this set."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a question; `question` is None for a pack as a whole."""

    measure: Measure
    problem: BankProblem
    excused: bool = False
    """The question says itself why this is as it should be."""

    @property
    def is_error(self) -> bool:
        """Whether the bank is not in order because of it."""
        return not self.excused and self.measure not in NOT_YET

    def __str__(self) -> str:
        return str(self.problem)
