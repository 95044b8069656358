"""An answer being marked, as its candidate sees it: a quick check at once, then the model's marks one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from interviewer.bank import Bank
from interviewer.domain import Band, Question
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.browser.line import Line
from tests.browser.test_trouble import second_tab
from tests.dictated import DictatedModel

TOPS = "rows => rows.map((row) => row.offsetTop)"
NOTE_ANNOUNCEMENTS = """() => {
  window.announced = [];
  new MutationObserver((changes) => {
    const place = document.querySelector("[data-announce]");
    const said = changes.some(({ target, addedNodes }) => target === place && addedNodes.length);
    if (said) announced.push(place.textContent);
  }).observe(document.body, { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def dictated(bank: Bank) -> Iterator[DictatedModel]:
    """The model of all tests here."""
    with DictatedModel(bank) as one:
        yield one


@pytest.fixture
def model(dictated: DictatedModel) -> Iterator[DictatedModel]:
    """A model that marks when the test says so."""
    yield dictated
    dictated.finish()
    dictated.hold()


@pytest.fixture(scope="module")
def marking(tmp_path_factory: pytest.TempPathFactory, dictated: DictatedModel) -> Iterator[Server]:
    """A server whose answers that model marks."""
    running = Server(tmp_path_factory.mktemp("marking"), **dictated.settings)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def candidate(marking: Server, visit: Visit) -> Candidate:
    """Someone who has been asked the first question there."""
    someone = visit(at=marking)
    someone.begin()
    return someone


def asked(candidate: Candidate) -> Question:
    """The question that is open."""
    question = candidate.bank.question(candidate.interview()["turns"][-1]["question"]["id"])
    assert question
    return question


def submit(candidate: Candidate, text: str) -> None:
    """Type an answer and send it; the quick check is there."""
    candidate.composer.fill(text)
    candidate.page.keyboard.press("Enter")
    expect(card(candidate.page)).to_be_visible()


def card(page: Page) -> Locator:
    """The live card."""
    return page.locator(".live-card")


def marked(page: Page, count: int) -> None:
    """So many rows hold the model's verdict."""
    expect(card(page).locator("li:not(.provisional)")).to_have_count(count)


def test_points_arrive_one_by_one_while_the_model_is_still_writing(candidate: Candidate, model: DictatedModel) -> None:
    """First the answer and the quick check of all points, visibly provisional; then each verdict in its place."""
    page, points = candidate.page, len(asked(candidate).points)
    submit(candidate, candidate.words(Band.PARTIAL))
    expect(card(page).locator(".live-head")).to_contain_text("Quick check, offline: ")
    expect(card(page).locator(".live-head")).to_contain_text("The model is reading your answer.")
    expect(card(page).locator("li.provisional")).to_have_count(points)
    expect(page.locator(".bubble.answer")).to_have_count(1)
    for count in range(1, points + 1):
        model.write()
        marked(page, count)
        expect(card(page).locator("li")).to_have_count(points)
        assert candidate.interview()["turns"][0]["status"] == "awaiting_grade"
    expect(card(page)).to_contain_text(f"The model has marked all {points} points.")
    model.finish()
    expect(card(page)).to_have_count(0)
    expect(page.locator(".bubble.probe")).to_be_visible()
    expect(candidate.answers).to_have_count(1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_row_moves_when_a_verdict_comes(
    marking: Server, visit: Visit, model: DictatedModel, size: tuple[int, int]
) -> None:
    """Each has its room from the start; the card fits the window and no barrier stands in it, half marked."""
    candidate = visit(size=size, at=marking)
    candidate.begin()
    points = len(asked(candidate).points)
    submit(candidate, candidate.words(Band.STRONG))
    before = card(candidate.page).locator("li").evaluate_all(TOPS)
    model.write(points // 2)
    marked(candidate.page, points // 2)
    candidate.check_width("the live card")
    candidate.check_access("the live card")
    model.write(points - points // 2)
    marked(candidate.page, points)
    assert card(candidate.page).locator("li").evaluate_all(TOPS) == before
    assert card(candidate.page).locator(".met .said").count() > 0


def test_a_reload_in_the_middle_shows_the_card_and_follows_on(candidate: Candidate, model: DictatedModel) -> None:
    """It comes with the page; nothing says that the answer was not graded, and its end is shown without a reload."""
    page = candidate.page
    submit(candidate, candidate.words(Band.PARTIAL))
    model.write()
    marked(page, 1)
    page.reload()
    marked(page, 1)
    expect(page.get_by_text("is saved and is being marked")).to_be_visible()
    expect(page.get_by_text("Not graded yet")).to_have_count(0)
    model.write()
    marked(page, 2)
    model.finish()
    expect(page.locator(".bubble.probe")).to_be_visible()
    expect(card(page)).to_have_count(0)
    expect(candidate.composer).to_be_focused()
    assert len(candidate.said()) == 1


def test_a_second_tab_shows_the_card_too(candidate: Candidate, model: DictatedModel) -> None:
    """Opened before or in the middle."""
    before = second_tab(candidate).page
    submit(candidate, candidate.words(Band.PARTIAL))
    model.write()
    after = second_tab(candidate).page
    for page in (before, after, candidate.page):
        marked(page, 1)
    model.write()
    for page in (before, after, candidate.page):
        marked(page, 2)
    model.finish()
    for page in (before, after, candidate.page):
        expect(page.locator(".bubble.probe")).to_be_visible()
        expect(card(page)).to_have_count(0)


def test_a_stream_cut_in_the_middle_comes_back(
    marking: Server, visit: Visit, model: DictatedModel, expected_complaints: list[str]
) -> None:
    """What was marked meanwhile is shown when the connection is there again, without a reload."""
    expected_complaints += ["ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    with Line(int(marking.base.rpartition(":")[2])) as line:
        candidate = visit(at=line)
        candidate.begin()
        page = candidate.page
        submit(candidate, candidate.words(Band.PARTIAL))
        page.reload()  # the tab has nothing under way but its stream
        marked(page, 0)
        page.evaluate("window.sameDocument = true")
        line.cut()
        model.write(2)
        marked(page, 2)
        line.cut()
        model.finish()
        expect(page.locator(".bubble.probe")).to_be_visible()
        assert page.evaluate("sameDocument")
        page.close()


def test_the_keyboard_stays_in_the_composer_and_what_is_typed_meanwhile_is_kept(
    candidate: Candidate, model: DictatedModel
) -> None:
    """From sending to the probe; nothing is sent a second time."""
    page = candidate.page
    submit(candidate, candidate.words(Band.PARTIAL))
    expect(candidate.composer).to_be_focused()
    page.keyboard.type("And another thing")
    page.keyboard.press("Enter")
    model.write(2)
    marked(page, 2)
    expect(candidate.composer).to_be_focused()
    model.finish()
    expect(page.locator(".bubble.probe")).to_be_visible()
    expect(candidate.composer).to_be_focused()
    expect(candidate.composer).to_have_value("And another thing")
    expect(page.locator("[data-saved]")).to_have_text("Draft kept")
    assert len(candidate.said()) == 1


def test_a_screen_reader_hears_the_quick_check_and_the_end_and_not_each_row(
    candidate: Candidate, model: DictatedModel
) -> None:
    """Two polite announcements."""
    page, points = candidate.page, len(asked(candidate).points)
    page.evaluate(NOTE_ANNOUNCEMENTS)
    submit(candidate, candidate.words(Band.PARTIAL))
    model.write(points)
    marked(page, points)
    model.finish()
    expect(page.locator(".bubble.probe")).to_be_visible()
    heard = page.evaluate("announced")
    assert len(heard) == 2
    assert heard[0].startswith("Quick check: ")
    assert heard[0].endswith(f" of {points} points found.")


def test_an_answer_that_needs_no_probe_becomes_its_feedback_card(candidate: Candidate, model: DictatedModel) -> None:
    """The card of what lasts stands where the live one was; it is announced with its score."""
    model.finish()
    candidate.composer.fill(candidate.words(Band.WEAK))
    candidate.page.keyboard.press("Enter")
    for _ in range(2):  # a weak answer may have earned a probe
        expect(candidate.answers.last).to_be_visible()
    if candidate.interview()["turns"][-1]["number"] == 1:
        candidate.press("Next question")
    expect(candidate.page.locator("#turn-1 .feedback .score")).to_contain_text("marked by dictated")
    expect(candidate.page.locator("[data-announce]")).to_contain_text("Marked.")
    expect(card(candidate.page)).to_have_count(0)


def test_marking_again_shows_its_card_under_the_marks_in_force(candidate: Candidate, model: DictatedModel) -> None:
    """With every sentence, which the card above shows anyway; afterwards only that card is there."""
    page, points = candidate.page, len(asked(candidate).points)
    model.finish()
    candidate.to_feedback()
    model.hold()
    page.locator("#turn-1 .feedback summary", has_text="Why this mark?").click()
    page.locator("#turn-1").get_by_role("button", name="Mark again").click()
    expect(page.locator("#turn-1 .live-card li.provisional")).to_have_count(points)
    expect(page.locator("#turn-1 .live-card")).not_to_contain_text("Point 1 of")
    expect(page.locator("#turn-1 .feedback")).to_be_visible()
    model.finish()
    expect(card(page)).to_have_count(0)
    expect(page.locator("#turn-1 .feedback")).to_be_visible()


@pytest.mark.usefixtures("model")
def test_a_server_that_dies_while_marking_gives_the_words_back(
    candidate: Candidate, marking: Server, expected_complaints: list[str]
) -> None:
    """Those sent and those typed since; once it is back the answer is there, once."""
    expected_complaints += ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET"]
    expected_complaints += ["ERR_EMPTY_RESPONSE", "409 (Conflict)"]
    text = candidate.words(Band.PARTIAL).strip()
    submit(candidate, text)
    candidate.page.keyboard.type("Also typed")
    marking.stop()
    expect(candidate.error).to_contain_text("The server did not answer. Your text is still here")
    expect(candidate.composer).to_have_value(f"{text}\nAlso typed")
    expect(card(candidate.page)).to_have_count(0)
    marking.start()
    candidate.page.reload()
    expect(candidate.answers).to_have_count(1)
    assert candidate.said() == [text]


def test_without_javascript_the_card_comes_with_the_page(marking: Server, visit: Visit, model: DictatedModel) -> None:
    """In another tab, with a link to look again; the tab that sent waits, and shows the marks."""
    candidate = visit(at=marking, live=False)
    candidate.begin()
    other = second_tab(candidate).page
    candidate.composer.fill(candidate.words(Band.PARTIAL))
    candidate.page.locator("#composer").get_by_role("button", name="Send answer").click(no_wait_after=True)
    look_until(other, "The model is reading your answer.")
    model.write(2)
    look_until(other, "The model has marked 2 of")
    other.get_by_role("link", name="Look again").click()
    expect(card(other)).to_be_visible()
    model.finish()
    expect(candidate.page.locator(".bubble.probe")).to_be_visible()


def look_until(page: Page, words: str) -> None:
    """Load the page again, as a person without JavaScript does, until it says so."""
    for _ in range(100):
        page.reload()
        if words in page.content():
            return
    raise AssertionError(f"the page never said {words!r}")
