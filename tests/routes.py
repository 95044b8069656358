"""The route table of the application: every method and path that it answers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute


def route_table(app: FastAPI) -> set[tuple[str, str]]:
    """(method, path) of every route, `("GET", "/interviews/{interview_id}")`; HEAD and OPTIONS left out."""
    return {(method, route.path) for route in _routes(app) for method in (route.methods or set()) - {"HEAD", "OPTIONS"}}


def _routes(router: Any) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            assert not route.include_context.prefix, "a route is known by the path that it has itself"
            yield from _routes(route.original_router)
