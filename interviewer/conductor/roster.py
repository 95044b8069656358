"""Admins look after people: invite, change a role, disable, delete. They see no interview of anybody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from interviewer.domain import Invitation, Person, Role
from interviewer.errors import NotFound
from interviewer.people import NAME_CHARS, clean_name
from interviewer.store import SqlStore
from interviewer.store.people import NO_PERSON, PeoplePage
from interviewer.tokens import hash_token, new_token

INVITATION = timedelta(days=7)
PASSWORD_LINK = timedelta(days=1)
SHOWN = 50
"""People on a page; a part of a name finds the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link just made. Its `token` is told this once: what is kept is a hash of it."""

    token: str
    expires_at: datetime


class Roster:
    """Everybody with an account, as those see them who look after them."""

    def __init__(self, store: SqlStore, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def page(self, part: str = "", *, limit: int = SHOWN) -> PeoplePage:
        """The first people by name, of those whose name has that part."""
        printable = "".join(char for char in part[:NAME_CHARS] if char.isprintable())
        return await self._store.people.page(printable, limit=limit)

    async def named(self, name: str) -> Person:
        """The person with that name. Raises NotFound when there is none, UnusableName."""
        kept = await self._store.people.named(clean_name(name))
        if kept is None:
            raise NotFound(f"There is no account with the name {name[:80]!r}. `interviewer people list` names them.")
        return kept.person

    async def get(self, person_id: str) -> Person:
        """The person with that id. Raises NotFound when there is none."""
        return (await self._store.people.get(person_id)).person

    async def invite(self, role: Role, *, by: Person | None) -> Link:
        """Make a link by which one person may sign up; `by` is None for whoever has the database.

        Raises:
            NotFound: `by` is no admin any more.
        """
        return await self._link(role, None, by, INVITATION)

    async def password_link(self, person_id: str, *, by: Person | None) -> Link:
        """Make a link by which a person sets a new password; the one before it leads nowhere.

        Raises:
            NotFound: the person is gone, or `by` is no admin any more.
        """
        return await self._link(None, person_id, by, PASSWORD_LINK)

    async def set_role(self, person_id: str, role: Role) -> None:
        """Give a person a role; they have to log in again. Raises NotFound when there is none."""
        await self._store.people.change(person_id, role=role)

    async def disable(self, person_id: str) -> None:
        """Log a person out and let them in no more; what is theirs stays. Raises NotFound when there is none."""
        await self._store.people.change(person_id, disabled_at=self._clock())

    async def enable(self, person_id: str) -> None:
        """Let a disabled person in again. Raises NotFound when there is none."""
        await self._store.people.change(person_id, disabled_at=None)

    async def remove(self, person_id: str) -> None:
        """Delete a person with all that is theirs. Raises NotFound when there is none."""
        try:
            await self._store.people.remove(person_id)
        except NotFound:
            raise NotFound(NO_PERSON) from None

    async def _link(self, role: Role | None, person_id: str | None, by: Person | None, lasts: timedelta) -> Link:
        token, now = new_token(), self._clock()
        made = Invitation(
            role=role, person=person_id, made_by=by.id if by else None, made_at=now, expires_at=now + lasts
        )
        await self._store.invitations.make(hash_token(token), made)
        return Link(token=token, expires_at=made.expires_at)
