"""People with accounts: an application that has them, and what a browser does at its doors."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Role
from interviewer.passwords import Passwords
from interviewer.settings import Accounts, Settings
from interviewer.web.parts import Web
from tests.forms import HTML

GOOD = "correct horse battery"
SESSION, GUEST = "interviewer_session", "interviewer_guest"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def cheap(memory_kib: int = 64) -> PasswordHash:
    """The real hash at a cost that tests can pay hundreds of times."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=memory_kib, parallelism=1),))


def an_app(
    database: Path,
    bank: Bank,
    accounts: Accounts,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    **settings: Any,
) -> FastAPI:
    """The application with accounts, or without."""
    chosen = Settings(database=database, accounts=accounts, **settings)
    return create_app(chosen, bank=bank, clock=clock, passwords=Passwords(cheap()))


def a_browser(app: FastAPI) -> TestClient:
    """A browser of its own on an application that runs."""
    return TestClient(app, base_url="http://localhost")


@contextmanager
def running(app: FastAPI) -> Iterator[TestClient]:
    """The application runs; a first browser."""
    with a_browser(app) as client:
        yield client


def sign_up(client: TestClient, name: str = "Alice", password: str = GOOD, *, path: str = "/signup") -> Any:
    """Send the form."""
    return client.post(path, data={"name": name, "password": password}, headers=HTML, follow_redirects=False)


def log_in(client: TestClient, name: str = "Alice", password: str = GOOD, **more: str) -> Any:
    """Send the form."""
    data = {"name": name, "password": password, **more}
    return client.post("/login", data=data, headers=HTML, follow_redirects=False)


def who(client: TestClient) -> str | None:
    """The name in the header of the start page; None for a guest."""
    found = re.search(r'class="name"[^>]*>([^<]*)</a>', client.get("/", headers=HTML).text)
    return unescape(found[1]) if found else None


def made(app: FastAPI, client: TestClient, name: str, role: Role = Role.CANDIDATE) -> TestClient:
    """A browser in which a person of a role is logged in; `client` is one in which the application runs."""
    web: Web = app.state.web
    assert client.portal
    client.portal.call(web.conductor.people.add, name, GOOD, role)
    browser = a_browser(app)
    assert log_in(browser, name).status_code == 303
    return browser


def token_of(client: TestClient) -> str:
    """What the session cookie of a browser holds."""
    return str(client.cookies[SESSION])


def with_token(app: FastAPI, token: str) -> TestClient:
    """A browser that holds nothing but a session's token."""
    browser = a_browser(app)
    browser.cookies.set(SESSION, token, domain="localhost.local")
    return browser


def at_once(app: FastAPI, client: TestClient, requests: Sequence[Mapping[str, Any]]) -> list[httpx2.Response]:
    """Requests that are under way together, each from a browser of its own; `client` is one in which the app runs."""

    async def send(request: Mapping[str, Any]) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=HTML) as browser:
            return await browser.request(**request)

    async def all_of_them() -> list[httpx2.Response]:
        return list(await asyncio.gather(*map(send, requests)))

    assert client.portal
    return client.portal.call(all_of_them)
