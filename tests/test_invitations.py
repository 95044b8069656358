"""By invitation only: what guests may do, and what a link lets its reader do, through the pages."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.domain import Role
from interviewer.settings import Accounts
from tests.accounts import GOOD, Clock, a_browser, an_app, at_once, log_in, made, sign_up, who
from tests.forms import HTML, alert, begin
from tests.playing import started

NAVIGATE = HTML | {"sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin"}


@pytest.fixture
def clock() -> Clock:
    """The server's."""
    return Clock()


@pytest.fixture
def app(tmp_path: Path, bank: Bank, clock: Clock) -> FastAPI:
    """An application that one has to be invited to."""
    return an_app(tmp_path / "interviews.sqlite3", bank, Accounts.INVITE, clock=clock)


def link(page: Any) -> str:
    """The path of the link that a page shows."""
    found = re.search(r'value="http://localhost(/invited/[\w-]{43})"', page.text)
    assert found, page.text
    return found[1]


def invite(admin: TestClient, role: str = "candidate") -> str:
    """The path of a new invitation."""
    return link(admin.post("/admin/invitations", data={"role": role}, headers=HTML))


# ---- guests


@pytest.mark.parametrize("path", ["/", "/bank", "/progress?topic=basics", "/interviews/x", "/account", "/openapi.json"])
def test_a_guest_is_sent_to_log_in_and_on_from_there(app: FastAPI, guest: TestClient, path: str) -> None:
    """To the page that was wanted."""
    reply = guest.get(path, headers=NAVIGATE, follow_redirects=False)
    assert reply.status_code == 303
    made(app, guest, "Ada")
    page = guest.get(reply.headers["location"], headers=NAVIGATE)
    assert "Whoever looks after this server can invite you." in page.text
    wanted = re.search(r'name="next" value="([^"]*)"', page.text)
    assert wanted
    assert log_in(guest, "Ada", next=wanted[1]).headers["location"] == path


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/interviews"), ("POST", "/api/interviews"), ("GET", "/api/bank"), ("DELETE", "/api/account")],
)
def test_the_api_says_401_to_a_guest(guest: TestClient, method: str, path: str) -> None:
    """As a problem document, and nothing happens."""
    reply = guest.request(method, path)
    assert (reply.status_code, reply.json()["title"]) == (401, "NotLoggedIn")
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["content-security-policy"]


def test_what_a_script_sends_when_the_session_is_over_is_refused_and_not_sent_elsewhere(guest: TestClient) -> None:
    """So that the page keeps the text, and says why."""
    reply = guest.post("/interviews/x/answers", data={"text": "Words."}, headers=HTML | {"sec-fetch-mode": "cors"})
    assert reply.status_code == 401
    assert "Log in, in another tab" in reply.json()["detail"]


def test_a_form_sent_when_the_session_is_over_leads_back_to_its_page(guest: TestClient) -> None:
    """But never to another site's."""

    def sent_from(referer: str) -> Any:
        headers = NAVIGATE | {"referer": referer}
        return guest.post("/interviews/x/finish", headers=headers, follow_redirects=False)

    here = sent_from("http://localhost/interviews/x")
    assert (here.status_code, here.headers["location"]) == (303, "/login?next=/interviews/x")
    for referer in ("http://evil.example/interviews/x", "http://[", "", "http://localhost//evil.example"):
        assert sent_from(referer).headers["location"] == "/login", referer


def test_some_things_need_no_account(app: FastAPI, guest: TestClient, admin: TestClient) -> None:
    """Logging in, reports that were shared, static files, health."""
    interview = started(admin)
    url = admin.post(f"/api/interviews/{interview['id']}/share").json()["url"]
    for path in ("/login", "/static/app.css", "/healthz", "/readyz", url.removeprefix("http://localhost")):
        assert guest.get(path, headers=HTML, follow_redirects=False).status_code == 200, path
    assert guest.get("/signup", headers=HTML).url.path == "/login"
    assert sign_up(guest, "Eve").headers["location"].startswith("/login")
    page = guest.get("/login", headers=HTML).text
    assert "Sign up" not in page
    assert 'href="/bank"' not in page


# ---- invitations


def test_an_invitation_lets_one_person_in_with_its_role(app: FastAPI, guest: TestClient, admin: TestClient) -> None:
    """And is shown to the admin once."""
    path = invite(admin, "author")
    assert path not in admin.get("/admin", headers=HTML).text
    page = guest.get(path, headers=HTML)
    assert "You were invited." in page.text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert sign_up(guest, "Ada", path=path).status_code == 303
    assert who(guest) == "Ada"
    assert guest.get("/items", headers=HTML).status_code == 200
    for method in ("GET", "POST"):
        again = a_browser(app).request(method, path, data={"name": "Eve", "password": GOOD}, headers=HTML)
        assert again.status_code == 404
        assert "This link leads nowhere" in again.text


def test_a_name_that_cannot_be_taken_uses_no_invitation_up(guest: TestClient, admin: TestClient) -> None:
    """It is good for another try."""
    path = invite(admin)
    assert sign_up(guest, "Root", path=path).status_code == 409
    assert "password has 12" in alert(sign_up(guest, "Ada", "short", path=path).text)
    assert sign_up(guest, "Ada", path=path).status_code == 303


