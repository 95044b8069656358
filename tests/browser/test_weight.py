"""What a page costs to load, and where it loads it from."""

from __future__ import annotations

from playwright.sync_api import Response, expect

from interviewer.domain import Band
from tests.browser.conftest import Visit

MOST_BYTES = 150_000


def test_a_chat_with_feedback_weighs_less_than_150_kb_and_comes_from_here(visit: Visit) -> None:
    """Without a cache, as bytes of bodies before any compression; not one request goes to another server."""
    candidate = visit()
    candidate.begin()
    candidate.send(candidate.words(Band.STRONG))
    path = candidate.path
    fresh = candidate.page.context.new_page()
    session = fresh.context.new_cdp_session(fresh)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loaded: list[Response] = []
    fresh.on("response", lambda response: loaded.append(response))
    fresh.goto(path)
    expect(fresh.locator(".bubble.answer")).to_be_visible()
    fresh.wait_for_load_state("load")
    kept = [response for response in loaded if "/events" not in response.url]
    assert all(response.url.startswith(candidate.base) for response in kept)
    weight = sum(len(response.body()) for response in kept)
    assert 20_000 < weight < MOST_BYTES, f"{weight:,} bytes in {len(kept)} requests"
