"""The report in a browser: what its first screen answers, its charts in every light, and the link to share it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from interviewer.domain import Band
from tests.browser import pictures
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, WAYS, Visit
from tests.playing import sample

FILLS = """selector => [...document.querySelectorAll(selector)].map((part) => getComputedStyle(part).fill)"""
ON_ONE_LINE = """cells => cells.length && cells.every(cell => {
  const words = document.createRange();
  words.selectNodeContents(cell);
  return words.getClientRects().length === 1;
})"""
BANDS = (Band.STRONG, Band.PARTIAL, Band.WEAK)


def to_report(candidate: Candidate, *, questions: int = 4) -> str:
    """The report of an interview that went well, then worse: one question skipped, follow-ups not known."""
    request = candidate.page.request
    begun = request.post(
        f"{candidate.base}/api/interviews", data={"level": "mid", "questions": questions, "seed": 7}
    ).json()
    path = f"{candidate.base}/api/interviews/{begun['id']}"
    interview: dict[str, Any] = begun
    while interview["status"] == "open":
        turn = interview["turns"][-1]
        if turn["number"] == questions:
            interview = request.post(f"{path}/skip", data={"turn": turn["number"]}).json()
            continue
        is_first = all(say["kind"] != "probe" for say in turn["says"])
        words = sample(candidate.bank, turn["question"]["id"], BANDS[(turn["number"] - 1) % len(BANDS)])
        text = words if is_first else "Um, you know, I do not know that."
        request.put(f"{path}/draft", data={"turn": turn["number"], "text": text[:3], "sequence": 1})
        interview = request.post(f"{path}/answers", data={"turn": turn["number"], "text": text}).json()
    where = f"{candidate.base}/interviews/{begun['id']}/report"
    candidate.page.goto(where)
    return where


def look(candidate: Candidate, where: str) -> None:
    """No barrier, and nothing to scroll sideways."""
    candidate.check_width(where)
    candidate.check_access(where)


@WAYS
def test_a_report_is_read_shared_and_taken_back(
    visit: Visit, expected_complaints: list[str], size: tuple[int, int], live: bool
) -> None:
    """By its candidate, then by somebody else with nothing but the link, then by nobody."""
    expected_complaints.append("404 (Not Found)")
    candidate = visit(size=size, live=live)
    page = candidate.page
    to_report(candidate)
    page.get_by_text("How this was counted").click()
    look(candidate, "the report")
    page.get_by_role("button", name="Make a link anyone can read").click()
    link = page.get_by_label("The link. It is shown this once").input_value()
    look(candidate, "the report with a link")
    other = visit(size=size, live=live)
    other.page.goto(link)
    expect(other.page.get_by_text("Somebody shared this report with you.")).to_be_visible()
    expect(other.page.locator(".bubble.candidate .speaker").first).to_have_text("Candidate")
    assert other.page.locator("main :is(form, button, input)").count() == 0
    look(other, "the shared report")
    page.get_by_role("button", name="Revoke the link").click()
    expect(page.get_by_role("button", name="Make a link anyone can read")).to_be_visible()
    other.page.reload()
    expect(other.page.get_by_text("This link leads to no report.")).to_be_visible()
    look(other, "where a link leads that was taken back")


@pytest.mark.parametrize(
    ("size", "scheme", "picture"),
    [(DESKTOP, "light", "report-desktop-light"), (PHONE, "dark", "report-phone-dark")],
    ids=["desktop", "phone"],
)
def test_the_first_screen_says_how_it_went_why_and_what_next(
    visit: Visit, size: tuple[int, int], scheme: str, picture: str
) -> None:
    """Without scrolling."""
    candidate = visit(size=size, color_scheme=scheme)
    page = candidate.page
    to_report(candidate)
    summary = page.locator(".summary")
    for told in ("of 100, estimate", "mid level", "Why", "marked", "What next"):
        expect(summary).to_contain_text(told)
    last = summary.locator("dd").last.bounding_box()
    assert last
    assert last["y"] + last["height"] <= size[1]
    pictures.keep(page, f"pictures/{picture}")
    assert page.locator(".columns-2 td:last-child").evaluate_all(ON_ONE_LINE)


@pytest.mark.parametrize(
    ("size", "more"), [((320, 640), {}), ((640, 430), {"device_scale_factor": 2})], ids=["320 px", "200 % zoom"]
)
def test_the_report_fits_a_narrow_window(visit: Visit, size: tuple[int, int], more: dict[str, object]) -> None:
    """With everything unfolded and a link shown; the figures of a question keep their names."""
    candidate = visit(size=size, **more)
    page = candidate.page
    to_report(candidate)
    page.get_by_role("button", name="Make a link anyone can read").click()
    for summary in page.locator("main summary").all():
        summary.click()
    candidate.check_width("the report")
    expect(page.locator("#talk-title ~ .figures td[data-name=Words]").first).to_be_visible()


def test_the_link_is_copied_by_its_button(visit: Visit) -> None:
    """And the page says so."""
    candidate = visit(permissions=["clipboard-read", "clipboard-write"])
    page = candidate.page
    to_report(candidate, questions=1)
    page.get_by_role("button", name="Make a link anyone can read").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("The link.").input_value()


def test_a_quote_in_the_shared_report_lights_up_where_it_was_said(visit: Visit) -> None:
    """The mentor checks a mark as its candidate does."""
    candidate = visit()
    page = candidate.page
    to_report(candidate)
    page.get_by_role("button", name="Make a link anyone can read").click()
    page.goto(page.get_by_label("The link.").input_value())
    quote = page.locator("a.quote").first
    name = str(quote.get_attribute("data-quote"))
    quote.click()
    expect(page.locator(f"mark[data-anchors~='{name}']").first).to_be_in_viewport()


def test_the_report_prints_in_the_light_with_what_is_folded(visit: Visit) -> None:
    """From a dark screen too; what can only be pressed stays away."""
    candidate = visit(color_scheme="dark")
    page = candidate.page
    to_report(candidate)
    on_screen = page.evaluate(FILLS, ".bar .full")
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    for told in ("What to learn next", "Reference answer", "How this was counted", "Words: without code"):
        assert told in text
    for absent in ("I disagree", "Mark again\n", "Delete for good", "Make a link"):
        assert absent not in text
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(FILLS, ".bar .full") != on_screen


@pytest.mark.parametrize("media", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_a_bar_differs_from_what_it_is_a_part_of(visit: Visit, media: dict[str, str]) -> None:
    """In every light."""
    candidate = visit(**media)
    to_report(candidate)
    full, half, track = (candidate.page.evaluate(FILLS, f".bar .{part}")[0] for part in ("full", "half", "track"))
    assert len({full, half, track}) == 3
