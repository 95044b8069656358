"""Where a form post ends."""

from __future__ import annotations

from fastapi.responses import RedirectResponse


def see(path: str) -> RedirectResponse:
    """A redirect that is fetched with GET, so that a reload sends nothing again."""
    return RedirectResponse(path, 303)
