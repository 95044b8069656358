"""Gradings that are being made -> the database, so that whoever follows them in another process sees them too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from interviewer.conductor.live import LiveGrading
from interviewer.conductor.parts import Parts
from interviewer.domain import Interview
from interviewer.errors import InterviewerError

log = logging.getLogger(__name__)
TOLD_EVERY_S = 0.3
"""How often other processes are told at most; a grading that is over sooner is not told of."""


class Telling:
    """Writes the logs of gradings here, reads those of gradings elsewhere."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def elsewhere(self, interview: Interview) -> LiveGrading | None:
        """The grading of an interview that another process is making, as far as it has told."""
        kept = await self._parts.store.logs.of(interview.id, now=self._parts.clock())
        return LiveGrading.read(kept, interview, self._parts.bank.question) if kept else None

    @asynccontextmanager
    async def of(self, interview: Interview, running: LiveGrading | None) -> AsyncIterator[None]:
        """Tell of a running grading until the block ends."""
        if running is None:
            yield
            return
        telling = asyncio.create_task(self._tell(interview.id, running))
        try:
            yield
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    async def _tell(self, interview_id: str, running: LiveGrading) -> None:
        """Write the log down as it grows, and forget it when this is cancelled."""
        logs, told = self._parts.store.logs, 0
        try:
            while True:
                await asyncio.sleep(TOLD_EVERY_S)
                if (count := len(running.events)) == told:
                    continue
                until = self._parts.clock() + timedelta(seconds=self._parts.lease_s)
                try:
                    told = count
                    await logs.keep(interview_id, running.written(), until=until)
                except InterviewerError as error:  # what comes next is told with all that came before
                    log.warning("could not tell other processes of a grading", extra={"error": type(error).__name__})
        finally:
            if told:
                with suppress(InterviewerError):  # it counts for nothing after its time
                    await logs.forget(interview_id, running.token)
