"""Answer + rubric -> Grading, offline: the same contract as the model grader. Pure.

A point is met where all its cue groups are heard close together in something that reads like a statement, and
nothing there denies it. Only presence counts: length and manner move no mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.domain import AssertedMisconception, Cues, Mark, Misconception, Point, Question, Verdict
from interviewer.grading.cues import Heard, Place, alternatives
from interviewer.grading.polarity import denied, doubted
from interviewer.grading.words import COMMON_VERBS, FUNCTION_WORDS
from interviewer.scoring import AFTER_PROBE_SHARE, CREDITED_FROM, PARTLY_FROM

WINDOW_SENTENCES = 2
"""A point's cues must be heard within this many neighbouring sentences."""
ASSERTION_WORDS = 16
"""A misconception's cues must be heard within this many words: farther apart they are seldom one assertion."""
LIST_FROM_WORDS = 7
GLUE_SHARE = 0.12
"""From this many words on, a window with a smaller share of joining words is a list, not a statement."""
GLUE_SHARE_OF_ALL = 0.08
"""The same for an answer as a whole, which may hold terse lines among its statements."""
TELEGRAPH_FROM_SENTENCES = 3
TELEGRAPH_WORDS = 6
GLUE_SHARE_OF_TELEGRAPH = 0.2
"""An answer of at least three sentences with fewer than six words each must join them better than that."""
CODE_SIGNS = frozenset("()[]{}=@`")
CODE_SIGNS_SHARE = 0.2
"""From this many code signs a word on, a window is code, which joins its words by other means."""


@dataclass(frozen=True, slots=True)
class FuzzyMarks:
    """What the offline grader finds: a mark for each point, the misconceptions asserted, notes on the answer."""

    marks: tuple[Mark, ...]
    misconceptions: tuple[AssertedMisconception, ...]
    notes: tuple[str, ...]


def mark(question: Question, answers: Sequence[str]) -> FuzzyMarks:
    """Mark the candidate's texts of one turn against the question's points.

    Each text is heard by itself; a point first met in a later text (after a probe) says so in `Mark.said`.
    """
    vocabulary = _vocabulary(question)
    heard = [Heard(answer, vocabulary) for answer in answers]
    marks = tuple(_best_mark(point, heard) for point in question.points)
    asserted = tuple(found for misconception in question.misconceptions if (found := _asserted(misconception, heard)))
    listed = any(_is_all_list(text) for text in heard)
    notes = ("A list of words is not a statement: say how they hang together.",) if listed else ()
    return FuzzyMarks(marks, asserted, notes)


def _best_mark(point: Point, heard: Sequence[Heard]) -> Mark:
    """The mark worth most over all texts; one from a later text counts less, as the score does."""
    marks = [_mark_in(point, text, said) for said, text in enumerate(heard)]
    best = max(marks, key=lambda m: m.credit * (AFTER_PROBE_SHARE if m.said > 0 else 1.0))
    if best.credit == 0:
        return next((m for m in reversed(marks) if m.verdict is Verdict.CONTRADICTED), best)
    return best


def _mark_in(point: Point, text: Heard, said: int) -> Mark:
    best: Place | None = None
    best_credit = 0.0
    flipped: Place | None = None
    for sentences in range(1, WINDOW_SENTENCES + 1):
        for place in text.places(point.cues, sentences):
            credit = _credit(place)
            if credit <= best_credit or _is_list(text, place):
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


def _unearned(point: Point, text: Heard, said: int, flipped: Place | None) -> Mark:
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
    """Square of the share of cue groups heard, and nothing below the share that reads as `partly`."""
    credit = place.share**2
    return credit if credit >= PARTLY_FROM else 0.0


def _asserted(misconception: Misconception, heard: Sequence[Heard]) -> AssertedMisconception | None:
    """Where a misconception is asserted: all its cues in one sentence, neither denied nor reported of others."""
    for said, text in enumerate(heard):
        for place in text.places(misconception.cues, 1):
            if place.share < 1.0 or place.last - place.first > ASSERTION_WORDS or _is_list(text, place):
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


def _denied_in(says: str, cues: Cues) -> bool:
    """Whether the statement itself denies its cues, so that a denial in the answer agrees with it."""
    text = Heard(says)
    return any(denied(text.tokens, place) for place in text.places(cues, len(text.tokens)))


def _is_list(text: Heard, place: Place) -> bool:
    first_sentence = text.tokens[place.first].sentence
    last_sentence = text.tokens[place.last].sentence
    inside = [at for at, t in enumerate(text.tokens) if first_sentence <= t.sentence <= last_sentence]
    return _reads_like_a_list(text, inside[0], inside[-1], GLUE_SHARE) or _is_all_list(text)


def _is_all_list(text: Heard) -> bool:
    """Whether the answer as a whole is a list, or a telegraph of fragments."""
    if not text.tokens:
        return False
    sentences = text.tokens[-1].sentence + 1
    is_telegraph = sentences >= TELEGRAPH_FROM_SENTENCES and len(text.tokens) < TELEGRAPH_WORDS * sentences
    least_glue = GLUE_SHARE_OF_TELEGRAPH if is_telegraph else GLUE_SHARE_OF_ALL
    return _reads_like_a_list(text, 0, len(text.tokens) - 1, least_glue)


def _reads_like_a_list(text: Heard, first: int, last: int, least_glue: float) -> bool:
    length = last - first + 1
    if length < LIST_FROM_WORDS:
        return False
    written = text.text[text.tokens[first].start : text.tokens[last].end + 1]
    if sum(sign in CODE_SIGNS for sign in written) >= max(2, CODE_SIGNS_SHARE * length):
        return False
    glue = sum(
        (token.word in FUNCTION_WORDS or token.word in COMMON_VERBS) and token.stem not in text.vocabulary
        for token in text.tokens[first : last + 1]
    )
    return glue < least_glue * length


def _offsets(text: Heard, place: Place) -> tuple[int, int]:
    return text.tokens[place.first].start, text.tokens[place.last].end


def _vocabulary(question: Question) -> frozenset[str]:
    return frozenset(
        stemmed
        for cues in (*(p.cues for p in question.points), *(m.cues for m in question.misconceptions))
        for group in alternatives(cues)
        for alternative in group
        for word, stemmed in zip(alternative.words, alternative.stems, strict=True)
        if len(alternative.words) == 1 or word not in FUNCTION_WORDS
    )