def test_of_two_who_use_an_invitation_at_once_one_is_let_in(app: FastAPI, guest: TestClient, admin: TestClient) -> None:
    """And the other has no account."""
    path = invite(admin)
    forms = [{"method": "POST", "url": path, "data": {"name": f"Ada {n}", "password": GOOD}} for n in range(5)]
    assert sorted(reply.status_code for reply in at_once(app, guest, forms)) == [303, *[404] * 4]
    assert admin.get("/admin", headers=HTML).text.count("<summary><strong>") == 2


def test_an_invitation_is_too_old_after_a_week_and_a_password_link_after_a_day(
    app: FastAPI, guest: TestClient, admin: TestClient, clock: Clock
) -> None:
    """To the second."""
    made(app, guest, "Ada")
    invited = invite(admin)
    asked = admin.post(f"/admin/people/{id_of(admin, 'Ada')}/password-link", headers=HTML)
    password = link(asked)
    assert "a new password for Ada" in asked.text
    clock.forward(days=1)
    assert guest.get(password, headers=HTML).status_code == 404
    clock.forward(days=6, seconds=-1)
    assert guest.get(invited, headers=HTML).status_code == 200
    clock.forward(seconds=1)
    assert guest.get(invited, headers=HTML).status_code == 404


def test_a_link_that_is_none_leads_nowhere(guest: TestClient) -> None:
    """Whatever it is."""
    for token in ("x", "A" * 43, "x" * 5000, "%00", "ü"):
        assert guest.get(f"/invited/{token}", headers=HTML).status_code == 404
        assert guest.post(f"/invited/{token}", data={"password": GOOD}, headers=HTML).status_code == 404


def test_a_link_to_a_new_password_ends_all_sessions_and_logs_in(
    app: FastAPI, guest: TestClient, admin: TestClient
) -> None:
    """The old password is good until then, and a second link makes the first worth nothing."""
    ada = made(app, guest, "Ada")
    first = link(admin.post(f"/admin/people/{id_of(admin, 'Ada')}/password-link", headers=HTML))
    second = link(admin.post(f"/admin/people/{id_of(admin, 'Ada')}/password-link", headers=HTML))
    assert guest.get(first, headers=HTML).status_code == 404
    assert "For the account Ada." in guest.get(second, headers=HTML).text
    assert guest.post(second, data={"password": "short"}, headers=HTML).status_code == 422
    assert who(ada) == "Ada"
    done = guest.post(second, data={"password": "another long one"}, headers=HTML, follow_redirects=False)
    assert done.status_code == 303
    assert [who(guest), who(ada)] == ["Ada", None]
    assert log_in(ada, "Ada").status_code == 422
    assert log_in(ada, "Ada", "another long one").status_code == 303
    assert guest.post(second, data={"password": GOOD}, headers=HTML).status_code == 404


def test_what_an_admin_made_is_worth_nothing_once_they_are_none(
    app: FastAPI, guest: TestClient, admin: TestClient
) -> None:
    """Else they would come back through their own door."""
    other = made(app, guest, "Eve", Role.ADMIN)
    path = invite(other, "admin")
    admin.post(f"/admin/people/{id_of(admin, 'Eve')}/role", data={"role": "candidate"}, headers=HTML)
    assert guest.get(path, headers=HTML).status_code == 404
    assert who(other) is None


def rename(database: Path, table: str, new: str) -> None:
    """Take a table away, or bring it back."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {new}")


def test_nobody_comes_in_and_nothing_typed_is_lost_while_the_database_does_not_say_who_it_is(
    app: FastAPI, guest: TestClient, tmp_path: Path
) -> None:
    """A form without JavaScript comes back with its text, to be sent again."""
    database = tmp_path / "interviews.sqlite3"
    ada = made(app, guest, "Ada")
    page = begin(ada, level="mid", questions="2")
    answer = {"turn": "1", "seen": "2", "text": "An answer that took long."}
    rename(database, "session", "gone")
    reply = ada.post(f"{page}/answers", data=answer, headers=NAVIGATE)
    assert reply.status_code == 503
    assert 'class="again"' in reply.text
    assert answer["text"] in reply.text
    assert [ada.get(path, headers=NAVIGATE).status_code for path in ("/", "/bank", "/api/bank")] == [503] * 3
    assert guest.get("/bank", headers=NAVIGATE, follow_redirects=False).status_code == 303
    rename(database, "gone", "session")
    late = guest.post(f"{page}/answers", data=answer, headers=NAVIGATE)
    assert (late.status_code, answer["text"] in late.text) == (401, True)
    assert answer["text"] in ada.post(f"{page}/answers", data=answer, headers=NAVIGATE).text
    assert len(ada.get(f"/api{page}").json()["turns"][0]["says"]) > 2


def id_of(admin: TestClient, name: str) -> str:
    """A person's id, as the forms of the admin page hold it."""
    page = admin.get("/admin", headers=HTML).text
    part = page.partition(f"<strong>{name}</strong>")[2]
    found = re.search(r"/admin/people/([\w-]+)/", part)
    assert found
    return found[1]
