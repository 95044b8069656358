"""Tokens + the place of a statement -> whether it is denied there, or only reported of others. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.grading.cues import Place
from interviewer.grading.words import Token

NEGATORS = frozenset(
    """
    not no never none nor neither without cannot cant can't dont don't doesnt doesn't didnt didn't isnt isn't arent
    aren't wasnt wasn't werent weren't wont won't wouldnt wouldn't shouldnt shouldn't hasnt hasn't havent haven't
    couldnt couldn't nothing hardly
    """.split()
)
DENIALS = frozenset("false untrue wrong incorrect myth misconception mistaken".split())
_DOUBT = frozenset("think believe suppose assume".split())
_REPORTS = frozenset("myth misconception mistake wrong incorrect false untrue wrongly mistakenly confuse".split())
_TURNS_ROUND = frozenset("until unless only just merely necessarily".split())
_OBLIGATION = frozenset("need have required must matter longer".split())
_CONTRAST = (("instead", "of"), ("rather", "than"), ("as", "opposed"))
LOOK_BACK = 3
"""A negation governs a statement that begins within this many words after it."""


def denied(tokens: Sequence[Token], place: Place) -> bool:
    """Whether the words at `place` are denied: by a negation in their clause, or by a denial that leads them in.

    A place that spans clauses is taken as said: a negation in one clause says nothing about the other. "Not only"
    and "not until" deny nothing; "do not need to" denies the need, not the statement.
    """
    sentence = tokens[place.first].sentence
    if _denial_leads_in(tokens, place.first, sentence):
        return True
    if tokens[place.first].clause != tokens[place.last].clause:
        return False
    clause = tokens[place.first].clause
    start = place.first
    while start > 0 and place.first - start < LOOK_BACK and tokens[start - 1].clause == clause:
        start -= 1
    consumed = place.consumed
    negations = sum(_negates(tokens, at) for at in range(start, place.last) if at not in consumed)
    return negations % 2 == 1


def reported(tokens: Sequence[Token], place: Place) -> bool:
    """Whether the sentence names the statement as somebody's error rather than asserting it."""
    sentence = tokens[place.first].sentence
    consumed = place.consumed
    return any(
        token.word in _REPORTS for at, token in enumerate(tokens) if token.sentence == sentence and at not in consumed
    )


def _denial_leads_in(tokens: Sequence[Token], first: int, sentence: int) -> bool:
    """ "It is not true that …", "it is a myth that …", "I don't think …" before the place, in its sentence."""
    at = first - 1
    while at >= 0 and tokens[at].sentence == sentence:
        word = tokens[at].word
        negated = at > 0 and tokens[at - 1].word in NEGATORS
        if word in DENIALS:
            return not negated
        if word in ("true", "correct", "right") and negated:
            return True
        if word in _DOUBT and negated:
            return True
        at -= 1
    return False


def _negates(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if (word, following) in _CONTRAST:
        return True
    if word not in NEGATORS or following in _TURNS_ROUND or following in _OBLIGATION:
        return False
    sentence = tokens[at].sentence
    return not any(
        token.word in ("until", "unless", "without") for token in tokens[at + 1 :] if token.sentence == sentence
    )
