"""An interviewer who speaks another language, as the candidate chose it on the start page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from interviewer.bank import Bank
from tests.browser.conftest import PHONE, Server, Visit
from tests.dictated import DictatedModel
from tests.openai_server import Answer, Request
from tests.test_talk_whole import in_german, purpose


class Interpreter(DictatedModel):
    """A model that also translates."""

    def _answer(self, request: Request) -> Answer:
        return in_german(request) if purpose(request) == "translate" else super()._answer(request)


@pytest.fixture
def abroad(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Server]:
    """A server with that model."""
    with Interpreter(bank) as model:
        model.finish()
        running = Server(tmp_path_factory.mktemp("abroad"), **model.settings)
        running.start()
        yield running
        running.stop()


@pytest.mark.parametrize("live", [True, False], ids=["live", "without JavaScript"])
def test_the_question_is_put_in_german_and_stays_at_hand_in_english(abroad: Server, visit: Visit, live: bool) -> None:
    candidate = visit(at=abroad, live=live, size=PHONE)
    candidate.page.goto(f"{abroad.base}/")
    candidate.page.locator(".setup summary").click()
    candidate.page.locator("[name=language]").fill("German")
    candidate.page.get_by_role("button", name="Start interview").click()
    question = candidate.page.locator(".bubble.question")
    ask = candidate.interview()["turns"][0]["question"]["ask"].split("`")[0].split("\n")[0].strip()
    expect(question.locator("> .prose")).to_contain_text(f"Auf Deutsch: {ask}")
    original = question.locator("details .prose")
    expect(original).to_be_hidden()
    question.get_by_text("In English").click()
    expect(original).to_be_visible()
    expect(original).to_contain_text(ask)
    expect(original).not_to_contain_text("Auf Deutsch")
    expect(question.locator("> .prose")).to_have_attribute("lang", "de")
    expect(candidate.page.locator(".chat-layout")).to_have_attribute("data-speech", "de")
    candidate.check_access("a question in German")
    candidate.check_width("a question in German")
