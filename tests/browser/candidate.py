"""A candidate at a browser: what they do, what they see, and whether axe finds a barrier in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Locator, Page, expect

from interviewer.bank import Bank
from interviewer.domain import Band
from tests.playing import sample

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
COLOUR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const beyond = [...document.querySelectorAll("main *")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth);
  return beyond.map((element) => element.outerHTML.slice(0, 80));
}"""
HTML = "text/html; charset=utf-8"
PATIENCE_MS = 15_000
"""Costs nothing where all is well; other tests run at the same time."""
LAID_OUT_MS, LOOK_MS = 3_000, 100
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Candidate:
    """Someone with a browser of their own.

    `mirror` is where axe runs, for it is JavaScript itself: the page, or for a browser without JavaScript another one
    that is shown the same HTML and style.
    """

    page: Page
    mirror: Page
    base: str
    bank: Bank

    def begin(self, *, level: str = "mid", questions: int = 3, seed: int = 7) -> None:
        """Start an interview from the start page."""
        self.page.goto(f"{self.base}/")
        self.page.locator(f"[name=level][value={level}]").check()
        self.page.locator(".setup summary").click()
        self.page.locator(f"[name=questions][value='{questions}']").check()
        self.page.locator("[name=seed]").fill(str(seed))
        self.page.get_by_role("button", name="Start interview").click()
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        """The box an answer is typed into."""
        return self.page.locator("#answer")

    @property
    def answers(self) -> Locator:
        """The candidate's bubbles that the server has."""
        return self.page.locator(".bubble.answer:not([data-sent])")

    @property
    def error(self) -> Locator:
        """What is said when something could not be done."""
        return self.page.get_by_role("alert")

    @property
    def path(self) -> str:
        """The address of the interview."""
        identity = self.page.locator(".chat-layout").get_attribute("data-interview")
        return f"{self.base}/interviews/{identity}"

    def interview(self) -> dict[str, Any]:
        """The interview as the API tells it."""
        reply = self.page.request.get(self.path.replace("/interviews/", "/api/interviews/"))
        body: dict[str, Any] = reply.json()
        return body

    def words(self, band: Band) -> str:
        """A sample answer to the question that is open."""
        return sample(self.bank, self.interview()["turns"][-1]["question"]["id"], band)

    def said(self) -> list[str]:
        """Everything the candidate has said, as kept."""
        says = [say for turn in self.interview()["turns"] for say in turn["says"]]
        return [say["text"] for say in says if say["kind"] == "answer"]

    def press(self, name: str) -> None:
        """Press one of the composer's buttons."""
        self.page.locator("#composer").get_by_role("button", name=name).click()

    def send(self, text: str) -> None:
        """Type an answer, send it, and wait until it is on the page for good."""
        before = self.answers.count()
        self.composer.fill(text)
        self.press("Send answer")
        expect(self.answers).to_have_count(before + 1)

    def to_probe(self) -> None:
        """Answer partly, so that a follow-up comes."""
        self.send(self.words(Band.PARTIAL))
        expect(self.page.locator(".bubble.probe").last).to_be_visible()

    def to_feedback(self) -> Locator:
        """Answer the open question fully, leave it if the interviewer probes further; its feedback card."""
        number = self.interview()["turns"][-1]["number"]
        self.send(self.words(Band.STRONG))
        if self.interview()["turns"][-1]["number"] == number and self.composer.count():
            self.press("Next question")
        card = self.page.locator(f"#turn-{number} .feedback")
        expect(card).to_be_visible()
        return card

    def check_access(self, where: str) -> None:
        """No violation found by axe, in light and in dark."""
        if self.mirror is not self.page:
            address, html = self.page.url.partition("#")[0], self.page.content()
            self.mirror.goto("about:blank")
            self.mirror.route(address, lambda route: route.fulfill(body=html, content_type=HTML))
            self.mirror.goto(address)
            self.mirror.unroute(address)
            expect(self.mirror.get_by_role("heading", level=1)).to_have_text(self.page.locator("h1").inner_text())
        self.mirror.evaluate(Axe().axe_script)
        self.check_scheme(f"{where}, light", ALL_RULES)
        self.mirror.emulate_media(color_scheme="dark")
        self.check_scheme(f"{where}, dark", COLOUR_RULES)  # only the colours differ
        self.mirror.emulate_media(color_scheme="light")

    def check_scheme(self, where: str, rules: Mapping[str, object]) -> None:
        """No violation of some of axe's rules in the colours of now."""
        found = self.mirror.evaluate("async options => (await axe.run(options)).violations", rules)
        told = [(fault["id"], [node["html"][:160] for node in fault["nodes"]]) for fault in found]
        assert not told, f"{where}: {json.dumps(told, indent=1)}"

    def check_width(self, where: str) -> None:
        """Nothing reaches beyond the window to the right, once it is laid out for a width that was just set."""
        for _ in range(LAID_OUT_MS // LOOK_MS):
            if not (wide := self.page.evaluate(TOO_WIDE)):
                break
            self.page.wait_for_timeout(LOOK_MS)
        assert not wide, f"{where} is too wide: {wide}"
        assert self.page.evaluate("scrollX") == 0, where
