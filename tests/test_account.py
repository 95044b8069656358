"""What is kept of somebody: told, exported whole, taken over, deleted without a trace; by people and by guests."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import SQLModel

from interviewer.bank import Bank
from interviewer.conductor.keeping import CONFIRM
from interviewer.domain import Band, Role
from interviewer.settings import Accounts
from tests.accounts import GOOD, GUEST, Clock, a_browser, an_app, log_in, made, running, sign_up, token_of, who
from tests.forms import HTML, alert, begin
from tests.playing import answer, sample, started

OTHER_PASSWORD = "another long one"


@pytest.fixture
def clock() -> Clock:
    """The server's."""
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where all of it is kept."""
    return tmp_path / "interviews.sqlite3"


@pytest.fixture
def app(database: Path, bank: Bank, clock: Clock) -> FastAPI:
    """An application that anybody may sign up to."""
    return an_app(database, bank, Accounts.OPEN, clock=clock)


@pytest.fixture
def alice(app: FastAPI) -> Iterator[TestClient]:
    """Alice's browser; the application runs as long as it is open."""
    with running(app) as client:
        yield client


def practised(client: TestClient, bank: Bank) -> dict[str, Any]:
    """An interview with an answer, its marks, an objection, a link and an unsent text."""
    begun = started(client, questions=2)
    done = answer(client, begun, sample(bank, begun["turns"][0]["question"]["id"], Band.WEAK))
    path = f"/api/interviews/{done['id']}"
    if done["turns"][-1]["number"] == 1:
        done = client.post(f"{path}/skip", json={"turn": 1}).json()
    mark = done["turns"][0]["grading"]["marks"][0]
    contested = client.post(f"{path}/disputes", json={"turn": 1, "point": mark["point"], "comment": "I said it."})
    assert contested.status_code == 201
    assert client.post(f"{path}/share").status_code == 201
    draft = {"turn": 2, "text": "Not sent yet.", "sequence": 1}
    assert client.put(f"{path}/draft", json=draft).status_code == 200
    return done


def exported(client: TestClient, path: str = "/api/account/export") -> dict[str, Any]:
    """The file."""
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith('attachment; filename="interviewer-2026-11-21.json"')
    body: dict[str, Any] = reply.json()
    return body


