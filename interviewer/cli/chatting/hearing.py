"""Lines that somebody types, or that come from a file -> answers and commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from interviewer.talk.requests import COMMANDS

END = "."
"""A line that holds only this ends an answer: two empty lines would not do, for code has them."""
CLEAR = "/clear"
ALONE = frozenset({*COMMANDS, CLEAR})
"""Commands are heard on a line of their own, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came: lines typed so far, a command if one was typed, and whether nothing more will come."""

    lines: tuple[str, ...]
    command: str | None = None
    is_end: bool = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


class Ears:
    """Reads lines: with a prompt and the keys of a line editor where somebody sits there, else plainly."""

    def __init__(self, read: Callable[[str], str] = input, *, is_person: bool | None = None) -> None:
        self._read = read
        self.is_person = sys.stdin.isatty() if is_person is None else is_person
        self.unsent: list[str] = []
        """Lines that were typed and not sent yet."""

    def line(self) -> str | None:
        """The next line, or None when there is no more."""
        try:
            return self._read("> " if self.is_person else "")
        except EOFError:
            return None

    def answer(self, begun: Sequence[str] = ()) -> Heard:
        """An answer of several lines up to a full stop or the end, or what was typed up to a command."""
        self.unsent = [*begun]
        while (line := self.line()) is not None:
            word = line.strip()
            if word == END:
                return self._taken()
            if word.casefold() in ALONE:
                return self._taken(command=word.casefold())
            self.unsent.append(line)
        return self._taken(is_end=True)

    def _taken(self, *, command: str | None = None, is_end: bool = False) -> Heard:
        lines, self.unsent = tuple(self.unsent), []
        return Heard(lines, command, is_end)
