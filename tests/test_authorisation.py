"""Who may do what: every route of the route table, tried by everybody. A route that is not in the matrix fails.

Alice is a candidate whose words and account are at stake. What others are told of hers is 404, as if it never was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.domain import Band, Role
from interviewer.settings import Accounts
from tests import accounts
from tests.accounts import GOOD, log_in, sign_up
from tests.forms import HTML
from tests.playing import answer, sample, started
from tests.routes import route_table
from tests.unlimited import UNLIMITED

NAME = "Alice Quince"
SECRET = "Words that nobody else may read, tangerine."
GUARDED = "persimmon"
"""Stands in the one answer of Alice that is contested."""


class Access(StrEnum):
    """Whom a route is for."""

    EVERYBODY = "everybody"
    """And it is about whoever asks, or about nobody."""
    OWNER = "owner"
    """It is about something that is Alice's; to all others that is not there."""
    LOGGED_IN = "logged in"
    AUTHOR = "author"
    ADMIN = "admin"
    LINK = "link"
    """Whoever has the link, as Alice made it."""
    MACHINE = "machine"
    """Asked by what watches the server, whoever that is."""


_I = "/interviews/{interview_id}"
_API = f"/api{_I}"
_P = "/admin/people/{person_id}"
MATRIX: dict[Access, tuple[str, ...]] = {
    Access.EVERYBODY: (
        *("GET /", "GET /bank", "GET /aim", "POST /aim", "POST /aim/interviews", "GET /progress", "GET /review"),
        *("POST /interviews", "POST /checks", "POST /exams", "POST /reviews", "GET /review.apkg"),
        *("GET /login", "POST /login", "POST /logout", "GET /signup", "POST /signup"),
        *("GET /invited/{token}", "POST /invited/{token}"),
        *("GET /account", "GET /account/export.json", "POST /account/delete"),
        *("POST /api/interviews", "GET /api/interviews", "GET /api/bank", "GET /api/bank/questions"),
        *("POST /api/aim", "GET /api/review", "POST /api/reviews", "GET /api/review.apkg", "GET /api/progress"),
        *("GET /api/account", "GET /api/account/export", "DELETE /api/account"),
    ),
    Access.OWNER: (
        *(f"GET {_I}", f"GET {_I}/report", f"GET {_I}/report.pdf", f"GET {_I}/events"),
        *(f"GET {_I}/turns/{{turn}}/asked", f"POST {_I}/share", f"POST {_I}/share/revoke"),
        *(f"POST {_I}/{move}" for move in ("exam", "answers", "choices", "hint", "skip", "finish", "regrade")),
        *(f"POST {_I}/disputes", f"POST {_I}/delete"),
        *(f"GET {_API}", f"DELETE {_API}", f"PUT {_API}/draft", f"GET {_API}/disputes", f"GET {_API}/events"),
        *(f"GET {_API}/report", f"GET {_API}/report.md", f"GET {_API}/report.pdf"),
        *(f"GET {_API}/turns/{{turn}}/calls", f"POST {_API}/share", f"DELETE {_API}/share"),
        *(f"POST {_API}/{move}" for move in ("answers", "choices", "flag", "hint", "skip", "finish", "regrade")),
        f"POST {_API}/disputes",
    ),
    Access.LOGGED_IN: ("POST /account/password", "POST /account/log-out-everywhere", "POST /account/take-over"),
    Access.AUTHOR: ("GET /items", "GET /disputes", "GET /disputes/{dispute_id}", "POST /disputes/{dispute_id}"),
    Access.ADMIN: (
        *("GET /admin", "POST /admin/invitations"),
        *(f"POST {_P}/{act}" for act in ("role", "disable", "enable", "password-link", "delete")),
    ),
    Access.LINK: ("GET /shared/{token}", "GET /shared/{token}/report.md", "GET /shared/{token}/report.pdf"),
    Access.MACHINE: ("GET /healthz", "GET /readyz", "GET /metrics"),
}
ROWS = {tuple(route.split(" ", 1)): access for access, routes in MATRIX.items() for route in routes}
ASKERS = ("guest", "owner", "other", "author", "admin", "revoked")
MAY = {
    Access.EVERYBODY: set(ASKERS),
    Access.OWNER: {"owner"},
    Access.LOGGED_IN: {"owner", "other", "author", "admin"},
    Access.AUTHOR: {"author", "admin"},
    Access.ADMIN: {"admin"},
    Access.LINK: set(ASKERS),
    Access.MACHINE: set(ASKERS),
}
"""A session that was revoked is nobody's: who has it is a guest."""
ENTRANCE = ("/login", "/invited/", "/shared/", "/static/")
FORMS: dict[str, dict[str, Any]] = {
    "answers": {"turn": 2, "seen": 1, "text": "Not by Alice."},
    "choices": {"turn": 2, "option": "a"},
    "exam": {"turn": 2, "option": "a"},
    "hint": {"turn": 2},
    "skip": {"turn": 2},
    "disputes": {"turn": 1, "point": "x", "comment": "Not by Alice."},
    "regrade": {"turn": 1},
    "role": {"role": "admin"},
    "invitations": {"role": "admin"},
    "aim": {"text": "Senior FastAPI developer with PostgreSQL and OAuth2 wanted."},
    "interviews": {"level": "mid"},
}
BODIES: dict[str, dict[str, Any]] = FORMS | {
    "answers": {"turn": 2, "text": "Not by Alice."},
    "choices": {"turn": 2, "chosen": ["a"]},
    "flag": {"turn": 2, "flagged": True},
    "draft": {"turn": 2, "text": "Not by Alice.", "sequence": 9},
}


