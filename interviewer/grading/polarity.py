"""Tokens + the place of a statement -> whether it is denied there, or only reported of others. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.grading.cues import Heard, Place
from interviewer.grading.rejected import NEGATORS
from interviewer.grading.words import Token

_REPORTS = frozenset(
    """
    people folks beginners newcomers myth misconception mistake wrong incorrect false untrue wrongly mistakenly confuse
    """.split()
)
_ADDS = frozenset("only just merely necessarily".split())
_CANNOT = frozenset("cannot cant can't".split())
_CONTRAST = (("instead", "of"), ("rather", "than"), ("as", "opposed"))
LOOK_BACK = 3
"""A negation governs a statement that begins within this many words after it."""
SCOPE = 4
"""And a single word that stands within this many words after it."""
LONGEST_SENTENCE = 200
"""Words: no further is looked, or a text without a full stop would take as long as its length squared."""


def denied(text: Heard, place: Place) -> bool:
    """Whether the statement made at `place` is denied: by a negation in its clause, or by the text rejecting it.

    A place that spans clauses is taken as said: a negation in one clause says nothing about the other. "Not only"
    and "not until" deny nothing; "do not need to" denies the need, not the statement.
    """
    tokens, consumed = text.tokens, place.consumed
    denials = int(consumed <= text.rejected)
    if tokens[place.first].clause == tokens[place.last].clause:
        start = _clause_start(tokens, place.first)
        denials += sum(_negates(tokens, at) for at in range(start, place.last) if at not in consumed)
    return denials % 2 == 1


def doubted(text: Heard, place: Place) -> bool:
    """Whether anything at all speaks against the statement at `place` being asserted.

    Stricter than `denied`, for statements that cost marks: a negation before any of the words is enough, and so is
    the sentence calling the statement somebody's error.
    """
    tokens, consumed = text.tokens, place.consumed
    if _reported(tokens, place):
        return True
    return any(
        tokens[at].word in NEGATORS or (tokens[at].word, tokens[at + 1].word) in _CONTRAST
        for hit in place.hits
        for at in range(_clause_start(tokens, hit.first), hit.last)
        if at not in consumed and not _is_exempt(tokens, at)
    )


def _clause_start(tokens: Sequence[Token], first: int) -> int:
    start = first
    while start > 0 and first - start < LOOK_BACK and tokens[start - 1].clause == tokens[first].clause:
        start -= 1
    return start


def _reported(tokens: Sequence[Token], place: Place) -> bool:
    """Whether the sentence names the statement as somebody's error."""
    sentence = tokens[place.first].sentence
    consumed = place.consumed
    return any(
        token.word in _REPORTS for at, token in enumerate(tokens) if token.sentence == sentence and at not in consumed
    )


def _negates(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if (word, following) in _CONTRAST:
        return True
    return word in NEGATORS and not _denies_a_need(tokens, at) and not _is_exempt(tokens, at)


def _denies_a_need(tokens: Sequence[Token], at: int) -> bool:
    """ "Not required", "do not need to", "don't have to": what is not needed may still be so."""
    following = [token.word for token in tokens[at + 1 : at + 3]]
    return following[:1] in (["required"], ["need"]) or following in (["have", "to"], ["has", "to"])


def _is_exempt(tokens: Sequence[Token], at: int) -> bool:
    """Whether the negation at `at` denies nothing: "not only", "no matter", "not … until"."""
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if (following in _ADDS and word not in _CANNOT) or (word, following) == ("no", "matter"):
        return True
    return any(
        token.word in ("until", "unless", "without")
        for token in tokens[at + 1 : at + LONGEST_SENTENCE]
        if token.sentence == tokens[at].sentence
    )


def negated_at(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` stands under a negation that shortly precedes it in its clause."""
    start = at
    while start > 0 and at - start < SCOPE and tokens[start - 1].clause == tokens[at].clause:
        start -= 1
    return (sum(_negates(tokens, n) for n in range(start, at)) + _behind_unless(tokens, at)) % 2 == 1


def _behind_unless(tokens: Sequence[Token], at: int) -> bool:
    """ "Unless there is a default" says what "when there is no default" says."""
    for before in range(at - 1, max(at - LONGEST_SENTENCE, -1), -1):
        if tokens[before].sentence != tokens[at].sentence:
            return False
        if tokens[before].word == "unless":
            return True
    return False
