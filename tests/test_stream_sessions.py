"""An event stream whose reader is logged in no more: nothing is told after that, in whichever process it is open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Person, Role
from interviewer.errors import NotLoggedIn
from interviewer.settings import Accounts
from interviewer.web import stream
from interviewer.web.live_events import Position
from interviewer.web.parts import Web
from tests import accounts
from tests.accounts import GOOD
from tests.faults.server import running
from tests.playing import started


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two processes on one file."""
    database = tmp_path_factory.mktemp("sessions") / "interviews.sqlite3"
    with running(database, INTERVIEWER_ACCOUNTS="open", INTERVIEWER_WORKERS="2") as server:
        yield server.url


@contextmanager
def entered(url: str, path: str, name: str) -> Iterator[httpx2.Client]:
    """A browser that is logged in."""
    with httpx2.Client(base_url=url, timeout=20) as browser:
        assert browser.post(path, data={"name": name, "password": GOOD}).status_code == 303
        yield browser


@pytest.mark.parametrize("page", [True, False], ids=["of a page", "of the API"])
def test_an_open_stream_tells_nothing_after_logging_out_everywhere(url: str, page: bool) -> None:
    """What is said next, from a new session, is not told to the old one."""
    with entered(url, "/signup", f"Alice {page}") as old:
        begun = old.post("/api/interviews", json={"level": "mid", "questions": 1}).json()
        path = f"/interviews/{begun['id']}/events" if page else f"/api/interviews/{begun['id']}/events"
        with old.stream("GET", path) as reply:
            lines = reply.iter_lines()
            first = "".join(next(lines) for _ in range(3))
            with httpx2.Client(base_url=url, cookies=old.cookies) as other_tab:
                assert other_tab.post("/account/log-out-everywhere").status_code == 303
            with entered(url, "/login", f"Alice {page}") as new:
                asked = time.monotonic()
                hinted = new.post(f"/api/interviews/{begun['id']}/hint", json={"turn": 1})
                assert hinted.status_code == 200
            told = "".join(chain([first], lines))
        assert "event: turn" in told
        assert '"hint"' not in told
        assert time.monotonic() - asked < 5


@pytest.mark.parametrize("how", ["logged out", "logged out everywhere", "disabled", "another role"])
def test_a_stream_in_which_nothing_happens_ends_when_it_next_asks(
    how: str, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the session ended."""
    monkeypatch.setattr(stream, "ASK_AGAIN_S", 0.05)
    app = accounts.an_app(tmp_path / "interviews.sqlite3", bank, Accounts.OPEN)
    web: Web = app.state.web
    people, roster = web.conductor.people, web.conductor.roster

    async def end(person: Person, token: str) -> None:
        match how:
            case "logged out":
                await people.log_out(token)
            case "logged out everywhere":
                await people.log_out_everywhere(person)
            case "disabled":
                await roster.disable(person.id)
            case _:
                await roster.set_role(person.id, Role.AUTHOR)

    async def followed(interview: str, token: str) -> int:
        found = await people.recognise(token, rotate=False)
        assert found

        async def still_in() -> bool:
            return await people.recognise(token, rotate=False) is not None

        told = 0
        try:
            async with asyncio.timeout(10):
                async for _ in stream.follow(web.conductor, interview, found.person.owner, Position(), still_in):
                    told += 1
                    await end(found.person, token)
        except NotLoggedIn:  # which tells the page not to come back
            return told
        return 0

    with accounts.running(app) as alice:
        assert accounts.sign_up(alice).status_code == 303
        interview = started(alice)["id"]
        assert alice.portal
        assert alice.portal.call(followed, interview, accounts.token_of(alice)) > 0
