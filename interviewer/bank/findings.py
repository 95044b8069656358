"""What the check of the bank can find."""

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
        return not self.excused

    def __str__(self) -> str:
        return str(self.problem)
