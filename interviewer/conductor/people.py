"""People come in: sign up, log in, are recognised by their session's token, log out. Tokens are told once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from interviewer.domain import Invitation, Person, Role, Session
from interviewer.errors import InterviewerError, NotFound, UnusableName, WrongPassword
from interviewer.passwords import Passwords
from interviewer.people import as_hashed, clean_name, clean_password
from interviewer.store import SqlStore
from interviewer.store.invitations import LEADS_NOWHERE
from interviewer.store.people import KeptPerson
from interviewer.store.sessions import FoundSession, NewSession
from interviewer.tokens import hash_token, new_token, successor

log = logging.getLogger(__name__)

SESSION = timedelta(days=30)
"""From log-in to the end of a session, used or not."""
ROTATE_AFTER = timedelta(hours=24)
"""The age at which a token that is used is replaced."""
STILL_GOOD = timedelta(seconds=60)
"""How long a replaced token is: requests may be under way with it, and the reply with the new one may get lost."""
NOTE_AFTER = timedelta(hours=1)
"""How exactly it is kept when a session was used last."""
WRONG = "There is no account with this name and password."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A session just begun: whose, by which token, until when."""

    person: Person
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Whose session a token is; `fresh` is the token to be used from now on, where it was replaced."""

    person: Person
    expires_at: datetime
    fresh: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation, and whose new password it is for, if it is for one."""

    invitation: Invitation
    person: Person | None


