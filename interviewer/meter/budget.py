"""What was spent + the most that a call can come to -> whether it may be made. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.domain import Amount, UngradedReason
from interviewer.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most tokens, and the most money in millionths of the currency; None is no limit."""

    tokens: int | None = None
    cost: int | None = None

    def exceeded_by(self, amount: Amount) -> str | None:
        """TOKENS or COST, whichever the amount goes beyond; None when it stays within."""
        if self.tokens is not None and amount.tokens > self.tokens:
            return "TOKENS"
        if self.cost is not None and amount.cost > self.cost:
            return "COST"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """The limits of each interview and of each UTC day."""

    interview: Limits = Limits()
    day: Limits = Limits()

    def check(self, interview: Amount, day: Amount, call: Amount) -> None:
        """Let a call pass that can come to `call`, after what the interview and the day have come to.

        Raises:
            ModelError: it could go beyond a budget, and beyond which one.
        """
        if what := self.interview.exceeded_by(interview + call):
            raise _used_up("This interview's", f"INTERVIEWER_MODEL_{what}_PER_INTERVIEW")
        if what := self.day.exceeded_by(day + call):
            raise _used_up("Today's", f"INTERVIEWER_MODEL_{what}_PER_DAY")


def _used_up(whose: str, setting: str) -> ModelError:
    return ModelError(
        UngradedReason.OVER_BUDGET,
        f"{whose} budget for the model is used up: a further call could go beyond {setting}.",
    )
