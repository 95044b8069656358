"""Saves that are heard of: who waits for an interview to move on is told at once, in this process."""

from __future__ import annotations

import asyncio

from interviewer.domain import Interview
from interviewer.store import SqlStore


class Changes:
    """Saves interviews and wakes whoever follows them here; other processes find a change by its version."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._bells: dict[str, set[asyncio.Event]] = {}

    async def save(self, before: Interview, after: Interview) -> Interview:
        """Save, then tell; see SqlStore.save."""
        saved = await self._store.save(before, after)
        for bell in self._bells.get(saved.id, ()):
            bell.set()
        return saved

    async def wait(self, interview: Interview, timeout_s: float) -> Interview:
        """The interview once it has moved past its version, or as it stands after `timeout_s` seconds."""
        bell = asyncio.Event()
        bells = self._bells.setdefault(interview.id, set())
        bells.add(bell)
        try:
            if await self._store.version(interview.id, interview.owner) == interview.version:
                async with asyncio.timeout(timeout_s):
                    await bell.wait()
        except TimeoutError:
            pass
        finally:
            bells.discard(bell)
            if not bells:
                self._bells.pop(interview.id, None)
        return await self._store.load(interview.id, interview.owner)
