"""Answer + rubric -> marks, offline: the same contract as the model grader. Pure.

Each point is marked by its cues where it has them and by its sentence where it has none. What states nothing is
not heard at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interviewer.domain import AssertedMisconception, Mark, Misconception, Point, Question, Verdict
from interviewer.grading import by_cues, by_sentence
from interviewer.grading.gate import FLAG_NOTES, Flag
from interviewer.grading.reading import Reading, flag_notes
from interviewer.scoring import AFTER_PROBE_SHARE


@dataclass(frozen=True, slots=True)
class FuzzyMarks:
    """What the offline grader finds: a mark for each point, the misconceptions asserted, notes on the answer."""

    marks: tuple[Mark, ...]
    misconceptions: tuple[AssertedMisconception, ...]
    notes: tuple[str, ...]


def mark(question: Question, answers: Sequence[str], asked: Sequence[tuple[str, ...]] = ()) -> FuzzyMarks:
    """Mark the candidate's texts of one turn against the question's points.

    Each text is heard by itself; a point first met in a later text (after a probe) says so in `Mark.said`. `asked` is,
    for each text, what the interviewer had said before it: said back, it earns nothing.
    """
    vocabulary = by_cues.vocabulary(tuple(statement.cues for statement in question.statements))
    before = [*asked, *((),) * (len(answers) - len(asked))]
    texts = [Reading(text, question, vocabulary, asked=told) for text, told in zip(answers, before, strict=True)]
    bags = [by_cues.is_bag(text, question) for text in texts]
    heard = [Reading("", question) if bag else text for text, bag in zip(texts, bags, strict=True)]
    given = tuple(_best_mark(point, question, heard) for point in question.points)
    by_cue = {point.id for point in question.points if point.cues}
    earned = [mark for mark in given if mark.point in by_cue and mark.verdict is Verdict.MET]
    asserted = tuple(found for wrong in question.misconceptions if (found := _asserted(wrong, question, heard, earned)))
    marks = tuple(_unless_wrong(mark, asserted) for mark in given)
    listed = (FLAG_NOTES[Flag.LIST],) if any(bags) else ()
    return FuzzyMarks(marks, asserted, tuple(dict.fromkeys((*flag_notes(heard), *listed))))


def _best_mark(point: Point, question: Question, heard: Sequence[Reading]) -> Mark:
    """The mark worth most over all texts; one from a later text counts less, as the score does."""
    marks = [_mark(point, question, text, said) for said, text in enumerate(heard)]
    best = max(marks, key=lambda m: m.credit * (AFTER_PROBE_SHARE if m.said > 0 else 1.0))
    if best.credit == 0:
        return next((m for m in reversed(marks) if m.verdict is Verdict.CONTRADICTED), best)
    return best


def _mark(point: Point, question: Question, text: Reading, said: int) -> Mark:
    """By cues where there are any; their sentence must not say the opposite of the point's."""
    if not point.cues:
        return by_sentence.mark(point, question, text, said)
    mark = by_cues.mark(point, text, said)
    if mark.credit and text.sentences_of(mark.start, mark.end) & by_sentence.turned_round(point, question, text):
        reason = "The answer says the opposite here."
        return replace(mark, verdict=Verdict.CONTRADICTED, credit=0.0, reason=reason)
    return mark


def _asserted(
    wrong: Misconception, question: Question, heard: Sequence[Reading], earned: Sequence[Mark]
) -> AssertedMisconception | None:
    """By its cues, else by its sentence where no point was earned by cues: what is near a wrong belief may be right."""
    for said, text in enumerate(heard):
        if found := by_cues.asserted(wrong, text, said):
            return found
        found = by_sentence.asserted(wrong, question, text, said)
        if found and not any(m.said == said and m.start < found.end and found.start < m.end for m in earned):
            return found
    return None


def _unless_wrong(mark: Mark, asserted: Sequence[AssertedMisconception]) -> Mark:
    """The mark, or a contradiction where its words overlap a misconception's: they cannot be right and wrong."""
    for wrong in asserted:
        if mark.credit and wrong.said == mark.said and wrong.start < mark.end and mark.start < wrong.end:
            reason = "These words assert something that is not so."
            return replace(mark, verdict=Verdict.CONTRADICTED, credit=0.0, reason=reason)
    return mark
