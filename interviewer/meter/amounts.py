"""Texts -> how many tokens they are about, and at most; tokens -> what they cost. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from interviewer.domain import Amount, UngradedReason

BYTES_PER_TOKEN = 4
"""Of UTF-8, for an estimate. The bank's gradings have 4.2 (`make bench`), other languages mostly fewer."""
MESSAGE_TOKENS = 16
"""More than the marks that a chat template puts around a message."""
_NOT_READ = frozenset(
    {
        UngradedReason.UNREACHABLE,
        UngradedReason.REFUSED_KEY,
        UngradedReason.RATE_LIMITED,
        UngradedReason.REJECTED,
        UngradedReason.SERVER_ERROR,
    }
)
"""After these, unless something was heard, no model has read the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a million tokens cost, in the currency."""

    million_in: Decimal = Decimal(0)
    million_out: Decimal = Decimal(0)

    def amount(self, tokens_in: int, tokens_out: int) -> Amount:
        """These tokens with their cost in millionths of the currency, rounded up."""
        cost = math.ceil(tokens_in * self.million_in + tokens_out * self.million_out)
        return Amount(tokens_in=tokens_in, tokens_out=tokens_out, cost=cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Tokens of one call; `estimated` when the server did not count them all."""

    tokens_in: int
    tokens_out: int
    estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is known of a call that is over: what was sent and heard, what the server counted, how it ended.

    `why` is None for a whole reply, and for a call that was given up; `max_tokens` is the most a reply may have.
    """

    sent: tuple[str, ...]
    text: str
    counted_in: int | None
    counted_out: int | None
    why: UngradedReason | None
    max_tokens: int

    @property
    def spent(self) -> Spent:
        """What the server counted, else an estimate.

        A reply that broke off without being counted is taken for as long as it may be: what a model thinks before it
        writes is not seen.
        """
        counted_in, counted_out = self.counted_in, self.counted_out
        if counted_in is None and counted_out is None and not self.text and self.why in _NOT_READ:
            return Spent(tokens_in=0, tokens_out=0, estimated=False)
        broken_off = self.why is UngradedReason.TRUNCATED
        written = self.max_tokens if broken_off else min(about(self.text), self.max_tokens)
        return Spent(
            tokens_in=sum(map(about, self.sent)) if counted_in is None else counted_in,
            tokens_out=written if counted_out is None else counted_out,
            estimated=counted_in is None or counted_out is None,
        )


def about(text: str) -> int:
    """How many tokens a text is, estimated."""
    return math.ceil(_bytes(text) / BYTES_PER_TOKEN)


def at_most(messages: Iterable[str], schema: str) -> int:
    """More tokens than messages and schema can be: a token is at least a byte in every vocabulary in use."""
    return _bytes(schema) + sum(_bytes(message) + MESSAGE_TOKENS for message in messages)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
