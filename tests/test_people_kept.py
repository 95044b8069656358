"""People in a real database, SQLite and PostgreSQL: at once from two processes, revoked, retired, swept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.conductor.keeping import CONFIRM, Keeping
from interviewer.conductor.people import Entered, People
from interviewer.conductor.roster import Roster
from interviewer.domain import Person, Role
from interviewer.errors import InterviewerError, NameTaken, NotFound, WrongPassword
from interviewer.passwords import Passwords
from interviewer.store import SqlStore
from tests.accounts import GOOD, Clock, cheap
from tests.builders import T0, a_question, an_interview


@pytest.fixture
def clock() -> Clock:
    """The servers'; they agree."""
    return Clock()


@pytest.fixture
async def other(store: SqlStore, where: Path | str) -> AsyncIterator[SqlStore]:
    """The same database as another process opens it."""
    await store.check()
    opened = SqlStore(where)
    yield opened
    await opened.close()


def people_of(store: SqlStore, clock: Clock) -> People:
    """Those who come in through a process."""
    ids = iter(range(1000))
    return People(
        store, passwords=Passwords(cheap(), at_once=8), clock=clock, new_id=lambda: f"{id(store)}-{next(ids)}"
    )


async def both(*acts: object) -> list[object]:
    """What comes of acts at once, errors among it."""
    return list(await asyncio.gather(*acts, return_exceptions=True))  # type: ignore[call-overload]


def kinds(results: list[object]) -> list[str]:
    """Names of the types, sorted."""
    return sorted(type(result).__name__ for result in results)


@pytest.fixture
def here(store: SqlStore, clock: Clock) -> People:
    """Through one process."""
    return people_of(store, clock)


@pytest.fixture
def there(other: SqlStore, clock: Clock) -> People:
    """Through another."""
    return people_of(other, clock)


async def test_of_two_who_sign_up_with_one_name_in_two_processes_one_gets_it(here: People, there: People) -> None:
    """And the loser's guest work stays the guest's."""
    results = await both(*(each.sign_up("Ada", GOOD) for each in (here, there) * 3))
    assert kinds(results) == ["Entered", *["NameTaken"] * 5]


async def test_an_invitation_lets_one_of_two_processes_in(
    store: SqlStore, here: People, there: People, clock: Clock
) -> None:
    """The other has made no account."""
    link = await Roster(store, clock=clock).invite(Role.AUTHOR, by=None)
    results = await both(
        *(each.sign_up(f"Ada {n}", GOOD, invitation=link.token) for n, each in enumerate((here, there) * 3))
    )
    assert kinds(results) == ["Entered", *["NotFound"] * 5]
    (person,) = (await store.people.page("", limit=9)).people
    assert person.role is Role.AUTHOR


async def test_two_admins_make_links_for_each_other_at_once(
    store: SqlStore, other: SqlStore, here: People, clock: Clock
) -> None:
    """Neither waits for what the other holds."""
    anna, bert = [await here.add(name, GOOD, Role.ADMIN) for name in ("Anna", "Bert")]
    desks = Roster(store, clock=clock), Roster(other, clock=clock)
    for _ in range(15):
        made = await both(desks[0].password_link(anna.id, by=bert), desks[1].password_link(bert.id, by=anna))
        assert kinds(made) == ["Link", "Link"]


async def test_a_token_is_replaced_once_by_whichever_process_and_both_tell_the_same(
    here: People, there: People, clock: Clock
) -> None:
    """Compare and set; the others find what it was replaced by."""
    entered = await here.sign_up("Ada", GOOD)
    clock.forward(hours=25)
    found = await both(*(each.recognise(entered.token, rotate=True) for each in (here, there) * 4))
    fresh = {getattr(each, "fresh", None) for each in found}
    assert len(fresh) == 1
    (token,) = fresh
    assert token
    clock.forward(seconds=61)
    assert await there.recognise(token, rotate=False)
    assert await there.recognise(entered.token, rotate=False) is None
    (session,) = await here.sessions(entered.person)
    assert session.expires_at == entered.expires_at


@pytest.mark.parametrize("act", ["log out", "disable", "delete", "role", "password"])
async def test_a_session_ended_in_one_process_is_refused_at_once_in_another(
    store: SqlStore, here: People, there: People, clock: Clock, act: str
) -> None:
    """Whatever ended it."""
    entered, roster = await here.sign_up("Ada", GOOD), Roster(store, clock=clock)
    person = entered.person
    assert await there.recognise(entered.token, rotate=True)
    acts = {
        "log out": lambda: here.log_out(entered.token),
        "disable": lambda: roster.disable(person.id),
        "delete": lambda: roster.remove(person.id),
        "role": lambda: roster.set_role(person.id, Role.AUTHOR),
        "password": lambda: here.set_password(person, "another long one"),
    }
    await acts[act]()
    assert await there.recognise(entered.token, rotate=True) is None


