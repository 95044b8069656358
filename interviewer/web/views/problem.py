"""The page of an error. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """`error.html`."""

    status: int
    title: str
    detail: str
