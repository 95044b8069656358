"""A point or a misconception with cues + a text -> a mark, or the words that assert it. Pure.

A point is met where all its cue groups are heard close together in something that reads like a statement, and
nothing there denies it. Only presence counts: length and manner move no mark.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby, pairwise

from interviewer.domain import AssertedMisconception, Cues, Mark, Misconception, Point, Question
from interviewer.grading.cues import Heard, Place, alternatives
from interviewer.grading.found import Span, asserted_at, contradicted_at, marked_at, missed
from interviewer.grading.polarity import denied, doubted, negated_at
from interviewer.grading.reading import Reading
from interviewer.grading.words import FUNCTION_WORDS, tokenize
from interviewer.scoring import PARTLY_FROM

WINDOW_SENTENCES = 2
"""A point's cues must be heard within this many neighbouring sentences."""
WINDOW_WORDS = 26
"""And within this many words: further apart they are seldom one statement."""
SYNONYM_GAP = 2
SYNONYM_PAIRS = 16
SYNONYM_SHARE = 0.35
"""From sixteen pairs of neighbouring synonyms on, and one to every third word, a text is a bag of cues."""
ALL_CUES_FROM_WORDS = 12
ALL_CUES_SHARE = 0.95
"""A text of twelve words that carry meaning, or more, is a bag of cues too when so many of them are cues."""
ASSERTION_WORDS = 16
"""A misconception's cues must be heard within this many words: farther apart they are seldom one assertion."""


def mark(point: Point, text: Reading, said: int) -> Mark:
    """The mark for a point in the turn's text number `said`."""
    best: Place | None = None
    best_credit = 0.0
    flipped: Place | None = None
    for sentences in range(1, WINDOW_SENTENCES + 1):
        for place in text.places(point.cues, sentences):
            credit = _credit(place)
            if credit <= best_credit or text.listing.holds(place):
                continue
            if denied(text, place) and not _agrees(point, text, place):
                flipped = flipped or (place if place.share == 1.0 else None)
            else:
                best, best_credit = place, credit
    if best is not None:
        reason = f"{len(best.hits)} of the {best.groups} things this point needs are here."
        return marked_at(point, _span(text, best, said), best_credit, less=reason)
    if flipped is not None:
        return contradicted_at(point, _span(text, flipped, said))
    return missed(point, said)


def asserted(misconception: Misconception, text: Reading, said: int) -> AssertedMisconception | None:
    """Where a misconception is asserted: all its cues in one sentence, neither denied nor reported of others."""
    judged: set[int] = set()
    for place in text.places(misconception.cues, 1):
        sentence = text.tokens[place.first].sentence
        if sentence in judged:  # only the tightest place of a sentence can assert
            continue
        judged.add(sentence)
        if place.share < 1.0 or place.last - place.first > ASSERTION_WORDS or text.listing.holds(place):
            continue
        if place.consumed & text.rejected:
            continue
        if doubted(text, place) and not _denied_in(misconception.says, misconception.cues):
            continue
        return asserted_at(misconception, _span(text, place, said))
    return None


def is_bag(text: Reading, question: Question) -> bool:
    """Whether a text strings synonyms together, or nothing but cues, as a paste does and a statement does not."""
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
    return (pairs >= SYNONYM_PAIRS and pairs >= SYNONYM_SHARE * len(text.tokens)) or _is_all_cues(text, question)


def _is_all_cues(text: Reading, question: Question) -> bool:
    """Whether nearly every word that carries meaning is a cue: candidates say other things too."""
    content = {at for at, _ in text.content}
    if len(content) < ALL_CUES_FROM_WORDS:
        return False
    cues = {at for statement in question.statements for hit in text.hits(statement.cues) for at in hit.at}
    return len(cues & content) >= ALL_CUES_SHARE * len(content)


@lru_cache(maxsize=1024)
def vocabulary(rubric: tuple[Cues, ...]) -> frozenset[str]:
    """Stems of all cues: words in their own right, never a slip for another."""
    return frozenset(
        stemmed
        for cues in rubric
        for group in alternatives(cues)
        for alternative in group
        for word, stemmed in zip(alternative.words, alternative.stems, strict=True)
        if len(alternative.words) == 1 or word not in FUNCTION_WORDS
    )


def _credit(place: Place) -> float:
    """Square of the share of cue groups heard close together, and nothing below what reads as `partly`."""
    credit = place.share**2 if place.last - place.first <= WINDOW_WORDS else 0.0
    return credit if credit >= PARTLY_FROM else 0.0


def _agrees(point: Point, text: Reading, place: Place) -> bool:
    """Whether the point denies what is denied at a place; of what the text rejects, the very words."""
    if not place.consumed <= text.rejected:
        return _denied_in(point.says, point.cues)
    says, heard = tokenize(point.says), {text.tokens[at].stem for at in place.consumed}
    return any(token.stem in heard and negated_at(says, at) for at, token in enumerate(says))


@lru_cache(maxsize=4096)
def _denied_in(says: str, cues: Cues) -> bool:
    """Whether the statement itself denies its cues, so that a denial in the answer agrees with it."""
    text = Heard(says)
    return any(denied(text, place) for place in text.places(cues, len(text.tokens)))


def _span(text: Reading, place: Place, said: int) -> Span:
    return Span(text, place.first, place.last, said)
