"""Hostile texts in a real Chromium: no dialog, no script of theirs, nothing asked of another server."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.candidate import Candidate
from tests.browser.conftest import Visit
from tests.hostile import CANARY, MARKDOWN, MARKUP, NASTIEST, has_words, kept

WORDS = "It runs in a thread of the pool."
LEADS = ("", "> ", "- ", "`", "| ")
"""What a text stands in; with each of the nastiest, a few hundred."""
TOGETHER = 12
"""Answers they are spread over."""
SETTLED = f"!('{CANARY}' in window) && document.readyState === 'complete'"


def watched(page: Page, base: str) -> list[str]:
    """Requests of a page to anywhere but here."""
    elsewhere: list[str] = []

    def note(address: str) -> None:
        if urlsplit(address).netloc != urlsplit(base).netloc and not address.startswith(("data:", "about:")):
            elsewhere.append(address)

    page.on("request", lambda request: note(request.url))
    return elsewhere


def filled(candidate: Candidate, texts: list[str]) -> str:
    """An interview with these texts for answers, objections to its marks, a draft and a shared report; its address."""
    ask = candidate.page.request
    begun = ask.post(f"{candidate.base}/api/interviews", data={"level": "mid", "questions": 30, "adaptive": False})
    interview = begun.json()
    path = f"{candidate.base}/api/interviews/{interview['id']}"
    for text in texts:
        turn = interview["turns"][-1]
        sent = ask.post(f"{path}/answers", data={"turn": turn["number"], "text": f"{text}\n\n{WORDS}"})
        assert sent.ok, sent.text()
        interview = sent.json()
        if interview["status"] != "open":
            break
        graded = [each for each in interview["turns"] if each["grading"]]
        if graded:
            point = graded[-1]["grading"]["marks"][0]["point"]
            ask.post(f"{path}/disputes", data={"turn": graded[-1]["number"], "point": point, "comment": text[:900]})
    ask.put(f"{path}/draft", data={"turn": interview["turns"][-1]["number"], "text": MARKUP[1], "sequence": 9})
    return path.replace("/api/", "/")


def test_hostile_texts_do_nothing_in_any_page(visit: Visit) -> None:
    """A canary is not set; the fixture fails on dialogs, failed scripts and whatever the policy had to refuse."""
    candidate = visit()
    page = candidate.page
    elsewhere = watched(page, candidate.base)
    variants = [f"{lead}{text}" for lead in LEADS for text in NASTIEST if has_words(text)]
    batches = ["\n\n".join(variants[start::TOGETHER]) for start in range(TOGETHER)]
    path = filled(candidate, [piece for batch in batches for piece in (batch[:9_000], batch[9_000:18_000]) if piece])
    shared = page.request.post(f"{path.replace('/interviews/', '/api/interviews/')}/share").json()["url"]
    for address in (
        path,
        f"{path}/report",
        shared,
        f"{path}/turns/1/asked",
        candidate.base,
        f"{candidate.base}/review",
    ):
        page.goto(address)
        page.wait_for_function(SETTLED)
    assert elsewhere == []
    page.goto(path)
    shown = page.locator("main").inner_text()
    assert "<script>" in shown
    assert all(line.strip() in shown for line in kept(MARKUP[0]).split("\n"))


def test_a_hostile_text_that_is_refused_or_live_does_nothing(visit: Visit) -> None:
    """Typed into the page as it is open, sent by its script, refused, and read again from an advert."""
    candidate = visit()
    page = candidate.page
    elsewhere = watched(page, candidate.base)
    candidate.begin()
    for text in (MARKUP[0], MARKUP[3], MARKDOWN[0]):
        candidate.send(f"{text} {WORDS}")
        page.wait_for_function(SETTLED)
    page.goto(f"{candidate.base}/aim")
    page.locator("textarea").first.fill("\n".join((*MARKUP, *MARKDOWN, "We need FastAPI and SQL.")))
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_function(SETTLED)
    page.goto(f"{candidate.base}/?notice=%3Cscript%3E{CANARY}%3D1%3C/script%3E")
    page.wait_for_function(SETTLED)
    assert elsewhere == []
