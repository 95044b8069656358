"""The pages without JavaScript: every action a form post, and nothing typed is ever lost or obeyed."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from interviewer.web.parts import Web
from tests.conftest import ROOT
from tests.forms import HTML, alert, answer, asked, begin, composer, field, post, state
from tests.playing import sample
from tests.test_markdown import Read

SCRIPT = "<script>alert(1)</script></textarea><img src=x onerror=alert(2)> & so on"


@pytest.fixture
def page(alice: TestClient) -> str:
    """The path of a new practice interview of two questions."""
    return begin(alice, level="mid", questions="2", seed="7")


# ---- starting


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"level": "principal"}, "junior, mid or senior"),
        ({"level": ""}, "Choose a level"),
        ({"mode": "exam"}, "practice or mock"),
        ({"tone": "rude"}, "Choose a tone"),
        ({"questions": "0"}, "1 to 30"),
        ({"questions": "31"}, "1 to 30"),
        ({"questions": "many"}, "whole number"),
        ({"questions": "9" * 5000}, "whole number"),
        ({"seed": "x"}, "seed must be a whole number"),
        ({"topics": "cooking"}, "cooking"),
        ({"topics": SCRIPT}, "Unknown topic"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_choice_that_cannot_be_carried_out_comes_back_with_the_form_as_it_was(
    alice: TestClient, wrong: dict[str, str], says: str
) -> None:
    """With one message, and nothing is kept."""
    sent: dict[str, Any] = {
        "level": "senior",
        "mode": "mock",
        "questions": "10",
        "topics": "testing",
        "seed": "5",
        **wrong,
    }
    reply = alice.post("/interviews", data=sent, headers=HTML)
    assert reply.status_code == 422
    assert says in alert(reply.text)
    assert "<script>alert" not in reply.text
    for name in ("level", "mode", "questions", "topics"):
        box = re.search(rf'name="{name}" value="{re.escape(sent[name])}"( checked)?', reply.text)
        assert box is None or box[1], f"{name} is not ticked any more"
    assert f'name="seed" value="{sent["seed"]}"' in reply.text
    assert alice.get("/api/interviews").json() == []


def test_an_interview_starts_from_the_form_and_is_found_again_on_the_start_page(alice: TestClient) -> None:
    """With its choices; a stranger's start page does not show it."""
    path = begin(alice, level="senior", mode="mock", questions="3", topics=["testing", "database"], seed="5")
    begun = state(alice, path)
    assert (begun["level"], begun["mode"], begun["seed"]) == ("senior", "mock", 5)
    assert begun["topics"] == ["testing", "database"]
    assert f'href="{path}"' in alice.get("/").text


# ---- the flow


def test_a_whole_interview_is_played_with_form_posts_alone(alice: TestClient, bank: Bank, page: str) -> None:
    """Answer, hint, probes, skip, report, delete."""
    first = asked(alice, page)[0]
    reply = answer(alice, page, sample(bank, first, Band.STRONG))
    assert reply.status_code == 200
    assert [str(step.status_code) for step in reply.history] == ["303"]
    while field(reply.text, "turn") == "1":
        reply = post(alice, f"{page}/skip", turn="1")
    assert "Reference answer" in reply.text
    assert "<mark" in reply.text
    hinted = post(alice, f"{page}/hint", turn="2", text="")
    assert hinted.status_code == 200
    assert "Hint" in Read(hinted.text).text
    over = post(alice, f"{page}/skip", turn="2", text="")
    assert "Read the report" in over.text
    report = post(alice, f"{page}/finish")
    assert str(report.url).endswith("/report")
    assert "1 marked" in report.text
    assert "1 skipped, not counted as wrong" in report.text
    gone = post(alice, f"{page}/delete")
    assert gone.url.path == "/"
    assert page not in gone.text
    assert alice.get(page, headers=HTML).status_code == 404


def test_finishing_twice_leads_to_the_report_twice(alice: TestClient, page: str) -> None:
    """Who presses the button again wants the report."""
    for _ in range(2):
        assert str(post(alice, f"{page}/finish").url).endswith("/report")


