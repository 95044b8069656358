"""An open question -> what its own reference, samples, cues and probes say against it: the test it brings with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interviewer.bank.crosstalk import share_said
from interviewer.bank.findings import Measure
from interviewer.domain import Band, Point, Question, Sample, Verdict
from interviewer.grading import fuzzy
from interviewer.grading.content import no_content
from interviewer.grading.cues import Heard
from interviewer.grading.lists import LIST_FROM_WORDS
from interviewer.grading.words import content_stems, tokenize, words
from interviewer.scoring import CREDITED_FROM, answer_score

BANDS = {Band.STRONG: (80, 100), Band.PARTIAL: (30, 79), Band.WEAK: (0, 29)}
"""Scores, both ends included, in which a sample of each band must come out offline."""
REFERENCE_FROM = 90
NOTHING_BELOW = 30
"""What is no answer to the question earns less than this."""
FEWEST_SAMPLES = 4
CONFIDENT_WORDS = 12
CONFIDENT_STEMS = 2
"""A confident wrong answer has so many words, and so many of them that the reference has too."""
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|not sure|unsure|no idea|i (?:guess|think|believe|suppose)"
    r"|i (?:do not|don't) (?:really )?(?:know|remember))\b"
)

Told = tuple[Measure, str]
"""What was measured, and what is wrong."""


def offline_score(question: Question, answer: str) -> int:
    """Score 0..100 that the offline grader gives to a single answer."""
    return 0 if no_content(answer, question) else _marked_score(question, answer)


def faults(question: Question) -> Iterator[Told]:
    """Everything that an open question's own texts say against it."""
    yield from _reference(question)
    yield from _bands(question)
    yield from _voices(question)
    yield from _echo(question)
    yield from _bags(question)
    yield from _without_cues(question)
    yield from _unused_cues(question)
    yield from _telling_probes(question)
    yield from _evidence(question)


def _reference(question: Question) -> Iterator[Told]:
    score = offline_score(question, question.reference)
    if score < REFERENCE_FROM:
        detail = _lost(question, question.reference)
        yield Measure.REFERENCE, f"the reference scores {score}, it must score at least {REFERENCE_FROM} ({detail})"


def _bands(question: Question) -> Iterator[Told]:
    for number, sample in enumerate(question.samples, 1):
        low, high = BANDS[sample.band]
        score = offline_score(question, sample.text)
        if not low <= score <= high:
            detail = _lost(question, sample.text)
            yield (
                Measure.SAMPLES,
                f"sample {number} ({sample.band}) scores {score}, its band is {low}..{high} ({detail})",
            )


def _voices(question: Question) -> Iterator[Told]:
    for band in Band:
        if all(sample.band is not band for sample in question.samples):
            yield Measure.SAMPLES, f"there is no {band} sample"
    if len(question.samples) < FEWEST_SAMPLES:
        yield Measure.SAMPLES, f"it has {len(question.samples)} samples, it must have at least {FEWEST_SAMPLES}"
    weak = [sample.text for sample in question.samples if sample.band is Band.WEAK]
    if weak and not any(_is_confident(text, question) for text in weak):
        yield (
            Measure.SAMPLES,
            f"no weak sample is confident: {CONFIDENT_WORDS} words or more, none of them a doubt, some of them "
            "words that the reference uses",
        )


def _is_confident(text: str, question: Question) -> bool:
    said = " ".join(words(text))
    return (
        len(words(text)) >= CONFIDENT_WORDS
        and no_content(text, question) is None
        and not _HEDGED.search(said)
        and len(content_stems(text) & content_stems(question.reference)) >= CONFIDENT_STEMS
    )


def _echo(question: Question) -> Iterator[Told]:
    if (score := _marked_score(question, question.ask)) >= NOTHING_BELOW:
        yield Measure.ECHO, f"the question said back scores {score}: its cues stand in the question"


