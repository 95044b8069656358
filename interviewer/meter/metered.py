"""A model bound to a place in an interview: each call waits its turn, is kept before it is made, then settled."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from interviewer.domain import NOT_ASKED, CallEnd, ModelCall, Purpose, UngradedReason
from interviewer.errors import ModelError
from interviewer.llm import WIRE, Chat, ModelReply, OnText, Schema, Wire
from interviewer.meter.amounts import Heard, at_most
from interviewer.watch import REQUEST_ID

if TYPE_CHECKING:  # it makes these
    from interviewer.meter.meter import Meter

LEAST_TIME_S = 0.1
NAME_CHARS = 200


class MeteredChat:
    """The meter's model, for one purpose in one turn of an interview, or outside of one."""

    def __init__(self, meter: Meter, interview_id: str | None, turn: int, purpose: Purpose) -> None:
        self._meter = meter
        self._interview_id = interview_id
        self._turn = turn
        self._purpose = purpose

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """The model's reply with the id of its call; the wait for a place is part of its times.

        Raises:
            ModelError: as the model's; and over_budget or busy when it was not asked.
            NotFound: the interview was deleted meanwhile.
        """
        with self._meter.watch.spans.span(f"chat {self._meter.model_name}", leaves=True) as span:
            span.note(
                gen_ai__operation__name="chat",
                gen_ai__request__model=self._meter.model_name,
                interviewer__purpose=self._purpose,
                interviewer__prompts=self._meter.prompts.get(self._purpose),
            )
            try:
                reply = await self._complete(messages, schema_name, schema, timeout_s, on_text)
            except ModelError as error:
                span.failed(error.reason)
                if error.reason in NOT_ASKED:
                    self._meter.watch.counts.not_asked(self._purpose, error.reason)
                raise
            span.note(
                interviewer__call=reply.call,
                gen_ai__usage__input_tokens=reply.tokens_in,
                gen_ai__usage__output_tokens=reply.tokens_out,
            )
            return reply

    async def _complete(
        self, messages: Chat, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None
    ) -> ModelReply:
        meter = self._meter
        came_s = meter.stopwatch()
        async with meter.places.one(timeout_s):
            opened = self._opened(messages, schema)
            await meter.open(opened)
            call = _Call(meter, opened, messages, on_text)
            waited_s = call.began_s - came_s
            ended: CallEnd | UngradedReason = CallEnd.CANCELLED
            reply: ModelReply | None = None
            call.wire.headers = self._headers()
            before = WIRE.set(call.wire)
            try:
                left_s = max(timeout_s - waited_s, LEAST_TIME_S)
                reply = await meter.model.complete(
                    messages, schema_name=schema_name, schema=schema, timeout_s=left_s, on_text=call.hear
                )
                ended = CallEnd.OK
            except Exception as error:
                ended = error.reason if isinstance(error, ModelError) else UngradedReason.BROKEN
                raise
            finally:
                WIRE.reset(before)
                await meter.settle(opened, call.ended(ended, reply))
        return _delayed(reply, round(waited_s * 1000), opened.id)

    def _headers(self) -> dict[str, str]:
        """Whose work it is, for the log and the traces of the model server."""
        request_id = REQUEST_ID.get()
        return {**({"X-Request-ID": request_id} if request_id else {}), **self._meter.watch.spans.headers()}

    def _opened(self, messages: Chat, schema: Schema) -> ModelCall:
        meter, form = self._meter, json.dumps(schema)
        most_in = at_most((message.content for message in messages), form)
        return ModelCall(
            id=meter.new_id(),
            interview=self._interview_id,
            turn=self._turn,
            purpose=self._purpose,
            model=meter.model_name,
            prompts=meter.prompts.get(self._purpose),
            at=meter.clock(),
            messages=_json(messages),
            reply_schema=form,
            amount=meter.prices.amount(most_in, meter.max_tokens),
        )


class _Call:
    """One call while it is made."""

    def __init__(self, meter: Meter, opened: ModelCall, messages: Chat, passed_on: OnText | None) -> None:
        self._meter, self._opened, self._messages, self._passed_on = meter, opened, messages, passed_on
        self._heard, self._first_s = "", 0.0
        self.wire = Wire()
        self.began_s = meter.stopwatch()

    def hear(self, text: str) -> None:
        """Take in the whole text so far, and pass it on."""
        self._first_s = self._first_s or self._meter.stopwatch()
        self._heard = text
        if self._passed_on:
            self._passed_on(text)

    def ended(self, outcome: CallEnd | UngradedReason, reply: ModelReply | None) -> ModelCall:
        """The call with what came of it: the server's count, else an estimate."""
        meter, sent = self._meter, self.wire.sent or self._messages
        heard = Heard(
            sent=tuple(message.content for message in sent),
            text=reply.text if reply else self._heard,
            counted_in=reply.tokens_in if reply else self.wire.tokens_in,
            counted_out=reply.tokens_out if reply else self.wire.tokens_out,
            why=outcome if isinstance(outcome, UngradedReason) else None,
            max_tokens=meter.max_tokens,
        )
        spent = heard.spent
        first_ms = round((self._first_s - self.began_s) * 1000) if self._first_s else None
        return replace(
            self._opened,
            model=_storable(reply.model)[:NAME_CHARS] if reply else self._opened.model,
            messages=_json(sent),
            amount=meter.prices.amount(spent.tokens_in, spent.tokens_out),
            estimated=spent.estimated,
            outcome=outcome,
            milliseconds=round((meter.stopwatch() - self.began_s) * 1000),
            first_ms=reply.first_ms if reply and reply.first_ms is not None else first_ms,
            reply=_storable(heard.text) or None,
        )


def _delayed(reply: ModelReply, waited_ms: int, call: str) -> ModelReply:
    """The reply as whoever asked saw it."""
    first_ms = None if reply.first_ms is None else reply.first_ms + waited_ms
    return replace(reply, milliseconds=reply.milliseconds + waited_ms, first_ms=first_ms, call=call)


def _json(messages: Chat) -> str:
    return json.dumps([{"role": message.role, "content": message.content} for message in messages])


def _storable(text: object) -> str:
    """The text with what no database can hold (lone surrogates) shown as �."""
    return str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
