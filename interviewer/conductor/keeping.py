"""What is kept of somebody: told, exported and deleted by themselves; and how long anything is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from interviewer import engine
from interviewer.domain import Dispute, Interview, Invitation, ModelCall, Person, Session
from interviewer.errors import NotConfirmed
from interviewer.store import SqlStore
from interviewer.store.kept import KeptDraft

CONFIRM = "delete everything"
"""What has to be typed before everything is deleted."""
_PORTION = 10
"""Interviews in memory at once while they are exported; with their model calls, some 100 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInterview:
    """An interview with all that belongs to it. `withheld` are turns whose marks and calls may not be seen yet."""

    interview: Interview
    drafts: tuple[KeptDraft, ...]
    disputes: tuple[Dispute, ...]
    calls: tuple[ModelCall, ...]
    shared_at: datetime | None
    withheld: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOfPerson:
    """What is kept of somebody beside their interviews; of a guest nothing."""

    person: Person | None
    sessions: tuple[Session, ...]
    invitations: tuple[Invitation, ...]


class Keeping:
    """Looks after what is kept. An owner is a guest, or a person with an account."""

    def __init__(self, store: SqlStore, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def count(self, owner: str) -> int:
        """How many interviews an owner has."""
        return await self._store.kept.count(owner)

    async def of_person(self, person: Person | None) -> KeptOfPerson:
        """What is kept beside the interviews."""
        if person is None:
            return KeptOfPerson(person=None, sessions=(), invitations=())
        return KeptOfPerson(
            person=person,
            sessions=tuple(await self._store.sessions.of(person.id, now=self._clock())),
            invitations=tuple(await self._store.invitations.of(person.id)),
        )

    async def interviews(self, owner: str) -> AsyncIterator[KeptInterview]:
        """All interviews of an owner with all that belongs to them, oldest first; a few are in memory at once."""
        async for portion in self._store.histories.by(owner, portion=_PORTION):
            for kept in await self._with_all(portion):
                yield kept

    async def remove(self, owner: str, person: Person | None, *, confirmed: str) -> None:
        """Delete all interviews of an owner and, where it has one, the account with its sessions.

        Raises:
            NotConfirmed: the words that confirm it were not typed; nothing is deleted.
        """
        if " ".join(confirmed.split()).casefold() != CONFIRM:
            raise NotConfirmed(f"Nothing was deleted. To delete all of it, type: {CONFIRM}")
        if person:
            await self._store.people.remove(person.id)
        else:
            await self._store.kept.remove(owner)

    async def tidy(self, retention_days: int | None) -> int:
        """Delete what is over: sessions, invitations, and interviews that nothing has happened in for so many days.

        How many interviews were deleted.
        """
        now = self._clock()
        await self._store.kept.sweep(now)
        return 0 if retention_days is None else await self._store.kept.retire(now - timedelta(days=retention_days))

    async def _with_all(self, interviews: Sequence[Interview]) -> list[KeptInterview]:
        ids = [interview.id for interview in interviews]
        drafts, shared = await self._store.kept.drafts(ids), await self._store.kept.shared(ids)
        disputes, calls = await self._store.disputes.of_all(ids), await self._store.calls.of_all(ids)
        found = []
        for each in interviews:
            withheld = tuple(turn.number for turn in each.turns if not engine.feedback_due(each, turn))
            turns = (replace(turn, gradings=()) if turn.number in withheld else turn for turn in each.turns)
            found.append(
                KeptInterview(
                    interview=replace(each, turns=tuple(turns)),
                    drafts=tuple(drafts.get(each.id, ())),
                    disputes=tuple(disputes.get(each.id, ())),
                    calls=tuple(call for call in calls.get(each.id, ()) if call.turn not in withheld),
                    shared_at=shared.get(each.id),
                    withheld=withheld,
                )
            )
        return found