def bags(question: Question) -> Iterator[tuple[str, str]]:
    """The question's cues in orders that say nothing, each with what it is."""
    groups = [group for point in question.points for group in point.cues]
    points = [point.cues for point in question.points]
    yield "all cues", " ".join(cue for group in groups for cue in group)
    yield "two cues of each group", ", ".join(cue for group in groups for cue in group[:2])
    yield "the first cue of each group", ". ".join(" ".join(group[0] for group in cues) for cues in points) + "."
    yield "the last cue of each group", ". ".join(" ".join(group[-1] for group in cues) for cues in points) + "."


def _bags(question: Question) -> Iterator[Told]:
    for what, bag in bags(question):
        if len(words(bag)) < LIST_FROM_WORDS:  # nothing tells so few words from a terse answer
            continue
        if (score := offline_score(question, bag)) >= NOTHING_BELOW:
            yield Measure.BAG, f"a bag of words scores {score}: {what}, in a row"


def _without_cues(question: Question) -> Iterator[Told]:
    """A draft can be used, marked from its sentences; it is not finished."""
    for statement in question.statements:
        if not statement.cues:
            yield (
                Measure.CUES,
                f"{statement.id}: has no cues yet, so it is marked from its sentence alone, which misses more",
            )


def _unused_cues(question: Question) -> Iterator[Told]:
    samples = (*question.samples, Sample(band=Band.STRONG, text=question.reference))
    heard = [Heard(sample.text) for sample in samples]
    for statement in question.statements:
        for group in statement.cues:
            if not any(True for text in heard for _ in text.places((group,), 1)):
                yield Measure.CUES, f"{statement.id}: no sample uses the cue [{', '.join(group)}]"


def _telling_probes(question: Question) -> Iterator[Told]:
    """A probe with all the cues of its point is the answer with a question mark."""
    for point in question.points:
        if point.probe and point.cues and _all_heard(point, point.probe):
            yield Measure.PROBE, f"{point.id}: the probe gives the point away: all its cues are in it"


def _all_heard(point: Point, text: str) -> bool:
    return {hit.group for hit in Heard(text).hits(point.cues)} == set(range(len(point.cues)))


def _evidence(question: Question) -> Iterator[Told]:
    """A strong sample without the sentence that earns a point must not earn it with others."""
    points = {point.id: point for point in question.points}
    for number, sample in enumerate(question.samples, 1):
        if sample.band is not Band.STRONG:
            continue
        for mark in fuzzy.mark(question, (sample.text,)).marks:
            if mark.verdict is not Verdict.MET:
                continue
            rest = _without_sentences(sample.text, mark.start, mark.end)
            if still := _met_by(points[mark.point], question, rest):
                yield (
                    Measure.EVIDENCE,
                    f"{mark.point}: sample {number} ({sample.band}) earns it with {_line(mark.quote)!r}, and without "
                    f"that sentence still, with {_line(still)!r}",
                )


def _met_by(point: Point, question: Question, text: str) -> str:
    """The words of a text that earn a point in full; none when they do not. The bound saves most of the marking."""
    if point.cues and share_said(point.cues, text) ** 2 < CREDITED_FROM:
        return ""
    mark = next(mark for mark in fuzzy.mark(question, (text,)).marks if mark.point == point.id)
    return mark.quote or "" if mark.verdict is Verdict.MET else ""


def _without_sentences(text: str, start: int, end: int) -> str:
    """A text without the sentences in which `start`..`end` stands."""
    tokens = tokenize(text)
    gone = {token.sentence for token in tokens if token.start < end and start < token.end}
    kept = []
    for number, token in enumerate(tokens):
        if token.sentence not in gone:
            behind = tokens[number + 1].start if number + 1 < len(tokens) else len(text)
            kept.append(text[token.start : behind])
    return "".join(kept)


def _marked_score(question: Question, answer: str) -> int:
    found = fuzzy.mark(question, (answer,))
    return answer_score(found.marks, found.misconceptions)


def _lost(question: Question, answer: str) -> str:
    """Which marks made the score what it is."""
    found = fuzzy.mark(question, (answer,))
    parts = [f"{mark.point} {mark.verdict}" for mark in found.marks]
    parts += [f"asserted {asserted.id}" for asserted in found.misconceptions]
    return ", ".join(parts)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
