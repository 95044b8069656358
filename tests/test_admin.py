"""What authors and admins see and do, and that nobody else finds so much as the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.domain import Band, Role
from interviewer.settings import Accounts
from tests.accounts import GOOD, Clock, a_browser, an_app, log_in, made, running, who
from tests.forms import HTML, alert, post
from tests.playing import answer, sample, started
from tests.test_invitations import id_of

SECRET = "Between you and me: my former employer is Initech"


@pytest.fixture
def app(tmp_path: Path, bank: Bank) -> FastAPI:
    """An application with accounts, and a model with a budget that is never asked."""
    return an_app(tmp_path / "interviews.sqlite3", bank, Accounts.OPEN, clock=Clock())


@pytest.fixture
def author(app: FastAPI, guest: TestClient) -> TestClient:
    """An author's browser."""
    return made(app, guest, "Wright", Role.AUTHOR)


@pytest.fixture
def alice(app: FastAPI, guest: TestClient) -> TestClient:
    """A candidate's browser."""
    return made(app, guest, "Alice")


@pytest.fixture
def contested(alice: TestClient, bank: Bank) -> dict[str, Any]:
    """A dispute of Alice's, in an interview with more in it than the contested answer."""
    begun = started(alice, questions=2)
    path = f"/api/interviews/{begun['id']}"
    done = answer(alice, begun, sample(bank, begun["turns"][0]["question"]["id"], Band.WEAK))
    if done["turns"][-1]["number"] == 1:
        done = alice.post(f"{path}/skip", json={"turn": 1}).json()
    answer(alice, done, SECRET)
    mark = next(mark for mark in done["turns"][0]["grading"]["marks"] if mark["verdict"] == "missed")
    sent = {"turn": 1, "point": mark["point"], "comment": "<b>I said it.</b>"}
    dispute: dict[str, Any] = alice.post(f"{path}/disputes", json=sent).json()
    words = next(say["text"] for say in done["turns"][0]["says"] if say["kind"] == "answer")
    return dispute | {"interview": begun["id"], "words": " ".join(words.split()[:4])}


def test_pages_of_a_role_are_not_there_for_anybody_else(
    guest: TestClient, alice: TestClient, author: TestClient, admin: TestClient, contested: dict[str, Any]
) -> None:
    """404, the same as for a page that never was, and nothing happens."""
    someone = id_of(admin, "Wright")
    pages = ["/items", "/disputes", f"/disputes/{contested['id']}"]
    acts = [f"/admin/people/{someone}/{act}" for act in ("role", "disable", "enable", "password-link", "delete")]
    for client in (guest, alice):
        for path in (*pages, "/admin"):
            assert client.get(path, headers=HTML).text == client.get("/nowhere", headers=HTML).text
        for path in (pages[2], "/admin/invitations", *acts):
            reply = client.post(path, data={"role": "admin", "confirm": "Wright", "verdict": "met"}, headers=HTML)
            assert reply.status_code == 404
    assert [author.get(path, headers=HTML).status_code for path in (*pages, "/admin")] == [200, 200, 200, 404]
    assert all(author.post(path, data={"role": "admin"}, headers=HTML).status_code == 404 for path in acts)
    assert [admin.get(path, headers=HTML).status_code for path in (*pages, "/admin")] == [200] * 4
    assert who(author) == "Wright"


def test_headers_name_the_pages_that_are_there(alice: TestClient, author: TestClient, admin: TestClient) -> None:
    """For each role its own."""
    links = {
        client: set(re.findall(r'href="(/(?:admin|items|disputes))"', client.get("/bank", headers=HTML).text))
        for client in (alice, author, admin)
    }
    assert links == {alice: set(), author: {"/items", "/disputes"}, admin: {"/items", "/disputes", "/admin"}}


def test_nobody_reads_anothers_interview(
    alice: TestClient, author: TestClient, admin: TestClient, contested: dict[str, Any]
) -> None:
    """Whatever their role."""
    for client in (author, admin):
        for path in ("", "/report", "/turns/1/asked"):
            assert client.get(f"/interviews/{contested['interview']}{path}", headers=HTML).status_code == 404
        for path in ("", "/report", "/disputes", "/turns/1/calls"):
            assert client.get(f"/api/interviews/{contested['interview']}{path}").status_code == 404


