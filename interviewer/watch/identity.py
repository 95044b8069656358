"""The id of the request, or of the round of background work, that something is done for."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Set at the door, and by background work; tasks begun on the way inherit it. Empty outside of both."""

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def accepted(given: str) -> str | None:
    """A client's own id for its request, where it can stand in a log; None where it cannot."""
    return given if _ACCEPTED.fullmatch(given) else None


def fresh_id() -> str:
    """An id that no other request has."""
    return secrets.token_hex(8)


def background_id(work: str) -> str:
    """An id for one round of work that no request asked for: its name, and letters of its own."""
    return f"{work}-{secrets.token_hex(4)}"
