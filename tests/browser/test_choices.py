"""Quick checks and practice exams as a candidate plays them: with and without JavaScript, mouse or keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, WAYS, Visit

CLOCK = re.compile(r"^(30:00|29:\d\d)$")


def begin(candidate: Candidate, name: str) -> None:
    """Press one of the buttons for short sittings of the first subject."""
    candidate.page.goto(f"{candidate.base}/")
    candidate.page.get_by_role("button", name=name).first.click()


@WAYS
def test_a_quick_check_explains_each_answer_at_once(
    visit: Visit, size: tuple[int, int], live: bool, expected_complaints: list[str]
) -> None:
    """One press from the start page; nothing chosen is refused in words; the report follows the last answer."""
    expected_complaints.append("422 (Unprocessable Entity)")
    candidate = visit(size=size, live=live)
    page = candidate.page
    begin(candidate, "Start quick check")
    expect(page.locator("h1")).to_contain_text("quick check")
    candidate.check_access("a quick check")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(candidate.error).to_contain_text("Choose what is right")
    for number in range(1, 6):
        page.locator(".choice").first.click()
        page.get_by_role("button", name="Answer", exact=True).click()
        card = page.locator(f"#turn-{number} .feedback")
        expect(card.get_by_text("Your choice")).to_be_visible()
        assert card.locator("li .quiet").count() >= 4
        if number == 1:
            candidate.check_access("a quick check with feedback")
            candidate.check_width("a quick check with feedback")
            page.locator("#turn-1").scroll_into_view_if_needed()
    expect(page.get_by_text("The check is over")).to_be_visible()
    page.get_by_role("link", name="Read the report").click()
    expect(page.locator("h1")).to_contain_text("Report")
    candidate.check_access("the report of a quick check")
    candidate.check_width("the report of a quick check")


def test_a_quick_check_of_one_topic_begins_among_the_questions(visit: Visit) -> None:
    """The topic's button stands with its questions."""
    candidate = visit()
    page = candidate.page
    page.goto(f"{candidate.base}/bank")
    page.locator("summary", has_text="Databases").first.click()
    page.get_by_role("button", name="Quick check on Databases").click()
    expect(page.locator(".turn-title .quiet").first).to_have_text("Databases")


@WAYS
def test_an_exam_is_answered_in_any_order(visit: Visit, size: tuple[int, int], live: bool) -> None:
    """Flagged, left, come back to, looked over, handed in, and every option explained."""
    candidate = visit(size=size, live=live)
    page = candidate.page
    begin(candidate, "Start practice exam")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Question 1 of 20")
    expect(page.locator("[data-left]")).to_have_text(CLOCK)
    candidate.check_access("an exam")
    candidate.check_width("an exam")
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Question 2 of 20")
    page.locator(".choice").nth(1).click()
    page.get_by_label("Flag it, to come back to it").check()
    page.get_by_role("button", name="7, not answered", exact=True).click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Question 7 of 20")
    page.get_by_role("button", name="Look over it and hand in").click()
    expect(page.get_by_text("2 of 20 answered")).to_be_visible()
    candidate.check_access("the last look at an exam")
    candidate.check_width("the last look at an exam")
    page.get_by_role("link", name="question 2", exact=True).click()
    expect(page.locator(".choice input").nth(1)).to_be_checked()
    expect(page.get_by_label("Flag it, to come back to it")).to_be_checked()
    page.get_by_role("button", name="Look over it and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Report")
    expect(page.get_by_text("Your choice")).to_have_count(2)
    candidate.check_access("the report of an exam")
    candidate.check_width("the report of an exam")


def test_an_exam_is_taken_with_the_keyboard(visit: Visit) -> None:
    """Arrows choose, Enter goes on."""
    candidate = visit()
    page = candidate.page
    begin(candidate, "Start practice exam")
    while page.locator(".choice input[type=radio]").count() == 0:
        page.get_by_role("button", name="Next question").click()
    number = page.locator("[name=turn]").input_value()
    page.locator(".choice input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".choice input").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("[name=turn]")).not_to_have_value(number)
    expect(page.get_by_role("button", name=f"{number}, answered", exact=True)).to_be_visible()


def test_an_exam_counts_down_and_only_the_server_ends_it(visit: Visit) -> None:
    """The browser's clock is set forward, the server's is not: the choice is kept, and the page shows what is left."""
    candidate = visit()
    page = candidate.page
    page.clock.install()
    begin(candidate, "Start practice exam")
    page.locator(".choice").first.click()
    page.clock.fast_forward("25:01")
    expect(page.locator("[data-announce]")).to_have_text("5 minutes left.")
    page.clock.fast_forward("05:01")
    expect(page.locator("[data-left]")).to_have_text(CLOCK)
    expect(page.get_by_role("button", name="1, answered", exact=True)).to_be_visible()


def test_what_is_chosen_in_an_exam_is_kept_at_once(visit: Visit) -> None:
    """A reload loses nothing, and a second tab that changed nothing overwrites nothing."""
    candidate = visit()
    page = candidate.page
    begin(candidate, "Start practice exam")
    other = page.context.new_page()
    other.goto(page.url)
    with page.expect_response("**/exam"):
        page.locator(".choice").nth(1).click()
    page.reload()
    expect(page.locator(".choice input").nth(1)).to_be_checked()
    other.get_by_role("button", name="Next question").click()
    expect(other.get_by_role("button", name="1, answered", exact=True)).to_be_visible()


def test_enter_on_an_option_answers(visit: Visit) -> None:
    """It does not skip, though Skip stands before Answer."""
    candidate = visit()
    page = candidate.page
    begin(candidate, "Start quick check")
    page.locator(".choice input").first.check()
    page.locator(".choice input").first.press("Enter")
    expect(page.locator("#turn-1 .feedback").get_by_text("Your choice")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "scheme", "name"),
    [(DESKTOP, "light", "desktop-light"), (PHONE, "dark", "phone-dark")],
    ids=["desktop, light", "phone, dark"],
)
def test_the_pictures_of_a_check_and_an_exam(visit: Visit, size: tuple[int, int], scheme: str, name: str) -> None:
    """The first explanation, and a question of an exam with its overview."""
    candidate = visit(size=size, color_scheme=scheme)
    page = candidate.page
    if pictures.WANTED:
        begin(candidate, "Start quick check")
        page.locator(".choice").first.click()
        page.get_by_role("button", name="Answer", exact=True).click()
        expect(page.get_by_text("Your choice")).to_be_visible()
        page.locator("#turn-1 .feedback").evaluate("card => card.scrollIntoView()")
    pictures.keep(page, f"pictures/check-{name}")
    if pictures.WANTED:
        begin(candidate, "Start practice exam")
        for _ in range(3):
            page.locator(".choice").nth(1).click()
            page.get_by_role("button", name="Next question").click()
        page.get_by_label("Flag it, to come back to it").check()
    pictures.keep(page, f"pictures/exam-{name}", whole=True)
