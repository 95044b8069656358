"""Links to reports: an owner makes and revokes the one of an interview, anyone reads by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from interviewer.domain import Interview
from interviewer.errors import NotFound
from interviewer.store import SqlStore
from interviewer.tokens import hash_token, new_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A link just made. Its `token` is told this once: what is kept is a hash of it."""

    token: str
    made_at: datetime


class Shares:
    """The one link of each interview by which anyone may read its report."""

    def __init__(
        self,
        store: SqlStore,
        *,
        clock: Callable[[], datetime],
        in_time: Callable[[Interview], Awaitable[Interview]],
    ) -> None:
        """`in_time` hands an exam in whose time is up, whoever looks at it."""
        self._store = store
        self._clock = clock
        self._in_time = in_time

    async def make(self, interview_id: str, owner: str) -> Share:
        """Make the link of an interview; the one before it leads nowhere from now on. NotFound if it is not theirs."""
        made = Share(token=new_token(), made_at=self._clock())
        await self._store.shares.make(interview_id, owner, hash_token(made.token), now=made.made_at)
        return made

    async def revoke(self, interview_id: str, owner: str) -> None:
        """From now on the link leads nowhere; without one, nothing happens. NotFound if it is not theirs."""
        await self._store.shares.revoke(interview_id, owner)

    async def made_at(self, interview: Interview) -> datetime | None:
        """When the link of an interview was made; None when there is none."""
        return await self._store.shares.made_at(interview.id)

    async def read(self, token: str) -> Interview:
        """The interview that a link leads to.

        Raises:
            NotFound: it was revoked, its interview was deleted, or it never was a link.
        """
        found = await self._store.shares.find(hash_token(token))
        if found is None:
            raise NotFound(
                "This link leads to no report. It was taken back, or the interview was deleted, or a part of the link "
                "is missing. Ask whoever sent it for a new one."
            )
        return await self._in_time(await self._store.load(found.interview, found.owner))
