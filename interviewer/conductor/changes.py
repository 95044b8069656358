"""Saves that are heard of: who follows an interview is told at once, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from interviewer.conductor.meanwhile import beside_decisions
from interviewer.domain import Interview
from interviewer.errors import StaleInterview
from interviewer.store import SqlStore
from interviewer.watch import UNWATCHED, Watch


class Bell:
    """Hears when an interview moves on in this process, also what comes while nobody waits."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._rung = asyncio.Event()
        self._saved = False

    def ring(self, *, saved: bool) -> None:
        """Something was saved, or told by a grading that is being made."""
        self._saved = self._saved or saved
        self._rung.set()

    async def next(self, interview: Interview, timeout_s: float) -> Interview:
        """The interview once something has happened, or as it stands after `timeout_s` seconds.

        The wait begins where the last one ended; other processes' saves are found at its end, by the version.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        is_only_told = self._rung.is_set() and not self._saved
        self._rung.clear()
        self._saved = False
        if is_only_told or await self._store.version(interview.id, interview.owner) == interview.version:
            return interview
        return await self._store.load(interview.id, interview.owner)


class Changes:
    """Saves interviews and wakes whoever follows them here; other processes find a change by its version."""

    def __init__(self, store: SqlStore, watch: Watch = UNWATCHED) -> None:
        self._store = store
        self._counts = watch.counts
        self._bells: dict[str, set[Bell]] = {}

    async def save(self, before: Interview, after: Interview) -> Interview:
        """Save, then tell; see SqlStore.save. What a person has decided on other turns since does not hinder it."""
        try:
            saved = await self._store.save(before, after)
        except StaleInterview:
            now = await self._store.load(before.id, before.owner)
            again = beside_decisions(before, after, now)
            if again is None:
                raise
            before, saved = now, await self._store.save(now, again)
        self._counts.moved(before, saved)
        self.ring(saved.id, saved=True)
        return saved

    def ring(self, interview_id: str, *, saved: bool = False) -> None:
        """Wake who follows an interview."""
        for bell in self._bells.get(interview_id, ()):
            bell.ring(saved=saved)

    @contextmanager
    def following(self, interview_id: str) -> Iterator[Bell]:
        """Follow an interview. Load it inside: what was there before is not told."""
        bell = Bell(self._store)
        bells = self._bells.setdefault(interview_id, set())
        bells.add(bell)
        try:
            yield bell
        finally:
            bells.discard(bell)
            if not bells and self._bells.get(interview_id) is bells:
                del self._bells[interview_id]
