"""Saves that are heard of: who follows an interview is told at once, whichever process saved it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from interviewer.conductor.meanwhile import beside_decisions, in_order
from interviewer.domain import Interview
from interviewer.errors import InterviewerError, StaleInterview
from interviewer.store import Lease, SqlStore
from interviewer.watch import UNWATCHED, Watch

log = logging.getLogger(__name__)
AGAIN_S = 1.0
"""How long to wait before listening again when the database does not answer."""
LOOK_EVERY_S = 15.0
"""How often to look without having heard anything: a process can be killed between saving and telling of it."""


class Bell:
    """Hears when an interview moves on, also what comes while nobody waits."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._rung = asyncio.Event()
        self._saved = False
        self.version: int | None = None
        """That of the interview as its follower knows it."""

    def ring(self, *, saved: bool) -> None:
        """Something was saved, or told by a grading that is being made."""
        self._saved = self._saved or saved
        self._rung.set()

    async def next(self, interview: Interview, timeout_s: float) -> Interview | None:
        """The interview once something has happened; None when nothing has for `timeout_s` seconds.

        The wait begins where the last one ended.
        """
        self.version = interview.version
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return None
        saved, self._saved = self._saved, False
        self._rung.clear()
        if not saved or await self._store.version(interview.id, interview.owner) == interview.version:
            return interview
        return await self._store.load(interview.id, interview.owner)


class Changes:
    """Saves interviews and wakes whoever follows them here, also when another process saves them."""

    def __init__(self, store: SqlStore, watch: Watch = UNWATCHED) -> None:
        self._store = store
        self._counts = watch.counts
        self._bells: dict[str, set[Bell]] = {}
        self._told: dict[str, tuple[str | None, int | None]] = {}
        """How far the running gradings of those that are followed here had told when last looked at."""
        self.over = False
        """Whether nobody is told of anything any more."""

    def end(self) -> None:
        """Wake all followers for the last time: this process is about to stop."""
        self.over = True
        for interview_id in self._bells:
            self.ring(interview_id)

    async def listen(self) -> None:
        """Wake followers here of what other processes do, until this is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_always(self._hear))
            group.create_task(_always(self._look_again))

    async def _hear(self) -> None:
        async for interview_id in self._store.heard():
            await self._look() if interview_id is None else self.ring(interview_id, saved=True)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self._look()

    async def save(
        self, before: Interview, after: Interview, lease: Lease | None = None, *, held: Lease | None = None
    ) -> Interview:
        """Save, then tell; see SqlStore.save. What a person has decided on other turns since does not hinder it.

        What is new is dated after what was there.
        """
        try:
            saved = await self._store.save(before, in_order(before, after), lease, held=held)
        except StaleInterview:
            meanwhile = await self._store.load(before.id, before.owner)
            again = beside_decisions(before, after, meanwhile)
            if again is None:
                raise
            before = meanwhile
            saved = await self._store.save(before, in_order(before, again), lease, held=held)
        self._counts.moved(before, saved)
        self.ring(saved.id, saved=True)
        return saved

    def ring(self, interview_id: str, *, saved: bool = False) -> None:
        """Wake who follows an interview."""
        for bell in self._bells.get(interview_id, ()):
            bell.ring(saved=saved)

    async def _look(self) -> None:
        """Ring where an interview is not as its followers here know it, or its running grading has told more."""
        ids = tuple(self._bells)
        pulses = await self._store.pulses(ids) if ids else {}
        before, self._told = self._told, {id_: (now.token, now.told) for id_, now in pulses.items() if now.token}
        for id_ in ids:
            version = pulses[id_].version if id_ in pulses else None
            has_told = self._told.get(id_) != before.get(id_)
            for bell in self._bells.get(id_, ()):
                has_moved = version is None or version != bell.version
                if has_moved or has_told:
                    bell.ring(saved=has_moved)

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


async def _always(do: Callable[[], Awaitable[None]]) -> None:
    """Do what should never end, again after a moment when it did."""
    while True:
        try:
            await do()
        except InterviewerError as error:
            log.warning("could not hear of changes", extra={"error": type(error).__name__})
        except Exception:
            log.exception("could not hear of changes")
        await asyncio.sleep(AGAIN_S)
