"""What one call really sends, and what the server counts: kept up as it happens, however the call ends."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from interviewer.llm.chat import Chat


@dataclass(slots=True)
class Wire:
    """One call. `sent` are its last messages, which for some servers hold the schema in words; None before any went.

    `headers` go with each of its requests: they tell the server whose work it is.
    """

    sent: Chat | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


WIRE: ContextVar[Wire | None] = ContextVar("wire", default=None)
"""Who wants to know sets one before a call, and whoever makes the call fills it."""
