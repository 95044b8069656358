"""Narrow windows, enlarged text, little motion, and the picture in the README."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from interviewer.domain import Band
from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, Visit

CODE = (
    "```python\n" + "value = some_function(argument_one, argument_two, argument_three, argument_four)\n" * 2 + "```\n"
)
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, summary, .line, .card, nav a")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
  .map((element) => element.textContent.trim())"""


@pytest.mark.parametrize(
    ("size", "more"),
    [
        ((390, 844), {"has_touch": True, "is_mobile": True}),
        ((320, 640), {}),
        ((640, 430), {"device_scale_factor": 2}),
    ],
    ids=["phone", "320 px", "200 % zoom"],
)
def test_every_page_fits_a_narrow_window(visit: Visit, size: tuple[int, int], more: dict[str, object]) -> None:
    """Long words and wide code too; what is pressed is 44 px high, and the composer leaves room to read."""
    candidate = visit(size=size, **more)
    page = candidate.page
    page.goto(f"{candidate.base}/")
    page.locator(".setup summary").click()
    check(candidate, "the start page")
    candidate.begin()
    check(candidate, "the chat")
    candidate.composer.fill("x" * 400 + "\n" * 30)
    composer = page.locator("#composer").bounding_box()
    assert composer
    assert candidate.composer.evaluate("box => box.getBoundingClientRect().height / innerHeight") <= 0.41
    candidate.send(CODE + "x" * 400 + "\n\n" + candidate.words(Band.STRONG))
    if page.locator("#turn-2").count() == 0:
        candidate.press("Next question")
    page.locator("#turn-1 .feedback summary").last.click()
    check(candidate, "the chat with feedback")
    page.locator(".rail .end summary").click()
    check(candidate, "the chat about to end")
    page.get_by_role("button", name="End now and read the report").click()
    expect(page.locator(".summary")).to_be_visible()
    check(candidate, "the report")
    page.goto(f"{candidate.base}/bank")
    page.locator(".asks summary").first.click()
    check(candidate, "the bank")


def check(candidate: Candidate, where: str) -> None:
    """Nothing sideways, nothing too small to be hit."""
    candidate.check_width(where)
    assert candidate.page.evaluate(SMALL_TARGETS) == [], where


@pytest.mark.parametrize(("motion", "scrolls"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_a_wish_for_less_motion_is_honoured(visit: Visit, motion: str, scrolls: str) -> None:
    """No smooth scrolling and no transition; otherwise at most 150 ms."""
    candidate = visit(reduced_motion=motion)
    candidate.begin()
    assert candidate.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == scrolls
    durations = candidate.page.evaluate(
        "[...document.querySelectorAll('*')].map((e) => parseFloat(getComputedStyle(e).transitionDuration))"
    )
    assert max(durations) <= (0 if motion == "reduce" else 0.15)


def test_the_picture_in_the_readme_is_made_by_this_browser(visit: Visit) -> None:
    """UPDATE_SCREENSHOT=1 makes it anew."""
    candidate = visit(size=DESKTOP)
    if pictures.WANTED:
        with_marks(candidate)
    pictures.keep(candidate.page, "screenshot")


def with_marks(candidate: Candidate) -> None:
    """A partly right answer with its quotes lit up, and the card beside which they stand."""
    candidate.begin(seed=11)
    question = candidate.interview()["turns"][0]["question"]
    assert question["level"] == "mid"
    candidate.send(candidate.words(Band.PARTIAL).replace("\n", " "))
    candidate.press("Next question")
    expect(candidate.page.locator("#turn-1 .feedback")).to_be_visible()
    candidate.page.locator("#turn-1 a.quote").first.click()
    candidate.page.evaluate("scrollTo(0, 0)")
    candidate.page.mouse.move(0, 0)
