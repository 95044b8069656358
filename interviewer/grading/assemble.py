"""Marks -> Grading: the score and the feedback that follow from the marks alone, whoever gave them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interviewer.domain import AssertedMisconception, Grading, Mark, Provenance, Question, Verdict
from interviewer.grading.content import NoContent
from interviewer.scoring import answer_score

NO_CONTENT_NOTES = {
    NoContent.EMPTY_TALK: "There is nothing here to mark yet: name what happens and why.",
    NoContent.DONT_KNOW: "You said that you do not know. That is a fair answer; the reference is below.",
    NoContent.ECHO: "This repeats the question. Say what happens, not what was asked.",
}


def assemble(
    marks: Sequence[Mark],
    misconceptions: Sequence[AssertedMisconception],
    *,
    provenance: Provenance,
    graded_at: datetime,
    strengths: Sequence[str] | None = None,
    improve: Sequence[str] | None = None,
    notes: Sequence[str] = (),
    acknowledge: str | None = None,
) -> Grading:
    """A grading whose score is computed from its marks; feedback not given is taken from the rubric's sentences."""
    return Grading(
        marks=tuple(marks),
        misconceptions=tuple(misconceptions),
        strengths=tuple(_earned(marks) if strengths is None else strengths),
        improve=tuple(_open(marks, misconceptions) if improve is None else improve),
        notes=tuple(notes),
        score=answer_score(marks, misconceptions),
        provenance=provenance,
        graded_at=graded_at,
        acknowledge=acknowledge,
    )


def missed_marks(question: Question, reason: str) -> tuple[Mark, ...]:
    """A mark of `missed` for every point of the question."""
    return tuple(
        Mark(point=point.id, says=point.says, weight=point.weight, verdict=Verdict.MISSED, credit=0.0, reason=reason)
        for point in question.points
    )


def _earned(marks: Sequence[Mark]) -> list[str]:
    return [mark.says for mark in marks if mark.verdict is Verdict.MET]


def _open(marks: Sequence[Mark], misconceptions: Sequence[AssertedMisconception]) -> list[str]:
    lost = sorted((mark for mark in marks if mark.verdict is not Verdict.MET), key=lambda mark: -mark.weight)
    return [asserted.fix for asserted in misconceptions] + [mark.says for mark in lost]
