"""What is answered where there is no application yet to make a page: the same words for programs and for people."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from interviewer.web.shapes.problems import PROBLEM, ProblemShape


def refusal(scope: Scope, status: int, name: str, detail: str) -> Response:
    """A problem document under /api and for clients that do not read HTML, the bare words otherwise."""
    if wants_page(scope):
        return PlainTextResponse(f"{detail}\n", status)
    return problem(status, name, detail)


def problem(status: int, name: str, detail: str) -> Response:
    """A problem document (RFC 9457)."""
    return JSONResponse(ProblemShape.of(status, name, detail).model_dump(), status, media_type=PROBLEM)


def wants_page(scope: Scope) -> bool:
    """Whether a person reads the reply in a browser."""
    return not scope["path"].startswith("/api") and "text/html" in Headers(scope=scope).get("accept", "")