def rows(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table that holds anything."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: list(connection.execute(f'SELECT * FROM "{table}"')) for table in tables}
    return {table: rows for table, rows in found.items() if rows and table != "alembic_version"}


# ---- export


def test_the_file_has_all_that_a_person_did(alice: TestClient, bank: Bank) -> None:
    """From the first word to the link, and when they logged in."""
    sign_up(alice)
    interview = practised(alice, bank)
    file = exported(alice)
    assert file["person"]["name"] == "Alice"
    assert file["person"]["role"] == "candidate"
    assert len(file["sessions"]) == 1
    (kept,) = file["interviews"]
    assert kept["interview"]["id"] == interview["id"]
    says = [say["text"] for turn in kept["interview"]["turns"] for say in turn["says"]]
    assert says == [say["text"] for turn in interview["turns"] for say in turn["says"]]
    assert kept["interview"]["turns"][0]["gradings"][0]["marks"]
    assert [draft["text"] for draft in kept["drafts"] if draft["text"]] == ["Not sent yet."]
    assert [dispute["comment"] for dispute in kept["disputes"]] == ["I said it."]
    assert kept["shared_at"] == "2026-11-21T12:00:00Z"
    assert exported(alice, "/account/export.json") == file


def test_a_guest_has_a_file_too(alice: TestClient, bank: Bank) -> None:
    """Also where there are no accounts; nobody else's work is in it."""
    practised(alice, bank)
    file = exported(alice)
    assert (file["person"], file["sessions"], len(file["interviews"])) == (None, [], 1)


# What the export leaves out on purpose, by table: hashes, whose it is, and what other columns tell.
LEFT_OUT = {
    "interview": {"owner", "pack", "level", "mode", "plan", "queue", "lease_holder", "lease_until", "moved_at"},
    "turn": {"interview_id"},
    "say": {"interview_id", "turn", "place", "chosen"},
    "grading": {"interview_id", "turn", "place", "grader", "model", "prompt", "bank", "score", "graded_at", "body"},
    "draft": {"interview_id", "sequence"},
    "share": {"interview_id", "token"},
    "dispute": {"interview_id"},
    "model_call": set(),
    "person": {"name_key", "password"},
    "session": {"token", "before", "salt", "person_id"},
    "invitation": {"token", "person_id", "made_by", "used_by"},
    "live_log": {"interview_id", "token", "told", "body", "until"},  # gone when the grading it tells of is over
}


def test_every_table_that_is_somebodys_is_in_the_file(
    app: FastAPI, alice: TestClient, bank: Bank, database: Path
) -> None:
    """A new table or column fails this test until it is exported, or named as left out with a reason."""
    practised(alice, bank)
    ada = made(app, alice, "Ada", Role.ADMIN)
    interview = practised(ada, bank)
    ada.post("/admin/invitations", data={"role": "author"}, headers=HTML)
    marked = mark_columns(database, interview["id"])
    text = json.dumps(exported(ada), ensure_ascii=False)
    assert len(marked) >= 12
    for where, value in marked.items():
        assert value in text, where
    assert "Alice" not in text
    assert text.count('"interview": {') == 1


def mark_columns(database: Path, interview: str) -> dict[str, str]:
    """Write a word of its own into every text column that is somebody's; table and column -> that word."""
    marked: dict[str, str] = {}
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO model_call VALUES ('call', ?, 1, 'grade', '', '', '2026-11-21 12:00:00', 5, 5, 1, 1, 0, 1, "
            "'ok', '', '', '')",
            (interview,),
        )
        for table in SQLModel.metadata.sorted_tables:
            names = {column.name for column in table.columns}
            if not names & {"interview_id", "person_id", "made_by"} and table.name not in ("interview", "person"):
                assert table.name in ("spending", "rate"), f"whose is {table.name}?"
                continue
            assert table.name in LEFT_OUT, f"{table.name} is not exported"
            assert LEFT_OUT[table.name] <= names
            fixed = LEFT_OUT[table.name] | FIXED.get(table.name, set())
            free = (each for each in table.columns if not (each.primary_key or each.foreign_keys or each.name in fixed))
            where = f" WHERE interview_id = '{interview}'" if "interview_id" in names else ""
            for name in (column.name for column in free if str(column.type) == "VARCHAR"):
                marked[f"{table.name}.{name}"] = word = f"word-{table.name}-{name}"
                connection.execute(f'UPDATE "{table.name}" SET "{name}" = ?{where}', (word,))
    return marked


FIXED = {
    "interview": {"status"},
    "turn": {"status"},
    "say": {"who", "kind"},
    "dispute": {"verdict", "grader", "status", "decided", "reason", "settled_by"},
    "model_call": {"purpose", "outcome"},
    "person": {"name", "role"},
    "invitation": {"role"},
}
"""Columns that hold one of a few words, or nothing until something is decided."""


def test_no_hash_is_in_the_file(app: FastAPI, alice: TestClient, bank: Bank, database: Path) -> None:
    """Of cookie, link, password or invitation."""
    alice.get("/")
    guest = practised(alice, bank)
    assert guest
    as_guest = exported(alice)
    ada = made(app, alice, "Ada", Role.ADMIN)
    practised(ada, bank)
    ada.post("/admin/invitations", data={"role": "author"}, headers=HTML)
    text = json.dumps([as_guest, exported(ada)])
    kept = rows(database)
    secrets = [str(cell) for row in kept["session"] + kept["invitation"] + kept["share"] for cell in row]
    secrets = [cell for cell in secrets if len(cell) in (40, 64)]
    assert len(secrets) >= 4
    owners = {str(row[1]) for row in kept["interview"]}
    for secret in (*secrets, *owners, "argon2", token_of(ada)):
        assert secret not in text


def test_marks_that_may_not_be_seen_yet_are_withheld(alice: TestClient, bank: Bank) -> None:
    """An export is no way around the end of a mock interview."""
    begun = started(alice, questions=2, mode="mock")
    done = answer(alice, begun, sample(bank, begun["turns"][0]["question"]["id"], Band.WEAK))
    (kept,) = exported(alice)["interviews"]
    assert kept["withheld"] == [turn["number"] for turn in done["turns"]]
    assert not any(turn["gradings"] for turn in kept["interview"]["turns"])
    alice.post(f"/api/interviews/{done['id']}/finish")
    (kept,) = exported(alice)["interviews"]
    assert kept["withheld"] == []
    assert kept["interview"]["turns"][0]["gradings"]


# ---- the page and its JSON


def test_the_page_tells_what_is_kept(alice: TestClient, bank: Bank) -> None:
    """To a guest, and to somebody with an account."""
    begin(alice, level="mid", questions="3")
    page = alice.get("/account", headers=HTML).text
    assert "1 interview belongs to this browser" in page
    assert 'href="/signup"' in page
    assert alice.get("/api/account").json() == {"person": None, "interviews": 1, "sessions": []}
    sign_up(alice)
    page = alice.get("/account", headers=HTML).text
    assert "<dd>1 interview</dd>" in page
    assert "Nothing is deleted by itself." in page
    told = alice.get("/api/account").json()
    assert (told["person"]["name"], told["interviews"], len(told["sessions"])) == ("Alice", 1, 1)


def test_a_new_password_ends_every_other_session(app: FastAPI, alice: TestClient) -> None:
    """And this one goes on with another token."""
    sign_up(alice)
    other, token = a_browser(app), token_of(alice)
    log_in(other)
    wrong = alice.post("/account/password", data={"password": "no " * 9, "new": OTHER_PASSWORD}, headers=HTML)
    assert (wrong.status_code, alert(wrong.text)) == (422, "This is not your password. Type it again.")
    short = alice.post("/account/password", data={"password": GOOD, "new": "short"}, headers=HTML)
    assert (short.status_code, who(other)) == (422, "Alice")
    done = alice.post("/account/password", data={"password": GOOD, "new": OTHER_PASSWORD}, headers=HTML)
    assert "Your password is changed." in done.text
    assert token_of(alice) != token
    assert [who(alice), who(other)] == ["Alice", None]
    assert [log_in(other, "Alice", each).status_code for each in (GOOD, OTHER_PASSWORD)] == [422, 303]


def test_logging_out_everywhere_ends_all_of_them(app: FastAPI, alice: TestClient) -> None:
    """This one too."""
    sign_up(alice)
    other = a_browser(app)
    log_in(other)
    alice.post("/account/log-out-everywhere", headers=HTML)
    assert [who(alice), who(other)] == [None, None]


def test_work_done_before_logging_in_is_offered_and_taken_over(app: FastAPI, alice: TestClient) -> None:
    """Only when asked to: the browser may be somebody else's."""
    sign_up(alice)
    elsewhere = a_browser(app)
    page = begin(elsewhere, level="mid", questions="3")
    log_in(elsewhere)
    assert elsewhere.get(page, headers=HTML).status_code == 404
    assert "This browser has 1 interview from before you logged in." in elsewhere.get("/account", headers=HTML).text
    done = elsewhere.post("/account/take-over", headers=HTML)
    assert "is yours now" in done.text
    assert "from before you logged in" not in done.text
    assert elsewhere.get(page, headers=HTML).status_code == 200
    assert alice.get(page, headers=HTML).status_code == 200


# ---- deleting everything


def test_deleting_leaves_no_trace(alice: TestClient, bank: Bank, database: Path) -> None:
    """Not a row of any table but the sums of days."""
    sign_up(alice)
    practised(alice, bank)
    refused = alice.post("/account/delete", data={"confirm": "yes", "password": GOOD}, headers=HTML)
    assert (refused.status_code, alert(refused.text)[:20]) == (422, "Nothing was deleted.")
    refused = alice.post("/account/delete", data={"confirm": CONFIRM, "password": "wrong"}, headers=HTML)
    assert (refused.status_code, alert(refused.text)) == (422, "This is not your password. Type it again.")
    assert rows(database)
    done = alice.post("/account/delete", data={"confirm": f" {CONFIRM.upper()} ", "password": GOOD}, headers=HTML)
    assert done.status_code == 200
    assert who(alice) is None
    assert rows(database).keys() <= {"spending"}
    assert log_in(alice).status_code == 422
    assert sign_up(alice).status_code == 303, "the name is free again"


def test_a_program_deletes_everything_too(alice: TestClient, bank: Bank, database: Path) -> None:
    """With the same words, and the password."""
    sign_up(alice)
    practised(alice, bank)

    def delete(**body: str) -> int:
        return alice.request("DELETE", "/api/account", json=body).status_code

    assert [delete(confirm=CONFIRM), delete(confirm="x", password=GOOD), delete()] == [422, 422, 422]
    assert delete(confirm=CONFIRM, password=GOOD) == 204
    assert rows(database).keys() <= {"spending"}
    assert alice.get("/api/account").json()["person"] is None


def test_guests_delete_their_own_and_nobody_elses(app: FastAPI, alice: TestClient, bank: Bank) -> None:
    """No password is asked for, since there is none."""
    practised(alice, bank)
    bob = a_browser(app)
    theirs = practised(bob, bank)
    done = alice.post("/account/delete", data={"confirm": CONFIRM}, headers=HTML)
    assert done.status_code == 200
    assert alice.get("/api/interviews").json() == []
    assert bob.get(f"/api/interviews/{theirs['id']}").status_code == 200


def test_without_accounts_everything_can_be_taken_away_and_deleted(bank: Bank, tmp_path: Path) -> None:
    """By whoever has the cookie; the start page leads there."""
    app = an_app(tmp_path / "off.sqlite3", bank, Accounts.OFF, clock=Clock())
    with running(app) as client:
        practised(client, bank)
        assert '<a href="/account">What is kept</a>' in client.get("/", headers=HTML).text
        page = client.get("/account", headers=HTML).text
        assert "Sign up" not in page
        assert len(exported(client)["interviews"]) == 1
        for path in ("password", "log-out-everywhere", "take-over"):
            assert client.post(f"/account/{path}", headers=HTML).status_code == 404
        client.post("/account/delete", data={"confirm": CONFIRM}, headers=HTML)
        assert client.get("/api/account").json()["interviews"] == 0


def test_nothing_is_begun_for_somebody_who_was_deleted_meanwhile(
    app: FastAPI, alice: TestClient, database: Path
) -> None:
    """A request that was under way when the account went: it would leave an interview that is nobody's."""
    sign_up(alice)
    web = app.state.web
    assert alice.portal
    (person,) = alice.portal.call(web.conductor.roster.page).people
    interview = started(alice)
    begun = alice.portal.call(web.conductor.load, interview["id"], person.owner)
    alice.portal.call(web.conductor.roster.remove, person.id)
    with pytest.raises(Exception, match="This account is gone"):
        alice.portal.call(web.store.add, begun)
    assert "interview" not in rows(database)


def test_a_deleted_persons_cookie_opens_nothing(app: FastAPI, alice: TestClient, bank: Bank) -> None:
    """Nor does a guest's cookie that was there before."""
    alice.get("/")
    guest = alice.cookies[GUEST]
    sign_up(alice)
    practised(alice, bank)
    alice.request("DELETE", "/api/account", json={"confirm": CONFIRM, "password": GOOD})
    browser = a_browser(app)
    browser.cookies.set(GUEST, guest)
    assert browser.get("/api/interviews").json() == []
