"""`/metrics` for Prometheus: who may read it, and what it says beside the counts of the processes."""

from __future__ import annotations

import asyncio
import hmac
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from interviewer.errors import DatabaseUnusable
from interviewer.settings import Settings
from interviewer.watch.metrics import CONTENT_TYPE, Metrics
from interviewer.web.parts import Web, WebDep
from interviewer.web.problems import respond

router = APIRouter(include_in_schema=False)

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""A request with one of these came through a proxy, so it is not of this machine whatever its address says."""


@router.get("/metrics")
async def metrics(request: Request, web: WebDep, authorization: Annotated[str, Header()] = "") -> Response:
    """All metrics as text, for this machine and for who has the token; see INTERVIEWER_METRICS."""
    counts: Metrics | None = request.app.state.metrics
    if counts is None:
        return respond(request, 404, "Http404", "There is no such page. The start page lists your interviews.")
    if not may_watch(request, web.settings, authorization):
        return _refused(request, web.settings)
    if web.breaker:
        counts.circuit(web.breaker.state(web.conductor.now))
    text = await asyncio.to_thread(counts.exposed, await _of_the_database(web))
    return Response(text, media_type=CONTENT_TYPE)


def may_watch(request: Request, settings: Settings, authorization: str) -> bool:
    """Whether a request comes from who looks after the server: from this machine, or with the token."""
    if settings.metrics == "all":
        return True
    scheme, _, given = authorization.partition(" ")
    token = settings.metrics_token
    if token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), token.get_secret_value().encode())
    return _is_local(request)


def _is_local(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _refused(request: Request, settings: Settings) -> Response:
    if settings.metrics_token:
        refused = respond(request, 401, "NoToken", "Send INTERVIEWER_METRICS_TOKEN as a bearer token.")
        refused.headers["www-authenticate"] = "Bearer"
        return refused
    return respond(
        request,
        403,
        "NotFromHere",
        "Metrics are for this machine. To read them from others, set a token: see the docs.",
    )


async def _of_the_database(web: Web) -> dict[str, tuple[str, float]]:
    """What all processes share. Without the database there is no count, and the rest still counts."""
    up = "Whether the database answers."
    try:
        waiting = await web.store.waiting.count()
    except DatabaseUnusable:
        return {"interviewer_database_up": (up, 0)}
    return {
        "interviewer_database_up": (up, 1),
        "interviewer_ungraded_answers": ("Answers that await their grade, in the database of all.", waiting),
    }
