"""A text -> whether it is English. Pure; by the words that join others, which no subject lends to another language."""

from __future__ import annotations

from collections.abc import Iterable

from interviewer.grading.lists import JOINING_ABROAD
from interviewer.grading.words import FUNCTION_WORDS, words

ENGLISH_SHARE = 0.15
"""Less than one joining word in seven: terms and names, which are the same in many languages."""
_ENGLISH_ONLY = FUNCTION_WORDS - JOINING_ABROAD
_ABROAD_ONLY = JOINING_ABROAD - FUNCTION_WORDS


def is_english(text: str) -> bool:
    """Whether a text is mostly English; terms alone are not taken for it."""
    said = words(text)
    english = _count(said, _ENGLISH_ONLY)
    return english > _count(said, _ABROAD_ONLY) and _count(said, FUNCTION_WORDS) >= ENGLISH_SHARE * len(said)


def _count(said: Iterable[str], known: frozenset[str]) -> int:
    return sum(word in known for word in said)