class People:
    """Everybody with an account, as they come and go."""

    def __init__(
        self,
        store: SqlStore,
        *,
        passwords: Passwords,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._new_id = new_id

    async def sign_up(
        self, name: str, password: str, *, guest: str | None = None, invitation: str | None = None
    ) -> Entered:
        """Make an account and log in; what the owner `guest` did belongs to it from then on.

        Raises:
            UnusableName, UnusablePassword, NameTaken: nothing is kept.
            NotFound: the invitation with this token was used, or is too old.
        """
        role = (await self.invited(invitation)).invitation.role if invitation else Role.CANDIDATE
        if role is None:
            raise NotFound(LEADS_NOWHERE)
        person, hashed = await self._made(name, password, role)
        token, session = self._session()
        used = hash_token(invitation) if invitation else None
        await self._store.people.add(person, hashed, session=session, guest=guest, invitation=used)
        return Entered(person=person, token=token, expires_at=session.expires_at)

    async def add(self, name: str, password: str, role: Role) -> Person:
        """Make an account for somebody. Raises as `sign_up` does."""
        person, hashed = await self._made(name, password, role)
        await self._store.people.add(person, hashed)
        return person

    async def log_in(self, name: str, password: str) -> Entered:
        """Begin a session. A name that nobody has takes as long as a wrong password, and is told in the same words.

        Raises:
            WrongPassword: there is no such account, or it is disabled.
        """
        kept = await self._named(name)
        rehashed = await self._compare(password, kept)
        if kept is None:
            raise WrongPassword(WRONG)
        if kept.person.disabled_at:
            raise WrongPassword("This account is disabled. Ask whoever runs this server.")
        token, session = self._session()
        await self._store.people.log_in(kept, session, rehashed=rehashed)
        return Entered(person=kept.person, token=token, expires_at=session.expires_at)

    async def confirm(self, person: Person, password: str) -> KeptPerson:
        """The person with their hash, once they have typed their password again. Raises WrongPassword."""
        kept = await self._store.people.get(person.id)
        try:
            await self._compare(password, kept)
        except WrongPassword:
            raise WrongPassword("This is not your password. Type it again.") from None
        return kept

    async def change_password(self, person: Person, old: str, new: str) -> Entered:
        """Set a new password and begin a new session; all others of theirs are over.

        Raises:
            WrongPassword, UnusablePassword: nothing is changed.
        """
        clean = clean_password(new, name=person.name)
        kept = await self.confirm(person, old)
        token, session = self._session()
        await self._store.people.set_password(kept, await self._passwords.hash(clean), session=session)
        return Entered(person=person, token=token, expires_at=session.expires_at)

    async def set_password(self, person: Person, new: str) -> None:
        """Set the password of somebody who is logged out by it, everywhere. Raises UnusablePassword."""
        hashed = await self._passwords.hash(clean_password(new, name=person.name))
        await self._store.people.set_password(await self._store.people.get(person.id), hashed, session=None)

    async def password_by_link(self, link: str, new: str) -> Entered:
        """Set a new password by a link that an admin sent, and begin a session; all others of theirs are over.

        Raises:
            NotFound: the link leads nowhere.
            UnusablePassword: nothing is changed.
        """
        person = (await self.invited(link)).person
        if person is None:
            raise NotFound(LEADS_NOWHERE)
        hashed = await self._passwords.hash(clean_password(new, name=person.name))
        kept = await self._store.people.get(person.id)
        token, session = self._session()
        await self._store.people.set_password(kept, hashed, session=session, invitation=hash_token(link))
        return Entered(person=person, token=token, expires_at=session.expires_at)

    async def invited(self, link: str) -> Invited:
        """What a link lets its reader do. Raises NotFound when it leads nowhere."""
        found = await self._store.invitations.find(hash_token(link), now=self._clock())
        if found is None:
            raise NotFound(LEADS_NOWHERE)
        person = (await self._store.people.get(found.person)).person if found.person else None
        if person and person.disabled_at:
            raise NotFound(LEADS_NOWHERE)
        return Invited(invitation=found, person=person)

    async def recognise(self, token: str, *, rotate: bool) -> Recognised | None:
        """Whose session this is; None when it is over or never was. With `rotate`, an old token is replaced.

        Of requests that come with the same old token at once, in whichever process, one replaces it, and all are told
        the same new one.

        Raises:
            DatabaseUnusable: the database does not answer.
        """
        now, hashed = self._clock(), hash_token(token)
        found = await self._store.sessions.find(hashed, now=now)
        if found and rotate and found.salt is None:
            await self._note(token, hashed, found.session, now)
            is_rotated = now - found.session.rotated_at >= ROTATE_AFTER
            found = await self._store.sessions.find(hashed, now=now) if is_rotated else found
        if found is None or (found.salt and now - found.session.rotated_at > STILL_GOOD):
            return None
        return _recognised(token, found, rotate=rotate)

    async def sessions(self, person: Person) -> list[Session]:
        """Where a person is logged in, newest first."""
        return await self._store.sessions.of(person.id, now=self._clock())

    async def log_out(self, token: str) -> None:
        """End a session; without one, nothing happens."""
        await self._store.sessions.end(hash_token(token))

    async def log_out_everywhere(self, person: Person) -> None:
        """End all sessions of a person."""
        await self._store.sessions.end_all(person.id)

    async def take_over(self, person: Person, guest: str) -> int:
        """Give a person what they did in this browser as a guest; how many interviews."""
        return await self._store.people.take_over(person.id, guest)

    async def _named(self, name: str) -> KeptPerson | None:
        try:
            return await self._store.people.named(clean_name(name))
        except UnusableName:
            return None

    async def _made(self, name: str, password: str, role: Role) -> tuple[Person, str]:
        name = clean_name(name)
        clean = clean_password(password, name=name)
        person = Person(id=self._new_id(), name=name, role=role, created_at=self._clock())
        return person, await self._passwords.hash(clean)

    async def _compare(self, password: str, kept: KeptPerson | None) -> str | None:
        """The password hashed anew, where that is due. Raises WrongPassword."""
        typed = as_hashed(password)
        verified = await self._passwords.verify(typed or "", kept.password if kept and typed else None)
        if not verified.right:
            raise WrongPassword(WRONG)
        return verified.rehashed

    def _session(self) -> tuple[str, NewSession]:
        token, now = new_token(), self._clock()
        return token, NewSession(token=hash_token(token), begun_at=now, expires_at=now + SESSION)

    async def _note(self, token: str, hashed: str, session: Session, now: datetime) -> None:
        """Replace a token that is old, or note that it was used; a database that cannot be written ends no session."""
        try:
            if now - session.rotated_at >= ROTATE_AFTER:
                salt = new_token()
                fresh = hash_token(successor(token, salt))
                await self._store.sessions.rotate(hashed, to=fresh, salt=salt, now=now)
            elif now - session.used_at >= NOTE_AFTER:
                await self._store.sessions.touch(hashed, now=now)
        except InterviewerError as error:
            log.warning("could not note the use of a session", extra={"error": type(error).__name__})


def _recognised(token: str, found: FoundSession, *, rotate: bool) -> Recognised:
    fresh = successor(token, found.salt) if found.salt and rotate else None
    return Recognised(person=found.person, expires_at=found.session.expires_at, fresh=fresh)
