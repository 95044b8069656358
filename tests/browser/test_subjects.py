"""Choosing the subject: the topics on offer are those of the subject."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import LIVE, Visit


@LIVE
def test_the_topics_of_the_chosen_subject_are_offered(visit: Visit, live: bool) -> None:
    """Without JavaScript those of all subjects are there, each under its name."""
    candidate = visit(live=live)
    page = candidate.page
    page.goto(f"{candidate.base}/")
    page.locator("[name=pack][value=python]").check()
    page.locator(".setup summary").click()
    expect(page.locator("[data-pack=python]")).to_be_visible()
    if live:
        expect(page.locator("[data-pack=fastapi]")).to_be_hidden()
    else:
        expect(page.get_by_role("group", name="Topics of FastAPI")).to_be_visible()
    page.locator("[name=level][value=mid]").check()
    page.get_by_role("button", name="Start interview").click()
    expect(page.locator("h1").first).to_contain_text("Python")
    candidate.check_width("a Python interview")
