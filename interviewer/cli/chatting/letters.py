"""Letters -> the options they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_lowercase

from interviewer.domain import Option
from interviewer.errors import EmptyAnswer, UnknownChoice

_BETWEEN = re.compile(r"[\s,;.)(+&]+|\band\b")


def lettered(options: Sequence[Option]) -> list[tuple[str, Option]]:
    """The options, each with its letter."""
    return list(zip(ascii_lowercase, options, strict=False))


def chosen(typed: str, options: Sequence[Option]) -> tuple[str, ...]:
    """Ids of the options whose letters were typed, as in `a c`, `A, C` or `ac`; each once, in their order.

    Raises:
        EmptyAnswer: there is no letter in it.
        UnknownChoice: something else than letters of options is in it.
    """
    by_letter = {letter: option.id for letter, option in lettered(options)}
    letters = set("".join(_BETWEEN.split(typed.casefold())))
    last = list(by_letter)[-1]
    if not letters:
        raise EmptyAnswer(f"Nothing is chosen. Type the letter of an option, a to {last}, or /skip.")
    if not letters <= by_letter.keys():
        raise UnknownChoice(f"The options have the letters a to {last}. Type only those, as in: a c")
    return tuple(option_id for letter, option_id in by_letter.items() if letter in letters)
