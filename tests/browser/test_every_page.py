"""Every page of the product, from its table of routes: no barrier, nothing too wide, in a window of any width."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from fastapi import APIRouter
from playwright.sync_api import expect

from interviewer.domain import Band
from interviewer.web import asked, pages, progress
from tests.browser.candidate import Candidate
from tests.browser.conftest import DESKTOP, PHONE, Visit

WITH_ACCOUNTS = (pages.entrance.router, pages.admin.router, pages.desk.router)
"""Pages that are there only with accounts: test_accounts.py visits them."""
ROUTERS = (*(router for router in pages.ROUTERS if router not in WITH_ACCOUNTS), asked.router, progress.router)
NO_PAGES = (".pdf", ".md", ".apkg", ".json")


def pages_of(routers: Iterable[APIRouter]) -> set[str]:
    """Paths of the pages of some routers."""
    return {
        route.path  # type: ignore[attr-defined]
        for router in routers
        for route in router.routes
        if "GET" in route.methods  # type: ignore[attr-defined]
        and not route.path.startswith("/api")  # type: ignore[attr-defined]
        and not route.path.endswith(NO_PAGES)  # type: ignore[attr-defined]
    }


PAGES = pages_of(ROUTERS)
SIZES = {"desktop": DESKTOP, "phone": PHONE, "320 px": (320, 640), "200 % zoom": (640, 430)}


@pytest.fixture
def addresses(visit: Visit) -> tuple[Candidate, dict[str, str]]:
    """A candidate with an interview that has feedback and a shared report, and where each page stands for them."""
    candidate = visit()
    candidate.begin()
    candidate.send(candidate.words(Band.WEAK))
    candidate.press("Next question" if candidate.interview()["turns"][0]["status"] == "open" else "Skip")
    path = candidate.path.removeprefix(candidate.base)
    shared = candidate.page.request.post(f"{candidate.base}/api{path}/share").json()["url"]
    places = {
        "/interviews/{interview_id}": path,
        "/interviews/{interview_id}/report": f"{path}/report",
        "/interviews/{interview_id}/turns/{turn}/asked": f"{path}/turns/1/asked",
        "/shared/{token}": shared.removeprefix(candidate.base),
    }
    return candidate, {route: places.get(route, route) for route in sorted(PAGES)} | {"nowhere": "/nowhere"}


def test_no_page_has_a_barrier_or_is_too_wide(
    addresses: tuple[Candidate, dict[str, str]], expected_complaints: list[str]
) -> None:
    """Axe in light and dark, four widths; a route that needs an address of its own has to be named above."""
    expected_complaints.append("404 (Not Found)")
    candidate, places = addresses
    page = candidate.page
    assert len(places) > 8
    for route, path in places.items():
        assert "{" not in path, f"say where {route} stands"
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.goto(f"{candidate.base}{path}")
        expect(page.locator("h1")).to_have_count(1)
        candidate.check_access(route)
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            candidate.check_width(f"{route}, {name}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{route}, {name}: the header"
