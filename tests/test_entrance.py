"""Signing up, logging in and out, and what guests may do, through the pages as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.settings import Accounts, Settings
from interviewer.store.tables import PersonRow
from tests.accounts import (
    GOOD,
    GUEST,
    SESSION,
    Clock,
    a_browser,
    an_app,
    at_once,
    cheap,
    log_in,
    running,
    sign_up,
    token_of,
    who,
    with_token,
)
from tests.forms import HTML, alert, begin
from tests.playing import started


@pytest.fixture
def clock() -> Clock:
    """The server's."""
    return Clock()


@pytest.fixture
def app(tmp_path: Path, bank: Bank, clock: Clock) -> FastAPI:
    """An application that anybody may sign up to."""
    return an_app(tmp_path / "interviews.sqlite3", bank, Accounts.OPEN, clock=clock)


@pytest.fixture
def alice(app: FastAPI) -> Iterator[TestClient]:
    """Alice's browser; the application runs as long as it is open."""
    with running(app) as client:
        yield client


# ---- signing up and logging in


def test_who_signs_up_is_logged_in_and_logs_out_and_in_again(alice: TestClient) -> None:
    """By forms alone; each time with another token."""
    assert who(alice) is None
    done = sign_up(alice, "Älice  Ämes")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert who(alice) == "Älice Ämes"
    first = token_of(alice)
    out = alice.post("/logout", headers=HTML, follow_redirects=False)
    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert who(alice) is None
    assert SESSION not in alice.cookies
    assert log_in(alice, " A\u0308LICE ÄMES ").status_code == 303
    assert who(alice) == "Älice Ämes"
    assert token_of(alice) != first


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: FastAPI, alice: TestClient) -> None:
    """And by https it never goes without."""
    header = sign_up(alice).headers["set-cookie"]
    assert header.startswith(f"{SESSION}=")
    for flag in ("; Path=/", "; HttpOnly", "; SameSite=Lax", "; Expires="):
        assert flag in header
    assert "Secure" not in header
    by_https = TestClient(app, base_url="https://localhost")
    secure = log_in(by_https).headers["set-cookie"]
    assert secure.startswith(f"__Host-{SESSION}=")
    assert "; Secure" in secure


def test_by_https_no_site_beside_ours_can_set_the_session(app: FastAPI, alice: TestClient) -> None:
    """A cookie for the whole domain cannot have the name that counts, so nobody is put into somebody else's account."""
    sign_up(alice)
    tricked = TestClient(app, base_url="https://localhost")
    tricked.cookies.set(SESSION, token_of(alice), domain="localhost.local")
    assert who(tricked) is None
    tricked.cookies.set(f"__Host-{SESSION}", token_of(alice), domain="localhost.local")
    assert who(tricked) == "Alice"


def test_by_https_no_site_beside_ours_can_make_somebody_a_guest_that_it_knows(app: FastAPI, alice: TestClient) -> None:
    """It would read all that they say from then on."""
    by_https = TestClient(app, base_url="https://localhost")
    by_https.cookies.set(GUEST, alice.cookies.get(GUEST) or "x" * 43, domain="localhost.local")
    reply = by_https.get("/")
    fresh = re.match(f"__Host-{GUEST}=([^;]+); ", reply.headers["set-cookie"])
    assert fresh
    assert fresh[1] not in ("x" * 43, alice.cookies.get(GUEST))


@pytest.mark.parametrize(
    "strange", ['consent={"ads":true}', "a b", "x=a b", "expires=1", 'q="', "\xe4=\xe4", "=", "a=b=c", "; ;"]
)
def test_a_strange_cookie_of_somebody_elses_costs_nobody_their_interviews(app: FastAPI, strange: str) -> None:
    """Other pages of the same site set what they like, and all ports of this machine share their cookies."""
    with running(app) as guest:
        mine = started(guest)["id"]
        token = guest.cookies[GUEST]
        header = f"{strange}; {GUEST}={token}".encode("latin-1")
        reply = a_browser(app).get(f"/api/interviews/{mine}", headers={b"cookie": header})
    assert reply.status_code == 200
    assert "set-cookie" not in reply.headers


