"""People <-> rows: signed up with what they did as guests, found by name, changed, deleted with all that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.domain import Person, owner_of_person, person_of_owner
from interviewer.errors import NameTaken, NotFound, WrongPassword
from interviewer.people import name_key
from interviewer.store.database import Database
from interviewer.store.invitations import use_invitation, withdraw_invitations, withdraw_links
from interviewer.store.people_rows import PERSON, person_of
from interviewer.store.sessions import NewSession, begin_session, end_sessions
from interviewer.store.tables import InterviewRow, PersonRow

NO_PERSON = "There is no such person here."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPerson:
    """A person with the hash of their password."""

    person: Person
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """The first people in the order of their names, and how many there are in all."""

    people: tuple[Person, ...]
    count: int


class PersonStore:
    """The part of the store that keeps people; reached as `SqlStore.people`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        person: Person,
        password: str,
        *,
        session: NewSession | None = None,
        guest: str | None = None,
        invitation: str | None = None,
    ) -> None:
        """Keep a new person with the hash of a password; in the same transaction what the owner `guest` did is theirs.

        Raises:
            NameTaken: somebody else has that name.
            NotFound: the invitation with this hash was used, or is too old.
        """
        values = {"id": person.id, "name": person.name, "name_key": name_key(person.name), "role": person.role}
        try:
            async with self._database.writing() as connection:
                await connection.execute(
                    insert(PersonRow).values(**values, password=password, created_at=person.created_at)
                )
                if invitation:
                    await use_invitation(connection, invitation, person.id, now=person.created_at)
                if session:
                    await begin_session(connection, person.id, session)
                if guest:
                    await _take_over(connection, guest, person.id)
        except IntegrityError as error:
            raise NameTaken("Somebody has an account with this name. Choose another one, or log in.") from error

    async def named(self, name: str) -> KeptPerson | None:
        """The person with this name, however it is written."""
        return await self._one(col(PersonRow.name_key) == name_key(name))

    async def get(self, person_id: str) -> KeptPerson:
        """One person. Raises NotFound when there is none."""
        found = await self._one(col(PersonRow.id) == person_id)
        if found is None:
            raise NotFound(NO_PERSON)
        return found

    async def page(self, part: str, *, limit: int) -> PeoplePage:
        """The people whose name has this part, however it is written; all for an empty one."""
        here = col(PersonRow.name_key).contains(name_key(part), autoescape=True)
        query = select(*PERSON).where(here).order_by(col(PersonRow.name_key)).limit(limit)
        async with self._database.reading() as connection:
            people = tuple(person_of(row) for row in await connection.execute(query))
            count = (await connection.execute(select(func.count()).select_from(PersonRow).where(here))).scalar_one()
        return PeoplePage(people=people, count=count)

    async def log_in(self, kept: KeptPerson, session: NewSession, *, rehashed: str | None) -> None:
        """Begin a session for whoever gave the password that `kept` has; `rehashed` takes its hash's place.

        Raises:
            WrongPassword: it has been changed, or the person disabled or deleted, in the meantime.
        """
        async with self._database.writing() as connection:
            await _hold(connection, kept, logs_in=True)
            if rehashed:
                await connection.execute(_of(kept.person.id).values(password=rehashed))
            await begin_session(connection, kept.person.id, session)

    async def set_password(
        self, kept: KeptPerson, password: str, *, session: NewSession | None, invitation: str | None = None
    ) -> None:
        """Put another hash in the place of the one that `kept` has, and end every session but the one begun here.

        Raises:
            WrongPassword: it has been changed in the meantime.
            NotFound: the link with this hash was used, or is too old.
        """
        async with self._database.writing() as connection:
            await _hold(connection, kept, logs_in=session is not None)
            if invitation and session:
                await use_invitation(connection, invitation, kept.person.id, now=session.begun_at)
            await connection.execute(_of(kept.person.id).values(password=password))
            await end_sessions(connection, kept.person.id)
            await withdraw_links(connection, kept.person.id)
            if session:
                await begin_session(connection, kept.person.id, session)

    async def change(self, person_id: str, **values: Any) -> None:
        """Change role or `disabled_at`; their sessions are over, their unused invitations withdrawn.

        Raises:
            NotFound: there is no such person.
        """
        async with self._database.writing() as connection:
            changed = await connection.execute(_of(person_id).values(**values))
            if changed.rowcount != 1:
                raise NotFound(NO_PERSON)
            await end_sessions(connection, person_id)
            await withdraw_invitations(connection, person_id)

    async def take_over(self, person_id: str, guest: str) -> int:
        """Give a person what a guest did; how many interviews."""
        async with self._database.writing() as connection:
            await hold_person(connection, owner_of_person(person_id))
            return await _take_over(connection, guest, person_id)

    async def remove(self, person_id: str) -> None:
        """Delete a person with their interviews, sessions and invitations. Raises NotFound when there is none."""
        async with self._database.writing() as connection:
            await hold_person(connection, owner_of_person(person_id))
            await connection.execute(delete(InterviewRow).where(col(InterviewRow.owner) == owner_of_person(person_id)))
            await connection.execute(delete(PersonRow).where(col(PersonRow.id) == person_id))

    async def _one(self, where: Any) -> KeptPerson | None:
        query = select(*PERSON, col(PersonRow.password)).where(where)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return KeptPerson(person=person_of(row), password=row.password) if row else None


async def hold_person(connection: AsyncConnection, owner: str) -> None:
    """Hold the row of the person an owner id stands for until the caller's transaction ends; of a guest there is none.

    Whoever writes something that is a person's does so first: it would be left behind when they are deleted meanwhile.

    Raises:
        NotFound: that person is gone.
    """
    person_id = person_of_owner(owner)
    if person_id is None:
        return
    held = select(col(PersonRow.id)).where(col(PersonRow.id) == person_id).with_for_update()
    if (await connection.execute(held)).first() is None:
        raise NotFound("This account is gone. Load the page again.")


async def _hold(connection: AsyncConnection, kept: KeptPerson, *, logs_in: bool) -> None:
    """Hold a person whose password is still the one that was compared."""
    same = (col(PersonRow.id) == kept.person.id, col(PersonRow.password) == kept.password)
    query = select(col(PersonRow.disabled_at)).where(*same).with_for_update()
    row = (await connection.execute(query)).first()
    if row is None or (logs_in and row.disabled_at):
        raise WrongPassword("The account has changed in the meantime. Log in again.")


async def _take_over(connection: AsyncConnection, guest: str, person_id: str) -> int:
    moved = await connection.execute(
        update(InterviewRow).where(col(InterviewRow.owner) == guest).values(owner=owner_of_person(person_id))
    )
    return moved.rowcount


def _of(person_id: str) -> Any:
    return update(PersonRow).where(col(PersonRow.id) == person_id)