def test_marking_again_from_the_page_adds_a_grading(alice: TestClient, bank: Bank, page: str) -> None:
    """And leads back to the turn."""
    answer(alice, page, sample(bank, asked(alice, page)[0], Band.WEAK))
    post(alice, f"{page}/finish")
    before = state(alice, page)["turns"][0]["grading"]
    reply = post(alice, f"{page}/regrade", turn="1")
    assert reply.status_code == 200
    assert state(alice, page)["turns"][0]["grading"]["graded_at"] > before["graded_at"]


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [("  \n ", 422, "no words"), ("\u200b" * 10, 422, "no words"), (f"{SCRIPT} word" * 2000, 413, "at most 20,000")],
    ids=["blank", "invisible", "too long"],
)
def test_an_answer_that_cannot_be_taken_stays_in_the_composer(
    alice: TestClient, page: str, text: str, status: int, says: str
) -> None:
    """Escaped, with a message beside it, and the turn still open."""
    before = state(alice, page)
    reply = answer(alice, page, text)
    assert reply.status_code == status
    assert says in alert(reply.text)
    assert composer(reply.text) == text
    assert "<script>alert" not in reply.text
    assert state(alice, page) == before


def test_html_and_script_in_an_answer_are_shown_as_text(alice: TestClient, page: str) -> None:
    """On the chat page and in the report."""
    answer(alice, page, SCRIPT)
    for html in (alice.get(page).text, alice.get(f"{page}/report").text):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_hint_keeps_what_stands_in_the_composer(alice: TestClient, page: str) -> None:
    """Also when there is none left."""
    text = f"Half a thought {SCRIPT}"
    while (reply := post(alice, f"{page}/hint", turn="1", text=text)).status_code == 200:
        assert composer(reply.text) == text
    assert reply.status_code == 409
    assert composer(reply.text) == text
    assert "no further hint" in alert(reply.text)


def test_a_hint_form_sent_twice_takes_one_hint(alice: TestClient, page: str) -> None:
    """A reload after it, or a double click."""
    fields = {"turn": "1", "seen": field(alice.get(page).text, "seen"), "text": "Half a thought"}
    for _ in range(2):
        assert composer(post(alice, f"{page}/hint", **fields).text) == "Half a thought"
    assert state(alice, page)["turns"][0]["hints_used"] == 1


def test_the_same_form_sent_twice_counts_once(alice: TestClient, page: str) -> None:
    """A double click, or Back and Send."""
    old = alice.get(page).text
    fields = {"turn": field(old, "turn"), "seen": field(old, "seen"), "text": "Semicolons are required, I am sure."}
    post(alice, f"{page}/answers", **fields)
    after = state(alice, page)
    assert post(alice, f"{page}/answers", **fields).status_code == 200
    assert state(alice, page) == after


def test_a_form_from_an_old_page_changes_nothing_and_keeps_its_text(alice: TestClient, bank: Bank, page: str) -> None:
    """The other tab has sent something else meanwhile."""
    old = alice.get(page).text
    answer(alice, page, sample(bank, asked(alice, page)[0], Band.STRONG))
    after = state(alice, page)
    fields = {"turn": field(old, "turn"), "seen": field(old, "seen")}
    reply = post(alice, f"{page}/answers", **fields, text="What I wrote here.")
    assert reply.status_code == 409
    assert composer(reply.text) == "What I wrote here."
    assert "moved on" in alert(reply.text)
    assert state(alice, page) == after


def test_skipping_twice_skips_one_question(alice: TestClient, page: str) -> None:
    """The second post names a question that is over; what was typed stays."""
    post(alice, f"{page}/skip", turn="1", text="")
    reply = post(alice, f"{page}/skip", turn="1", text="Typed meanwhile.")
    assert reply.status_code == 409
    assert composer(reply.text) == "Typed meanwhile."
    assert len(state(alice, page)["turns"]) == 2


def test_a_mock_interview_says_that_an_answer_is_in_and_shows_no_marks(alice: TestClient) -> None:
    """Until it is over."""
    page = begin(alice, level="mid", mode="mock", questions="2")
    reply = answer(alice, page, "Semicolons are required, I am sure.")
    assert "You see the marks when the interview is over" in reply.text
    assert "Reference answer" not in reply.text


# ---- what is not there