def test_a_dispute_is_decided_by_the_contested_answer_alone(
    alice: TestClient, author: TestClient, contested: dict[str, Any]
) -> None:
    """Neither who said it nor anything else they said."""
    listed, page = (
        author.get("/disputes", headers=HTML).text,
        author.get(f"/disputes/{contested['id']}", headers=HTML).text,
    )
    for html in (listed, page):
        assert "&lt;b&gt;I said it.&lt;/b&gt;" in html
        for secret in (SECRET, "Alice", contested["interview"]):
            assert secret not in html
    assert contested["words"].split()[0] in page
    refused = post(author, f"/disputes/{contested['id']}", verdict="met", reason="Yes.")
    assert refused.status_code == 422
    assert "Quote them as they stand in the answer" in alert(refused.text)
    assert ">\nYes.</textarea>" in refused.text
    assert post(author, f"/disputes/{contested['id']}", verdict="best", reason="Yes.").status_code == 422
    done = post(author, f"/disputes/{contested['id']}", verdict="met", reason="Yes.", quote=contested["words"])
    assert f"Dispute {contested['id']} is decided." in done.text
    (told,) = alice.get(f"/api/interviews/{contested['interview']}/disputes").json()
    assert (told["status"], told["decision"]["by"], told["decision"]["reason"]) == ("upheld", None, "Yes.")
    again = post(author, f"/disputes/{contested['id']}", verdict="missed", reason="No.")
    assert again.status_code == 409
    assert "Decided on 2026-11-21: met. Yes." in again.text


def test_nobody_decides_about_a_mark_of_their_own(author: TestClient, admin: TestClient, bank: Bank) -> None:
    """Somebody else relies on it."""
    begun = started(author, questions=2)
    done = answer(author, begun, sample(bank, begun["turns"][0]["question"]["id"], Band.WEAK))
    path = f"/api/interviews/{begun['id']}"
    if done["turns"][-1]["number"] == 1:
        done = author.post(f"{path}/skip", json={"turn": 1}).json()
    missed = next(mark for mark in done["turns"][0]["grading"]["marks"] if mark["verdict"] == "missed")
    dispute = author.post(f"{path}/disputes", json={"turn": 1, "point": missed["point"], "comment": "I did."}).json()
    refused = post(author, f"/disputes/{dispute['id']}", verdict="missed", reason="No.")
    assert refused.status_code == 422
    assert alert(refused.text) == "This mark is one of yours, so somebody else has to decide."
    settled = post(admin, f"/disputes/{dispute['id']}", verdict="missed", reason="No.")
    assert f"Dispute {dispute['id']} is decided." in settled.text


@pytest.mark.parametrize("dispute", ["0" * 10, "x", "%00", "0" * 5000])
def test_a_dispute_that_is_none_is_not_there(author: TestClient, dispute: str) -> None:
    """Nor is one by the start of its id."""
    assert author.get(f"/disputes/{dispute}", headers=HTML).status_code == 404


def test_statistics_are_those_of_the_command_line(author: TestClient, contested: dict[str, Any], bank: Bank) -> None:
    """Without figures while there are few answers, and with nobody's words."""
    page = author.get("/items", headers=HTML).text
    assert "2 questions were met; 0 should be looked at." in page or "1 question was met" in page
    assert "offline" in page
    assert SECRET not in page
    assert "Show all" in author.get("/items?flagged=true", headers=HTML).text


# ---- people


def test_a_changed_role_counts_at_once_and_asks_to_log_in_again(
    app: FastAPI, guest: TestClient, admin: TestClient, alice: TestClient
) -> None:
    """The old session ends."""
    admin.post(f"/admin/people/{id_of(admin, 'Alice')}/role", data={"role": "author"}, headers=HTML)
    assert who(alice) is None
    log_in(alice)
    assert alice.get("/items", headers=HTML).status_code == 200
    wrong = admin.post(f"/admin/people/{id_of(admin, 'Alice')}/role", data={"role": "king"}, headers=HTML)
    assert wrong.status_code == 422


