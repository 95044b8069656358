"""The page of an error. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TEXTS = ("text", "comment")
"""Fields of our forms that hold what somebody wrote; it is shown, the others go along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """A form that was not taken, to be sent again: field names and values."""

    action: str
    texts: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """`error.html`."""

    status: int
    title: str
    detail: str
    again: SentForm | None = None


def sent_form(action: str, fields: Iterable[tuple[str, str]]) -> SentForm | None:
    """The form as it was sent; None for one with a password, which is never written into a page."""
    fields = tuple(fields)
    if any("password" in name for name, _ in fields):
        return None
    return SentForm(
        action=action,
        texts=tuple(field for field in fields if field[0] in TEXTS),
        others=tuple(field for field in fields if field[0] not in TEXTS),
    )
