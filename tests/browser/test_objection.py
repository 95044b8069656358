"""Contesting a mark in a browser: by keyboard alone, on a phone, without JavaScript, and with words half typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from interviewer.domain import Band, Verdict
from tests.browser.candidate import Candidate
from tests.browser.conftest import WAYS, Server, Visit
from tests.browser.test_keyboard import Hands
from tests.terminal import interviewer

COMMENT = "I said that it is cached, in other words."


def weak_card(candidate: Candidate) -> Locator:
    """The feedback card of a first answer that missed something."""
    candidate.begin(questions=3)
    candidate.send(candidate.words(Band.WEAK))
    if candidate.interview()["turns"][-1]["number"] == 1:
        candidate.press("Next question")
    card = candidate.page.locator("#turn-1 .feedback")
    expect(card).to_be_visible()
    return card


def settle(candidate: Candidate, database: Path, verdict: Verdict) -> None:
    """What an operator does at a terminal: decide the oldest dispute of the interview."""
    reply = candidate.page.request.get(f"{candidate.path.replace('/interviews/', '/api/interviews/')}/disputes")
    quote = " ".join(candidate.said()[0].split()[:4])
    words = ("--reason", "It is there.", "--quote", quote, "--database", str(database))
    done = interviewer("disputes", "settle", reply.json()[0]["id"], verdict, *words)
    assert done.returncode == 0, done.stderr


@WAYS
def test_a_mark_is_contested_with_the_keyboard_alone(visit: Visit, size: tuple[int, int], live: bool) -> None:
    """Unfold, write, send; it stands below the mark, can be changed, and changes no mark."""
    candidate = visit(size=size, live=live)
    card = weak_card(candidate)
    before = candidate.interview()
    hands, page = Hands(candidate), candidate.page
    candidate.composer.focus()
    hands.reach("I disagree", key="Shift+Tab")
    hands.press("Enter")
    expect(card.locator("details[open]")).to_contain_text("It costs nothing and changes no mark by itself.")
    candidate.check_width("an open objection")
    candidate.check_access("an open objection")
    hands.reach("comment")
    page.keyboard.insert_text(COMMENT)
    hands.reach("Send objection")
    hands.press("Enter")
    told = page.locator("#turn-1 .told")
    expect(told).to_have_text(f"You disagree: “{COMMENT}” Not settled yet.")
    candidate.check_width("a contested mark")
    candidate.check_access("a contested mark")
    if live:
        assert "Change your objection" in hands.stop()
    else:
        candidate.composer.focus()
        hands.reach("Change your objection", key="Shift+Tab")
    hands.press("Enter")
    expect(page.locator("#turn-1 .objection[open] textarea")).to_have_value(COMMENT)
    assert candidate.interview() == before


@pytest.mark.parametrize("live", [True, False], ids=["live", "no-javascript"])
def test_an_objection_that_is_refused_is_still_there(visit: Visit, expected_complaints: list[str], live: bool) -> None:
    """A browser that lets too many words through: the page says what is wrong, beside them."""
    expected_complaints.append("422")
    candidate = visit(live=live)
    card = weak_card(candidate)
    box = card.locator(".objection textarea").first
    card.locator("summary").first.click()
    if live:
        candidate.page.evaluate("document.querySelector('.objection textarea').removeAttribute('maxlength')")
        box.fill("y" * 1001)
        card.get_by_role("button", name="Send objection").first.click()
        expect(candidate.error).to_contain_text("1,001 characters; at most 1,000")
        expect(candidate.page.locator(".objection textarea").first).to_have_value("y" * 1001)
        expect(candidate.page.locator(".objection textarea").first).to_be_focused()
    else:
        box.fill("\u2060")
        card.get_by_role("button", name="Send objection").first.click()
        expect(candidate.error).to_contain_text("The objection has no words")
        expect(candidate.page.locator(".objection").first).to_have_attribute("open", "")
    candidate.check_access("a refused objection")


def test_what_is_half_written_stays_when_the_page_moves_on(visit: Visit) -> None:
    """An answer sent in between, an objection to another mark, and an answer half typed beside it."""
    candidate = visit()
    card = weak_card(candidate)
    page = candidate.page
    card.locator(".objection summary").nth(0).click()
    card.locator(".objection textarea").nth(0).fill("Half of an objection")
    candidate.composer.fill("Half of an answer")
    card.locator(".objection summary").nth(1).click()
    card.locator(".objection textarea").nth(1).fill(COMMENT)
    card.get_by_role("button", name="Send objection").nth(1).click()
    expect(page.locator("#turn-1 .told")).to_contain_text("Not settled yet")
    first = page.locator("#turn-1 .objection textarea").first
    expect(first).to_be_visible()
    expect(first).to_have_value("Half of an objection")
    expect(candidate.composer).to_have_value("Half of an answer")
    candidate.send(candidate.words(Band.WEAK))
    expect(page.locator("#turn-1 .objection textarea").first).to_have_value("Half of an objection")


def test_a_decision_reaches_an_open_page_by_itself(visit: Visit, server: Server) -> None:
    """Made on the command line, in another process; what is half written stays."""
    candidate = visit(at=server)
    card = weak_card(candidate)
    page = candidate.page
    row = card.locator("li.missed").first
    row.locator("summary").click()
    row.locator("textarea").fill(COMMENT)
    row.get_by_role("button").click()
    expect(page.locator("#turn-1 .told")).to_contain_text("Not settled yet")
    page.locator("#turn-1 .objection summary").last.click()
    page.locator("#turn-1 .objection textarea").last.fill("Another one")
    settle(candidate, server.folder / "interviews.sqlite3", Verdict.MET)
    expect(page.locator("#turn-1 .told")).to_contain_text("changed it from missed to met: It is there.")
    expect(page.locator("#turn-1 .score")).to_contain_text("by a person")
    expect(page.locator("#turn-1 .objection textarea").last).to_have_value("Another one")
    expect(page.get_by_role("button", name="Mark again")).to_have_count(0)
    candidate.check_access("a decided mark")
