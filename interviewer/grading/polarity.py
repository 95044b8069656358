"""Tokens + the place of a statement -> whether it is denied there, or only reported of others. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.grading.cues import Place
from interviewer.grading.words import Token

NEGATORS = frozenset(
    """
    not no never nor neither without cannot cant can't dont don't doesnt doesn't didnt didn't isnt isn't arent
    aren't wasnt wasn't werent weren't wont won't wouldnt wouldn't shouldnt shouldn't hasnt hasn't havent haven't
    couldnt couldn't nothing hardly
    """.split()
)
DENIALS = frozenset("false untrue wrong incorrect myth misconception mistaken".split())
_TRUE = frozenset("true correct right".split())
_DOUBT = frozenset("think believe suppose assume".split())
_REPORTS = frozenset(
    """
    people folks beginners newcomers myth misconception mistake wrong incorrect false untrue wrongly mistakenly confuse
    """.split()
)
_CALLS = frozenset("is was are were be a an the it's that's simply just plain completely totally".split())
_ADDS = frozenset("only just merely necessarily".split())
_CANNOT = frozenset("cannot cant can't".split())
_CONTRAST = (("instead", "of"), ("rather", "than"), ("as", "opposed"))
LOOK_BACK = 3
"""A negation governs a statement that begins within this many words after it."""
SCOPE = 4
"""And a single word that stands within this many words after it."""


def denied(tokens: Sequence[Token], place: Place) -> bool:
    """Whether the statement made at `place` is denied: by a negation in its clause, or by a denial that leads it in.

    A place that spans clauses is taken as said: a negation in one clause says nothing about the other. "Not only"
    and "not until" deny nothing; "do not need to" denies the need, not the statement.
    """
    if _denial_leads_in(tokens, place):
        return True
    if tokens[place.first].clause != tokens[place.last].clause:
        return False
    consumed = place.consumed
    start = _clause_start(tokens, place.first)
    negations = sum(_negates(tokens, at) for at in range(start, place.last) if at not in consumed)
    return negations % 2 == 1


def doubted(tokens: Sequence[Token], place: Place) -> bool:
    """Whether anything at all speaks against the statement at `place` being asserted.

    Stricter than `denied`, for statements that cost marks: a negation before any of the words is enough, and so is
    the sentence calling the statement somebody's error.
    """
    consumed = place.consumed
    if _denial_leads_in(tokens, place) or _reported(tokens, place):
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


def _denial_leads_in(tokens: Sequence[Token], place: Place) -> bool:
    """ "It is not true that …", "it is a myth that …", "I don't think …" before the place, in its sentence."""
    first = tokens[place.first]
    for at in range(place.first - 1, -1, -1):
        if tokens[at].sentence != first.sentence:
            return False
        word = tokens[at].word
        negated = at > 0 and tokens[at - 1].word in NEGATORS
        if word in DENIALS and _calls_it(tokens, at):
            return not negated
        if negated and (word in _TRUE or (word in _DOUBT and tokens[at].clause == first.clause)):
            return True
    return False


def _calls_it(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word such as "wrong" judges what follows ("it is wrong that", "Wrong: …"), not what came before."""
    starts = at == 0 or tokens[at - 1].sentence != tokens[at].sentence
    return starts or (at + 1 < len(tokens) and tokens[at + 1].word in ("that", "to"))


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
        for token in tokens[at + 1 :]
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
    for before in range(at - 1, -1, -1):
        if tokens[before].sentence != tokens[at].sentence:
            return False
        if tokens[before].word == "unless":
            return True
    return False


def denied_from(tokens: Sequence[Token]) -> frozenset[int]:
    """Tokens of sentences behind a denial that leads them in: "It is not true that", "I don't think that"."""
    led: set[int] = set()
    for at, token in enumerate(tokens):
        before = tokens[at - 1].word if at and tokens[at - 1].sentence == token.sentence else None
        called = token.word in DENIALS and _calls_it(tokens, at) and (before is None or before in _CALLS)
        if called or (before in NEGATORS and token.word in _TRUE | _DOUBT):
            led.update(n for n in range(at + 1, len(tokens)) if tokens[n].sentence == token.sentence)
    return frozenset(led)
