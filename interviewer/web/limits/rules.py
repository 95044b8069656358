"""What each route costs. Every route that changes something, and every other that costs, stands here; a test says so.

A route is named by its method and its path with the names of its parameters in braces. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What is counted."""

    MOVES = "moves"
    DRAFTS = "drafts"
    STARTS = "starts"
    SIGN_INS = "sign-ins"
    MODEL = "model"
    FILES = "files"


class Place(StrEnum):
    """What only so many may do at once."""

    STREAM = "stream"
    GRADING = "grading"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one request to a route counts as, and the place it takes; `name` is the form field that says for whom."""

    kinds: tuple[Kind, ...] = ()
    place: Place | None = None
    name: str | None = None


MOVE = Rule(kinds=(Kind.MOVES,))
TALK = Rule(kinds=(Kind.MOVES, Kind.MODEL))
"""A move whose words a model may choose."""
MARKING = Rule(kinds=(Kind.MOVES, Kind.MODEL), place=Place.GRADING)
START = Rule(kinds=(Kind.STARTS, Kind.MODEL))
SIGN_IN = Rule(kinds=(Kind.SIGN_INS,), name="name")
CONFIRM = Rule(kinds=(Kind.SIGN_INS,))
"""A password of somebody who is logged in, so it is clear whose."""
READING = Rule(kinds=(Kind.FILES, Kind.MODEL))
FILE = Rule(kinds=(Kind.FILES,), place=Place.PDF)
GATHERED = Rule(kinds=(Kind.FILES,))
"""What many interviews are read for."""
DRAFT = Rule(kinds=(Kind.DRAFTS,))
STREAM = Rule(place=Place.STREAM)
FREE = Rule()

_ONE = "/interviews/{interview_id}"
ROUTES: Mapping[tuple[str, str], Rule] = MappingProxyType(
    {
        **{("POST", f"{api}/interviews"): START for api in ("", "/api")},
        **{("POST", f"{api}/reviews"): START for api in ("", "/api")},
        **{("POST", path): START for path in ("/checks", "/exams", "/aim/interviews")},
        **{("POST", f"{api}{_ONE}/answers"): MARKING for api in ("", "/api")},
        **{("POST", f"{api}{_ONE}/regrade"): MARKING for api in ("", "/api")},
        **{("POST", f"{api}{_ONE}/{move}"): TALK for api in ("", "/api") for move in ("hint", "skip", "finish")},
        **{("POST", f"{api}{_ONE}/{move}"): MOVE for api in ("", "/api") for move in ("choices", "disputes", "share")},
        **{("POST", f"{_ONE}/{move}"): MOVE for move in ("exam", "delete", "share/revoke")},
        ("POST", f"/api{_ONE}/flag"): MOVE,
        ("DELETE", f"/api{_ONE}"): MOVE,
        ("DELETE", f"/api{_ONE}/share"): MOVE,
        ("PUT", f"/api{_ONE}/draft"): DRAFT,
        **{("POST", f"{api}/aim"): READING for api in ("", "/api")},
        **{("GET", f"{api}{_ONE}/report.pdf"): FILE for api in ("", "/api")},
        **{("GET", f"{api}/review.apkg"): FILE for api in ("", "/api")},
        ("GET", "/shared/{token}/report.pdf"): FILE,
        **{("GET", f"{api}{_ONE}/events"): STREAM for api in ("", "/api")},
        **{("GET", path): GATHERED for path in ("/account/export.json", "/api/account/export", "/items")},
        **{("POST", f"/account/{act}"): CONFIRM for act in ("password", "delete")},
        ("DELETE", "/api/account"): CONFIRM,
    }
)
SIGNING_IN = ("/login", "/signup", "/invited/")
"""Beginnings of the paths where a name and a password are sent; a post to each counts as a sign-in."""


def rule_of(method: str, path: str) -> Rule:
    """The rule of a route; what changes something and is not listed counts as a move."""
    if found := ROUTES.get((method, path)):
        return found
    if method in ("GET", "HEAD", "OPTIONS"):
        return FREE
    return SIGN_IN if path.startswith(SIGNING_IN) else MOVE
