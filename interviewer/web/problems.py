"""Our errors -> HTTP: problem documents (RFC 9457) for the API, a page with the same words for people."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from interviewer import errors
from interviewer.watch import REQUEST_ID
from interviewer.web import guard, refused
from interviewer.web.parts import Web
from interviewer.web.refusal import problem, wants_page
from interviewer.web.views.problem import ErrorPage, SentForm

log = logging.getLogger(__name__)

STATUS: dict[type[errors.InterviewerError], int] = {
    errors.AnswerTooLong: 413,
    errors.InputError: 422,
    errors.NotLoggedIn: 401,
    errors.NotFound: 404,
    errors.ConflictError: 409,
    errors.DatabaseUnusable: 503,
    errors.LimitReached: 429,
    errors.TooBusy: 503,
}
"""Status of an error, or of the nearest of its bases that is listed."""
AGAIN_S = 5
"""When to come back after what was not the fault of the request; nobody can know how long it takes."""
_TITLES = {
    400: "That cannot be read",
    401: "Log in first",
    403: "Not from here",
    404: "Nothing here",
    405: "Not this way",
    409: "The interview has moved on",
    413: "Too long",
    422: "That does not fit",
    429: "Too much at once",
    500: "Something broke on our side",
    503: "Not just now",
}
_DETAILS = {
    400: "What was sent cannot be read. Go back, load the page again, and send it again.",
    404: "There is no such page. The start page lists your interviews.",
    405: "This address does not take that kind of request.",
    413: "What was sent is larger than this server takes. Shorten it and send again.",
    500: "What you had sent before is saved. Go back and try again; the log says what happened.",
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def status_of(error: errors.InterviewerError) -> int:
    """The HTTP status of one of our errors."""
    return next((STATUS[base] for base in type(error).__mro__ if base in STATUS), 500)


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(errors.InterviewerError)
    async def ours(request: Request, error: errors.InterviewerError) -> Response:
        status, name = status_of(error), type(error).__name__
        if status < 500:
            form = await refused.again(request) if isinstance(error, errors.NotLoggedIn) else None
            return respond(request, status, name, str(error), again=form)
        log.error("a request could not be served", exc_info=error)
        response = respond(request, status, name, str(error), again=await refused.again(request))
        response.headers["retry-after"] = str(AGAIN_S)
        return response

    @app.exception_handler(errors.LimitReached)
    async def limited(request: Request, error: errors.LimitReached) -> Response:
        detail = f"{error} {refused.KEPT}" if await refused.keep_answer(request) else str(error)
        name, form = type(error).__name__, await refused.again(request)
        response = respond(request, status_of(error), name, detail, again=form)
        response.headers["retry-after"] = str(error.retry_after_s)
        return response

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return respond(request, 422, "InvalidRequest", "; ".join(_plain(fault) for fault in error.errors()))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        detail = _DETAILS.get(error.status_code, str(error.detail))
        response = respond(request, error.status_code, f"Http{error.status_code}", detail)
        response.headers.update(error.headers or {})
        if error.status_code == 405:
            response.headers["allow"] = ", ".join(_allowed(request))
        return response

    @app.exception_handler(Exception)
    def unexpected(request: Request, _error: Exception) -> Response:
        told = f"{_DETAILS[500]} It is request {REQUEST_ID.get()} there."
        response = respond(request, 500, "Unexpected", told)
        response.headers.update(guard.PROTECTION)  # this answer is made outside all middleware
        return response


def respond(request: Request, status: int, name: str, detail: str, *, again: SentForm | None = None) -> Response:
    """A problem document under /api and for clients that do not read HTML, an error page otherwise."""
    if not wants_page(request.scope):
        return problem(status, name, detail)
    web: Web = request.app.state.web
    page = ErrorPage(status=status, title=_TITLES.get(status, "That did not work"), detail=detail, again=again)
    return web.render(request, "error.html", page, status=status)


def _allowed(request: Request) -> list[str]:
    """The methods that an address takes; the router tells those of the first of its routes only."""
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


def _plain(fault: dict[str, object]) -> str:
    """Where and what, never the value that was sent."""
    loc = fault["loc"]
    where = ".".join(str(step) for step in loc if step != "body") if isinstance(loc, tuple) else ""
    return f"{where or 'body'}: {fault['msg']}"
