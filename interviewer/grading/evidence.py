"""A quote + the candidate's texts -> where the quote stands, or that it does not. Pure.

Case, accents, blanks, punctuation and invisible characters are folded on both sides; the words must be there, whole
and in order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MIN_QUOTE_LETTERS = 3
"""A shorter quote ("it", "a") is found in anything and proves nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quote's place: which of the texts (from 0), and its character offsets there."""

    said: int
    start: int
    end: int


def find_quote(quote: str, texts: Sequence[str]) -> Found | None:
    """First place where the words of `quote` stand in one of the texts; None when they stand in none."""
    wanted, _ = _folded(quote)
    if sum(len(word) for word in wanted) < MIN_QUOTE_LETTERS:
        return None
    for said, text in enumerate(texts):
        present, spans = _folded(text)
        at = _index_of(wanted, present)
        if at is not None:
            return Found(said, spans[at][0], spans[at + len(wanted) - 1][1])
    return None


def _index_of(wanted: list[str], present: list[str]) -> int | None:
    first = wanted[0]
    for at in range(len(present) - len(wanted) + 1):
        if present[at] == first and present[at : at + len(wanted)] == wanted:
            return at
    return None


@lru_cache(maxsize=4096)
def _kept(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", char).casefold() if c.isalnum())


def _folded(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Folded words with their offsets in `text`; anything but letters and digits separates words."""
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    word, start, end = "", 0, 0
    for at, char in enumerate(text):
        kept = _kept(char)
        if kept:
            if not word:
                start = at
            word, end = word + kept, at + 1
        elif word and not unicodedata.combining(char) and unicodedata.category(char) != "Cf":
            found.append(word)
            spans.append((start, end))
            word = ""
    if word:
        found.append(word)
        spans.append((start, end))
    return found, spans
