"""Answer + rubric -> Grading, offline: the same contract as the model grader. Pure.

A point is met where all its cue groups are heard close together in something that reads like a statement, and
nothing there denies it. Only presence counts: length and manner move no mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby, pairwise

from interviewer.domain import AssertedMisconception, Cues, Mark, Misconception, Point, Question, Verdict
from interviewer.grading.cues import Heard, Place, alternatives
from interviewer.grading.lists import Listing
from interviewer.grading.polarity import denied, doubted
from interviewer.grading.words import FUNCTION_WORDS
from interviewer.scoring import AFTER_PROBE_SHARE, CREDITED_FROM, PARTLY_FROM

WINDOW_SENTENCES = 2
"""A point's cues must be heard within this many neighbouring sentences."""
WINDOW_WORDS = 26
"""And within this many words: further apart they are seldom one statement."""
SYNONYM_GAP = 2
SYNONYM_PAIRS = 16
SYNONYM_SHARE = 0.35
"""From sixteen pairs of neighbouring synonyms on, and one to every third word, a text is a bag of cues."""
ASSERTION_WORDS = 16
"""A misconception's cues must be heard within this many words: farther apart they are seldom one assertion."""


@dataclass(frozen=True, slots=True)
class FuzzyMarks:
    """What the offline grader finds: a mark for each point, the misconceptions asserted, notes on the answer."""

    marks: tuple[Mark, ...]
    misconceptions: tuple[AssertedMisconception, ...]
    notes: tuple[str, ...]


class _Answer(Heard):
    """One of the candidate's texts, heard and judged for being a list."""

    @cached_property
    def listing(self) -> Listing:
        return Listing(self)


def mark(question: Question, answers: Sequence[str]) -> FuzzyMarks:
    """Mark the candidate's texts of one turn against the question's points.

    Each text is heard by itself; a point first met in a later text (after a probe) says so in `Mark.said`.
    """
    vocabulary = _vocabulary((*(p.cues for p in question.points), *(m.cues for m in question.misconceptions)))
    heard = [_Answer(answer, vocabulary) for answer in answers]
    bags = [text for text in heard if _is_bag(text, question)]
    heard = [_Answer("", vocabulary) if text in bags else text for text in heard]
    asserted = tuple(found for misconception in question.misconceptions if (found := _asserted(misconception, heard)))
    marks = tuple(_unless_wrong(_best_mark(point, heard), asserted) for point in question.points)
    listed = bags or any(text.listing.is_all for text in heard)
    notes = ("A list of words is not a statement: say how they hang together.",) if listed else ()
    return FuzzyMarks(marks, asserted, notes)


def _best_mark(point: Point, heard: Sequence[_Answer]) -> Mark:
    """The mark worth most over all texts; one from a later text counts less, as the score does."""
    marks = [_mark_in(point, text, said) for said, text in enumerate(heard)]
    best = max(marks, key=lambda m: m.credit * (AFTER_PROBE_SHARE if m.said > 0 else 1.0))
    if best.credit == 0:
        return next((m for m in reversed(marks) if m.verdict is Verdict.CONTRADICTED), best)
    return best


def _unless_wrong(mark: Mark, asserted: Sequence[AssertedMisconception]) -> Mark:
    """The mark, or a contradiction where its words are part of a misconception: they cannot be right and wrong."""
    for wrong in asserted:
        if mark.credit and wrong.said == mark.said and wrong.start <= mark.start and mark.end <= wrong.end:
            reason = "These words assert something that is not so."
            return replace(mark, verdict=Verdict.CONTRADICTED, credit=0.0, reason=reason)
    return mark


