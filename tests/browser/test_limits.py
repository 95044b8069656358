"""A limit is met: the page says when to go on, and what was written stays where it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Server, Visit

WORDS = "An answer that took a quarter of an hour.\nAnd a second line: <b>bold</b>."


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes one move in a minute."""
    running = Server(tmp_path_factory.mktemp("strict"), INTERVIEWER_ANSWERS_PER_MINUTE="1")
    running.start()
    yield running
    running.stop()


def test_a_refused_answer_stays_in_its_box(visit: Visit, strict: Server, expected_complaints: list[str]) -> None:
    """With the reason above it; another visit finds it as the draft."""
    expected_complaints.append("429 (Too Many Requests)")
    candidate = visit(at=strict)
    candidate.begin()
    candidate.press("Hint")
    expect(candidate.page.locator(".bubble.hint")).to_be_visible()
    candidate.composer.fill(WORDS)
    candidate.press("Send answer")
    expect(candidate.error).to_contain_text("You can go on in")
    expect(candidate.composer).to_have_value(WORDS)
    expect(candidate.page.locator(".bubble.answer")).to_have_count(0)
    candidate.check_access("an answer refused by a limit")
    candidate.page.evaluate("sessionStorage.clear()")
    candidate.page.goto(candidate.path)
    expect(candidate.composer).to_have_value(WORDS)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_without_javascript_the_form_comes_back(
    visit: Visit, strict: Server, size: tuple[int, int], expected_complaints: list[str]
) -> None:
    """With its text, a button that sends it again, and no barrier."""
    expected_complaints.append("429 (Too Many Requests)")
    candidate = visit(at=strict, size=size, live=False)
    candidate.begin()
    candidate.press("Hint")
    candidate.composer.fill(WORDS)
    candidate.press("Send")
    expect(candidate.page.locator(".lede")).to_contain_text("You can go on in")
    expect(candidate.page.get_by_label("What you wrote")).to_have_value(WORDS)
    candidate.check_access("the page of a limit")
    candidate.check_width("the page of a limit")
    candidate.page.get_by_label("What you wrote").fill(f"{WORDS} Changed.")
    candidate.page.get_by_role("button", name="Send it again").click()
    expect(candidate.page.get_by_label("What you wrote")).to_have_value(f"{WORDS} Changed.")
