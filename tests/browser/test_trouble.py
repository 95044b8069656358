"""Other tabs, dead servers and bad input: a clear message, nothing doubled, no word lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from interviewer.domain import Band
from tests.browser.candidate import Candidate
from tests.browser.conftest import LIVE, Server, Visit


def second_tab(candidate: Candidate, *, deaf: bool = False) -> Candidate:
    """The same interview in another tab of the same browser; a deaf one hears no events."""
    page = candidate.page.context.new_page()
    if deaf:
        page.route("**/events?*", lambda route: route.fulfill(status=204))
    page.goto(candidate.path)
    return Candidate(page=page, mirror=page, base=candidate.base, bank=candidate.bank)


def test_a_second_tab_follows(visit: Visit, expected_complaints: list[str]) -> None:
    """What is said in one is on the other, what is being typed there stays, and so does the caret."""
    expected_complaints.append("409 (Conflict)")  # a draft on its way when the question changed
    first = visit()
    first.begin()
    second = second_tab(first)
    first.send("A first try.")
    expect(second.answers).to_have_count(1)
    assert first.said() == ["A first try."]
    number = first.interview()["turns"][-1]["number"]
    second.composer.fill("Half a thought")
    second.page.keyboard.press("Home")
    first.press("Hint")
    expect(second.page.locator(f"#turn-{number} .bubble.hint")).to_be_visible()
    expect(second.composer).to_have_value("Half a thought")
    second.page.keyboard.type("More than ")
    expect(second.composer).to_have_value("More than Half a thought")


def test_a_second_tab_keeps_what_was_typed_when_the_interview_moves_on(
    visit: Visit, expected_complaints: list[str]
) -> None:
    """It says so, and the end of the interview loses it neither."""
    expected_complaints.append("409 (Conflict)")  # a draft on its way when the question changed
    first = visit()
    first.begin()
    second = second_tab(first)
    second.composer.fill("Typed for question one")
    first.press("Skip")
    expect(second.page.locator("#turn-2")).to_be_visible()
    expect(second.composer).to_have_value("Typed for question one")
    expect(second.error).to_contain_text("moved on in another tab")
    first.page.locator(".end summary").click()
    first.page.get_by_role("button", name="End now and read the report").click()
    expect(second.page.get_by_role("link", name="Read the report")).to_be_visible()
    expect(second.error).to_contain_text("Typed for question one")


@LIVE
def test_an_answer_from_a_stale_tab_is_not_doubled_and_not_lost(
    visit: Visit, live: bool, expected_complaints: list[str]
) -> None:
    """The same words count once; other words come back with a message."""
    expected_complaints.append("409 (Conflict)")
    first = visit(live=live)
    first.begin()
    same, other = second_tab(first, deaf=live), second_tab(first, deaf=live)
    text = first.words(Band.PARTIAL).strip()
    first.send(text)
    same.send(text)
    assert first.said() == [text]
    other.composer.fill("Something else from the other tab")
    other.press("Send answer")
    expect(other.error).to_contain_text("moved on in another tab")
    expect(other.composer).to_have_value("Something else from the other tab")
    assert first.said() == [text]


@LIVE
def test_an_answer_to_an_interview_that_is_over_is_shown_again(
    visit: Visit, live: bool, expected_complaints: list[str]
) -> None:
    """There is nowhere to send it, but the words are there to be copied."""
    expected_complaints.append("409 (Conflict)")
    first = visit(live=live)
    first.begin()
    stale = second_tab(first, deaf=live)
    first.page.locator(".end summary").click()
    first.page.get_by_role("button", name="End now and read the report").click()
    expect(first.page.locator(".summary")).to_be_visible()
    stale.composer.fill("A late answer")
    stale.press("Send answer")
    expect(stale.error).to_contain_text("over")
    expect(stale.page.get_by_label("Your text, which was not sent")).to_have_value("A late answer")


def test_an_answer_to_a_dead_server_keeps_the_text_and_says_so(
    visit: Visit, own_server: Server, expected_complaints: list[str]
) -> None:
    """It survives a reload once the server is back, and is sent then."""
    expected_complaints += ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET"]
    candidate = visit(at=own_server)
    candidate.begin()
    own_server.stop()
    candidate.composer.fill("Said into the void")
    candidate.press("Send answer")
    expect(candidate.error).to_contain_text("The server did not answer. Your text is still here")
    expect(candidate.composer).to_have_value("Said into the void")
    expect(candidate.composer).to_be_focused()
    expect(candidate.page.locator(".bubble.answer")).to_have_count(0)
    own_server.start()
    candidate.page.reload()
    expect(candidate.composer).to_have_value("Said into the void")
    candidate.press("Send answer")
    expect(candidate.answers).to_have_count(1)
    assert candidate.said() == ["Said into the void"]


@LIVE
@pytest.mark.parametrize(
    ("text", "says"),
    [("", "There are no words in the answer"), (" \n ", "There are no words"), ("word " * 200_000, "at most 20,000")],
    ids=["empty", "blank", "1 MB"],
)
def test_an_answer_that_cannot_be_taken_is_explained_and_kept(
    visit: Visit, expected_complaints: list[str], live: bool, text: str, says: str
) -> None:
    """Nothing is sent, nothing is lost, and the next answer goes through."""
    expected_complaints += ["422 (Unprocessable", "413 (Request Entity Too Large)", "413 (Content Too Large)"]
    candidate = visit(live=live)
    candidate.begin()
    candidate.composer.fill(text)
    candidate.press("Send answer")
    expect(candidate.error).to_contain_text(says)
    expect(candidate.error).to_be_in_viewport()
    assert candidate.composer.input_value() == text
    candidate.send("A short answer.")
    expect(candidate.error).to_have_count(0)
    assert candidate.said() == ["A short answer."]


@LIVE
def test_script_and_html_in_an_answer_are_text(visit: Visit, live: bool) -> None:
    """Shown as it was typed; no element comes of it and no dialog."""
    candidate = visit(live=live)
    candidate.begin()
    evil = (
        "<script>alert(1)</script> <img src=x onerror=alert(2)> <b id=planted>bold</b> "
        "[press](javascript:alert(3)) ![look](https://example.org/x.png) <mark data-anchors=x>lit</mark> </textarea>"
    )
    candidate.composer.fill(evil)
    candidate.press("Hint")
    expect(candidate.composer).to_have_value(evil)
    candidate.send(evil)
    candidate.page.reload()
    expect(candidate.answers.first).to_contain_text("<script>alert(1)</script>")
    expect(candidate.answers.first).to_contain_text("<b id=planted>bold</b>")
    assert candidate.answers.first.locator("script, img, b, a, mark, #planted").count() == 0
    candidate.page.goto(f"{candidate.path}/report")
    expect(candidate.page.locator(".bubble.answer")).to_contain_text("onerror=alert(2)")
    assert candidate.page.locator("main script, main img, #planted").count() == 0


@LIVE
def test_a_choice_that_yields_no_question_comes_back_with_the_form_as_it_was(
    visit: Visit, thin_server: Server, expected_complaints: list[str], live: bool
) -> None:
    """The message names what to change; the level is still chosen and the options are open."""
    expected_complaints.append("422 (Unprocessable")
    candidate = visit(live=live, at=thin_server)
    page = candidate.page
    page.goto(f"{candidate.base}/")
    page.locator("[name=level][value=junior]").check()
    page.locator(".setup summary").click()
    page.get_by_label("API patterns").check()
    page.get_by_role("button", name="Start interview").click()
    expect(candidate.error).to_contain_text("Choose more topics")
    expect(page.locator("[name=level][value=junior]")).to_be_checked()
    expect(page.get_by_label("API patterns")).to_be_checked()
    expect(page).to_have_url(re.compile("/interviews$"))