async def test_a_log_in_that_crosses_a_new_password_begins_nothing(store: SqlStore, here: People) -> None:
    """The password was compared with a hash that is no more."""
    entered = await here.sign_up("Ada", GOOD)
    kept = await store.people.get(entered.person.id)
    await here.set_password(entered.person, "another long one")
    _, session = here._session()
    with pytest.raises(WrongPassword, match="changed in the meantime"):
        await store.people.log_in(kept, session, rehashed=None)
    assert await here.sessions(entered.person) == []


async def test_what_a_guest_did_goes_over_with_the_sign_up_or_not_at_all(store: SqlStore, here: People) -> None:
    """In one transaction."""
    await store.add(replace(an_interview([a_question()]), owner="guest"))
    await here.sign_up("Ada", GOOD)
    with pytest.raises(NameTaken):
        await here.sign_up("ada", GOOD, guest="guest")
    assert await store.kept.count("guest") == 1
    entered = await here.sign_up("Eve", GOOD, guest="guest")
    assert (await store.kept.count("guest"), await store.kept.count(entered.person.owner)) == (0, 1)


async def test_deleting_and_beginning_at_once_leave_nothing_behind(
    store: SqlStore, other: SqlStore, here: People, clock: Clock
) -> None:
    """Either the interview was there and went with its person, or it was refused."""
    for number in range(5):
        person = (await here.sign_up(f"Ada {number}", GOOD)).person
        begun = replace(an_interview([a_question()]), id=f"i{number}", owner=person.owner)
        keeping = Keeping(store, clock=clock)
        results = await both(other.add(begun), keeping.remove(person.owner, person, confirmed=CONFIRM))
        assert all(not isinstance(result, Exception) or isinstance(result, NotFound) for result in results)
        assert await store.kept.count(person.owner) == 0


async def test_interviews_are_retired_by_their_last_move_and_by_two_processes_at_once(
    store: SqlStore, other: SqlStore, clock: Clock
) -> None:
    """To the day, in as many portions as it takes; without the setting, none."""
    question = a_question()
    for number in range(205):
        await store.add(replace(an_interview([question]), id=f"i{number}"))
    keeping, elsewhere = Keeping(store, clock=clock), Keeping(other, clock=clock)
    clock.now = T0 + timedelta(days=30)
    assert await keeping.tidy(None) == 0
    assert await keeping.tidy(30) == 0
    clock.forward(seconds=1)
    gone = await asyncio.gather(keeping.tidy(30), elsewhere.tidy(30))
    assert sum(gone) == 205
    assert await store.kept.count("alice") == 0


async def test_sessions_and_invitations_that_are_over_are_swept(store: SqlStore, here: People, clock: Clock) -> None:
    """Also where interviews are kept for good."""
    entered, roster = await here.sign_up("Ada", GOOD), Roster(store, clock=clock)
    link = await roster.invite(Role.CANDIDATE, by=None)
    clock.forward(days=29)
    later = await here.log_in("Ada", GOOD)
    clock.forward(days=1)
    await Keeping(store, clock=clock).tidy(None)
    clock.forward(days=-10)
    with pytest.raises(NotFound):
        await here.invited(link.token)
    assert await here.recognise(entered.token, rotate=False) is None
    assert await here.recognise(later.token, rotate=False)


async def test_odd_names_and_passwords_are_kept_or_refused_and_break_nothing(store: SqlStore, here: People) -> None:
    """NUL and halves of pairs never reach the database."""
    for name in ("\x00", "\ud800", "x" * 10_000):
        with pytest.raises(InterviewerError):
            await here.sign_up(name, GOOD)
        with pytest.raises(WrongPassword):
            await here.log_in(name, GOOD)
        await Roster(store, clock=Clock()).page(name)
    for password in ("twelve chars\x00", "twelve chars\ud800", "x" * 10**6):
        with pytest.raises(InterviewerError):
            await here.sign_up("Ada", password)
        with pytest.raises(WrongPassword):
            await here.log_in("Ada", password)
    entered = await here.sign_up("名前 𝔘ser ' \" ; --", "пароль пароль 🔑")
    assert isinstance(entered, Entered)
    assert isinstance(entered.person, Person)
    assert (await here.log_in("名前 user ' \" ; --", "пароль пароль 🔑")).person == entered.person
