"""Who is asking, from where, and what the browser may do with the reply: one pure ASGI middleware.

A guest is known by a random cookie; the owner id kept with interviews is its hash, so that a copied database opens
no interview. A request that changes something must come from our own pages (Sec-Fetch-Site, else Origin); a client
that sends neither is not a browser and cannot be tricked by another site.

Whoever is logged in is known by another cookie, which `doors.Door` looks at; their owner id takes the guest's place.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interviewer.web.doors import Door, Visitor, cookie_name, session_cookie, token_in, visitor_of
from interviewer.web.refusal import refusal

COOKIE = "interviewer_guest"
YEAR_S = 365 * 24 * 3600
HEAD_BYTES = 32_000
"""Of address and headers together; the server's own limit holds only while a head has not wholly arrived."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PROTECTION = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
}
"""Goes with every response, whatever it says."""


class Guard:
    """Gives every request an owner, refuses requests from other sites and huge ones, adds protective headers."""

    def __init__(self, app: ASGIApp, body_bytes: int, door: Door) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if why := self._unwanted(scope, headers):
            await refuse(scope, receive, send, *why)
            return
        visitor = await self._door.visitor(scope, headers)
        secure = scope.get("scheme") == "https"
        token = token_in(headers, cookie_name(COOKIE, secure=secure))
        fresh = _note(scope, visitor, token)
        is_static = scope["path"].startswith("/static/")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in PROTECTION.items():
                    out.setdefault(name, value)
                if secure:
                    out.setdefault("strict-transport-security", f"max-age={YEAR_S}")
                if not is_static:
                    out.setdefault("cache-control", "no-store")
                    if fresh:
                        out.append("set-cookie", _cookie(fresh, secure=secure))
                    if visitor.session:
                        out.append("set-cookie", session_cookie(visitor.session, secure=secure))
            await send(message)

        stopped = self._door.stop(scope, headers, visitor)
        await (stopped or self._app)(scope, receive, send_guarded)

    def _unwanted(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        """Status, name and words for a request that is refused whoever sent it; None for any other."""
        if _head_bytes(scope) > HEAD_BYTES:
            told = f"Address and headers may have {HEAD_BYTES:,} bytes. Delete the cookies of this site and try again."
            return 431, "HeadTooLarge", told
        if scope["method"] not in _SAFE_METHODS and not _same_origin(headers, scope.get("scheme")):
            return 403, "CrossSite", "This request came from another site. Open the page itself instead."
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._body_bytes:
            return 413, "BodyTooLarge", f"At most {self._body_bytes:,} bytes can be sent. Shorten it and send again."
        return None


def _note(scope: Scope, visitor: Visitor, token: str | None) -> str | None:
    """Note whose request it is. What comes back is the token that makes a browser a guest's which has none so far."""
    guest = owner_of(token) if token else None
    fresh = None if token or visitor.person else secrets.token_urlsafe(32)
    owner = visitor.person.owner if visitor.person else guest or owner_of(str(fresh))
    scope.setdefault("state", {}).update(owner=owner, guest=guest, visitor=visitor)
    return fresh


def _head_bytes(scope: Scope) -> int:
    return (
        len(scope.get("raw_path") or b"")
        + len(scope["query_string"])
        + sum(len(n) + len(v) for n, v in scope["headers"])
    )


def owner_of(token: str) -> str:
    """The owner id of a guest's token."""
    return hashlib.sha256(token.encode()).hexdigest()[:40]


def owner(connection: HTTPConnection) -> str:
    """The owner id of a request.

    Raises:
        DatabaseUnusable: whether the session that it came with goes on could not be found out.
    """
    visitor = visitor_of(connection)
    if visitor.failure:
        raise visitor.failure
    found: Any = connection.state.owner
    return str(found)


def guest(connection: HTTPConnection) -> str | None:
    """The owner id of what is done in this browser without an account; None where it has no guest's cookie."""
    found: Any = connection.state.guest
    return None if found is None else str(found)


def _cookie(token: str, *, secure: bool) -> str:
    flags = "; Secure" if secure else ""
    return f"{cookie_name(COOKIE, secure=secure)}={token}; Path=/; Max-Age={YEAR_S}; HttpOnly; SameSite=Lax{flags}"


def _same_origin(headers: Headers, scheme: str | None) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        asked_from = urlsplit(origin)
    except ValueError:
        return False
    if scheme == "https" and asked_from.scheme != "https":
        return False  # the other way round a proxy may have forgotten to say that it speaks https
    return asked_from.netloc == headers.get("host")


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, name: str, detail: str) -> None:
    """Answer before there is an application to do it."""
    response = refusal(scope, status, name, detail)
    response.headers.update({"cache-control": "no-store"} | PROTECTION)
    await response(scope, receive, send)
