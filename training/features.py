"""Rows marked by people -> what the offline grader measures of each, ready for a credit map to be tried on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from interviewer.grading.by_sentence import CreditMap, likeness
from interviewer.grading.content import no_content
from interviewer.grading.reading import Reading
from interviewer.grading.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Points of all rows below one another.

    `likes`: points by four measures (recall, squared, token set, window), all 0 where the grader gives nothing;
    `weights`: the points' weights, as shares of their rubric; `starts`: where each row's points begin; `human`,
    `groups`, `tiers`: one of each row.
    """

    likes: Any
    weights: Any
    starts: Any
    human: Any
    groups: Sequence[str]
    tiers: Sequence[str | None]

    def scores(self, of: CreditMap) -> Any:
        """Each row's score 0..1 with a credit map, as the product gives it but for its rounding to hundredths."""
        index = self.likes @ np.array([of.recall, of.squared, of.token_set, of.window])
        credit = np.clip((index - of.start) / (of.full - of.start), 0, 1) ** of.power
        credit[self.likes[:, 3] == 0] = 0.0
        return np.add.reduceat(credit * self.weights, self.starts)


def measured(rows: Iterable[Row]) -> Measured:
    """Measure rows of one question and one text each, marked by people, by the sentences of their points alone."""
    kept = [row for row in rows if row.score is not None]
    likes: list[Sequence[float]] = []
    weights: list[float] = []
    starts: list[int] = []
    for row in kept:
        (question,), (answer,) = row.questions, row.answers
        starts.append(len(likes))
        empty = no_content(answer, question) is not None
        text = Reading("" if empty else answer, question)
        total = sum(point.weight for point in question.points)
        for point in question.points:
            like = likeness(point, question, text)
            heard = bool(like.window)
            likes.append((like.recall, like.squared, like.token_set, like.window) if heard else (0.0,) * 4)
            weights.append(point.weight / total)
    return Measured(
        likes=np.array(likes),
        weights=np.array(weights),
        starts=np.array(starts),
        human=np.array([row.score for row in kept]),
        groups=[row.group for row in kept],
        tiers=[row.tier for row in kept],
    )
