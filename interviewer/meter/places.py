"""So many calls at once, the others in turn: who came first goes first, and nobody waits longer than they may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError


class Places:
    """`count` places of this process."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)

    @asynccontextmanager
    async def one(self, timeout_s: float) -> AsyncIterator[None]:
        """Hold a place; it may take `timeout_s` seconds to come by one.

        Raises:
            ModelError: busy, no place came free in time.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await self._free.acquire()
        except TimeoutError:
            raise ModelError(
                UngradedReason.BUSY,
                "The model was busy with other answers until the time was up: try again, or raise "
                "INTERVIEWER_MODEL_CONCURRENCY if the model server can take more at once.",
            ) from None
        try:
            yield
        finally:
            self._free.release()