@dataclass
class World:
    """An application with accounts, Alice's things in it, and a browser for everybody who asks."""

    app: FastAPI
    browsers: dict[str, TestClient]
    places: dict[str, str]

    def ask(self, asker: str, method: str, path: str) -> httpx2.Response:
        """A request as complete as it would be by whoever may make it."""
        act = path.rsplit("/", 1)[-1]
        places = self.places | ({"person_id": "nobody"} if asker == "admin" else {})
        url = path.format(**places)
        browser = self.browsers[asker]
        if path.startswith("/api"):
            body = BODIES.get(act)
            return browser.request(method, url, json=body if body is not None else {})
        form = FORMS.get(act, {}) if method == "POST" else None
        return browser.request(method, url, headers=HTML, follow_redirects=False, data=form)

    def alices(self) -> tuple[Any, ...]:
        """All that Alice has, as she sees it."""
        alice = self.browsers["owner"]
        mine = alice.get("/api/account/export").json()
        del mine["exported_at"]
        return mine, alice.get(f"/api/interviews/{self.places['interview_id']}").json()


@pytest.fixture(scope="module", params=[Accounts.OPEN, Accounts.INVITE])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[World]:
    """Made once: nobody but Alice can change anything of hers, which is what is tested."""
    database = tmp_path_factory.mktemp(f"authorisation-{request.param}") / "interviews.sqlite3"
    app = accounts.an_app(database, bank, request.param, **UNLIMITED)
    with accounts.running(app) as first:
        people = {
            "owner": accounts.made(app, first, NAME),
            "other": accounts.made(app, first, "Bob"),
            "author": accounts.made(app, first, "Author", Role.AUTHOR),
            "admin": accounts.made(app, first, "Admin", Role.ADMIN),
        }
        places = _things_of(people["owner"], bank)
        places["person_id"] = people["owner"].get("/api/account/export").json()["person"]["id"]
        revoked = accounts.a_browser(app)
        assert log_in(revoked, NAME).status_code == 303
        cookies = dict(revoked.cookies)
        revoked.post("/logout", headers=HTML)
        revoked.cookies.clear()
        for name, value in cookies.items():
            revoked.cookies.set(name, value, domain="localhost.local")
        yield World(app, people | {"guest": accounts.a_browser(app), "revoked": revoked}, places)


def _things_of(alice: TestClient, bank: Bank) -> dict[str, str]:
    """Alice's interview with a marked, contested answer and a link to its report."""
    interview = started(alice)
    question = interview["turns"][0]["question"]["id"]
    answer(alice, interview, f"{sample(bank, question, Band.PARTIAL)} {GUARDED}. {SECRET}")
    path = f"/api/interviews/{interview['id']}"
    alice.post(f"{path}/skip", json={"turn": 1})
    marked = alice.get(path).json()
    missed = next(mark for mark in marked["turns"][0]["grading"]["marks"] if mark["credit"] < 1)
    contested = alice.post(f"{path}/disputes", json={"turn": 1, "point": missed["point"], "comment": "I said that."})
    assert contested.status_code in (200, 201), contested.text
    (dispute,) = alice.get(f"{path}/disputes").json()
    shared = alice.post(f"{path}/share").json()
    return {
        "interview_id": interview["id"],
        "turn": "1",
        "dispute_id": dispute["id"],
        "token": shared["url"].rsplit("/", 1)[-1],
        "path": "app.css",
    }


def test_every_route_has_its_row(world: World) -> None:
    """And no row is for a route that is gone."""
    assert set(ROWS) == route_table(world.app)