def test_a_disabled_person_is_out_at_once_and_comes_back_when_enabled(admin: TestClient, alice: TestClient) -> None:
    """What is theirs stays; only who knows the password is told why."""
    mine, person = started(alice), id_of(admin, "Alice")
    admin.post(f"/admin/people/{person}/disable", headers=HTML)
    assert who(alice) is None
    assert alert(log_in(alice).text) == "This account is disabled. Ask whoever runs this server."
    assert alert(log_in(alice, "Alice", "wrong").text) == "There is no account with this name and password."
    assert "Candidate, disabled" in admin.get("/admin", headers=HTML).text
    admin.post(f"/admin/people/{person}/enable", headers=HTML)
    assert log_in(alice).status_code == 303
    assert alice.get(f"/api/interviews/{mine['id']}").status_code == 200


def test_deleting_somebody_takes_their_name_typed(admin: TestClient, alice: TestClient) -> None:
    """Then they are gone with all that was theirs."""
    mine, person = started(alice), id_of(admin, "Alice")
    path = f"/admin/people/{person}/delete"
    assert admin.post(path, data={"confirm": "alic"}, headers=HTML).status_code == 422
    assert who(alice) == "Alice"
    assert admin.post(path, data={"confirm": " Alice "}, headers=HTML).status_code == 200
    assert who(alice) is None
    assert alice.get(f"/api/interviews/{mine['id']}").status_code == 404
    assert admin.post(path, data={"confirm": "Alice"}, headers=HTML).status_code == 404


def test_admins_do_not_lock_themselves_out(
    admin: TestClient, alice: TestClient, app: FastAPI, guest: TestClient
) -> None:
    """There is no form for it, and sending it says why."""
    me = id_of(made(app, guest, "Second", Role.ADMIN), "Root")
    assert f"/admin/people/{me}/" not in admin.get("/admin", headers=HTML).text
    for act in ("role", "disable", "delete"):
        reply = admin.post(f"/admin/people/{me}/{act}", data={"role": "candidate", "confirm": "Root"}, headers=HTML)
        assert reply.status_code == 422
    assert who(admin) == "Root"


def test_people_are_found_by_a_part_of_their_name(admin: TestClient, app: FastAPI, guest: TestClient) -> None:
    """However it is written; signs of a search pattern mean themselves."""
    for name in ("Zoë Ämes", "Zoran", "50%", "a_b", "<script>"):
        made(app, guest, name)

    def found(part: str) -> list[str]:
        page = admin.get("/admin", params={"find": part}, headers=HTML)
        assert page.status_code == 200
        return re.findall(r"<summary><strong>(.*?)</strong>", page.text)

    assert found("ZO") == ["Zoran", "Zoë Ämes"]
    assert found("%") == ["50%"]
    assert found("_") == ["a_b"]
    assert found("<") == ["&lt;script&gt;"]
    assert found("\x00\ud800".encode("utf-8", "replace").decode()) == []
    assert found("x" * 5000) == []
    assert len(found("")) == 6


def test_the_page_tells_how_grader_and_budgets_stand(tmp_path: Path, bank: Bank) -> None:
    """Spending of today beside the budget."""
    app = an_app(
        tmp_path / "model.sqlite3",
        bank,
        Accounts.OPEN,
        model="some-model",
        openai_base_url="http://127.0.0.1:9/v1",
        model_price_in=1,
        model_price_out=2,
        model_cost_per_day=5,
        model_tokens_per_interview=50_000,
    )
    with running(app) as guest:
        page = made(app, guest, "Root", Role.ADMIN).get("/admin", headers=HTML).text
    for words in (
        "model some-model",
        "closed: the model is asked",
        "0, no budget for a day",
        "0.00 USD of 5.00 USD",
        "50,000 tokens",
    ):
        assert words in page, words


def test_one_admin_at_two_browsers(admin: TestClient, app: FastAPI) -> None:
    """Both are logged in; nothing is shared but the account."""
    other = a_browser(app)
    assert log_in(other, "Root", GOOD).status_code == 303
    assert [who(admin), who(other)] == ["Root", "Root"]
