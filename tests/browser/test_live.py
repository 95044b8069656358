"""What the small module adds: keys, focus, scroll, quotes, the draft."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from interviewer.domain import Band
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, Visit


@pytest.fixture
def candidate(visit: Visit) -> Candidate:
    """Someone who has just been asked the first question."""
    someone = visit()
    someone.begin()
    return someone


def in_sight(candidate: Candidate, element: Locator) -> bool:
    """Whether its top is between the bar above and the composer below, not behind either."""
    box, composer = element.bounding_box(), candidate.page.locator("#composer").bounding_box()
    assert box
    assert composer
    narrow = (candidate.page.viewport_size or {"width": 0})["width"] < 1100
    bar = candidate.page.locator(".rail").bounding_box() if narrow else None
    top = bar["y"] + bar["height"] if bar else 0
    return top - 1 <= box["y"] and box["y"] + min(box["height"], 60) <= composer["y"] + 1


def test_enter_sends_and_shift_enter_breaks_the_line(candidate: Candidate) -> None:
    """And the focus is in the composer again afterwards, for the next answer."""
    expect(candidate.composer).to_be_focused()
    candidate.page.keyboard.type("Starlette does the routing,")
    candidate.page.keyboard.press("Shift+Enter")
    candidate.page.keyboard.type("Pydantic the validation.")
    expect(candidate.composer).to_have_value("Starlette does the routing,\nPydantic the validation.")
    candidate.page.keyboard.press("Enter")
    expect(candidate.answers).to_have_count(1)
    assert candidate.said() == ["Starlette does the routing,\nPydantic the validation."]
    expect(candidate.composer).to_be_focused()
    expect(candidate.composer).to_have_value("")


def test_the_code_button_inserts_a_fence_and_enter_inside_it_breaks_the_line(candidate: Candidate) -> None:
    """Below the fence Enter sends again; the code comes back highlighted."""
    candidate.composer.fill("Like this:")
    candidate.page.get_by_role("button", name="Code").click()
    expect(candidate.composer).to_have_value("Like this:\n```python\n\n```\n")
    candidate.page.keyboard.type("def read():")
    candidate.page.keyboard.press("Enter")
    candidate.page.keyboard.type("    return 1")
    expect(candidate.composer).to_have_value("Like this:\n```python\ndef read():\n    return 1\n```\n")
    candidate.page.keyboard.press("Control+End")
    candidate.page.keyboard.type("That is all.")
    candidate.page.keyboard.press("Enter")
    expect(candidate.answers.locator(".code .k").first).to_have_text("def")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_is_new_is_in_sight(visit: Visit, size: tuple[int, int]) -> None:
    """Probe, hint, feedback; and the next question is one press away."""
    candidate = visit(size=size)
    candidate.begin()
    candidate.to_probe()
    assert in_sight(candidate, candidate.page.locator(".bubble.probe").last)
    candidate.press("Hint")
    expect(candidate.page.locator(".bubble.hint")).to_be_visible()
    assert in_sight(candidate, candidate.page.locator(".bubble.hint"))
    card = candidate.to_feedback()
    assert in_sight(candidate, card)
    expect(candidate.page.locator("[data-announce]")).to_contain_text("Marked.")
    candidate.page.get_by_role("link", name="Read question 2").click()
    assert in_sight(candidate, candidate.page.locator("#turn-2 .bubble").first)


def test_a_skip_is_announced_as_a_skip(candidate: Candidate) -> None:
    """Nothing was marked, and nothing says so."""
    candidate.begin()
    candidate.press("Skip")
    told = candidate.page.locator("[data-announce]")
    expect(told).to_have_text("Skipped: not marked, and not counted as wrong.")


def test_a_quote_lights_up_the_words_in_the_answer(candidate: Candidate) -> None:
    """Press the words beside a point and they are marked where they were said, in sight."""
    card = candidate.to_feedback()
    for quote in (card.locator("a.quote").first, card.locator("a.quote").last):
        quote.click()
        lit = candidate.page.locator("mark.now")
        expect(lit.first).to_be_visible()
        anchor = quote.get_attribute("data-quote")
        assert all(anchor in (mark.get_attribute("data-anchors") or "").split() for mark in lit.all())
        said = re.sub(r"\W+", " ", " ".join(lit.all_inner_texts())).strip()
        assert said == re.sub(r"\W+", " ", quote.inner_text()).strip()
        assert in_sight(candidate, lit.first)


def test_a_quote_lights_up_without_javascript_too(visit: Visit) -> None:
    """The link leads to an anchor before the words, and the style does the rest."""
    candidate = visit(live=False)
    candidate.begin()
    quote = candidate.to_feedback().locator("a.quote").first
    anchor = quote.get_attribute("data-quote")
    quote.click()
    expect(candidate.page).to_have_url(re.compile(rf"#{anchor}$"))
    lit = candidate.page.locator(f"mark[data-anchors~='{anchor}']").first
    others = candidate.page.locator(f".bubble.candidate mark:not([data-anchors~='{anchor}'])").first
    colours = [mark.evaluate("mark => getComputedStyle(mark).backgroundColor") for mark in (lit, others)]
    assert colours[0] != colours[1]
    assert in_sight(candidate, lit)


@pytest.mark.parametrize("at_once", [False, True], ids=["after-a-while", "at-once"])
def test_a_draft_survives_a_reload(candidate: Candidate, at_once: bool) -> None:
    """Also one typed a moment before; and it is gone once it was sent."""
    candidate.composer.press_sequentially("Half a thought about lifespan")
    if not at_once:
        expect(candidate.page.locator("[data-saved]")).to_have_text("Draft kept")
    candidate.page.reload()
    expect(candidate.composer).to_have_value("Half a thought about lifespan")
    candidate.press("Send answer")
    expect(candidate.answers).to_have_count(1)
    candidate.page.reload()
    expect(candidate.composer).to_have_value("")


def test_a_hint_leaves_the_typed_text_where_it_is(candidate: Candidate) -> None:
    """And a reload right after it does too."""
    candidate.composer.fill("Words before the hint")
    candidate.press("Hint")
    expect(candidate.page.locator(".bubble.hint")).to_be_visible()
    expect(candidate.composer).to_have_value("Words before the hint")
    candidate.page.reload()
    expect(candidate.composer).to_have_value("Words before the hint")


@pytest.mark.parametrize("live", [True, False], ids=["live", "no-javascript"])
def test_reload_and_back_neither_lose_nor_double_anything(visit: Visit, live: bool) -> None:
    """One answer, sent once, whatever the browser's buttons do."""
    candidate = visit(live=live)
    candidate.begin()
    text = candidate.words(Band.PARTIAL)
    candidate.send(text)
    before = candidate.interview()["turns"]
    candidate.page.reload()
    expect(candidate.answers).to_have_count(1)
    candidate.page.go_back()
    candidate.page.go_forward()
    expect(candidate.answers).to_have_count(1)
    candidate.page.reload()
    expect(candidate.page.locator(".bubble.probe")).to_have_count(1)
    assert candidate.said() == [text.strip()]
    assert candidate.interview()["turns"] == before
