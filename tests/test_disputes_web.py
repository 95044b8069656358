"""Disputes over HTTP: the JSON of the API, and the pages of a browser without JavaScript."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.bank import Bank
from interviewer.conductor.disputes import Case, Disputes
from interviewer.disputes import Ruling
from interviewer.domain import Band, Verdict
from interviewer.web.parts import Web
from tests.forms import HTML, alert, begin, post, state
from tests.playing import answer, sample, started

SCRIPT = "<script>alert(1)</script></textarea><img src=x onerror=alert(2)>"
COST = "It costs nothing and changes no mark by itself."


@pytest.fixture
def over(alice: TestClient, bank: Bank) -> dict[str, Any]:
    """Alice's interview of one question, weakly answered, with one mistake asserted; it is over."""
    interview = started(alice, questions=1, seed=7)
    question = bank.question(interview["turns"][0]["question"]["id"])
    assert question
    said = f"I would put it like this. {question.misconceptions[0].says}."
    interview = answer(alice, interview, said)
    reply = alice.post(f"/api/interviews/{interview['id']}/finish")
    if reply.status_code == 200:
        interview = reply.json()
    assert len(interview["turns"][0]["grading"]["misconceptions"]) == 1
    return interview


def missed(interview: dict[str, Any]) -> str:
    """A point of the first turn that was missed."""
    marks = interview["turns"][0]["grading"]["marks"]
    return str(next(mark["point"] for mark in marks if mark["verdict"] == "missed"))


def words(interview: dict[str, Any]) -> str:
    """Some words of the first answer."""
    text = next(say["text"] for say in interview["turns"][0]["says"] if say["kind"] == "answer")
    return " ".join(text.split()[:4])


def contest(client: TestClient, interview: dict[str, Any], **body: Any) -> Any:
    """Send an objection to the first turn."""
    sent = {"turn": 1, "point": missed(interview), "comment": "I said it.", **body}
    return client.post(f"/api/interviews/{interview['id']}/disputes", json=sent)


def settle(app: FastAPI, client: TestClient, interview: dict[str, Any], verdict: Verdict, **more: str) -> Case:
    """A person's decision on the oldest dispute, as the command line makes it beside the running server."""
    web: Web = app.state.web
    (dispute, *_) = client.get(f"/api/interviews/{interview['id']}/disputes").json()
    ruling = Ruling(verdict=verdict, reason="It is there.", **more)

    async def act() -> Case:
        store = type(web.store)(web.store.database)
        try:
            return await Disputes(store, clock=lambda: web.conductor.now).settle(dispute["id"], ruling)
        finally:
            await store.close()

    return asyncio.run(act())


# ---- the API


def test_an_objection_is_kept_and_listed_and_changes_nothing(alice: TestClient, over: dict[str, Any]) -> None:
    """Sent again, it gets the new comment."""
    path = f"/api/interviews/{over['id']}"
    reply = contest(alice, over)
    assert reply.status_code == 201
    made = reply.json()
    assert (made["turn"], made["point"], made["comment"]) == (1, missed(over), "I said it.")
    assert (made["verdict"], made["grader"], made["model"]) == ("missed", "fuzzy", None)
    assert (made["status"], made["decision"]) == ("open", None)
    again = contest(alice, over, comment="I said it in other words.").json()
    assert again["id"] == made["id"]
    assert alice.get(f"{path}/disputes").json() == [again]
    assert alice.get(path).json() == over


