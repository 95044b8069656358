"""A text -> its words, folded, with their places. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
MOST_BETWEEN = 40
_JOINED = re.compile(r"\.|[^\S\n]*(?:[-‐‑–/_&+][^\S\n]*)?\n?[^\S\n]*")
"""What may stand between the words of one phrase: "CI/CD", "OAuth 2.0", "dependency-injection", a wrapped line."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start`..`end`; `folded` has neither case nor accents, `joined` if it goes on from the one before."""

    folded: str
    start: int
    end: int
    capitals: bool
    joined: bool


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text: runs of letters and digits."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        near = bool(found) and match.start() - end <= MOST_BETWEEN
        joined = near and _JOINED.fullmatch(text, end, match.start()) is not None
        found.append(Word(folded(match[0]), match.start(), match.end(), match[0].isupper(), joined))
        end = match.end()
    return tuple(found)


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """A word without case, accents and ligatures."""
    parted = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in parted if not unicodedata.combining(char))
