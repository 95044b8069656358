"""A link to a report: made, read by anyone, revoked; it lets nobody do anything and tells nobody whose it is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.conductor.shares import Shares
from interviewer.domain import Band, Interview
from interviewer.settings import Settings
from interviewer.store import SqlStore
from tests.builders import a_question, an_interview, at
from tests.forms import HTML, begin, post, state
from tests.forms import answer as send
from tests.playing import answer, sample, started


@pytest.fixture
def interview(alice: TestClient, bank: Bank) -> dict[str, Any]:
    """An interview of Alice's with one answer of hers."""
    begun = started(alice, questions=2)
    question = begun["turns"][0]["question"]["id"]
    return answer(alice, begun, f"<b>Mine</b>. {sample(bank, question, Band.STRONG)}")


def share(client: TestClient, interview: dict[str, Any]) -> str:
    """The path of a new link."""
    reply = client.post(f"/api/interviews/{interview['id']}/share")
    assert reply.status_code == 201, reply.text
    url: str = reply.json()["url"]
    assert url.startswith("http://localhost/shared/")
    return url.removeprefix("http://localhost")


def test_whoever_has_the_link_reads_the_report_and_can_do_nothing(
    alice: TestClient, bob: TestClient, interview: dict[str, Any]
) -> None:
    """No form, no button, no way to the interview, no script of a stranger's, no word to search engines."""
    link = share(alice, interview)
    page = bob.get(link, headers=HTML)
    assert page.status_code == 200
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page.text
    assert "What to learn next" in page.text
    assert not re.search(r"<(form|button|textarea|input)\b", page.text.partition("<main")[2])
    assert "I disagree" not in page.text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert bob.get(f"/api/interviews/{interview['id']}").status_code == 404


def test_the_questions_of_an_exam_are_in_no_report_before_it_is_handed_in(alice: TestClient, bob: TestClient) -> None:
    """Whoever has the link could look for the answers; afterwards it is a report like any other."""
    begun = started(alice, mode="exam")
    link = share(alice, begun)
    for path in (link, f"{link}/report.md", f"{link}/report.pdf"):
        early = bob.get(path, headers=HTML)
        assert early.status_code == 404
        assert "has not been handed in yet" in early.text
    assert alice.post(f"/api/interviews/{begun['id']}/finish").status_code == 200
    assert bob.get(link, headers=HTML).status_code == 200


def test_the_link_does_not_tell_whose_interview_it_is(
    alice: TestClient, bob: TestClient, interview: dict[str, Any], settings: Settings
) -> None:
    """Neither the owner nor the interview's id, in none of its files."""
    link = share(alice, interview)
    with closing(sqlite3.connect(settings.database)) as connection:
        (owner,) = connection.execute("SELECT owner FROM interview").fetchone()
    for path in (link, f"{link}/report.md", f"{link}/report.pdf"):
        reply = bob.get(path)
        assert reply.status_code == 200
        assert reply.headers["x-robots-tag"] == "noindex, nofollow"
        for secret in (owner, interview["id"]):
            assert secret.encode() not in reply.content
            assert secret not in str(reply.headers)


def test_a_revoked_link_leads_nowhere_and_says_so(
    alice: TestClient, bob: TestClient, interview: dict[str, Any]
) -> None:
    """In plain words; revoking twice is no harm."""
    link = share(alice, interview)
    for _ in range(2):
        assert alice.delete(f"/api/interviews/{interview['id']}/share").status_code == 204
    page = bob.get(link, headers=HTML)
    assert page.status_code == 404
    assert "This link leads to no report." in page.text
    assert bob.get(f"{link}/report.pdf").status_code == 404


@pytest.mark.parametrize("token", ["nothing", "x" * 5000, "%00%ff", "..%2F..", "ünïcode"])
def test_what_never_was_a_link_leads_nowhere_too(alice: TestClient, token: str) -> None:
    """Whatever it is."""
    reply = alice.get(f"/shared/{token}", headers=HTML)
    assert reply.status_code == 404


def test_a_new_link_revokes_the_old_and_a_deleted_interview_has_none(
    alice: TestClient, bob: TestClient, interview: dict[str, Any]
) -> None:
    """One at a time."""
    old, new = share(alice, interview), share(alice, interview)
    assert [bob.get(link).status_code for link in (old, new)] == [404, 200]
    alice.delete(f"/api/interviews/{interview['id']}")
    assert bob.get(new).status_code == 404


def test_nobody_shares_what_is_not_theirs(alice: TestClient, bob: TestClient, interview: dict[str, Any]) -> None:
    """Nor takes it back."""
    link = share(alice, interview)
    path = f"/api/interviews/{interview['id']}/share"
    assert [bob.post(path).status_code, bob.delete(path).status_code] == [404, 404]
    page = f"/interviews/{interview['id']}/share"
    assert [post(bob, page).status_code, post(bob, f"{page}/revoke").status_code] == [404, 404]
    assert bob.get(link).status_code == 200


def test_an_open_mock_interview_is_not_given_away(alice: TestClient, bob: TestClient, bank: Bank) -> None:
    """Neither marks nor references, though its link is out."""
    begun = started(alice, questions=2, mode="mock")
    question = bank.question(begun["turns"][0]["question"]["id"])
    assert question
    begun = answer(alice, begun, sample(bank, question.id, Band.STRONG))
    link = share(alice, begun)
    for path in (link, f"{link}/report.md"):
        told = bob.get(path).text
        assert question.takeaway not in told
        assert question.points[0].says not in told
    assert "You see the marks when the interview is over." in bob.get(link).text


def test_the_page_shows_the_link_once(alice: TestClient, bob: TestClient, bank: Bank) -> None:
    """With forms alone; then it says since when there is one, and takes it back."""
    page = begin(alice, level="mid", questions="3", seed="7")
    send(alice, page, sample(bank, state(alice, page)["turns"][0]["question"]["id"], Band.STRONG))
    assert "with every word you typed" in alice.get(f"{page}/report").text
    shown = post(alice, f"{page}/share").text
    found = re.search(r'value="http://localhost(/shared/[\w-]+)"', shown)
    assert found
    assert bob.get(found[1]).status_code == 200
    again = alice.get(f"{page}/report").text
    assert found[1] not in again
    assert "There is a link since" in again
    gone = post(alice, f"{page}/share/revoke").text
    assert "Make a link anyone can read" in gone
    assert bob.get(found[1]).status_code == 404


def test_a_link_revoked_before_it_was_shown_is_not_shown(alice: TestClient, bob: TestClient) -> None:
    """And a cookie that somebody made up is worth nothing."""
    page = begin(alice, level="mid", questions="3", seed="7")
    alice.post(f"{page}/share", follow_redirects=False)
    alice.delete(f"/api{page}/share")
    assert "/shared/" not in alice.get(f"{page}/report").text
    alice.cookies.set("interviewer_link", "made-up")
    assert "/shared/" not in alice.get(f"{page}/report").text


async def as_it_is(interview: Interview) -> Interview:
    """Nothing here has a time that may be up."""
    return interview


async def test_the_database_holds_no_link(tmp_path: Path) -> None:
    """Only the hash it is looked up by."""
    store = SqlStore(tmp_path / "interviews.sqlite3")
    await store.open()
    await store.add(an_interview([a_question()]))
    made = await Shares(store, clock=lambda: at(5), in_time=as_it_is).make("i1", "alice")
    assert made.made_at == at(5) == await store.shares.made_at("i1")
    for part in tmp_path.glob("interviews.sqlite3*"):
        assert made.token.encode() not in part.read_bytes()
    await store.close()
