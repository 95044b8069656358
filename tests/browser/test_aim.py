"""Aiming an interview at an advert in a browser: with and without JavaScript, by keyboard, on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pictures
from tests.browser.conftest import LIVE, PHONE, WAYS, Visit
from tests.conftest import ROOT
from tests.test_aim_pdf import a_pdf

ADVERT = (ROOT / "tests" / "data" / "aim" / "en-staff-api.txt").read_text(encoding="utf-8")


def propose(page: Page, base: str, text: str = ADVERT) -> None:
    """Paste a text and ask for topics."""
    page.goto(f"{base}/aim")
    page.get_by_label("Text of the advert or the CV").fill(text)
    page.get_by_role("button", name="Propose topics").click()
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()


@LIVE
def test_an_advert_is_proposed_changed_and_begun(visit: Visit, live: bool) -> None:
    """Level and topics are preset, and what was changed is what is asked."""
    candidate = visit(live=live)
    page = candidate.page
    propose(page, candidate.base)
    assert "Mapply" not in page.url
    expect(page.locator("[name=level][value=senior]")).to_be_checked()
    expect(page.get_by_label("API patterns")).to_have_value("25")
    for share in page.get_by_role("spinbutton").all():
        share.fill("0")
    page.get_by_text("more topics, which the text does not name").click()
    page.get_by_label("WebSockets").fill("50")
    page.locator("[name=level][value=mid]").check()
    page.locator("[name=questions][value='3']").check()
    page.get_by_role("button", name="Start interview").click()
    expect(candidate.composer).to_be_visible()
    assert candidate.interview()["level"] == "mid"
    expect(page.locator(".rail")).to_contain_text("WebSockets")


@LIVE
def test_a_wrong_share_comes_back_with_the_rest_of_the_form(
    visit: Visit, live: bool, expected_complaints: list[str]
) -> None:
    """All at 0: the text and what was typed are still there, and can be read again."""
    expected_complaints.append("422")
    candidate = visit(live=live)
    page = candidate.page
    propose(page, candidate.base, "You know Celery.")
    page.get_by_text("more topics, which the text does not name").click()
    for share in page.get_by_role("spinbutton").all():
        share.fill("0")
    page.get_by_role("button", name="Start interview").click()
    expect(candidate.error).to_contain_text("Every topic has a share of 0")
    expect(page.get_by_label("Background work")).to_have_value("0")
    text = page.get_by_label("Text of the advert or the CV")
    expect(text).to_have_value("You know Celery.")
    candidate.check_access("a refused proposal")
    text.fill("You know WebSockets, Junior Developer.")
    page.get_by_role("button", name="Propose again").click()
    expect(page.locator("[name=level][value=junior]")).to_be_checked()
    expect(page.get_by_text("Read by term matching: 1 term on 1 topic")).to_be_visible()


@LIVE
def test_a_pdf_is_read_in_place_of_the_text(
    visit: Visit, live: bool, tmp_path: Path, expected_complaints: list[str]
) -> None:
    """And a file that cannot be read leaves what was pasted."""
    expected_complaints.append("422")
    candidate = visit(live=live)
    page = candidate.page
    good, bad = tmp_path / "cv.pdf", tmp_path / "scan.pdf"
    good.write_bytes(a_pdf("Python developer, 4 years of experience with PostgreSQL and Celery"))
    bad.write_bytes(a_pdf(""))
    page.goto(f"{candidate.base}/aim")
    page.get_by_label("Text of the advert or the CV").fill("pasted before")
    page.get_by_label("Or a file").set_input_files(bad)
    page.get_by_role("button", name="Propose topics").click()
    expect(candidate.error).to_contain_text("There is no text in this PDF")
    expect(page.get_by_label("Text of the advert or the CV")).to_have_value("pasted before")
    page.get_by_label("Or a file").set_input_files(good)
    page.get_by_role("button", name="Propose topics").click()
    expect(page.get_by_text("2 terms on 2 topics")).to_be_visible()
    expect(page.locator("[name=level][value=mid]")).to_be_checked()


def test_it_is_done_by_keyboard_alone(visit: Visit) -> None:
    """From the text to the first question."""
    candidate = visit()
    page = candidate.page
    page.goto(f"{candidate.base}/aim")
    page.get_by_label("Text of the advert or the CV").focus()
    page.keyboard.insert_text("Junior Python Developer with PostgreSQL and pytest")
    reach(page, "Propose topics")
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()
    page.locator("[name=level]:checked").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=level][value=mid]")).to_be_checked()
    page.get_by_label("Testing").focus()
    page.keyboard.press("ArrowUp")
    reach(page, "Start interview")
    expect(candidate.composer).to_be_visible()


def reach(page: Page, name: str) -> None:
    """Press Tab until the button of that name has the focus, then Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName + document.activeElement.textContent") == f"BUTTON{name}":
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} cannot be reached")


@WAYS
def test_nobody_is_shut_out_and_nothing_is_too_wide(visit: Visit, size: tuple[int, int], live: bool) -> None:
    """Before and after, with everything unfolded."""
    candidate = visit(size=size, live=live)
    page = candidate.page
    page.goto(f"{candidate.base}/aim")
    candidate.check_access("the empty page")
    candidate.check_width("the empty page")
    propose(page, candidate.base, f"{ADVERT}\nWe use OAuth2{'x' * 200}. Django. No Celery.")
    for summary in page.locator("main summary").all():
        summary.click()
    candidate.check_access("the proposal")
    candidate.check_width("the proposal")


@pytest.mark.parametrize(
    ("name", "choice"),
    [("aim-desktop-light", {}), ("aim-phone-dark", {"size": PHONE, "color_scheme": "dark"})],
)
def test_the_pictures_in_the_docs_are_made_by_this_browser(visit: Visit, name: str, choice: dict[str, object]) -> None:
    """UPDATE_SCREENSHOT=1 makes them anew."""
    candidate = visit(**choice)
    propose(candidate.page, candidate.base)
    pictures.keep(candidate.page, f"pictures/{name}", whole=True)
