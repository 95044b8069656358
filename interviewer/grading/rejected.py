"""A text and its tokens -> those of statements that it makes only in order to reject them. Pure.

Two ways to do it: lead in with the denial ("it is not true that ...", "it is a mistake to believe that ..."), or report
what others believe and then turn it down ("many think that ..., but that is wrong"; "people say that .... It isn't.").
What follows the turn is the speaker's own again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from interviewer.grading.words import Token

NEGATORS = frozenset(
    """
    not no never nor neither without cannot cant can't dont don't doesnt doesn't didnt didn't isnt isn't arent
    aren't wasnt wasn't werent weren't wont won't wouldnt wouldn't shouldnt shouldn't hasnt hasn't havent haven't
    couldnt couldn't nothing hardly
    """.split()
)
_CALLED = frozenset("false untrue wrong incorrect myth misconception mistaken mistake fallacy misunderstanding".split())
_TRUE = frozenset("true correct right".split())
_SO = frozenset("so case".split())
_DOUBT = frozenset("think believe suppose assume".split())
_BELIEVES = frozenset(
    """
    think thinks thought believe believes believed say says said assume assumes assumed claim claims claimed suppose
    supposed expect expects expected argue argues
    """.split()
)
_OTHERS = frozenset(
    """
    many people some most others beginners newcomers they folks everybody everyone somebody someone colleagues
    developers programmers often commonly widely sometimes frequently used once first one you would could might may
    """.split()
)
_LEADS = frozenset(
    """
    is was are were be a an the it's that's simply just plain completely totally common widespread frequent popular
    typical classic big
    """.split()
)
_OWN_AGAIN = frozenset("but however instead actually".split())
_TURNS = _OWN_AGAIN | frozenset("yet though although which because since".split())
_POINTS_BACK = frozenset("that that's this it it's they they're which these those is are not wrong false no".split())
_TURN_SIGN = re.compile(r":\s|[\u2013\u2014]|\s-\s")
OTHERS_WITHIN = 5
"""Whose belief it is, is said so many words before the verb."""
REJECTED_WITHIN = 7
"""And so many words tell that it is wrong."""


def rejected(text: str, tokens: Sequence[Token]) -> frozenset[int]:
    """Indices of the tokens that stand in a statement the text rejects."""
    found: set[int] = set()
    turns = _turns(text, tokens, _TURNS)
    sure = _turns(text, tokens, _OWN_AGAIN)  # a reason may belong to what is denied
    for at, token in enumerate(tokens):
        if _leads_in(tokens, at):
            end = _behind(sure, tokens, at)
            if token.word in _DOUBT and _beside(tokens, at, 1) != "that":  # "I don't think so, it is ..."
                end = next((n for n in range(at + 1, end) if tokens[n].clause != token.clause), end)
            found.update(range(at + 1, end))
        elif token.word in _BELIEVES and _of_others(tokens, at):
            ends = [n for n in turns if n > at and tokens[n - 1].sentence == token.sentence]
            found.update(range(at + 1, next((end for end in ends if _turns_down(tokens, end)), at)))
    return frozenset(found)


def _leads_in(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` ends a denial of what follows: "not true", "I don't think", "a myth that", "Wrong:"."""
    word, before, after = tokens[at].word, _beside(tokens, at, -1), _beside(tokens, at, 1)
    if word in _CALLED and (before == "" or before in _LEADS):
        return before == "" or after == "that" or (after == "to" and _beside(tokens, at, 2) in _BELIEVES)
    if word in _SO and after == "that":
        return bool({before, _beside(tokens, at, -2)} & NEGATORS)
    return word in _TRUE | _DOUBT and before in NEGATORS


def _beside(tokens: Sequence[Token], at: int, step: int) -> str:
    """The word that many places from `at` in its sentence, empty beyond the sentence."""
    there = at + step
    inside = 0 <= there < len(tokens) and tokens[there].sentence == tokens[at].sentence
    return tokens[there].word if inside else ""


def _of_others(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb of belief has somebody else, or an earlier self, for its subject."""
    before = [token for token in tokens[max(0, at - OTHERS_WITHIN) : at] if token.sentence == tokens[at].sentence]
    return any(token.word in _OTHERS for token in before) and not any(token.word in NEGATORS for token in before)


def _turns(text: str, tokens: Sequence[Token], words: frozenset[str]) -> list[int]:
    """Where the speaker's own words may begin again: at a "but", behind a colon or a dash, with the next sentence."""
    return [
        at
        for at in range(1, len(tokens) + 1)
        if at == len(tokens)
        or tokens[at].sentence != tokens[at - 1].sentence
        or tokens[at].word in words
        or _TURN_SIGN.search(text, tokens[at - 1].end, tokens[at].start)
    ]


def _behind(turns: Sequence[int], tokens: Sequence[Token], at: int) -> int:
    """The first turn behind the word at `at`; the colon of "Wrong: ..." is none."""
    follows = at + 1 < len(tokens) and tokens[at + 1].sentence == tokens[at].sentence
    return next((turn for turn in turns if turn > at + follows), len(tokens))


def _turns_down(tokens: Sequence[Token], turn: int) -> bool:
    """Whether the words from a turn on say that what came before is not so."""
    if turn >= len(tokens):
        return False
    start = turn + (tokens[turn].word in _TURNS - {"which"})
    told = [token.word for token in tokens[start : start + REJECTED_WITHIN] if token.sentence == tokens[turn].sentence]
    if not told or told[0] not in _POINTS_BACK:
        return False
    for at, word in enumerate(told):
        denies = bool(NEGATORS & set(told[:at]))
        if (word in _CALLED and not denies) or (word in _TRUE | _SO and denies):
            return True
    ends = start + len(told) == len(tokens) or tokens[start + len(told)].sentence != tokens[turn].sentence
    return ends and told[-1] in NEGATORS
