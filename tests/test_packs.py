"""Several packs: a candidate chooses the subject, and everything after keeps to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from interviewer import bank as banks
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.settings import Settings
from tests.forms import HTML, alert, begin, post, state
from tests.test_markdown import Read


@pytest.fixture
def thin(settings: Settings, thin_bank: Path) -> Iterator[TestClient]:
    """A browser at a server whose bank has one pack, and that is not about FastAPI."""
    (thin_bank / "fastapi").rename(thin_bank / "cooking")
    with TestClient(create_app(settings, bank=banks.load(thin_bank)), base_url="http://localhost") as client:
        yield client


def packs_asked(alice: TestClient, bank: Bank, page: str) -> set[str]:
    """The packs whose questions an interview asks, to its end."""
    while state(alice, page)["status"] == "open" and len(state(alice, page)["turns"]) < 3:
        post(alice, f"{page}/skip", turn=str(len(state(alice, page)["turns"])))
    found = [bank.question(turn["question"]["id"]) for turn in state(alice, page)["turns"]]
    return {question.pack for question in found if question}


@pytest.mark.parametrize("pack", ["fastapi", "python"])
def test_an_interview_asks_about_the_subject_that_was_chosen(alice: TestClient, bank: Bank, pack: str) -> None:
    """And about nothing else."""
    page = begin(alice, pack=pack, level="mid", questions="3")
    assert state(alice, page)["pack"] == pack
    assert packs_asked(alice, bank, page) == {pack}


def test_the_subject_is_named_wherever_an_interview_is(alice: TestClient) -> None:
    """In the chat, in the report and among the earlier interviews."""
    page = begin(alice, pack="python", level="senior", questions="1")
    assert "Python: senior, practice" in Read(alice.get(page).text).text
    post(alice, f"{page}/skip", turn="1")
    assert "Python: senior, practice" in Read(post(alice, f"{page}/finish").text).text
    assert "Python: senior, practice" in Read(alice.get("/").text).text


def test_topics_ticked_under_another_subject_do_not_count(alice: TestClient, bank: Bank) -> None:
    """Without JavaScript the form shows the topics of all subjects."""
    python = bank.pack("python")
    assert python
    own = python.topics[0].id
    page = begin(alice, pack="python", level="mid", questions="1", topics=["testing", own])
    assert state(alice, page)["topics"] == [own]


def test_a_subject_that_does_not_exist_is_explained_and_the_form_kept(alice: TestClient) -> None:
    """With the subjects there are."""
    reply = alice.post("/interviews", data={"pack": "cobol", "level": "mid", "seed": "5"}, headers=HTML)
    assert reply.status_code == 422
    assert "Known packs: fastapi, python" in alert(reply.text)
    assert re.search(r'name="level" value="mid" checked', reply.text)


def test_a_refused_form_keeps_the_subject(alice: TestClient) -> None:
    """As it keeps the rest."""
    reply = alice.post("/interviews", data={"pack": "python", "level": "mid", "questions": "99"}, headers=HTML)
    assert re.search(r'name="pack" value="python" checked', reply.text)


def test_the_api_asks_about_the_first_subject_when_none_is_named(alice: TestClient, thin: TestClient) -> None:
    """Whatever the packs are called."""
    assert alice.post("/api/interviews", json={"level": "mid"}).json()["pack"] == "fastapi"
    assert thin.post("/api/interviews", json={"level": "junior"}).json()["pack"] == "cooking"


def test_with_one_subject_nobody_is_asked_to_choose(thin: TestClient) -> None:
    """And no title names what goes without saying."""
    assert 'name="pack"' not in thin.get("/").text
    page = begin(thin, level="junior", questions="1")
    assert "Junior, practice" in Read(thin.get(page).text).text
    assert "Thin:" not in Read(thin.get(page).text).text


def test_the_questions_page_lists_every_subject(alice: TestClient, bank: Bank) -> None:
    """Each with its topics."""
    shown = Read(alice.get("/bank").text).text
    for pack in bank.packs:
        assert pack.title in shown
        for topic in pack.topics:
            assert topic.title in shown