def test_a_decision_is_told_with_its_reason_and_the_turn_is_graded_by_a_person(
    alice: TestClient, app: FastAPI, over: dict[str, Any]
) -> None:
    """The score is that of the new marks; the grading in force says `human` and the person's name."""
    contest(alice, over)
    settle(app, alice, over, Verdict.MET, quote=words(over), by="Ada")
    path = f"/api/interviews/{over['id']}"
    (told,) = alice.get(f"{path}/disputes").json()
    assert told["status"] == "upheld"
    assert told["decision"] | {"settled_at": None} == {
        "verdict": "met",
        "reason": "It is there.",
        "by": "Ada",
        "settled_at": None,
    }
    grading = alice.get(path).json()["turns"][0]["grading"]
    assert (grading["grader"], grading["by"], grading["estimate"]) == ("human", "Ada", False)
    (mark,) = (mark for mark in grading["marks"] if mark["point"] == missed(over))
    assert (mark["verdict"], mark["credit"], mark["quote"]) == ("met", 1.0, words(over))
    earned = sum(mark["weight"] * mark["credit"] for mark in grading["marks"])
    share = 100 * earned / sum(mark["weight"] for mark in grading["marks"])
    assert grading["score"] == max(0, round(share - sum(wrong["penalty"] for wrong in grading["misconceptions"])))
    report = alice.get(f"{path}/report").json()
    assert (report["graded"], report["estimated"], report["decided"]) == (1, 0, 1)
    text = alice.get(f"{path}/report.md").text
    assert "1 of them with a mark that a person decided" in text
    assert "Marked offline, point 1 by a person, bank" in text
    refused = alice.post(f"{path}/regrade", json={"turn": 1})
    assert (refused.status_code, refused.json()["title"]) == (409, "SettledByPerson")
    assert contest(alice, over).json()["title"] == "AlreadySettled"


