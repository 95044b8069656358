"""A reference in prose -> points, one for each sentence that adds something. Pure."""

from __future__ import annotations

from interviewer.domain import Point
from interviewer.grading.related import rarity
from interviewer.grading.words import content_stems, tokenize

WEIGHT_OF_A_WORD = 10
"""A sentence weighs ten times the rarity of the words that neither the question nor an earlier sentence has."""


def points_of(reference: str, asked: str = "") -> tuple[Point, ...]:
    """The sentences of a reference as points without cues, ids `s1`, `s2` and so on.

    A sentence that only repeats the question or earlier ones is left out, unless nothing else is left.
    """
    sentences = _sentences(reference)
    weights: list[int] = []
    known = set(content_stems(asked))
    for says in sentences:
        stems = content_stems(says)
        weights.append(round(WEIGHT_OF_A_WORD * sum(rarity(stem) for stem in stems - known)))
        known |= stems
    if not any(weights):
        weights = [1] * len(sentences)
    return tuple(
        Point(id=f"s{number}", says=says, weight=weight, cues=(), cut=True)
        for number, (says, weight) in enumerate(zip(sentences, weights, strict=True), start=1)
        if weight
    )


def _sentences(text: str) -> list[str]:
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for token in tokenize(text):
        starts.setdefault(token.sentence, token.start)
        ends[token.sentence] = token.end
    return [text[start : ends[number]] for number, start in starts.items()]
