"""What one run of a grader goes by beside question and answers, and who is told of its marks as they come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from interviewer.domain import Mark
from interviewer.llm import ChatModel

log = logging.getLogger(__name__)


class Watcher(Protocol):
    """Follows a grading while it is being made. What it hears is provisional until the grading is there."""

    def quick(self, marks: Sequence[Mark]) -> None:
        """The offline grader's marks, one for each point, while the model is being asked."""

    def mark(self, mark: Mark) -> None:
        """The model's mark on one point, its quote found in the answer."""

    def again(self) -> None:
        """The model's reply could not be used and it is asked once more: its marks so far fall."""


class Follower:
    """A watcher, or nobody, whose faults do not disturb the grading: the first is logged, then it is told no more."""

    def __init__(self, watcher: Watcher | None) -> None:
        self._watcher = watcher

    def quick(self, marks: Sequence[Mark]) -> None:
        """The offline grader's marks."""
        self._tell(lambda watcher: watcher.quick(marks))

    def mark(self, mark: Mark) -> None:
        """The model's mark on one point."""
        self._tell(lambda watcher: watcher.mark(mark))

    def again(self) -> None:
        """The model's marks so far fall."""
        self._tell(lambda watcher: watcher.again())

    def _tell(self, what: Callable[[Watcher], None]) -> None:
        if self._watcher is None:
            return
        try:
            what(self._watcher)
        except Exception:
            log.exception("a grading cannot be followed any more")
            self._watcher = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingRun:
    """One run of a grader.

    `chat` is the model to ask in this run, None leaves that to the grader. `language` is the English name of the
    language of reasons and feedback, an empty one English. `asked` is, for each of the candidate's texts, what the
    interviewer had said before it: said back, it earns nothing. Without a `watcher` nobody follows.
    """

    chat: ChatModel | None = None
    language: str = ""
    asked: tuple[tuple[str, ...], ...] = ()
    watcher: Watcher | None = None

    def asked_before(self, said: int) -> tuple[str, ...]:
        """What the interviewer had said before the candidate's text number `said`, counted from 0."""
        return self.asked[said] if said < len(self.asked) else ()


ALONE = GradingRun()
"""A run outside an interview: nobody follows."""
