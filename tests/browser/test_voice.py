"""Dictating and reading aloud, as a candidate meets them.

Headless Chromium has neither microphone nor voices, so most tests bring stand-ins for that hardware (`speech.py`),
which behave as the specification says. One takes Chromium as it is.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from interviewer.domain import Band
from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.speech import ENGLISH, NONE, Speech

ENDS_IN_TYPING = "You can go on typing."


def dictate(page: Page) -> Locator:
    """The button that starts and stops dictation."""
    return page.get_by_role("button", name="Dictate")


def read_aloud(page: Page) -> Locator:
    """The button that turns reading on and off."""
    return page.get_by_role("button", name="Read aloud")


def told(page: Page) -> Locator:
    """What is said about dictation and reading, to everybody."""
    return page.locator("[data-voice]")


def pressed(button: Locator, on: bool) -> None:
    """The button says whether it is on."""
    expect(button).to_have_attribute("aria-pressed", "true" if on else "false")


@pytest.fixture
def candidate(visit: Visit) -> Candidate:
    """Someone at a desk whose browser can listen and speak, before a first question."""
    someone = visit()
    Speech.given(someone.page)
    someone.begin(seed=11)
    return someone


@pytest.fixture
def speech(candidate: Candidate) -> Speech:
    """What that browser hears and says."""
    return Speech(candidate.page)


# ---- dictating


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_what_is_dictated_stands_in_the_box_and_is_sent_by_hand(
    visit: Visit, size: tuple[int, int], scheme: str
) -> None:
    """At the cursor, after the guesses were shown apart; kept as a draft, edited like typing."""
    candidate = visit(size=size, color_scheme=scheme)
    speech, page = Speech.given(candidate.page), candidate.page
    candidate.begin(seed=11)
    candidate.composer.fill("I would say , not more.")
    candidate.composer.evaluate("box => box.setSelectionRange(12, 12)")
    dictate(page).click()
    pressed(dictate(page), True)
    expect(told(page)).to_contain_text("some, Chrome among them, send the sound to their maker")
    speech.hear("the", "the body is not", final=False)
    expect(page.locator("[data-heard]")).to_have_text("the body is not")
    expect(candidate.composer).to_have_value("I would say , not more.")
    candidate.check_width("dictating")
    candidate.check_access("dictating")
    if scheme == "dark":
        page.emulate_media(color_scheme="dark")
    pictures.keep(page, f"pictures/dictating-{'phone' if size == PHONE else 'desktop'}")
    speech.hear("the body is embedded now")
    expect(candidate.composer).to_have_value("I would say the body is embedded now, not more.")
    expect(page.locator("[data-heard]")).to_have_text("")
    speech.hear(" because there are two")
    expect(candidate.composer).to_have_value("I would say the body is embedded now because there are two, not more.")
    expect(page.locator("[data-saved]")).to_have_text("Draft kept")
    assert candidate.said() == []
    dictate(page).click()
    pressed(dictate(page), False)
    candidate.composer.press("Control+End")
    candidate.composer.press_sequentially(" Edited.")
    page.reload()
    expect(candidate.composer).to_have_value(re.compile(r"^I would say the body .* not more\. Edited\.$"))
    candidate.press("Send answer")
    expect(candidate.answers).to_have_count(1)


def test_sending_ends_the_dictation_and_drops_what_was_not_written_down(candidate: Candidate, speech: Speech) -> None:
    """The next question's box stays empty, and its own dictation works."""
    page = candidate.page
    dictate(page).click()
    expect(candidate.composer).to_be_focused()
    speech.hear(candidate.words(Band.PARTIAL))
    speech.hear("and half a", final=False)
    candidate.composer.press("Enter")
    expect(candidate.answers).to_have_count(1)
    expect(page.locator(".bubble.probe")).to_be_visible()
    pressed(dictate(page), False)
    speech.hear("and half a thought")
    expect(candidate.composer).to_have_value("")
    expect(told(page)).to_have_text("")
    page.keyboard.press("Alt+m")
    pressed(dictate(page), True)
    speech.hear("A second go")
    expect(candidate.composer).to_have_value("A second go")
    candidate.press("Next question")
    expect(page.locator("#turn-2")).to_be_visible()
    pressed(dictate(page), False)
    assert speech.recognitions == 2


def test_escape_ends_the_dictation_and_keeps_what_was_said(candidate: Candidate, speech: Speech) -> None:
    """What the browser had only guessed is written down then."""
    page = candidate.page
    dictate(page).click()
    speech.hear("a last word", final=False)
    page.keyboard.press("Escape")
    expect(candidate.composer).to_have_value("a last word")
    pressed(dictate(page), False)
    expect(told(page)).to_have_text("")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("not-allowed", "The microphone was refused."),
        ("service-not-allowed", "does not allow its dictation"),
        ("audio-capture", "No microphone was found."),
        ("network", "could not be reached"),
        ("no-speech", "Nothing was heard."),
        ("language-not-supported", "cannot write down the language"),
        ("bad-grammar", "does not work just now"),
    ],
)
def test_a_dictation_that_fails_is_explained_and_typing_goes_on(
    candidate: Candidate, speech: Speech, error: str, says: str
) -> None:
    """In one place that a screen reader reads; what was typed stays."""
    page = candidate.page
    candidate.composer.fill("Typed before. ")
    speech.refuse(error)
    dictate(page).click()
    expect(told(page)).to_contain_text(says)
    expect(told(page)).to_contain_text(ENDS_IN_TYPING)
    expect(told(page)).to_have_attribute("aria-live", "polite")
    pressed(dictate(page), False)
    page.keyboard.type("And after.")
    expect(candidate.composer).to_have_value("Typed before. And after.")


