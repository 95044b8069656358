"""Every page and every refusal: nothing inline, nothing from elsewhere, all protective headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Role
from interviewer.settings import Accounts, Settings
from interviewer.web.parts import Web
from tests.accounts import an_app, log_in, sign_up
from tests.forms import HTML
from tests.hostile import MARKDOWN, MARKUP
from tests.passive import check_passive, check_protected
from tests.playing import started
from tests.unlimited import UNLIMITED


@pytest.fixture
def app(settings: Settings, bank: Bank) -> FastAPI:
    """An application with every page there is."""
    return an_app(settings.database, bank, Accounts.OPEN, **UNLIMITED)


def as_admin(app: FastAPI, client: TestClient) -> str:
    """Make an admin of a guest, with all that they did; the token of an invitation."""
    web: Web = app.state.web
    assert client.portal
    assert sign_up(client).status_code == 303
    (person,) = client.portal.call(web.conductor.roster.page).people
    client.portal.call(web.conductor.roster.set_role, person.id, Role.ADMIN)
    assert log_in(client).status_code == 303

    async def invited() -> str:
        return (await web.conductor.roster.invite(Role.CANDIDATE, by=None)).token

    return client.portal.call(invited)


@pytest.fixture
def places(app: FastAPI, alice: TestClient) -> dict[str, str]:
    """What stands for each part of a path: an interview full of hostile texts, with objections and a shared report."""
    interview = started(alice, questions=30, adaptive=False)
    path = f"/api/interviews/{interview['id']}"
    for text in (*MARKUP[:8], *MARKDOWN[:4]):
        turn = interview["turns"][-1]
        sent = alice.post(f"{path}/answers", json={"turn": turn["number"], "text": f"{text} is alpha"})
        assert sent.status_code == 200
        interview = sent.json()
    alice.put(f"{path}/draft", json={"turn": interview["turns"][-1]["number"], "text": MARKUP[2], "sequence": 1})
    graded = next(turn for turn in interview["turns"] if turn["grading"])
    point = graded["grading"]["marks"][0]["point"]
    objection = {"turn": graded["number"], "point": point, "comment": MARKUP[0]}
    dispute = alice.post(f"{path}/disputes", json=objection).json()["id"]
    token = alice.post(f"{path}/share").json()["url"].rpartition("/")[2]
    return {
        "/invited/{token}": f"/invited/{as_admin(app, alice)}",
        "{interview_id}": interview["id"],
        "{turn}": str(graded["number"]),
        "{token}": token,
        "{dispute_id}": dispute,
        "{path:path}": "app.js",
    }


def read_addresses(app: FastAPI, places: dict[str, str]) -> Iterator[str]:
    """The address of everything that is read, from the table of routes."""
    for route in iter_route_contexts(app.routes):
        if "GET" in (getattr(route, "methods", None) or ()):
            address = str(route.path)
            for part, place in places.items():
                address = address.replace(part, place)
            assert "{" not in address, f"say what stands for a part of {address}"
            yield address
    yield "/static/app.css"


def test_every_page_of_hostile_texts_does_nothing_by_itself(
    app: FastAPI, alice: TestClient, places: dict[str, str]
) -> None:
    """While the interview is open and when it is over; files and streams have the headers too."""
    addresses = list(read_addresses(app, places))
    assert len(addresses) > 25
    html = 0
    for is_open in (True, False):
        for address in addresses:
            if address == "/metrics" or (is_open and address.endswith("/events")):
                continue  # not for people; ends with the interview
            reply = alice.get(address, headers=HTML, follow_redirects=False)
            assert reply.status_code in (200, 303), address
            check_protected(reply.headers)
            if reply.headers.get("content-type", "").startswith("text/html"):
                check_passive(reply.text)
                html += 1
        alice.post(f"/api/interviews/{places['{interview_id}']}/finish")
    assert html > 15


def test_every_refusal_has_the_headers(alice: TestClient, settings: Settings) -> None:
    """From the guard itself, from the router, from what reads the body, and to a page of another host."""
    too_long = b"a" * (settings.body_bytes + 1)
    in_pieces = (too_long[start : start + 100_000] for start in range(0, len(too_long), 100_000))
    refusals = [
        (403, alice.post("/interviews", headers={"sec-fetch-site": "cross-site"})),
        (413, alice.post("/aim", content=too_long)),
        (413, alice.post("/aim", content=in_pieces, headers={"content-type": "application/x-www-form-urlencoded"})),
        (404, alice.get("/nowhere", headers=HTML)),
        (404, alice.get("/static/nothing.js")),
        (405, alice.post("/bank")),
        (422, alice.post("/api/interviews", json={"level": "x"})),
        (400, alice.post("/api/interviews", content=b"\xff", headers={"content-type": "application/json"})),
        (400, alice.get("/", headers={"host": "evil.example"})),
        (303, alice.post("/interviews", data={"level": "mid"}, follow_redirects=False)),
    ]
    for status, reply in refusals:
        assert reply.status_code == status, (status, reply.status_code, reply.url)
        check_protected(reply.headers)
        if reply.headers.get("content-type", "").startswith("text/html"):
            check_passive(reply.text)


def test_what_breaks_on_our_side_is_told_with_the_headers(tmp_path: Path, bank: Bank) -> None:
    """A 500 is made outside of everything that adds them otherwise."""
    app = create_app(Settings(database=tmp_path / "a.sqlite3"), bank=bank)

    @app.get("/breaks")
    def breaks() -> None:
        raise RuntimeError("on purpose")

    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        reply = client.get("/breaks", headers=HTML)
    assert reply.status_code == 500
    assert "on purpose" not in reply.text
    check_protected(reply.headers)
    check_passive(reply.text)


def test_what_an_address_takes_is_told_when_it_does_not_take_something(alice: TestClient) -> None:
    """All of it, though each method has a route of its own (RFC 9110, 15.5.6)."""
    assert alice.put("/api/interviews/x").headers["allow"] == "GET, DELETE"
    assert alice.delete("/bank").headers["allow"] == "GET"


def test_what_is_refused_before_any_page_can_be_made_is_readable_in_a_browser(alice: TestClient) -> None:
    """Plain words, and for programs the problem document as ever."""
    asked: dict[int, dict[str, Any]] = {
        403: {"method": "POST", "headers": {"sec-fetch-site": "cross-site"}},
        413: {"method": "POST", "content": b"x" * 5_000_000},
        431: {"method": "GET", "headers": {"x-long": "x" * 33_000}},
        400: {"method": "GET", "headers": {"host": "elsewhere.example"}},
    }
    for status, request in asked.items():
        own = request.pop("headers", {})
        reply = alice.request(url="/", headers=HTML | own, **request)
        assert (reply.status_code, reply.headers["content-type"]) == (status, "text/plain; charset=utf-8")
        assert reply.text.endswith(".\n")
        assert "{" not in reply.text
        check_protected(reply.headers)
        assert alice.request(url="/", headers=own, **request).json()["status"] == status
