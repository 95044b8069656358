"""What one run of a grader goes by beside question and answers, and who is told of its marks as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from interviewer.domain import Mark
from interviewer.llm import ChatModel


class Watcher(Protocol):
    """Follows a grading while it is being made. What it hears is provisional until the grading is there."""

    def quick(self, marks: Sequence[Mark]) -> None:
        """The offline grader's marks, one for each point, while the model is being asked."""

    def mark(self, mark: Mark) -> None:
        """The model's mark on one point, its quote found in the answer."""

    def again(self) -> None:
        """The model's reply could not be used and it is asked once more: its marks so far fall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingRun:
    """One run of a grader.

    `chat` is the model to ask in this run, None leaves that to the grader. `language` is the English name of the
    language of reasons and feedback, an empty one English. Without a `watcher` nobody follows.
    """

    chat: ChatModel | None = None
    language: str = ""
    watcher: Watcher | None = None


ALONE = GradingRun()
"""A run outside an interview: nobody follows."""
