"""The settings, the model and the store -> who gives out metered models."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from interviewer.domain import Amount, CallEnd, DaySpending, Interview, ModelCall, Purpose
from interviewer.errors import DatabaseUnusable
from interviewer.llm import ChatModel
from interviewer.meter.amounts import Prices
from interviewer.meter.budget import Budgets
from interviewer.meter.metered import MeteredChat
from interviewer.meter.places import Places
from interviewer.store.calls import ModelCalls
from interviewer.watch import UNWATCHED, Watch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Keeps, counts and limits the calls of one model in one process.

    `max_tokens` is the most a reply may have, `prompts` the ids of the prompt files for each purpose, `stopwatch`
    gives seconds that only go forward, `watch` is told of every call.
    """

    model: ChatModel
    model_name: str
    calls: ModelCalls
    places: Places
    budgets: Budgets
    prices: Prices
    max_tokens: int
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    prompts: Mapping[Purpose, str] = field(default_factory=dict)
    stopwatch: Callable[[], float] = time.perf_counter
    watch: Watch = UNWATCHED
    _writing: set[asyncio.Task[None]] = field(default_factory=set)

    def chat_for(self, interview: Interview, turn: int, purpose: Purpose) -> ChatModel:
        """The model to ask for that purpose in that turn."""
        return MeteredChat(self, interview.id, turn, purpose)

    def chat_outside(self, purpose: Purpose) -> ChatModel:
        """The model to ask outside of an interview: the day's budget holds, each call is held to an interview's."""
        return MeteredChat(self, None, 0, purpose)

    async def open(self, call: ModelCall) -> None:
        """Keep a call that is about to be made, with the most it can come to.

        Raises:
            ModelError: over_budget.
            NotFound: the interview was deleted meanwhile.
        """

        def allow(interview: Amount, day: Amount) -> None:
            self.budgets.check(interview, day, call.amount)

        opening = self._start(self.calls.open(call, allow))
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._start(self._give_up(call, opening))
            raise

    async def today(self) -> DaySpending:
        """What the UTC day has come to so far, open calls with the most they can come to."""
        day = self.clock().astimezone(UTC).date()
        found = [each for each in await self.calls.spending(day) if each.day == day]
        return found[0] if found else DaySpending(day=day, calls=0, amount=Amount())

    async def settle(self, opened: ModelCall, ended: ModelCall) -> None:
        """Put what came of a call in its place; that goes on when the caller is cancelled."""
        await asyncio.shield(self._start(self._settle(opened, ended)))

    async def finish(self) -> None:
        """Wait until everything is written."""
        while self._writing:
            await asyncio.gather(*self._writing, return_exceptions=True)

    async def _settle(self, opened: ModelCall, ended: ModelCall) -> None:
        log.info(
            "the model was asked",
            extra={
                "interview": ended.interview,
                "turn": ended.turn,
                "purpose": ended.purpose.value,
                "call": ended.id,
                "outcome": ended.outcome.value,
                "tokens_in": ended.amount.tokens_in,
                "tokens_out": ended.amount.tokens_out,
                "milliseconds": ended.milliseconds,
            },
        )
        self.watch.counts.called(ended)
        try:
            await self.calls.settle(opened, ended)
        except DatabaseUnusable:
            log.exception("a call of the model stays counted with the most it could come to", extra={"call": ended.id})

    async def _give_up(self, call: ModelCall, opening: asyncio.Task[None]) -> None:
        """Take back a call that was given up while it was being written down: it is not made."""
        with suppress(Exception):
            await opening
            await self._settle(call, replace(call, amount=Amount(), estimated=False, outcome=CallEnd.CANCELLED))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task