@pytest.mark.parametrize("path", ["/interviews/nobodys", "/interviews/nobodys/report", "/nowhere", "/interviews/a/b/c"])
def test_what_is_not_there_is_a_page_that_leads_home(alice: TestClient, path: str) -> None:
    """For people; a program gets a problem document."""
    reply = alice.get(path, headers=HTML)
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert "Nothing here" in Read(reply.text).text
    assert 'href="/"' in reply.text
    assert alice.get(path).headers["content-type"] == "application/problem+json"


def test_somebody_elses_page_looks_like_none(alice: TestClient, bob: TestClient, page: str) -> None:
    """The same words for both, to read and to write."""
    assert bob.get(page, headers=HTML).text == bob.get("/interviews/nobodys", headers=HTML).text
    for move in ("answers", "hint", "skip", "finish", "regrade", "delete"):
        assert post(bob, f"{page}/{move}", turn="1", seen="1", text="x").status_code == 404
    assert state(alice, page)["status"] == "open"


def test_a_question_that_left_the_bank_leaves_a_page_that_works(tmp_path: Path, settings: Settings) -> None:
    """Open when the bank was edited: it is shown, can be skipped, and the report knows it."""
    with TestClient(create_app(settings), base_url="http://localhost") as before:
        page = begin(before, level="mid", questions="2", topics=["testing"])
        gone, cookies = asked(before, page)[0], before.cookies
    for file in (ROOT / "bank" / "fastapi").glob("*.yaml"):
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        kept = [row for row in rows if row["id"] != gone] if isinstance(rows, list) else rows
        (tmp_path / "bank" / "fastapi").mkdir(parents=True, exist_ok=True)
        (tmp_path / "bank" / "fastapi" / file.name).write_text(yaml.safe_dump(kept), encoding="utf-8")
    after = create_app(settings.model_copy(update={"bank_dir": tmp_path / "bank"}))
    with TestClient(after, base_url="http://localhost", cookies=cookies) as alice:
        assert "left the bank" in alice.get(page).text
        assert post(alice, f"{page}/hint", turn="1", text="kept").status_code == 409
        assert answer(alice, page, "My words about it.").status_code == 200
        assert "Go on to the next question" in alice.get(page).text
        assert 'value="2"' in post(alice, f"{page}/skip", turn="1").text
        assert "not graded yet" in post(alice, f"{page}/finish").text


# ---- templates


class Watching:
    """Stands in for the templates and notes what each is given."""

    def __init__(self, app: FastAPI) -> None:
        self._web: Web = app.state.web
        self.given: dict[str, dict[str, Any]] = {}

    def TemplateResponse(self, request: Any, name: str, context: dict[str, Any], **rest: Any) -> Any:  # noqa: N802
        """Note, and render."""
        self.given[name] = dict(context)
        return self._web.templates.TemplateResponse(request, name, context, **rest)


@pytest.fixture
def watching(app: FastAPI) -> Watching:
    """The application's own parts, with its templates watched."""
    seen = Watching(app)
    app.state.web = replace(app.state.web, templates=seen)
    return seen


WITH_ACCOUNTS = {"admin.html", "dispute.html", "disputes.html", "entrance.html", "items.html"}
"""Templates of pages that are there only with accounts."""


def test_each_template_gets_one_frozen_dataclass(watching: Watching, alice: TestClient, page: str) -> None:
    """Of its own type, and it needs nothing else: a name that is not there would raise (StrictUndefined)."""
    alice.post(f"{page}/skip", data={"turn": 1})
    alice.post("/exams")
    sites = ("/", "/aim", "/bank", "/progress", "/review", "/account")
    for path in (*sites, page, f"{page}/report", f"{page}/turns/1/asked", "/nowhere"):
        alice.get(path, headers=HTML)
    templates = {path.name for path in (ROOT / "interviewer/web/templates").iterdir()}
    pages = {name for name in templates if not name.startswith("_")} - {"base.html"}
    assert set(watching.given) == pages - WITH_ACCOUNTS
    for context in watching.given.values():
        assert set(context) == {"page", "who"}
        with pytest.raises(FrozenInstanceError):
            setattr(context["page"], fields(context["page"])[0].name, None)
    assert len({type(context["page"]) for context in watching.given.values()}) == len(watching.given)
