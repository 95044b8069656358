"""Who has a session, and who is let in: a request's session cookie -> a Visitor; by invitation only, guests stop here.

The cookie holds a random token and nothing else. It is looked up for every request but those for static files and
health, without a cache, so that a session that has ended is refused at once in every process.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from interviewer.conductor.people import Entered, Recognised
from interviewer.domain import Person
from interviewer.errors import DatabaseUnusable, NotLoggedIn
from interviewer.settings import Accounts
from interviewer.web.refusal import problem

COOKIE = "interviewer_session"
LOG_IN = "/login"
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")
_NOT_LOOKED_AT = re.compile(r"^/(static/.*|healthz|readyz|metrics)$", re.DOTALL)
_FOR_GUESTS = re.compile(r"^/(login|(invited|shared)/.*)$", re.DOTALL)
"""What may be reached without an account also where everybody needs one."""
_TYPED = re.compile(r"^/interviews/[^/]+/(answers|hint|skip|disputes)$")
"""Where forms go that hold words of a candidate's own."""
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_NOT_LOGGED_IN = "You are not logged in, or not any more. Log in, in another tab if you have something typed here."


class Recognise(Protocol):
    """Token -> whose session it is; see `People.recognise`."""

    def __call__(self, token: str, *, rotate: bool) -> Awaitable[Recognised | None]:
        """None when it is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is asking. `session` is the token they shall have from now on, where theirs was replaced.

    With a `failure` it could not be found out.
    """

    person: Person | None = None
    session: Entered | None = None
    failure: DatabaseUnusable | None = None


GUEST = Visitor()


class Door:
    """Recognises visitors, and stops guests where only people with an account may enter."""

    def __init__(self, accounts: Accounts, recognise: Recognise) -> None:
        self._accounts = accounts
        self._recognise = recognise

    async def visitor(self, scope: Scope, headers: Headers) -> Visitor:
        """Who is asking."""
        token = token_in(headers, cookie_name(COOKIE, secure=scope.get("scheme") == "https"))
        if token is None or self._accounts is Accounts.OFF or _NOT_LOOKED_AT.match(scope["path"]):
            return GUEST
        try:
            found = await self._recognise(token, rotate=scope["method"] in _SAFE_METHODS)
        except DatabaseUnusable as error:
            return Visitor(failure=error)
        if found is None:
            return GUEST
        fresh = found.fresh and Entered(person=found.person, token=found.fresh, expires_at=found.expires_at)
        return Visitor(person=found.person, session=fresh or None)

    def stop(self, scope: Scope, headers: Headers, visitor: Visitor) -> Response | None:
        """What whoever may not enter gets: the log-in page, or, where no page is wanted, a problem document.

        Whoever could not be recognised, or sends a form with words of theirs, is stopped by `check`, within the
        application, which keeps what was typed.
        """
        path: str = scope["path"]
        if visitor.person or visitor.failure or not self._is_shut(path) or _is_typed(scope, headers):
            return None
        if path.startswith("/api") or headers.get("sec-fetch-mode", "navigate") != "navigate":
            return problem(401, "NotLoggedIn", _NOT_LOGGED_IN)
        back = _back(scope, headers)
        return RedirectResponse(f"{LOG_IN}?next={quote(back, safe='/')}" if back != "/" else LOG_IN, 303)

    def check(self, connection: HTTPConnection) -> None:
        """Let nobody in whom `stop` passed on without knowing who it is.

        Raises:
            DatabaseUnusable: that could not be found out.
            NotLoggedIn: they have no session.
        """
        visitor = visitor_of(connection)
        if not visitor.person and self._is_shut(connection.url.path):
            raise visitor.failure or NotLoggedIn(_NOT_LOGGED_IN)

    def _is_shut(self, path: str) -> bool:
        return self._accounts is Accounts.INVITE and not (_NOT_LOOKED_AT.match(path) or _FOR_GUESTS.match(path))


def _is_typed(scope: Scope, headers: Headers) -> bool:
    """Whether it is a form with an answer or an objection, sent without JavaScript."""
    is_page = headers.get("sec-fetch-mode", "navigate") == "navigate"
    return scope["method"] == "POST" and is_page and _TYPED.match(scope["path"]) is not None


def session_token(connection: HTTPConnection) -> str | None:
    """What the session cookie holds, if it could be one of ours."""
    return token_in(connection.headers, cookie_name(COOKIE, secure=connection.url.scheme == "https"))


def token_in(headers: Headers, cookie: str) -> str | None:
    """What a cookie holds, if it could be a token of ours, whatever other cookies there are.

    The standard library's SimpleCookie gives up at the first one that it dislikes.
    """
    value = cookie_parser(headers.get("cookie", "")).get(cookie)
    return value if value and _TOKEN.match(value) else None


def cookie_name(cookie: str, *, secure: bool) -> str:
    """How a cookie is called: by HTTPS so that no site beside or below ours can set it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{cookie}" if secure else cookie


def session_cookie(entered: Entered, *, secure: bool) -> str:
    """The header that gives a browser its session."""
    return _cookie(entered.token, f"Expires={format_datetime(entered.expires_at, usegmt=True)}", secure=secure)


def no_session_cookie(*, secure: bool) -> str:
    """The header that takes it away."""
    return _cookie("", "Max-Age=0", secure=secure)


def visitor_of(connection: HTTPConnection) -> Visitor:
    """Who is asking, as the guard found out; a guest where it was not asked."""
    found: Visitor = getattr(connection.state, "visitor", GUEST)
    return found


def safe_path(text: str) -> str:
    """The same where it is a path of this site, else the start page: nobody is sent on to another site by a link."""
    plain = text.isprintable() and "\\" not in text and text.startswith("/") and not text.startswith("//")
    return text if plain and len(text) <= 2000 else "/"


def _back(scope: Scope, headers: Headers) -> str:
    """Where to go on after logging in: the page that was wanted, or the one that a form stood on."""
    if scope["method"] in _SAFE_METHODS:
        query = scope["query_string"].decode("latin-1")
        return safe_path(scope["path"] + (f"?{query}" if query else ""))
    try:
        came_from = urlsplit(headers.get("referer", ""))
    except ValueError:
        return "/"
    return safe_path(came_from.path or "/") if came_from.netloc == headers.get("host") else "/"


def _cookie(value: str, lasts: str, *, secure: bool) -> str:
    flags = "; Secure" if secure else ""
    return f"{cookie_name(COOKIE, secure=secure)}={value}; Path=/; {lasts}; HttpOnly; SameSite=Lax{flags}"