@pytest.mark.parametrize(
    ("body", "status", "title"),
    [
        ({"comment": ""}, 422, "UnusableComment"),
        ({"comment": "x" * 1001}, 422, "UnusableComment"),
        ({"point": "nothing-like-it"}, 422, "UnknownChoice"),
        ({"turn": 2}, 409, "OutOfTurn"),
        ({"turn": 10**30}, 409, "OutOfTurn"),
        ({"turn": "one"}, 422, "InvalidRequest"),
        ({"comment": None}, 422, "InvalidRequest"),
        ({"verdict": "met"}, 422, "InvalidRequest"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_objection_that_cannot_be_taken_says_why(
    alice: TestClient, over: dict[str, Any], body: dict[str, Any], status: int, title: str
) -> None:
    """As a problem document; nothing is kept."""
    reply = contest(alice, over, **body)
    assert (reply.status_code, reply.json()["title"]) == (status, title)
    assert alice.get(f"/api/interviews/{over['id']}/disputes").json() == []


def test_marks_that_are_not_out_yet_are_not_contested(alice: TestClient, bank: Bank) -> None:
    """Otherwise an error would tell the rubric: in a mock interview that goes on, every point looks alike."""
    interview = started(alice, questions=2, mode="mock")
    question = bank.question(interview["turns"][0]["question"]["id"])
    assert question
    answer(alice, interview, sample(bank, question.id, Band.STRONG))
    path = f"/api/interviews/{interview['id']}/disputes"
    replies = [
        alice.post(path, json={"turn": 1, "point": point, "comment": "No."}) for point in (question.points[0].id, "x")
    ]
    assert [reply.status_code for reply in replies] == [409, 409]
    assert replies[0].json() == replies[1].json()


def test_another_owner_s_disputes_are_not_there(alice: TestClient, bob: TestClient, over: dict[str, Any]) -> None:
    """Neither to read nor to write."""
    contest(alice, over)
    assert bob.get(f"/api/interviews/{over['id']}/disputes").status_code == 404
    assert contest(bob, over).status_code == 404
    form = {"turn": "1", "point": missed(over), "comment": "Mine."}
    assert bob.post(f"/interviews/{over['id']}/disputes", data=form).status_code == 404
    assert [each["comment"] for each in alice.get(f"/api/interviews/{over['id']}/disputes").json()] == ["I said it."]


# ---- the pages


def rows(html: str) -> list[str]:
    """The rows of the first feedback card, a point or a mistake each."""
    card = re.search(r'<ul class="points">(.*?)</ul>', html, re.DOTALL)
    assert card
    return re.findall(r"<li.*?</li>", card[1], re.DOTALL)


def test_each_mark_has_a_form_that_leads_back_to_its_turn(alice: TestClient, over: dict[str, Any]) -> None:
    """Its words stand below the mark from then on, and in the box to be changed."""
    page = f"/interviews/{over['id']}"
    before = rows(alice.get(page).text)
    grading = over["turns"][0]["grading"]
    assert len(before) == len(grading["marks"]) + len(grading["misconceptions"])
    for row in before:
        assert "I disagree" in row
        assert COST in row
    fields = {"turn": "1", "point": missed(over), "comment": f"I did: {SCRIPT}\r\nTwice."}
    reply = alice.post(f"{page}/disputes", data=fields, headers=HTML, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, f"{page}#turn-1")
    html = alice.get(page).text
    assert "<script>alert" not in html
    (row,) = (row for row in rows(html) if "Not settled yet" in row)
    assert f"You disagree: “I did: {SCRIPT} Twice.” Not settled yet." in unescape(row)
    assert "Change your objection" in row
    typed = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", row, re.DOTALL)
    assert typed
    assert unescape(typed[1]) == f"I did: {SCRIPT}\nTwice."
    assert "Not settled yet" in alice.get(f"{page}/report").text


def test_an_objection_without_words_comes_back_open_with_what_is_wrong(alice: TestClient, over: dict[str, Any]) -> None:
    """Beside the box it was typed into, and only there."""
    page = f"/interviews/{over['id']}"
    long = "y" * 1001
    reply = post(alice, f"{page}/disputes", turn="1", point=missed(over), comment=long)
    assert reply.status_code == 422
    assert alert(reply.text) == "The objection has 1,001 characters; at most 1,000 are kept. Shorten it."
    (row,) = (row for row in rows(reply.text) if "<details" in row and " open>" in row)
    assert long in row


def test_an_objection_that_comes_too_late_is_shown_with_its_text(
    alice: TestClient, app: FastAPI, over: dict[str, Any]
) -> None:
    """Somebody settled it while it was written."""
    contest(alice, over)
    settle(app, alice, over, Verdict.MISSED)
    page = f"/interviews/{over['id']}"
    reply = post(alice, f"{page}/disputes", turn="1", point=missed(over), comment="But I did say it.")
    assert reply.status_code == 409
    assert "A person has decided this mark." in alert(reply.text)
    assert "But I did say it." in reply.text


def test_a_decision_stands_below_its_mark_with_its_reason(
    alice: TestClient, app: FastAPI, over: dict[str, Any]
) -> None:
    """Who marked names both; nobody offers to mark it again."""
    page = f"/interviews/{over['id']}"
    assert "Mark again" in alice.get(page).text
    contest(alice, over)
    settle(app, alice, over, Verdict.MET, quote=words(over))
    html = alice.get(page).text
    assert "marked offline, point 1 by a person" in html
    assert "Mark again" not in html
    assert "no grader marks this again" in html
    (row,) = (row for row in rows(html) if "You disagreed" in row)
    assert "A person looked at it and changed it from missed to met: It is there." in row
    assert "<details" not in row
    assert "1 of them with a mark that a person decided" in alice.get(f"{page}/report").text
    reply = post(alice, f"{page}/regrade", turn="1")
    assert reply.status_code == 409
    assert "A person has decided a mark of question 1" in reply.text


def test_a_mark_that_stays_says_so(alice: TestClient, app: FastAPI, over: dict[str, Any]) -> None:
    """With the reason; it is still the grader's alone, and may be marked again."""
    contest(alice, over)
    settle(app, alice, over, Verdict.MISSED, by="Ada")
    html = alice.get(f"/interviews/{over['id']}").text
    assert "Ada looked at it and left it at missed: It is there." in html
    assert "Mark again" in html
    assert "estimate" in html


def test_a_mistake_taken_back_is_not_silently_gone(alice: TestClient, app: FastAPI, over: dict[str, Any]) -> None:
    """Its row says what was held against the candidate and who took it back."""
    wrong = over["turns"][0]["grading"]["misconceptions"][0]
    contest(alice, over, point=wrong["id"])
    case = settle(app, alice, over, Verdict.MISSED)
    assert case.turn.grading
    assert case.turn.grading.misconceptions == ()
    html = alice.get(f"/interviews/{over['id']}").text
    (row,) = (row for row in rows(html) if "No longer held against you" in row)
    assert "A person looked at it and took it back: It is there." in row
    assert "a mistake by a person" in html


def test_a_skipped_question_has_nothing_to_contest(alice: TestClient) -> None:
    """It has no marks."""
    page = begin(alice, level="mid", questions="1", seed="7")
    post(alice, f"{page}/skip", turn="1")
    assert state(alice, page)["turns"][0]["status"] == "skipped"
    assert "I disagree" not in alice.get(page).text
