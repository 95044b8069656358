"""Interviewer's words + the candidate's texts -> whether they say more of the rubric than the candidate did. Pure.

They are heard as if the candidate had said them, once as the offline grader hears an answer and once with nothing kept
from it: a question, an order or a denial gives a point away as well as a statement does. English is understood only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from interviewer.domain import Point, Question, Verdict
from interviewer.grading import by_cues, by_sentence, fuzzy
from interviewer.grading.disguises import spellings
from interviewer.grading.reading import Reading
from interviewer.grading.statements import compare
from interviewer.grading.words import COMMON_VERBS, FUNCTION_WORDS, content_stems, stem, words
from interviewer.scoring import PARTLY_FROM

RUN_WORDS = 4
"""So many words in a row that carry meaning are taken from the rubric, not found by chance; of a shorter text, all."""
SHORTEST_RUN = 2
_ASKING = str.maketrans("?？؟", "...")
_LITTLE = 1e-9
_COMMON = frozenset(stem(verb) for verb in COMMON_VERBS)

_Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a candidate's texts earn and speak of, by point; runs of words that are still secret."""

    earned: Mapping[str, float]
    spoken: Mapping[str, float]
    secret: frozenset[_Run]


def gives_away(text: str, question: Question, answers: Sequence[str]) -> bool:
    """Whether `text` earns a point more than the candidate's `answers` do, or repeats words of the rubric in a row.

    Words in a row that stand like that in the question or in an answer are no secret.
    """
    known = _known(question, tuple(answers))
    return any(_tells(said.translate(_ASKING), question, known) for said in spellings(text))


def adds_words(text: str, question: Question, answers: Sequence[str]) -> bool:
    """Whether `text` has a word of the rubric that neither the question nor an answer has; verbs for anything aside."""
    told = (statement.says for statement in question.statements)
    cues = (cue for statement in question.statements for group in statement.cues for cue in group)
    fixes = (wrong.fix for wrong in question.misconceptions)
    rubric = content_stems(" ".join((question.reference, *told, *cues, *fixes)))
    secret = rubric - _COMMON - content_stems(" ".join((question.ask, *answers)))
    return any(content_stems(said) & secret for said in spellings(text))


def _tells(said: str, question: Question, known: _Known) -> bool:
    earned = {mark.point: mark.credit for mark in fuzzy.mark(question, (said,)).marks}
    spoken = _spoken(question, (said,))
    return (
        any(credit > known.earned[point] + _LITTLE for point, credit in earned.items())
        or any(credit > known.spoken[point] + _LITTLE for point, credit in spoken.items())
        or _holds_one(said, known.secret)
    )


@lru_cache(maxsize=16)
def _known(question: Question, answers: tuple[str, ...]) -> _Known:
    """Made once for the few texts that are held against the same answers."""
    marks = {mark.point: mark for mark in fuzzy.mark(question, answers or ("",)).marks}
    unmet = (point.says for point in question.points if marks[point.id].verdict is not Verdict.MET)
    secret = _runs((question.reference, *unmet, *(wrong.fix for wrong in question.misconceptions)))
    return _Known(
        earned={point: mark.credit for point, mark in marks.items()},
        spoken=_spoken(question, answers),
        secret=secret - _runs((question.ask, *answers)),
    )


def _spoken(question: Question, texts: Sequence[str]) -> Mapping[str, float]:
    """Point -> how much of it the texts speak of, 0..1, whatever they say of it."""
    vocabulary = by_cues.vocabulary(tuple(statement.cues for statement in question.statements))
    readings = [Reading(text, question, vocabulary, gated=False) for text in texts]
    return {
        point.id: max((_spoken_of(point, question, reading) for reading in readings), default=0.0)
        for point in question.points
    }


def _spoken_of(point: Point, question: Question, text: Reading) -> float:
    if point.cues:
        spoken = max((place.share**2 for place in text.places(point.cues, by_cues.WINDOW_SENTENCES)), default=0.0)
        return spoken if spoken >= PARTLY_FROM else 0.0  # a cue alone tells the subject, which a probe must name
    calibration = by_sentence.shipped()
    like = compare(by_sentence.sentences(question).said[point.says], text)
    return (calibration.cut if point.cut else calibration.point)(like)


def _runs(texts: Iterable[str]) -> frozenset[_Run]:
    """Every run of words that carry meaning, by their stems; of a text that is shorter, the whole."""
    found: set[_Run] = set()
    for text in texts:
        stems = _stems(text)
        length = min(RUN_WORDS, len(stems))
        if length >= SHORTEST_RUN:
            found.update(stems[at : at + length] for at in range(len(stems) - length + 1))
    return frozenset(found)


def _holds_one(text: str, runs: frozenset[_Run]) -> bool:
    stems = _stems(text)
    lengths = {len(run) for run in runs}
    return any(stems[at : at + length] in runs for length in lengths for at in range(len(stems) - length + 1))


def _stems(text: str) -> _Run:
    return tuple(stem(word) for word in words(text) if word not in FUNCTION_WORDS)
