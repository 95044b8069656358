"""The JSON of what the model was asked and what it came to."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from interviewer.domain import ModelCall, Purpose, Usage
from interviewer.money import in_currency


class UsageShape(BaseModel):
    """What the calls of an interview came to; `cost` in whole units of `currency`, both null without prices."""

    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    currency: str | None
    estimated: bool

    @classmethod
    def of(cls, usage: Usage, currency: str | None) -> Self:
        """Usage, in a currency if there is one."""
        return cls(
            calls=usage.calls,
            tokens_in=usage.amount.tokens_in,
            tokens_out=usage.amount.tokens_out,
            cost=in_currency(usage.amount.cost) if currency else None,
            currency=currency,
            estimated=usage.estimated,
        )


class MessageShape(BaseModel):
    """One message as it was sent."""

    role: str
    content: str


class CallShape(BaseModel):
    """One call of the model; `in_force` when the grading in force was made from its reply.

    `outcome` is `ok`, `open` (no end is known), `cancelled` or the reason why there was no whole reply.
    """

    id: str
    purpose: Purpose
    model: str
    prompts: list[str]
    at: datetime
    outcome: str
    in_force: bool
    milliseconds: int | None
    first_ms: int | None
    usage: UsageShape
    messages: list[MessageShape]
    reply_schema: dict[str, Any]
    reply: str | None

    @classmethod
    def of(cls, call: ModelCall, *, in_force: bool, currency: str | None) -> Self:
        """A call as it is kept."""
        spent = Usage(calls=1, amount=call.amount, estimated=call.estimated)
        return cls(
            id=call.id,
            purpose=call.purpose,
            model=call.model,
            prompts=(call.prompts or "").split(),
            at=call.at,
            outcome=call.outcome.value,
            in_force=in_force,
            milliseconds=call.milliseconds,
            first_ms=call.first_ms,
            usage=UsageShape.of(spent, currency),
            messages=[MessageShape(**message) for message in json.loads(call.messages)],
            reply_schema=json.loads(call.reply_schema),
            reply=call.reply,
        )
