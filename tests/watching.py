"""Watchers of a grading: one that writes down what it is told, one with a bug."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from interviewer.domain import Mark, Verdict


@dataclass
class Heard:
    """Writes down what it is told: `("quick", ...)`, `("mark", point, verdict)`, `("again",)`."""

    events: list[tuple[object, ...]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    quick_marks: Sequence[Mark] = ()

    def quick(self, marks: Sequence[Mark]) -> None:
        """The offline grader's marks."""
        self.quick_marks = marks
        self.events.append(("quick", *(mark.verdict for mark in marks)))

    def mark(self, mark: Mark) -> None:
        """A mark of the model's."""
        self.marks.append(mark)
        self.events.append(("mark", mark.point, mark.verdict))

    def again(self) -> None:
        """The marks so far fall."""
        self.events.append(("again",))


class Deaf:
    """Breaks whenever it is told anything, and counts how often."""

    def __init__(self) -> None:
        self.told = 0

    def quick(self, _marks: Sequence[Mark]) -> None:
        """Break."""
        self._break()

    def mark(self, _mark: Mark) -> None:
        """Break."""
        self._break()

    def again(self) -> None:
        """Break."""
        self._break()

    def _break(self) -> None:
        self.told += 1
        raise ValueError("a bug of the watcher")


def told(point: str, verdict: Verdict) -> tuple[object, ...]:
    """What a mark looks like in `Heard.events`."""
    return ("mark", point, verdict)
