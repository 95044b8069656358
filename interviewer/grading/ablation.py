"""A row with less to mark by: what a grader is worth without cues, misconceptions or a reference. Pure."""

from __future__ import annotations

from dataclasses import replace

from interviewer.domain import Question
from interviewer.grading.rows import Row, as_prose


def sentences_of(question: Question) -> Question:
    """The question as a draft has it: the sentences of its points and misconceptions, no cues."""
    return replace(
        question,
        points=tuple(replace(point, cues=()) for point in question.points),
        misconceptions=tuple(replace(wrong, cues=()) for wrong in question.misconceptions),
    )


def without_cues(row: Row) -> Row:
    """The row with the sentences of its points and misconceptions alone."""
    return replace(row, questions=tuple(sentences_of(question) for question in row.questions))


def without_reference(row: Row) -> Row:
    """The row as somebody has it who wrote points and no reference."""
    questions = (replace(q, reference=as_prose([point.says for point in q.points])) for q in row.questions)
    return replace(row, questions=tuple(questions))


def without_misconceptions(row: Row) -> Row:
    """The row with none of its misconceptions."""
    return replace(row, questions=tuple(replace(question, misconceptions=()) for question in row.questions))
