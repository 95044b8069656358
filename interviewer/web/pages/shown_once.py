"""A secret just made, taken to the page that shows it, once: the server keeps a hash only."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

FRESH_S = 120


def hand(request: Request, response: Response, cookie: str, secret: str, path: str) -> None:
    """Send a secret along with a redirect to the page at `path`, in a cookie of that name."""
    secure = request.url.scheme == "https"
    response.set_cookie(cookie, secret, max_age=FRESH_S, path=path, httponly=True, samesite="strict", secure=secure)


def forget(request: Request, response: Response, cookie: str, path: str) -> None:
    """What was handed to a page has been shown."""
    if cookie in request.cookies:
        response.delete_cookie(cookie, path=path)
