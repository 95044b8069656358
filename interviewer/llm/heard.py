"""The events of a reply on the wire -> its text, when it is all there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from interviewer.domain import UngradedReason
from interviewer.llm.failures import failure

MOST_COUNTED = 10**9
"""A server that counts more tokens than this in one call has miscounted."""
CHARS_PER_TOKEN = 8
"""More than tokens of English, code or JSON have on average: who writes more has left the cap behind."""


@dataclass(slots=True)
class Heard:
    """What has come of a reply so far; at most what `max_tokens` tokens may be, also from a server that ignores them.

    `first_s` is when its first piece came, on the caller's stopwatch.
    """

    max_tokens: int | None = None
    text: str = ""
    choices: int = 0
    refused: bool = False
    finish: str | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_s: float | None = None

    def add(self, event: dict[str, Any], part: Literal["delta", "message"]) -> None:
        """Take in one event of the wire.

        Raises:
            AttributeError, LookupError, TypeError: it has another shape.
            ModelError: the model writes on and on.
        """
        self.model = _name(event.get("model")) or self.model
        if usage := event.get("usage"):
            self.tokens_in, self.tokens_out = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
        for choice in (event.get("choices") or [])[:1]:
            said = choice.get(part) or {}
            self.choices += 1
            self.text += said.get("content") or ""
            self.refused = self.refused or bool(said.get("refusal"))
            self.finish = choice.get("finish_reason") or self.finish
        if self.max_tokens and len(self.text) > self.max_tokens * CHARS_PER_TOKEN:
            raise failure(UngradedReason.TRUNCATED)

    def whole_text(self) -> str:
        """The text, when it is all there. A stream that just ends has no finish reason.

        Raises:
            ModelError: it is cut off, refused or empty.
        """
        if self.refused or self.finish == "content_filter":
            raise failure(UngradedReason.REFUSAL)
        if self.choices and self.finish in (None, "length"):
            raise failure(UngradedReason.TRUNCATED)
        if not self.text.strip():
            raise failure(UngradedReason.UNREADABLE)
        return self.text


def _count(given: object) -> int | None:
    """A count of tokens that can be one."""
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    return given if 0 <= given <= MOST_COUNTED else None


def _name(given: object) -> str | None:
    return given if isinstance(given, str) else None
