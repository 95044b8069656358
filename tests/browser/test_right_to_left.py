"""Answers in a script that runs from right to left, mixed with code and English as developers write."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from interviewer.domain import Band
from tests.browser import pictures
from tests.browser.conftest import DESKTOP, LIVE, PHONE, Visit

ARABIC = "تُستدعى التبعية لكل طلب، وتُنشأ الجلسة مع yield ثم تُغلق بعد ذلك."
HEBREW = "התלות נקראת בכל בקשה, ו-Depends שומר את התוצאה."
CODE = "```python\nasync def session():\n    yield Session()\n```"


def side(locator: Locator) -> str:
    """At which side of its block the last line of a text stands."""
    line = """element => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
      const block = element.getBoundingClientRect();
      const line = rects.filter((rect) => rect.bottom > Math.max(...rects.map((rect) => rect.bottom)) - 6);
      const [left, right] = [Math.min(...line.map(({ left }) => left)), Math.max(...line.map(({ right }) => right))];
      return block.right - right < left - block.left ? "right" : "left";
    }"""
    return str(locator.evaluate(line))


@LIVE
@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_each_paragraph_runs_as_its_own_words_do(visit: Visit, size: tuple[int, int], scheme: str, live: bool) -> None:
    """In the box, in the bubble and in the report; code and English keep to the left, and nothing overflows."""
    candidate = visit(size=size, live=live, color_scheme=scheme)
    page = candidate.page
    candidate.begin(seed=11)
    english = candidate.words(Band.STRONG).replace("\n", " ")
    candidate.composer.fill(ARABIC)
    expect(candidate.composer).to_have_css("direction", "rtl")
    candidate.send(f"{ARABIC}\n\n{CODE}\n\n{english}\n\n{HEBREW}")
    bubble = candidate.answers.locator(".prose").last
    expect(bubble).to_have_css("direction", "rtl")
    for place, expected in ((0, "right"), (1, "left"), (2, "right")):
        assert side(bubble.locator("p").nth(place)) == expected, place
    assert side(bubble.locator("pre")) == "left"
    if page.locator("#turn-2").count() == 0:
        candidate.press("Next question")
    quote = page.locator("#turn-1 a.quote").first
    expect(quote).to_have_attribute("dir", "auto")
    candidate.check_width("an answer in Arabic")
    candidate.check_access("an answer in Arabic")
    if live:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.locator("#turn-1 .bubble.answer").scroll_into_view_if_needed()
        pictures.keep(page, f"pictures/right-to-left-{'phone' if size == PHONE else 'desktop'}")
    page.goto(f"{candidate.path}/report")
    expect(page.locator(".bubble.answer .prose").last).to_have_css("direction", "rtl")
    candidate.check_width("a report with Arabic")
