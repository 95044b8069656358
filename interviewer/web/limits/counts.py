"""Where hits are counted: in the memory of the one process there is, or in the database that several share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from limits.aio.storage import MemoryStorage

from interviewer.store.rates import RateStore
from interviewer.windows import Hit, Used, is_open

SWEEP_EVERY_S = 60.0


class Counts(Protocol):
    """Counts hits."""

    async def used(self, hits: Sequence[Hit]) -> list[Used]:
        """What is used up of each, without counting anything."""

    async def take(self, hits: Sequence[Hit]) -> bool:
        """Count all of them, or none: False when one has no room."""


class MemoryCounts:
    """Counts of this process, gone with it. Nothing here waits, so no other request comes between look and count."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._pause: asyncio.Task[None] | None = None

    async def used(self, hits: Sequence[Hit]) -> list[Used]:
        """As `Counts`."""
        found = [await self._storage.get_sliding_window(hit.key, hit.window_s) for hit in hits]
        return [
            Used(before=before, now=now, left_s=now_ttl - hit.window_s)  # it is kept for one more window
            for hit, (before, _, now, now_ttl) in zip(hits, found, strict=True)
        ]

    async def take(self, hits: Sequence[Hit]) -> bool:
        """As `Counts`."""
        if not all(is_open(hit, used) for hit, used in zip(hits, await self.used(hits), strict=True)):
            return False
        for hit in hits:
            await self._storage.acquire_sliding_window_entry(hit.key, hit.most, hit.window_s)
        if self._storage.timer is not self._pause:  # it sweeps; while its timer runs it does not, else each hit would
            self._pause = self._storage.timer = asyncio.create_task(asyncio.sleep(SWEEP_EVERY_S))
        return True


class SharedCounts:
    """Counts of all processes on one database. The clock gives seconds since 1970."""

    def __init__(self, rates: RateStore, clock: Callable[[], float] = time.time) -> None:
        self._rates = rates
        self._clock = clock
        self._swept_at = clock()

    async def used(self, hits: Sequence[Hit]) -> list[Used]:
        """As `Counts`."""
        return await self._rates.used(hits, self._clock())

    async def take(self, hits: Sequence[Hit]) -> bool:
        """As `Counts`; now and then it clears out what counts no more."""
        now = self._clock()
        if not 0 <= now - self._swept_at < SWEEP_EVERY_S:
            self._swept_at = now
            await self._rates.sweep(now)
        return await self._rates.take(hits, now)
