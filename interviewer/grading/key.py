"""Chosen options -> Grading, by what the bank says of each option: exact, so nothing of it is an estimate. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from interviewer.domain import (
    AssertedMisconception,
    GraderKind,
    Grading,
    Mark,
    Option,
    Provenance,
    Question,
    QuestionKind,
    Verdict,
)
from interviewer.errors import UnknownChoice
from interviewer.grading.assemble import assemble

GONE = "An option that was chosen is no longer in the bank. It earns and costs nothing."


def by_key(question: Question, chosen: Collection[str], *, bank: str, graded_at: datetime) -> Grading:
    """The marks of a choice question: each right option is a point, each wrong one that was chosen a mistake.

    The score is the share of the right options that were chosen, less the same share for each wrong one, not below 0:
    what one right tick earns, one wrong tick costs. Quotes are the options' own texts. An option that the bank has no
    more earns and costs nothing, and a note says so.
    """
    gone = set(chosen) - {option.id for option in question.options}
    return assemble(
        [_mark(option, is_chosen=option.id in chosen) for option in question.options if option.correct],
        [_mistake(question, option) for option in question.options if option.id in chosen and not option.correct],
        provenance=Provenance(grader=GraderKind.KEY, bank=bank, milliseconds=0),
        graded_at=graded_at,
        notes=(GONE,) if gone else (),
    )


def check(question: Question, chosen: Collection[str]) -> None:
    """Raises UnknownChoice unless these options may be chosen together."""
    if question.kind is not QuestionKind.CHOICE:
        raise UnknownChoice("This question has no options to choose from. Answer it in your own words.")
    known = {option.id for option in question.options}
    if unknown := sorted(set(chosen) - known):
        raise UnknownChoice(f"Unknown option {unknown[0]!r}. The options are: {', '.join(sorted(known))}.")
    if len(chosen) > 1 and not question.several:
        raise UnknownChoice("One option of this question is right. Choose one.")


def _mark(option: Option, *, is_chosen: bool) -> Mark:
    return Mark(
        point=option.id,
        says=option.text,
        weight=1,
        verdict=Verdict.MET if is_chosen else Verdict.MISSED,
        credit=1.0 if is_chosen else 0.0,
        quote=option.text if is_chosen else None,
        reason=option.why,
    )


def _mistake(question: Question, option: Option) -> AssertedMisconception:
    wrong = next(wrong for wrong in question.misconceptions if wrong.id == option.id)
    return AssertedMisconception(
        id=option.id,
        says=option.text,
        penalty=wrong.penalty,
        fix=option.why,
        quote=option.text,
        said=0,
        start=0,
        end=0,
    )
