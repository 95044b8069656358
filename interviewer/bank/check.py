"""Bank -> what its own samples and references say against it: the test every question brings with it."""

from __future__ import annotations

from collections.abc import Iterator

from interviewer.bank import Bank
from interviewer.domain import Band, Question, Sample
from interviewer.errors import BankProblem
from interviewer.grading import fuzzy
from interviewer.grading.content import no_content
from interviewer.grading.cues import Heard
from interviewer.scoring import answer_score

BANDS = {Band.STRONG: (80, 100), Band.PARTIAL: (30, 79), Band.WEAK: (0, 29)}
"""Scores, both ends included, in which a sample of each band must come out offline."""
REFERENCE_FROM = 90
ECHO_BELOW = 30


def check(bank: Bank) -> tuple[BankProblem, ...]:
    """Everything wrong with the questions of a loaded bank, in file order."""
    return tuple(
        BankProblem(*bank.lines[question.id], question.id, message)
        for question in bank.questions
        for message in _faults(question)
    )


def offline_score(question: Question, answer: str) -> int:
    """Score 0..100 that the offline grader gives to a single answer."""
    return 0 if no_content(answer, question) else _marked_score(question, answer)


def _marked_score(question: Question, answer: str) -> int:
    found = fuzzy.mark(question, (answer,))
    return answer_score(found.marks, found.misconceptions)


def _faults(question: Question) -> Iterator[str]:
    score = offline_score(question, question.reference)
    if score < REFERENCE_FROM:
        detail = _lost(question, question.reference)
        yield f"the reference scores {score}, it must score at least {REFERENCE_FROM} ({detail})"
    for number, sample in enumerate(question.samples, 1):
        low, high = BANDS[sample.band]
        score = offline_score(question, sample.text)
        if not low <= score <= high:
            detail = _lost(question, sample.text)
            yield f"sample {number} ({sample.band}) scores {score}, its band is {low}..{high} ({detail})"
    for band in Band:
        if all(sample.band is not band for sample in question.samples):
            yield f"there is no {band} sample"
    if (score := _marked_score(question, question.ask)) >= ECHO_BELOW:
        yield f"the question said back scores {score}: its cues stand in the question"
    yield from _without_cues(question)
    yield from _unused_cues(question, (*question.samples, Sample(band=Band.STRONG, text=question.reference)))


def _without_cues(question: Question) -> Iterator[str]:
    """A draft can be used, marked from its sentences; it is not finished."""
    for statement in question.statements:
        if not statement.cues:
            yield f"{statement.id}: has no cues yet, so it is marked from its sentence alone, which misses more"


def _unused_cues(question: Question, samples: tuple[Sample, ...]) -> Iterator[str]:
    heard = [Heard(sample.text) for sample in samples]
    for statement in question.statements:
        for group in statement.cues:
            if not any(True for text in heard for _ in text.places((group,), 1)):
                yield f"{statement.id}: no sample uses the cue [{', '.join(group)}]"


def _lost(question: Question, answer: str) -> str:
    """Which marks made the score what it is."""
    found = fuzzy.mark(question, (answer,))
    parts = [f"{mark.point} {mark.verdict}" for mark in found.marks]
    parts += [f"asserted {asserted.id}" for asserted in found.misconceptions]
    return ", ".join(parts)
