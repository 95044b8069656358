"""From a point that was missed days ago to a review that asks it again, in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.settings import Settings
from interviewer.web.guard import COOKIE
from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, LIVE, PHONE, WAYS, Server, Visit
from tests.playing import answer, started

UNKNOWN = "I do not know, sorry."


@contextmanager
def days_ago(days: int, database: Path, bank: Bank, cookie: str = "") -> Iterator[TestClient]:
    """A browser as it was some days ago, on the same database; with the `cookie` of somebody who came back."""
    then = datetime.now(UTC) - timedelta(days=days)
    app = create_app(Settings(database=database), bank=bank, clock=lambda: then)
    with TestClient(app, base_url="http://localhost", cookies={COOKIE: cookie} if cookie else {}) as client:
        yield client


def a_history(database: Path, bank: Bank) -> str:
    """The cookie of a candidate who missed all points of some questions nine, four and one days ago."""
    cookie = ""
    for days, seed, level in ((9, 1, "mid"), (4, 2, "senior"), (1, 3, "mid")):
        with days_ago(days, database, bank, cookie) as then:
            interview = started(then, questions=2, seed=seed, level=level)
            while interview["status"] == "open":
                interview = answer(then, interview, UNKNOWN)
            cookie = then.cookies[COOKIE]
    for days in (3, 1):
        with days_ago(days, database, bank, cookie) as then:
            interview = then.post("/api/reviews", json={"questions": 2, "seed": 1}).json()
            while interview["status"] == "open":
                question = bank.question(interview["turns"][-1]["question"]["id"])
                assert question
                interview = answer(then, interview, question.reference)
    return cookie


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> tuple[Path, str]:
    """A database with a candidate's past, and their cookie."""
    database = tmp_path_factory.mktemp("past") / "interviews.sqlite3"
    return database, a_history(database, bank)


@pytest.fixture
def later(tmp_path: Path, history: tuple[Path, str]) -> Iterator[Server]:
    """A server of its own on a copy of that database."""
    shutil.copy(history[0], tmp_path / "interviews.sqlite3")
    running = Server(tmp_path)
    running.start()
    yield running
    running.stop()


def come_back(candidate: Candidate, cookie: str) -> None:
    """Open the start page in the browser that was here before."""
    candidate.page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": candidate.base}])
    candidate.page.goto(f"{candidate.base}/")


def look(candidate: Candidate, where: str) -> None:
    """No barrier, and nothing beyond the window."""
    candidate.check_access(where)
    candidate.check_width(where)


@WAYS
def test_what_was_missed_days_ago_is_due_and_a_review_asks_it_again(
    visit: Visit, later: Server, history: tuple[Path, str], bank: Bank, size: tuple[int, int], live: bool
) -> None:
    """The start page says so first; the review page shows what, where and when; what is earned goes away."""
    candidate = visit(size=size, live=live, at=later)
    page = candidate.page
    come_back(candidate, history[1])
    expect(page.locator("main h2").first).to_contain_text("points are due today")
    look(candidate, "the start page with what is due")
    page.get_by_role("link", name="See what is due").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    page.locator(".due-topic summary").first.click()
    expect(page.locator(".due-points li").first).to_contain_text("Missed on")
    look(candidate, "the review page")
    if live and size is DESKTOP:
        pictures.keep(page, "pictures/review", whole=True)
    due = due_now(candidate)
    page.get_by_role("button", name="Review up to 5 questions").first.click()
    expect(candidate.composer).to_be_visible()
    expect(page.locator(".bubble.remark").first).to_contain_text("points that come back")
    look(candidate, "a review at its start")
    question = bank.question(candidate.interview()["turns"][-1]["question"]["id"])
    assert question
    candidate.send(question.reference)
    page.goto(f"{candidate.base}/review")
    expect(page.get_by_role("link", name="Continue the review").first).to_be_visible()
    assert due_now(candidate) < due
    look(candidate, "the review page while a review is open")


def test_a_dark_phone_shows_what_is_due(visit: Visit, later: Server, history: tuple[Path, str]) -> None:
    """For the documentation, too."""
    candidate = visit(size=PHONE, at=later, color_scheme="dark")
    come_back(candidate, history[1])
    pictures.keep(candidate.page, "pictures/review-start-dark")
    candidate.page.goto(f"{candidate.base}/review")
    pictures.keep(candidate.page, "pictures/review-dark")


@LIVE
def test_an_empty_review_page_teaches_the_next_step(visit: Visit, live: bool) -> None:
    """Nothing to press that leads nowhere."""
    candidate = visit(live=live)
    candidate.page.goto(f"{candidate.base}/")
    candidate.page.get_by_role("link", name="Review").click()
    expect(candidate.page.locator("main")).to_contain_text("Nothing is in review yet")
    expect(candidate.page.locator("main button")).to_have_count(0)
    look(candidate, "the empty review page")
    candidate.page.get_by_role("link", name="an interview").click()
    expect(candidate.page.get_by_role("button", name="Start interview")).to_be_visible()


def due_now(candidate: Candidate) -> int:
    """How many points are due, as the API tells it."""
    reply = candidate.page.request.get(f"{candidate.base}/api/review")
    return int(reply.json()["due"])
