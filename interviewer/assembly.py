"""Settings -> the parts that conduct interviews, put together: the same for the server and for the command line."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from interviewer import bank as banks
from interviewer.aim import choose as aiming
from interviewer.aim.reader import Aim
from interviewer.bank import Bank
from interviewer.conductor import Conductor, Parts
from interviewer.conductor.parts import no_chat
from interviewer.errors import DatabaseUnusable
from interviewer.grading import choose
from interviewer.grading.breaker import Breaker
from interviewer.llm import ChatModel, OpenAIChat
from interviewer.meter import Meter
from interviewer.meter import choose as metering
from interviewer.passwords import Passwords
from interviewer.settings import Settings
from interviewer.store import SqlStore, database_at
from interviewer.talk import choose as talking
from interviewer.watch import UNWATCHED, Watch

log = logging.getLogger(__name__)
OFFLINE_LEASE_S = 10.0
SHARE_FOR_GRADING = 0.6
"""Of the seconds in which a process stops; in the rest a grading is given up, and its candidate told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The parts; `model` is what marks and talks, if one does, with what pauses it and what counts its calls."""

    conductor: Conductor
    aim: Aim
    store: SqlStore
    model: ChatModel | None
    breaker: Breaker | None
    meter: Meter | None

    async def open(self) -> None:
        """Open the database.

        Raises:
            DatabaseUnusable: it cannot be opened, written or migrated.
        """
        await self.store.open()

    async def close(self) -> None:
        """Let the leases go and the meter finish, then close everything."""
        await self.conductor.finish_up()
        if self.meter:
            await self.meter.finish()
        if isinstance(self.model, OpenAIChat):
            await self.model.close()
        await self.store.close()

    @asynccontextmanager
    async def opened(self, *, patient: bool = False) -> AsyncIterator[None]:
        """Open, and close afterwards. With `patient` a database that does not answer may still come.

        Raises:
            DatabaseUnusable: as `open`; not with `patient`.
        """
        try:
            await self.open()
        except DatabaseUnusable as error:
            if not patient:
                raise
            log.warning("serving without the database until it answers", extra={"error": type(error).__name__})
        try:
            yield
        finally:
            await self.close()


def assemble(
    settings: Settings,
    *,
    chat_model: ChatModel | None = None,
    store: SqlStore | None = None,
    clock: Callable[[], datetime] | None = None,
    bank: Bank | None = None,
    passwords: Passwords | None = None,
    watch: Watch = UNWATCHED,
) -> Assembly:
    """The parts that the settings choose. Whatever is given stands in the place of its part.

    Raises:
        ConfigurationError: the bank or a prompt is broken.
    """
    clock = clock or (lambda: datetime.now(UTC))
    bank = bank or banks.load(settings.bank_dir, cache=settings.bank_cache)
    model = chat_model or choose.chat_model(settings)
    store = store or SqlStore(
        database_at(settings.kept_at, pool_size=settings.database_pool, wait_s=settings.database_wait_s)
    )
    breaker = choose.breaker(settings) if model else None
    meter = metering.meter(settings, model, store.calls, clock=clock, new_id=_new_id, watch=watch) if model else None
    chat_for = meter.chat_for if meter else no_chat
    talk = talking.by_model(settings, model, questions=bank.question, chat_for=chat_for, breaker=breaker, clock=clock)
    parts = Parts(
        bank=bank,
        store=store,
        grader=choose.cascade(settings, model, bank_revision=bank.revision, clock=clock, breaker=breaker),
        clock=clock,
        new_id=_new_id,
        new_seed=lambda: secrets.randbelow(10**9),
        answer_chars=settings.answer_chars,
        lease_s=OFFLINE_LEASE_S + (2 * settings.model_timeout_s if talk else 0),
        last_s=settings.shutdown_s * SHARE_FOR_GRADING,
        chat_for=chat_for,
        talk=talk,
        passwords=passwords or Passwords(),
        watch=watch,
    )
    return Assembly(
        conductor=Conductor(parts),
        aim=aiming.aim(settings, bank, meter=meter, breaker=breaker, clock=clock),
        store=store,
        model=model,
        breaker=breaker,
        meter=meter,
    )


def _new_id() -> str:
    return secrets.token_urlsafe(16)
