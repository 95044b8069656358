"""What a model makes of a message that may be a question back. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarified:
    """Whether a message is an answer after all; if it is not, what to reply (None: the fixed sentence)."""

    is_answer: bool = False
    reply: str | None = None
