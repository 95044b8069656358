"""Shortcuts, and the list of them that every page opens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from interviewer.domain import Band
from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.speech import Speech


def listed(page: Page) -> Locator:
    """The open list."""
    return page.get_by_role("dialog", name="Shortcuts")


def rows(page: Page) -> list[str]:
    """What it says each shortcut does."""
    return listed(page).locator("dd").all_inner_texts()


@pytest.fixture
def candidate(visit: Visit) -> Candidate:
    """Someone in an interview, with a browser that can listen and speak."""
    someone = visit()
    Speech.given(someone.page)
    someone.begin(seed=11)
    expect(someone.page.locator("html.live")).to_be_attached()  # from then on it hears keys
    return someone


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_the_list_opens_on_every_page_and_gives_the_focus_back(
    visit: Visit, size: tuple[int, int], scheme: str
) -> None:
    """By its button or by a question mark; Escape closes it. It names what the page has, and nothing else."""
    candidate = visit(size=size, color_scheme=scheme)
    page = candidate.page
    Speech.given(page)
    candidate.begin(seed=11)
    chat = candidate.path
    for path in (candidate.base, f"{candidate.base}/bank", chat, f"{chat}/report"):
        page.goto(path)
        button = page.get_by_role("button", name="Shortcuts")
        button.click()
        expect(listed(page)).to_be_visible()
        assert ("Get a hint, which costs 10 points" in rows(page)) == (path == chat), path
        assert "Go to the questions" in rows(page)
        candidate.check_width(f"the shortcuts of {path}")
        candidate.check_access(f"the shortcuts of {path}")
        if path == chat:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            pictures.keep(page, f"pictures/shortcuts-{'phone' if size == PHONE else 'desktop'}")
        page.keyboard.press("Escape")
        expect(listed(page)).to_have_count(0)
        expect(button).to_be_focused()
        page.keyboard.press("?")
        expect(listed(page).get_by_role("button", name="Close")).to_be_focused()
        page.keyboard.press("Enter")
        expect(button).to_be_focused()


def test_alt_and_a_letter_do_what_the_buttons_do_while_typing(candidate: Candidate) -> None:
    """Code, hint, read, dictate, skip, feedback, end; the letters themselves are typed as ever."""
    page = candidate.page
    candidate.composer.focus()
    page.keyboard.press("Alt+g")
    expect(page.locator(".bubble.hint")).to_have_count(1)
    expect(candidate.composer).to_be_focused()
    page.keyboard.press("Alt+p")
    page.keyboard.type("gkrmjqp?")
    expect(candidate.composer).to_have_value("```python\ngkrmjqp?\n```\n")
    for key, name in (("Alt+r", "Read aloud"), ("Alt+m", "Dictate")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    candidate.to_feedback()
    expect(page.locator("#turn-2")).to_be_visible()
    page.keyboard.press("Alt+j")
    expect(page.locator("#turn-1 .feedback")).to_be_focused()
    page.keyboard.press("Alt+k")
    expect(page.locator("#turn-3")).to_be_visible()
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("button", name="End now and read the report")).to_be_focused()
    assert candidate.interview()["status"] == "open"


@pytest.mark.parametrize(
    ("key", "code", "does"),
    [("©", "KeyG", True), ("п", "KeyG", True), ("g", "KeyF", True), ("f", "KeyG", False)],
    ids=["a Mac", "Cyrillic letters", "another layout", "what lies on G elsewhere"],
)
def test_a_shortcut_is_the_letter_on_the_key(candidate: Candidate, key: str, code: str, does: bool) -> None:
    """Where Alt makes another character of it, or the layout has no such letters, the place of the key counts."""
    press = """([key, code]) => !document.body.dispatchEvent(new KeyboardEvent("keydown",
      {key, code, altKey: true, bubbles: true, cancelable: true}))"""
    assert candidate.page.evaluate(press, [key, code]) == does
    expect(candidate.page.locator(".bubble.hint")).to_have_count(int(does))


def test_keys_of_the_browser_and_of_writing_are_left_alone(candidate: Candidate) -> None:
    """Alt with letters of its menus, with Ctrl (AltGr) or Shift, and Ctrl alone."""
    press = """([key, more]) => document.body.dispatchEvent(new KeyboardEvent("keydown",
      {key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true, ...more}))"""
    for key in "abcdefhlnostvxz":
        assert candidate.page.evaluate(press, [key, {"altKey": True}]), f"Alt+{key} was taken"
    for more in ({"altKey": True, "ctrlKey": True}, {"altKey": True, "shiftKey": True}, {"ctrlKey": True}):
        assert candidate.page.evaluate(press, ["g", more]), more
    expect(candidate.page.locator(".bubble.hint")).to_have_count(0)


def test_single_keys_lead_about_and_can_be_switched_off(candidate: Candidate) -> None:
    """Outside of text fields only (WCAG 2.1.4); the choice is remembered, the button stays."""
    page = candidate.page
    candidate.composer.focus()
    page.keyboard.type("gq?")
    expect(candidate.composer).to_have_value("gq?")
    expect(listed(page)).to_have_count(0)
    page.get_by_role("button", name="Shortcuts").focus()
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Questions", level=1)).to_be_visible()
    page.keyboard.press("?")
    listed(page).get_by_label("Keys without Alt or Ctrl work too").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Questions", level=1)).to_be_visible()
    expect(listed(page)).to_have_count(0)
    page.get_by_role("button", name="Shortcuts").click()
    listed(page).get_by_label("Keys without Alt or Ctrl work too").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Practise a developer interview")).to_be_visible()


def test_no_key_stands_twice_in_the_table(candidate: Candidate) -> None:
    """And everything that the list names is on the page, so that it does something."""
    page = candidate.page
    candidate.to_feedback()
    table = page.evaluate("import('/static/keys.js').then(({ SHORTCUTS }) => SHORTCUTS)")
    keys = [" ".join(row["keys"]) for row in table]
    assert len(keys) == len(set(keys))
    page.get_by_role("button", name="Shortcuts").click()
    assert rows(page) == [row["does"] for row in table]


def test_without_javascript_no_shortcuts_are_promised(visit: Visit) -> None:
    """The button would do nothing."""
    candidate = visit(live=False)
    candidate.begin()
    expect(candidate.page.locator("[data-shortcuts]")).to_be_hidden()


# ---- the tab


@pytest.mark.parametrize("live", [True, False], ids=["live", "no-javascript"])
def test_the_tab_says_whose_turn_it_is(visit: Visit, live: bool) -> None:
    """Title and icon, from the first question to the end."""
    candidate = visit(live=live)
    page = candidate.page
    icon = page.locator("link[rel=icon]")
    candidate.begin()
    expect(page).to_have_title("Your turn: question 1 of 3 · Interviewer")
    expect(icon).to_have_attribute("href", "/static/icon-yours.svg")
    candidate.send(candidate.words(Band.STRONG))
    for number in range(len(candidate.interview()["turns"]), 4):
        expect(page).to_have_title(f"Your turn: question {number} of 3 · Interviewer")
        candidate.press("Next question" if page.locator(".turn:last-child .bubble.answer").count() else "Skip")
    expect(page).to_have_title("Interview over · Interviewer")
    expect(icon).to_have_attribute("href", "/static/icon.svg")


def test_while_an_answer_is_on_its_way_the_tab_says_so(visit: Visit, expected_complaints: list[str]) -> None:
    """And takes it back when the server was not there."""
    expected_complaints.append("ERR_FAILED")
    candidate = visit()
    page = candidate.page
    candidate.begin()
    titles = """new MutationObserver(() => (window.titles ??= []).push(document.title))
      .observe(document.querySelector("title"), {childList: true})"""
    page.evaluate(titles)
    page.route("**/answers", lambda route: route.abort())
    candidate.composer.fill("A dependency is called for each request.")
    candidate.press("Send answer")
    expect(candidate.error).to_be_visible()
    assert page.evaluate("titles") == ["Being marked… · Interviewer", "Your turn: question 1 of 3 · Interviewer"]
    expect(page.locator("link[rel=icon]")).to_have_attribute("href", "/static/icon-yours.svg")