def test_a_browser_that_stops_by_itself_says_so(candidate: Candidate) -> None:
    """After a while of silence, or because it listens to one sentence only."""
    page = candidate.page
    dictate(page).click()
    pressed(dictate(page), True)
    page.evaluate("recognition.stop()")
    expect(told(page)).to_have_text("The browser has stopped listening. Press Dictate to go on.")
    pressed(dictate(page), False)


# ---- reading aloud


def test_the_newest_words_of_the_interviewer_are_read_and_nothing_twice(candidate: Candidate, speech: Speech) -> None:
    """First all since the candidate last spoke, then what comes; code is named, a voice of this machine preferred."""
    page = candidate.page
    assert speech.said() == []
    read_aloud(page).click()
    pressed(read_aloud(page), True)
    first = speech.said()
    words = " ".join(each["text"] for each in first)
    assert words.startswith("Hello: 3 questions at mid level")
    assert ("Code, shown on the page." in words) == (page.locator(".bubble.question pre").count() > 0)
    assert "def " not in words
    assert {(each["lang"], each["voice"]) for each in first} == {("en", "near")}
    assert all(len(each["text"]) < 400 for each in first)
    candidate.press("Hint")
    hint = page.locator(".bubble.hint > .prose")
    expect(hint).to_be_visible()
    assert " ".join(each["text"] for each in speech.said()) == " ".join(hint.inner_text().split())
    candidate.to_probe()
    later = " ".join(each["text"] for each in speech.said())
    assert later.endswith(" ".join(page.locator(".bubble.probe > .prose").inner_text().split()))
    assert "Hello" not in later
    candidate.press("Next question")
    expect(page.locator("#turn-2")).to_be_visible()
    assert "of 100, estimate" in " ".join(each["text"] for each in speech.said())


def test_the_wish_to_hear_it_is_remembered(candidate: Candidate, speech: Speech) -> None:
    """In this browser, until it is taken back; voices may come late."""
    page = candidate.page
    page.keyboard.press("Alt+r")
    pressed(read_aloud(page), True)
    page.reload()
    pressed(read_aloud(page), True)
    assert "Hello" in speech.said()[0]["text"]
    read_aloud(page).click()
    assert not speech.is_speaking()
    page.reload()
    pressed(read_aloud(page), False)
    assert speech.said() == []


def test_voices_that_come_late_read_what_waits(visit: Visit) -> None:
    """Until then there is no button."""
    candidate = visit()
    page = candidate.page
    speech = Speech.given(page, voices="[]")
    page.add_init_script("localStorage.setItem('interviewer.read-aloud', 'on')")
    candidate.begin()
    expect(dictate(page)).to_be_visible()
    expect(read_aloud(page)).to_be_hidden()
    page.evaluate(f"speechSynthesis.arrive({ENGLISH})")
    expect(read_aloud(page)).to_be_visible()
    assert "Hello" in speech.said()[0]["text"]


@pytest.mark.parametrize("act", ["type", "escape", "dictate", "send", "skip"])
def test_reading_stops_as_soon_as_the_candidate_does_something(candidate: Candidate, speech: Speech, act: str) -> None:
    """It does not speak into a dictation or into the next question."""
    page = candidate.page
    candidate.composer.fill("No idea, honestly.")
    read_aloud(page).click()
    page.wait_for_function("speechSynthesis.waiting[0]?.begun")
    greeting = page.evaluate("speechSynthesis.waiting.map(({ text }) => text)")
    match act:
        case "type":
            candidate.composer.press("x")
        case "escape":
            page.keyboard.press("Escape")
        case "dictate":
            dictate(page).click()
        case "send":
            candidate.composer.press("Enter")
        case _:
            candidate.press("Skip")
    page.wait_for_function("first => !speechSynthesis.waiting.some(({ text }) => text === first)", arg=greeting[0])
    if act in ("type", "escape", "dictate"):
        assert not speech.is_speaking()
    pressed(read_aloud(page), True)


@pytest.mark.parametrize(
    ("error", "says"),
    [("not-allowed", "only after a click or a key"), ("synthesis-failed", "All words are on the page.")],
)
def test_reading_that_fails_is_explained_once(candidate: Candidate, speech: Speech, error: str, says: str) -> None:
    """And is off, so that one press tries again."""
    page = candidate.page
    speech.refuse(error)
    read_aloud(page).click()
    expect(told(page)).to_contain_text(says)
    pressed(read_aloud(page), False)
    speech.refuse("")
    read_aloud(page).click()
    expect(told(page)).to_have_text("")
    assert "Hello" in speech.said()[0]["text"]


# ---- where there is nothing of it


@pytest.mark.parametrize("live", [True, False], ids=["no services", "no-javascript"])
def test_a_browser_without_speech_offers_none(visit: Visit, live: bool) -> None:
    """No button, and no word about it."""
    candidate = visit(live=live)
    candidate.page.add_init_script(NONE)
    candidate.begin()
    expect(candidate.composer).to_be_visible()
    for button in ("[data-read]", "[data-dictate]"):
        expect(candidate.page.locator(button)).to_be_hidden()
    candidate.check_access("a chat without speech")


def test_chromium_as_it_is_here_falls_back_to_typing(visit: Visit) -> None:
    """It has the interface and no service: no voice, so no reading; dictation ends in a sentence."""
    candidate = visit()
    page = candidate.page
    candidate.begin()
    expect(page.locator("[data-read]")).to_be_hidden()
    dictate(page).click()
    expect(told(page)).to_contain_text(ENDS_IN_TYPING)
    pressed(dictate(page), False)
    candidate.send(candidate.words(Band.WEAK))
