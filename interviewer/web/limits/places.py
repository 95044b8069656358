"""What only so many may do at once, in this process: event streams, gradings by a model, files that take the CPU."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from weakref import WeakValueDictionary

from interviewer.errors import LimitReached, TooBusy
from interviewer.settings import Settings
from interviewer.web.limits.asker import Asker
from interviewer.web.limits.rules import Place

WAIT_FOR_PDF_S = 5.0
AGAIN_S = 5
"""When to come back if there is no place; nobody can know when one becomes free."""
_WORDS = {
    Place.STREAM: "You have more pages open that follow an interview than this server allows. Close some of them.",
    Place.GRADING: "Other answers of yours are being marked still. Send this one when they are done.",
}


class Places:
    """Who has which places now."""

    def __init__(self, settings: Settings, *, with_model: bool, patience_s: float = WAIT_FOR_PDF_S) -> None:
        """Who asks for a file waits `patience_s` for a place."""
        self._patience_s = patience_s
        self._taken: Counter[tuple[Place, str]] = Counter()
        self._pdfs = asyncio.Semaphore(settings.pdfs_at_once)
        self._pdfs_each = max(1, settings.pdfs_at_once - 1)
        """An address never has the last place."""
        self._pdfs_of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._people = settings.people_per_address
        self._most = {
            Place.STREAM: settings.streams_per_person,
            Place.GRADING: settings.gradings_at_once if with_model else 0,
        }

    @asynccontextmanager
    async def held(self, place: Place, asker: Asker) -> AsyncIterator[None]:
        """Have a place until the block is left.

        Raises:
            TooBusy: no place for a file became free in time.
            LimitReached: the person or the address has as many of these as it may.
        """
        if place is not Place.PDF:
            with self._one_of_theirs(place, asker):
                yield
            return
        theirs = self._pdfs_of.setdefault(asker.address, asyncio.Semaphore(self._pdfs_each))
        async with AsyncExitStack() as places:
            try:
                async with asyncio.timeout(self._patience_s):
                    await places.enter_async_context(theirs)
                    await places.enter_async_context(self._pdfs)
            except TimeoutError:
                raise TooBusy(
                    "Many files are being made just now. Ask for yours again in a few seconds.", retry_after_s=AGAIN_S
                ) from None
            yield

    @contextmanager
    def _one_of_theirs(self, place: Place, asker: Asker) -> Iterator[None]:
        most = self._most[place]
        limits = {(place, f"person {asker.person}"): most, (place, f"address {asker.address}"): most * self._people}
        theirs = [key for key, limit in limits.items() if limit]
        if any(self._taken[key] >= limits[key] for key in theirs):
            raise LimitReached(_WORDS[place], retry_after_s=AGAIN_S)
        self._taken.update(theirs)
        try:
            yield
        finally:
            self._taken.subtract(theirs)
            for key in theirs:
                if not self._taken[key]:
                    del self._taken[key]
