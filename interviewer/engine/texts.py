"""What was typed, made fit to be kept. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from interviewer.errors import AnswerTooLong, EmptyAnswer


@dataclass(frozen=True, slots=True)
class CleanAnswer:
    """An answer fit to be kept; `replaced` counts the characters that no database and no page can hold."""

    text: str
    replaced: int


def clean_answer(text: str, *, max_chars: int) -> CleanAnswer:
    """The answer with line ends made uniform and unusable characters (NUL, lone surrogates) shown as �.

    Raises:
        EmptyAnswer: no letter, digit or sign is left.
        AnswerTooLong: more than `max_chars` characters.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(unicodedata.category(char)[0] in "LNSP" for char in text):
        raise EmptyAnswer("There are no words in the answer. Write what you know, ask for a hint, or skip.")
    if len(text) > max_chars:
        raise AnswerTooLong(
            f"The answer has {len(text):,} characters; at most {max_chars:,} can be marked. Shorten it and send again."
        )
    return CleanAnswer(_storable(text), sum(map(_unusable, text)))


def clean_draft(text: str, *, max_chars: int) -> str:
    """An unsent text fit to be kept, cut where it is longer than an answer may be by far."""
    return _storable(text.replace("\r\n", "\n"))[: 2 * max_chars]


def _storable(text: str) -> str:
    return "".join("\ufffd" if _unusable(char) else char for char in text)


def _unusable(char: str) -> bool:
    category = unicodedata.category(char)
    return category == "Cs" or (category == "Cc" and char not in "\n\t")
