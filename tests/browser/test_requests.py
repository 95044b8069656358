"""What a candidate types besides an answer, as they see it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import WAYS, Visit


@WAYS
def test_the_interviewer_hears_what_is_no_answer(visit: Visit, size: tuple[int, int], live: bool) -> None:
    """Repeat, hint, a question back, stop asked back; each in its bubble, none taken for an answer, no barrier."""
    candidate = visit(size=size, live=live)
    page = candidate.page
    candidate.begin()
    remarks, requests = page.locator(".bubble.remark"), page.locator(".bubble.request")
    expect(remarks).to_contain_text("3 questions at mid level")
    question = page.locator(".bubble.question .prose").inner_text()

    def type_(text: str) -> None:
        before = requests.count()
        candidate.composer.fill(text)
        candidate.press("Send answer")
        expect(requests).to_have_count(before + 1)
        expect(requests.last).to_contain_text("You, not marked")
        expect(candidate.composer).to_have_value("")
        if live:
            expect(candidate.composer).to_be_focused()

    type_("can you repeat the question?")
    expect(remarks.last).to_contain_text("Once more:")
    expect(remarks.last).to_contain_text(question.splitlines()[0])
    type_("/hint")
    expect(page.locator(".bubble.hint .speaker")).to_have_text("Hint")
    type_("What do you mean?")
    type_("let's stop")
    expect(remarks.last).to_contain_text("Say stop once more")
    candidate.check_width("the chat with requests")
    candidate.check_access("the chat with requests")
    expect(page.locator(".bubble.answer")).to_have_count(0)
    turn = candidate.interview()["turns"][0]
    assert (turn["status"], turn["hints_used"]) == ("open", 1)
    candidate.composer.fill("yes, please")
    candidate.press("Send answer")
    expect(page.get_by_text("The interview is over.")).to_be_visible()
    expect(remarks.last).to_contain_text("We stop here.")


def test_a_reply_is_read_out_and_brought_into_sight(visit: Visit) -> None:
    """A screen reader hears the words, not the whole page."""
    candidate = visit()
    candidate.begin()
    candidate.composer.fill("/help")
    candidate.composer.press("Enter")
    expect(candidate.page.locator("[data-announce]")).to_contain_text("Interviewer: Besides answering you can type")
    expect(candidate.page.locator(".bubble.remark").last).to_be_in_viewport(ratio=1)


def test_the_tone_is_chosen_with_the_other_options(visit: Visit) -> None:
    """Folded; the greeting sounds like it."""
    candidate = visit()
    page = candidate.page
    page.goto(f"{candidate.base}/")
    page.locator(".setup summary").click()
    page.get_by_label("Tough").check()
    page.get_by_role("button", name="Start interview").click()
    expect(page.locator(".bubble.remark")).to_contain_text("6 questions, junior level")
