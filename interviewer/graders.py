"""Who marked a turn, as far as scores may be compared: a mean never mixes two graders. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.disputes import made_by
from interviewer.domain import GraderKind, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Grader:
    """The offline grader (whose scores are estimates), the key of choice questions, or the model of that name."""

    kind: GraderKind
    model: str | None = None

    @property
    def id(self) -> str:
        """A word for it that stays: `fuzzy`, `key`, `llm:gpt-4.1`."""
        return f"{self.kind}:{self.model}" if self.model else str(self.kind)


def grader_of(turn: Turn) -> Grader | None:
    """Who gave the marks in force; None while there are none.

    Where a person decided a mark, the rest was marked by somebody, and that is whom the score is compared with.
    """
    grading = made_by(turn) or turn.grading
    if grading is None:
        return None
    made = grading.provenance
    return Grader(kind=made.grader, model=made.model if made.grader is GraderKind.LLM else None)
