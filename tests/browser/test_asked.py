"""What the model was asked, read in a browser: from the card there and back, on any width, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from interviewer.bank import Bank
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.dictated import DictatedModel

PRICES = {"INTERVIEWER_MODEL_PRICE_IN": "0.4", "INTERVIEWER_MODEL_PRICE_OUT": "1.6"}
LONG = "x" * 300


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Server]:
    """A server with a model that marks at once, and its prices."""
    with DictatedModel(bank) as model:
        model.finish()
        running = Server(tmp_path_factory.mktemp("priced"), **model.settings, **PRICES)
        running.start()
        yield running
        running.stop()


@pytest.mark.parametrize(("live", "size"), [(True, DESKTOP), (False, PHONE)], ids=["live", "phone, no-javascript"])
def test_from_why_this_mark_to_the_words_that_were_sent_and_back(
    priced: Server, visit: Visit, live: bool, size: tuple[int, int]
) -> None:
    """Markup in the answer is text, nothing reaches beyond the window, axe finds nothing."""
    candidate = visit(at=priced, live=live, size=size)
    candidate.begin()
    page = candidate.page
    candidate.send(f"<b id=planted>bold</b> {LONG}\n\n    indented = 1\n")
    if page.locator("#turn-2").count() == 0:
        candidate.press("Next question")
    card = page.locator("#turn-1 .feedback")
    card.get_by_text("Why this mark?").click()
    card.get_by_role("link", name="Show exactly what the model was asked").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the model was asked")
    call = page.locator(".call").first
    expect(call.get_by_role("heading", level=2)).to_have_text("1. Marking the answer")
    expect(call).to_contain_text("The marks in force were made from this reply.")
    answer = call.locator("pre").nth(1)
    assert f"<b id=planted>bold</b> {LONG}\n\n    indented = 1" in (answer.text_content() or "")
    assert page.locator("#planted").count() == 0
    assert (call.locator("pre").last.text_content() or "").startswith('{"marks"')
    expect(page.locator("main > .quiet")).to_contain_text("USD")
    candidate.check_width("what was asked")
    candidate.check_access("what was asked")
    page.get_by_role("link", name="Back to question 1").click()
    expect(page.locator("#turn-1")).to_be_in_viewport()
    page.goto(f"{candidate.path}/report")
    expect(page.locator(".keep")).to_contain_text("of the model")
