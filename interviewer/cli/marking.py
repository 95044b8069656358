"""Rows -> gradings, by the grader of the product, outside an interview."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from interviewer.domain import GraderKind, Grading, Question, Ungraded
from interviewer.errors import SettingError
from interviewer.grading.agreement import Credits, Pair
from interviewer.grading.rows import Row
from interviewer.settings import Settings, load_settings
from interviewer.web.words import FALLBACK

if TYPE_CHECKING:  # graders are not needed for --help, and take a while to load
    from interviewer.grading.cascade import Cascade

REVISION = "rows"
"""Stands in the provenance where an interview's grading names the bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A row's grading with the question (of several references, the best) it was made against; ms for the answer."""

    question: Question
    grading: Grading
    ms: float


Mark = Callable[[Row], Marked | Ungraded]
"""Marks a row."""


@contextmanager
def marking_by(kind: GraderKind) -> Iterator[Mark]:
    """What marks a row, by the grader the settings choose; for `fuzzy` none are read.

    Rows are read and written outside its event loop, so that Ctrl-C is heard while it waits for one.

    Raises:
        SettingError: a model is wanted and none is set.
    """
    from interviewer.grading import choose

    logging.getLogger("interviewer").addHandler(logging.NullHandler())  # fallbacks are counted, not logged
    settings = load_settings() if kind is GraderKind.LLM else Settings()
    model = choose.chat_model(settings) if kind is GraderKind.LLM else None
    if kind is GraderKind.LLM and model is None:
        raise SettingError(
            "--grader llm needs a model: set INTERVIEWER_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL to where it is."
        )
    cascade = choose.cascade(settings, model, bank_revision=REVISION, clock=lambda: datetime.now(UTC))
    with asyncio.Runner() as runner:
        try:
            yield lambda row: runner.run(_mark(cascade, row))
        finally:
            if model is not None:
                runner.run(model.close())


def pair(row: Row, marked: Marked) -> Pair:
    """The grading beside the row's human score and marks.

    Raises:
        ValueError: the row has no human score.
    """
    if row.score is None:
        raise ValueError("no human score to compare with")
    given = row.marks or {}
    return Pair(
        machine=marked.grading.score / 100,
        human=row.score,
        group=row.group,
        level=row.level,
        tier=row.tier,
        points=tuple(Credits(m.credit, given[m.point]) for m in marked.grading.marks if m.point in given),
        ms=marked.ms,
    )


async def _mark(cascade: Cascade, row: Row) -> Marked | Ungraded:
    """The best grading over the row's references; Ungraded where the model was asked and gave none."""
    started = time.perf_counter()
    best: tuple[Question, Grading] | None = None
    for question in row.questions:
        result = await cascade.grade(question, row.answers)
        if isinstance(result, Ungraded):
            return result
        if reason := result.provenance.fallback:
            return Ungraded(reason=reason, message=FALLBACK[reason])
        if best is None or result.score > best[1].score:
            best = question, result
    assert best is not None  # a row has a question at least
    ms = (time.perf_counter() - started) * 1000
    await asyncio.sleep(0)  # the offline grader never waits, and Ctrl-C is only heard where something does
    return Marked(question=best[0], grading=best[1], ms=ms)
