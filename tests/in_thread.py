"""Something asynchronous beside a test that is not."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class InThread(ABC):
    """Serves in a thread of its own from `with` to its end, so that a test may wait for a browser meanwhile."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        await self._serve()

    async def until_over(self) -> None:
        """To be awaited by `_serve` once it serves."""
        self._ready.set()
        await self._over.wait()

    @abstractmethod
    async def _serve(self) -> None:
        """Begin, wait `until_over`, and clean up."""