def test_no_token_and_no_password_is_kept(app: FastAPI, alice: TestClient) -> None:
    """A copied database opens nothing."""
    sign_up(alice)
    database: Path = app.state.web.settings.database
    for part in database.parent.glob(f"{database.name}*"):
        assert token_of(alice).encode() not in part.read_bytes()
        assert GOOD.encode() not in part.read_bytes()


def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(alice: TestClient) -> None:
    """So nobody learns who has an account; what was typed as the name stands there again, the password does not."""
    sign_up(alice)
    alice.cookies.clear()
    told = [log_in(alice, name, "wrong " * 4) for name in ("Alice", "Nobody", "\x00\u202e", "x" * 50_000)]
    assert {reply.status_code for reply in told} == {422}
    assert {alert(reply.text) for reply in told} == {"There is no account with this name and password."}
    assert 'value="Nobody"' in told[1].text
    assert "wrong wrong" not in told[1].text
    assert all(SESSION not in str(reply.headers.get("set-cookie")) for reply in told)


def test_a_name_that_nobody_has_costs_a_hash_like_any_other(alice: TestClient, app: FastAPI) -> None:
    """Counted where it is paid: one for each try, known or not."""
    sign_up(alice)
    passwords = app.state.web.conductor.people._passwords
    hashing, paid = passwords._hashing, []

    class Counting:
        """The same hash, with a count."""

        def hash(self, password: str) -> str:
            """As it is."""
            paid.append(password)
            return str(hashing.hash(password))

        def verify_and_update(self, password: str, kept: str) -> Any:
            """As it is."""
            paid.append(password)
            return hashing.verify_and_update(password, kept)

    passwords._hashing = Counting()
    for name, password in (("Alice", "wrong"), ("Nobody", "wrong"), ("Alice", "x\x00y"), ("", "")):
        before = len(paid)
        assert log_in(alice, name, password).status_code == 422
        assert len(paid) == before + 1, name


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", GOOD, "Choose a name"),
        (" \t ", GOOD, "Choose a name"),
        ("x" * 61, GOOD, "at most 60 characters"),
        ("x" * 100_000, GOOD, "at most 60 characters"),
        ("Al\x00ice", GOOD, "cannot be seen"),
        ("Ali\u200bce", GOOD, "cannot be seen"),
        ("\u202eecilA", GOOD, "cannot be seen"),
        ("Bob", "", "12 to 200 characters"),
        ("Bob", "eleven char", "12 to 200 characters"),
        ("Bob", "x" * 201, "12 to 200 characters"),
        ("Bob", "x" * 100_000, "12 to 200 characters"),
        ("Bob", "twelve chars\x00", "cannot be kept"),
        ("Twelve Letters", "TWELVE  letters", "The password is the name"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_name_or_password_that_cannot_be_taken_says_why(
    alice: TestClient, name: str, password: str, says: str
) -> None:
    """And nobody is logged in."""
    reply = sign_up(alice, name, password)
    assert reply.status_code == 422
    assert says in alert(reply.text)
    assert who(alice) is None


@pytest.mark.parametrize("name", ["ALICE", " alice ", "\uff21lice", "Ａｌｉｃｅ"])
def test_a_name_is_had_once_however_it_is_written(app: FastAPI, alice: TestClient, name: str) -> None:
    """Capitals, blanks and full-width letters make no other name."""
    sign_up(alice)
    reply = sign_up(a_browser(app), name)
    assert reply.status_code == 409
    assert alert(reply.text) == "Somebody has an account with this name. Choose another one, or log in."


def test_two_who_sign_up_with_one_name_at_once_get_one_account(app: FastAPI, alice: TestClient) -> None:
    """One wins; the other is told."""
    form = {"method": "POST", "url": "/signup", "data": {"name": "Ada", "password": GOOD}}
    replies = at_once(app, alice, [form] * 6)
    assert sorted(reply.status_code for reply in replies) == [303, *[409] * 5]


def test_a_password_is_good_in_any_writing_of_the_same_characters(alice: TestClient) -> None:
    """Composed or not (NFKC), as keyboards differ."""
    sign_up(alice, "Zoë", "été été été ét")
    alice.post("/logout")
    assert log_in(alice, "Zoe\u0308", "e\u0301te\u0301 " * 3 + "e\u0301t").status_code == 303


def test_a_hash_of_an_older_cost_is_renewed_at_log_in(app: FastAPI, alice: TestClient) -> None:
    """And no other time."""
    sign_up(alice)
    web = app.state.web
    assert alice.portal

    def kept() -> str:
        found = alice.portal.call(web.store.people.named, "Alice")  # type: ignore[union-attr]
        assert found
        return str(found.password)

    log_in(alice)
    before = kept()
    web.conductor.people._passwords._hashing = cheap(memory_kib=128)
    log_in(alice)
    assert "m=64" in before
    assert "m=128" in kept()
    assert log_in(alice).status_code == 303


# ---- sessions


def test_a_token_that_somebody_else_chose_is_worth_nothing(app: FastAPI, alice: TestClient) -> None:
    """Before log-in it is not known, after it is another one."""
    chosen = "A" * 43
    victim = with_token(app, chosen)
    assert who(victim) is None
    assert sign_up(victim).status_code == 303
    assert who(with_token(app, chosen)) is None
    for token in ("", "x", "A" * 44, "é" * 43, '"', "A" * 42 + "\n"):
        browser = a_browser(app)
        headers = {b"cookie": f"{SESSION}={token}".encode(), b"accept": b"text/html"}
        assert browser.get("/", headers=headers).status_code == 200


def test_logging_in_anew_ends_the_session_of_before(app: FastAPI, alice: TestClient) -> None:
    """Of this browser; that of another one goes on."""
    sign_up(alice)
    old, other = token_of(alice), a_browser(app)
    log_in(other)
    log_in(alice)
    assert [who(with_token(app, old)), who(other), who(alice)] == [None, "Alice", "Alice"]


def test_a_session_that_was_ended_is_refused_at_once(app: FastAPI, alice: TestClient) -> None:
    """By the very next request; there is no cache."""
    sign_up(alice)
    copy = with_token(app, token_of(alice))
    assert who(copy) == "Alice"
    alice.post("/logout")
    assert who(copy) is None


def test_a_session_is_over_after_thirty_days_used_or_not(alice: TestClient, clock: Clock) -> None:
    """Counted from log-in."""
    sign_up(alice)
    for _ in range(29):
        clock.forward(days=1)
        assert who(alice) == "Alice"
    clock.forward(hours=23, minutes=59)
    assert who(alice) == "Alice"
    clock.forward(minutes=1)
    assert who(alice) is None


def test_a_token_is_replaced_after_a_day_of_use_and_good_for_a_minute_more(
    app: FastAPI, alice: TestClient, clock: Clock
) -> None:
    """Whoever has a copy of the old one is out then."""
    sign_up(alice)
    old = token_of(alice)
    clock.forward(hours=23)
    alice.get("/", headers=HTML)
    assert token_of(alice) == old
    clock.forward(hours=1)
    alice.post("/reviews", data={}, headers=HTML)
    assert token_of(alice) == old, "a form may set a cookie of its own, so nothing is replaced there"
    alice.get("/", headers=HTML)
    new = token_of(alice)
    assert new != old
    clock.forward(seconds=60)
    late = with_token(app, old)
    assert who(late) == "Alice"
    assert token_of(late) == new, "the reply with the new token may have been lost"
    clock.forward(seconds=1)
    assert [who(with_token(app, old)), who(alice), token_of(alice)] == [None, "Alice", new]


def test_requests_at_once_with_an_old_token_all_get_the_same_new_one(
    app: FastAPI, alice: TestClient, clock: Clock
) -> None:
    """None loses the session, whichever comes first."""
    sign_up(alice)
    clock.forward(hours=25)
    look = {"method": "GET", "url": "/bank", "headers": {"cookie": f"{SESSION}={token_of(alice)}"}}
    replies = at_once(app, alice, [look] * 8)
    assert all('class="name"' in reply.text for reply in replies)
    (new,) = {reply.cookies[SESSION] for reply in replies}
    clock.forward(minutes=2)
    assert who(with_token(app, new)) == "Alice"


def test_logging_out_with_a_replaced_token_ends_the_session(app: FastAPI, alice: TestClient, clock: Clock) -> None:
    """Its successor is worth nothing either."""
    sign_up(alice)
    old = token_of(alice)
    clock.forward(hours=25)
    who(alice)
    new = token_of(alice)
    with_token(app, old).post("/logout")
    assert who(with_token(app, new)) is None


# ---- guests and people


def test_what_a_guest_did_is_theirs_when_they_sign_up(app: FastAPI, alice: TestClient) -> None:
    """In any browser from then on; the guest's cookie opens it no more."""
    page = begin(alice, level="mid", questions="3", seed="7")
    guest = alice.cookies[GUEST]
    sign_up(alice)
    assert alice.get(page).status_code == 200
    elsewhere = a_browser(app)
    log_in(elsewhere)
    assert elsewhere.get(page).status_code == 200
    as_guest = a_browser(app)
    as_guest.cookies.set(GUEST, guest)
    for path in (page, f"/api{page}", f"{page}/report"):
        assert as_guest.get(path).status_code == 404
    alice.post("/logout")
    assert alice.get(page).status_code == 404


def test_an_interview_begun_by_a_person_belongs_to_the_person(app: FastAPI, alice: TestClient) -> None:
    """And not to the browser."""
    alice.get("/")
    guest = alice.cookies[GUEST]
    sign_up(alice)
    mine = started(alice)
    as_guest = a_browser(app)
    as_guest.cookies.set(GUEST, guest)
    assert as_guest.get(f"/api/interviews/{mine['id']}").status_code == 404
    assert as_guest.get("/api/interviews").json() == []


def test_two_people_see_nothing_of_one_another(app: FastAPI, alice: TestClient) -> None:
    """Another's id is 404."""
    sign_up(alice)
    mine = started(alice)
    bob = a_browser(app)
    sign_up(bob, "Bob")
    for path in (f"/interviews/{mine['id']}", f"/api/interviews/{mine['id']}"):
        assert bob.get(path).status_code == 404
    assert bob.get("/api/interviews").json() == []


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("/progress?topic=basics", "/progress?topic=basics"),
        ("/interviews/ä b", "/interviews/%C3%A4%20b"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        (" //evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        ("", "/"),
        ("/" + "x" * 5000, "/"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_logging_in_leads_on_to_a_page_of_this_site_only(alice: TestClient, wanted: str, sent: str) -> None:
    """Whatever the link said; also for whoever is logged in already."""
    sign_up(alice)
    assert log_in(alice, next=wanted).headers["location"] == sent
    already = alice.get("/login", params={"next": wanted}, follow_redirects=False)
    assert (already.status_code, already.headers["location"]) == (303, sent)


def test_without_accounts_there_is_not_a_word_about_them(bank: Bank, tmp_path: Path) -> None:
    """No page, no header; a cookie changes nothing and is not looked at."""
    app = an_app(tmp_path / "off.sqlite3", bank, Accounts.OFF)
    with running(app) as client:
        client.cookies.set(SESSION, "A" * 43)
        for path in ("/login", "/signup", "/invited/x", "/admin", "/items", "/disputes"):
            assert client.get(path, headers=HTML).status_code == 404
        for path in ("/login", "/signup", "/logout", "/invited/x"):
            assert client.post(path, headers=HTML).status_code == 404
        page = client.get("/", headers=HTML).text
        assert "Log in" not in page
        assert "No account; your interviews belong to this browser." in page


def test_the_setting_is_off_unless_chosen() -> None:
    """And knows three words."""
    assert Settings().accounts is Accounts.OFF
    assert [mode.value for mode in Accounts] == ["off", "open", "invite"]
    assert PersonRow.__tablename__ == "person"