def _mark_in(point: Point, text: _Answer, said: int) -> Mark:
    best: Place | None = None
    best_credit = 0.0
    flipped: Place | None = None
    for sentences in range(1, WINDOW_SENTENCES + 1):
        for place in text.places(point.cues, sentences):
            credit = _credit(place)
            if credit <= best_credit or text.listing.holds(place):
                continue
            if denied(text.tokens, place) and not _denied_in(point.says, point.cues):
                flipped = flipped or (place if place.share == 1.0 else None)
            else:
                best, best_credit = place, credit
    if best is None:
        return _unearned(point, text, said, flipped)
    start, end = _offsets(text, best)
    verdict = Verdict.MET if best_credit >= CREDITED_FROM else Verdict.PARTLY
    reason = "All of it is here." if verdict is Verdict.MET else _half_reason(best)
    return Mark(
        point=point.id,
        says=point.says,
        weight=point.weight,
        verdict=verdict,
        credit=best_credit,
        quote=text.text[start:end],
        said=said,
        start=start,
        end=end,
        reason=reason,
    )


def _unearned(point: Point, text: _Answer, said: int, flipped: Place | None) -> Mark:
    if flipped is None:
        return Mark(
            point=point.id,
            says=point.says,
            weight=point.weight,
            verdict=Verdict.MISSED,
            credit=0.0,
            reason="Not found in the answer.",
        )
    start, end = _offsets(text, flipped)
    return Mark(
        point=point.id,
        says=point.says,
        weight=point.weight,
        verdict=Verdict.CONTRADICTED,
        credit=0.0,
        quote=text.text[start:end],
        said=said,
        start=start,
        end=end,
        reason="The answer says the opposite here.",
    )


def _half_reason(place: Place) -> str:
    return f"{len(place.hits)} of the {place.groups} things this point needs are here."


def _credit(place: Place) -> float:
    """Square of the share of cue groups heard close together, and nothing below what reads as `partly`."""
    credit = place.share**2 if place.last - place.first <= WINDOW_WORDS else 0.0
    return credit if credit >= PARTLY_FROM else 0.0


def _asserted(misconception: Misconception, heard: Sequence[_Answer]) -> AssertedMisconception | None:
    """Where a misconception is asserted: all its cues in one sentence, neither denied nor reported of others."""
    for said, text in enumerate(heard):
        judged: set[int] = set()
        for place in text.places(misconception.cues, 1):
            sentence = text.tokens[place.first].sentence
            if sentence in judged:  # only the tightest place of a sentence can assert
                continue
            judged.add(sentence)
            if place.share < 1.0 or place.last - place.first > ASSERTION_WORDS or text.listing.holds(place):
                continue
            if doubted(text.tokens, place) and not _denied_in(misconception.says, misconception.cues):
                continue
            start, end = _offsets(text, place)
            return AssertedMisconception(
                id=misconception.id,
                says=misconception.says,
                penalty=misconception.penalty,
                fix=misconception.fix,
                quote=text.text[start:end],
                said=said,
                start=start,
                end=end,
            )
    return None


@lru_cache(maxsize=4096)
def _denied_in(says: str, cues: Cues) -> bool:
    """Whether the statement itself denies its cues, so that a denial in the answer agrees with it."""
    text = Heard(says)
    return any(denied(text.tokens, place) for place in text.places(cues, len(text.tokens)))


def _offsets(text: _Answer, place: Place) -> tuple[int, int]:
    return text.tokens[place.first].start, text.tokens[place.last].end


def _is_bag(text: _Answer, question: Question) -> bool:
    """Whether a text strings synonyms together, as a paste of the cues does and a statement does not."""
    pairs = 0
    for point in question.points:
        for _, hits in groupby(
            sorted(text.hits(point.cues), key=lambda hit: (hit.group, hit.at)), lambda hit: hit.group
        ):
            pairs += sum(
                0 < after.first - before.last <= SYNONYM_GAP
                and text.tokens[after.first].stem != text.tokens[before.first].stem
                for before, after in pairwise(hits)
            )
    return pairs >= SYNONYM_PAIRS and pairs >= SYNONYM_SHARE * len(text.tokens)


@lru_cache(maxsize=1024)
def _vocabulary(rubric: tuple[Cues, ...]) -> frozenset[str]:
    return frozenset(
        stemmed
        for cues in rubric
        for group in alternatives(cues)
        for alternative in group
        for word, stemmed in zip(alternative.words, alternative.stems, strict=True)
        if len(alternative.words) == 1 or word not in FUNCTION_WORDS
    )