@pytest.mark.parametrize("asker", [asker for asker in ASKERS if asker != "owner"])
def test_nobody_gets_what_is_not_for_them(world: World, asker: str) -> None:
    """Not one word of Alice's, not a sign that her things are there; and nothing of hers has changed afterwards."""
    before = world.alices()
    by_invitation = world.app.state.web.settings.accounts is Accounts.INVITE
    for (method, path), access in sorted(ROWS.items()):
        if (method, path) in ENDS_A_SESSION:
            continue
        reply = world.ask(asker, method, path)
        where = f"{asker}: {method} {path} -> {reply.status_code}"
        assert reply.status_code < 500, where
        stopped = by_invitation and asker in ("guest", "revoked") and access is not Access.MACHINE
        if stopped and not path.startswith(ENTRANCE):
            assert _shows_the_door(reply), where
        elif asker not in MAY[access]:
            assert reply.status_code == 404 or (access is Access.LOGGED_IN and _shows_the_door(reply)), where
        else:
            assert reply.status_code not in (401, 403) or access is Access.MACHINE, where
        if access is not Access.LINK and not (access is Access.AUTHOR and asker in MAY[access]):
            assert SECRET not in reply.text, where
            assert NAME not in reply.text or (access is Access.ADMIN and asker == "admin"), where
            assert GUARDED not in reply.text, where
    assert world.alices() == before


ENDS_A_SESSION = {
    *(("POST", "/logout"), ("POST", "/account/log-out-everywhere")),
    *(("POST", "/account/delete"), ("DELETE", "/api/account"), ("POST", "/disputes/{dispute_id}")),
}
"""Tried last, by `test_what_ends_a_session_ends_only_ones_own`; a dispute is settled once."""


def _shows_the_door(reply: httpx2.Response) -> bool:
    return reply.status_code == 401 or (
        reply.status_code == 303 and reply.headers["location"].partition("?")[0] == "/login"
    )


def test_the_owner_gets_all_that_is_theirs(world: World) -> None:
    """So that a 404 above is for who asks, and not for a request that nobody could make."""
    alice = world.browsers["owner"]
    end = {"delete", "finish", "exam"}
    for (method, path), access in sorted(ROWS.items()):
        if access is not Access.OWNER or method == "DELETE" or path.rsplit("/", 1)[-1] in end:
            continue
        if path.endswith("/events"):
            continue  # it stays open
        reply = world.ask("owner", method, path)
        assert reply.status_code not in (401, 403, 404), f"{method} {path} -> {reply.status_code} {reply.text[:200]}"
    assert SECRET in alice.get(f"/interviews/{world.places['interview_id']}", headers=HTML).text


def test_an_author_reads_the_contested_answer_and_no_name(world: World) -> None:
    """That much, they need to decide."""
    page = world.ask("author", "GET", "/disputes/{dispute_id}").text
    assert GUARDED in page
    assert NAME not in page


def test_the_link_opens_its_report_and_nothing_else(world: World) -> None:
    """It is no key to the interview, and a wrong one opens nothing."""
    guest = world.browsers["guest"]
    token = world.browsers["owner"].post(f"/api/interviews/{world.places['interview_id']}/share").json()
    opened = guest.get(token["url"].removeprefix("http://localhost"), headers=HTML)
    assert opened.status_code == 200
    assert SECRET in opened.text
    assert guest.get("/shared/" + "x" * 43, headers=HTML).status_code == 404
    assert guest.get(f"/api/interviews/{world.places['interview_id']}").status_code in (401, 404)


def test_what_ends_a_session_ends_only_ones_own(world: World) -> None:
    """Bob leaves and deletes everything; Alice is still there with all of hers."""
    before = world.alices()
    for asker in ("guest", "revoked", "other"):
        for method, path in sorted(ENDS_A_SESSION - {("POST", "/disputes/{dispute_id}")}):
            assert world.ask(asker, method, path).status_code < 500
    assert world.alices() == before


def test_a_guests_cookie_is_no_key_to_what_an_account_has_taken_over(bank: Bank, tmp_path: Path) -> None:
    """The same browser, logged out, or a copy of its cookie: the interviews are the person's now."""
    app = accounts.an_app(tmp_path / "guests.sqlite3", bank, Accounts.OPEN)
    with accounts.running(app) as alice:
        mine = started(alice)["id"]
        copied = accounts.a_browser(app)
        copied.cookies.set(accounts.GUEST, alice.cookies[accounts.GUEST], domain="localhost.local")
        assert copied.get(f"/api/interviews/{mine}").status_code == 200
        assert sign_up(alice, "Alice", GOOD).status_code == 303
        assert copied.get(f"/api/interviews/{mine}").status_code == 404
        assert alice.get(f"/api/interviews/{mine}").status_code == 200
        alice.post("/logout", headers=HTML)
        assert alice.get(f"/api/interviews/{mine}").status_code == 404
