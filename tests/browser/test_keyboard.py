"""An interview without a mouse: Tab, Space, Enter and arrows reach everything, and show where they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from interviewer.domain import Band
from tests.browser.candidate import Candidate
from tests.browser.conftest import Visit

FOCUS = """() => {
  const here = document.activeElement;
  const rings = [here, here.closest(".card")].filter(Boolean).map((element) => getComputedStyle(element));
  const box = here.getBoundingClientRect();
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: [here.value, here.getAttribute("name"), here.textContent.trim()].join(" "),
    ringed: rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    hidden: box.width < 2 || !(above && (here.contains(above) || above.contains(here))),
  };
}"""


class Hands:
    """Two hands on a keyboard; every stop on the way must be visible."""

    def __init__(self, candidate: Candidate) -> None:
        self._page = candidate.page

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self._page.keyboard.press(key)

    def stop(self) -> str:
        """What the focus is on; it has a ring and nothing covers it."""
        focus = self._page.evaluate(FOCUS)
        assert focus["ringed"], f"no focus ring on {focus['name']}"
        assert not focus["hidden"], f"the focus is behind something: {focus['name']}"
        return str(focus["name"])

    def reach(self, name: str, *, key: str = "Tab") -> None:
        """Press Tab until the focus is on something of that name."""
        for _ in range(60):
            self.press(key)
            if name in self.stop():
                return
        raise AssertionError(f"{name} cannot be reached with {key}")


@pytest.fixture(params=[True, False], ids=["live", "no-javascript"])
def candidate(visit: Visit, request: pytest.FixtureRequest) -> Candidate:
    """Someone whose mouse is broken, on the start page."""
    someone = visit(live=request.param)
    someone.page.goto(f"{someone.base}/")
    return someone


def test_an_interview_is_played_with_the_keyboard_alone(candidate: Candidate) -> None:
    """Level, options, start, hint, answer, skip, end."""
    page, hands = candidate.page, Hands(candidate)
    hands.reach("Skip to content")
    hands.reach("junior level")
    hands.press("ArrowDown")
    assert "mid" in hands.stop()
    hands.reach("Length, feedback, tone and topics")
    hands.press("Enter")
    hands.reach("6 questions")
    hands.press("ArrowUp")
    assert "3 questions" in hands.stop()
    hands.reach("asgi-async")
    hands.press("Space", "Space")
    hands.reach("seed")
    hands.press("7")
    hands.reach("Start interview")
    hands.press("Enter")
    expect(page.locator("dd").first).to_have_text("1 of 3")
    expect(page.locator(".wide-only dd")).to_have_text("Mid")
    expect(candidate.composer).to_be_focused()
    hands.reach("Hint")
    hands.press("Enter")
    expect(page.locator(".bubble.hint")).to_be_visible()
    expect(candidate.composer).to_be_focused()
    page.keyboard.insert_text(candidate.words(Band.WEAK))
    hands.reach("Send")
    hands.press("Space")
    expect(candidate.answers).to_have_count(1)
    turns = page.locator(".turn").count()
    hands.reach("Next question" if turns == 1 else "Skip")
    hands.press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    hands.reach("End interview", key="Shift+Tab")
    hands.press("Enter")
    hands.reach("End now and read the report")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="What to learn next")).to_be_visible()


def test_every_stop_on_the_chat_and_the_report_is_visible(candidate: Candidate) -> None:
    """Nothing sticky covers what has the focus, forwards or backwards."""
    candidate.begin()
    candidate.to_feedback()
    hands = Hands(candidate)
    candidate.composer.focus()
    for key in ("Shift+Tab",) * 16 + ("Tab",) * 20:
        hands.press(key)
        if candidate.page.evaluate("document.activeElement !== document.body"):
            hands.stop()
    candidate.page.goto(f"{candidate.path}/report")
    for _ in range(25):
        hands.press("Tab")
        if candidate.page.evaluate("document.activeElement !== document.body"):
            hands.stop()
