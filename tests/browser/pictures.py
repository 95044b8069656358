"""The pictures in docs/: made by the tests that walk through what they show, with UPDATE_SCREENSHOT=1."""

from __future__ import annotations

import os

from playwright.sync_api import Page

from tests.conftest import ROOT

DOCS = ROOT / "docs"
WANTED = os.environ.get("UPDATE_SCREENSHOT") == "1"


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep what a page looks like now as docs/`name`.png, if pictures are wanted; it must be there in any case."""
    picture = DOCS / f"{name}.png"
    if WANTED:
        picture.parent.mkdir(exist_ok=True)
        page.mouse.move(0, 0)
        page.screenshot(path=picture, full_page=whole)
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
