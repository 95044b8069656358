"""What a model was asked, what came back, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from interviewer.domain.marks import Purpose, UngradedReason


class CallEnd(StrEnum):
    """How a call ended that no UngradedReason explains; an open one has not, or died with its process."""

    OPEN = "open"
    OK = "ok"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Tokens, and what they cost in millionths of the currency; 0 where no prices are set."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: int = 0

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What some calls came to; `estimated` when the server did not count all of it."""

    calls: int
    amount: Amount
    estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpending:
    """What all calls of one UTC day came to, those of interviews that were deleted since among them."""

    day: date
    calls: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One request to a model in an interview, as it was sent, and what came of it.

    Where `interview` is None it was made outside of one: it counts for its day, and its words are not kept.
    While it is open, `amount` is the most it can come to. `messages` and `reply_schema` are JSON, `prompts` the ids of
    the prompt files, `reply` the raw text as far as it came. Times are in milliseconds: until the reply had ended,
    and until its first piece was there (None when it came whole, or not at all).
    """

    id: str
    interview: str | None
    turn: int
    purpose: Purpose
    model: str
    prompts: str | None
    at: datetime
    messages: str
    reply_schema: str
    amount: Amount
    estimated: bool = True
    outcome: CallEnd | UngradedReason = CallEnd.OPEN
    milliseconds: int | None = None
    first_ms: int | None = None
    reply: str | None = None
