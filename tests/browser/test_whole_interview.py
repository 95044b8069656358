"""A whole interview from the start page to the report, without a barrier that axe can find."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from interviewer.domain import Band
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, Visit


@pytest.mark.parametrize("live", [True, False], ids=["live", "no-javascript"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_interview_is_played_from_the_start_page_to_the_report(
    visit: Visit, expected_complaints: list[str], size: tuple[int, int], live: bool
) -> None:
    """Partly right, a probe, a hint, right; a skip; confidently wrong; the end."""
    expected_complaints.append("404 (Not Found)")
    candidate = visit(size=size, live=live)
    start_page(candidate)
    candidate.begin(level="mid", questions=3)
    look(candidate, "the chat at its start")
    first_question(candidate)
    candidate.press("Skip")
    expect(candidate.page.locator("#turn-2 .feedback")).to_contain_text(
        "Skipped: not marked, and not counted as wrong."
    )
    candidate.send(candidate.words(Band.WEAK))
    if candidate.composer.count():
        candidate.press("Next question")
    over(candidate)
    others(candidate)


def test_axe_would_find_a_barrier(visit: Visit) -> None:
    """A label taken away in the light, and grey on grey in the dark only."""
    candidate = visit()
    page = candidate.page
    page.goto(f"{candidate.base}/bank")
    page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    with pytest.raises(AssertionError, match=r"light: (?s:.*)label"):
        candidate.check_access("the page")
    page.goto(f"{candidate.base}/bank")
    page.evaluate("document.querySelector('h1').style.color = 'light-dark(#000, #333)'")
    with pytest.raises(AssertionError, match=r"dark: (?s:.*)color-contrast"):
        candidate.check_access("the page")


def look(candidate: Candidate, where: str) -> None:
    """No barrier, and nothing to scroll sideways."""
    candidate.check_width(where)
    candidate.check_access(where)


def start_page(candidate: Candidate) -> None:
    """Folded and unfolded."""
    candidate.page.goto(f"{candidate.base}/")
    look(candidate, "the start page")
    candidate.page.locator(".setup summary").click()
    expect(candidate.page.get_by_text("none ticked means all").first).to_be_visible()
    look(candidate, "the start page with its options open")


def first_question(candidate: Candidate) -> None:
    """Partly right, a hint, right: a card whose quotes stand in the answers."""
    page = candidate.page
    candidate.to_probe()
    look(candidate, "the chat after a probe")
    candidate.press("Hint")
    expect(page.locator(".bubble.hint")).to_be_visible()
    card = candidate.to_feedback()
    expect(card.locator(".score")).to_contain_text("of 100, estimate")
    expect(card.locator(".score")).to_contain_text("marked offline")
    expect(card).to_contain_text("10 points off for hints.")
    assert card.locator("a.quote").count() >= 1
    assert page.locator("#turn-1 .bubble.candidate mark").count() >= 1
    for summary in card.locator("summary").all():
        summary.click()
    expect(card.get_by_role("button", name="Mark again")).to_be_visible()
    look(candidate, "the chat with a card and its details open")


def over(candidate: Candidate) -> None:
    """The finished chat, then the report."""
    page = candidate.page
    expect(page.get_by_text("The interview is over.")).to_be_visible()
    expect(page.locator("#turn-3 .feedback .score")).to_contain_text("of 100")
    look(candidate, "the finished chat")
    interview = candidate.interview()
    assert [turn["status"] for turn in interview["turns"]] == ["graded", "skipped", "graded"]
    page.get_by_role("link", name="Read the report").click()
    expect(page.get_by_role("heading", name="What to learn next")).to_be_visible()
    expect(page.locator(".big")).to_have_text(f"{interview['score']} of 100, estimate")
    expect(page.get_by_text("1 skipped, not counted as wrong")).to_be_visible()
    said = [say["kind"] for turn in interview["turns"] for say in turn["says"]]
    for kind in set(said):
        expect(page.locator(f".transcript .bubble.{kind}")).to_have_count(said.count(kind))
    look(candidate, "the report")


def others(candidate: Candidate) -> None:
    """The list of questions, a page that is not there, and the start page of someone who has been here."""
    page = candidate.page
    page.goto(f"{candidate.base}/bank")
    look(candidate, "the bank")
    page.goto(f"{candidate.base}/interviews/nobody-knows")
    expect(page.get_by_role("heading", level=1)).to_contain_text("404")
    look(candidate, "the error page")
    page.goto(f"{candidate.base}/")
    expect(page.get_by_role("heading", name="Earlier interviews")).to_be_visible()
    look(candidate, "the start page of a returning candidate")
