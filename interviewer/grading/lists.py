"""A text made ready for hearing -> whether it, or a part of it, is a list of words rather than a statement. Pure.

Program code in it is left out: it is neither.
"""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate

from interviewer.grading.code import code_spans
from interviewer.grading.cues import Heard, Place
from interviewer.grading.words import COMMON_VERBS, FUNCTION_WORDS

LIST_FROM_WORDS = 7
GLUE_SHARE = 0.12
"""From this many words on, a window with a smaller share of joining words is a list, not a statement."""
GLUE_SHARE_OF_ALL = 0.08
"""The same for an answer as a whole, which may hold terse lines among its statements."""
TELEGRAPH_FROM_SENTENCES = 3
TELEGRAPH_WORDS = 6
GLUE_SHARE_OF_TELEGRAPH = 0.27
"""An answer of at least three sentences with fewer than six words each must join them better than that."""
JOINING_ABROAD = frozenset(
    """
    aber auch auf aus bei beim damit dann das dass dem den der des die durch ein eine einem einen einer eines er es
    für hat ich im in ist kann kein keine man mit nach nicht nur oder sich sie sind über um und vom von vor was wenn
    werden wie wird zu zum zur au aux avec ce cette comme dans de du elle en est et il je la le les mais ne ou par pas
    plus pour qu que qui sa sans se ses son sont sous sur un une al como con cuando del el este hay la las lo los más
    no o para pero por porque se si sin su sus un una unos y ya che con da dal degli dei della di e gli ha il nel
    non per più quando si sono ao as com da das do dos em entre mais na nas não nem no nos o os ou pela pelo quando
    se sem ser são uma een het is maar met niet of te van voor wordt zijn aby ale bo by być do gdy i jak jest lub ma
    na nie od po przed przez się są tak to tylko w więc z za że ve bir bu da de ile için ne ki
    """.split()
)
"""Joining words of some languages beside English: a statement in another language is no list."""
_GLUE = FUNCTION_WORDS | COMMON_VERBS | JOINING_ABROAD
CODE_SIGNS = frozenset("()[]{}=@`")
CODE_SIGNS_SHARE = 0.2
"""From this many code signs a word on, a window is code, which joins its words by other means."""


class Listing:
    """Counts the joining words of a text once, to judge any part of it quickly."""

    def __init__(self, text: Heard) -> None:
        self._text = text
        code = code_spans(text.text)
        prose = [not any(start <= token.start < end for start, end in code) for token in text.tokens]
        glue = (
            said and ((token.word in _GLUE and token.stem not in text.vocabulary) or not token.word.isascii())
            for token, said in zip(text.tokens, prose, strict=True)
        )
        self._glue = [0, *accumulate(map(int, glue))]
        self._prose = [0, *accumulate(map(int, prose))]
        self._sentence_starts: dict[int, int] = {}
        self._sentence_ends: dict[int, int] = {}
        for at, token in enumerate(text.tokens):
            self._sentence_starts.setdefault(token.sentence, at)
            self._sentence_ends[token.sentence] = at

    def holds(self, place: Place) -> bool:
        """Whether the sentences around a place, or the whole text, are a list."""
        tokens = self._text.tokens
        first = self._sentence_starts[tokens[place.first].sentence]
        last = self._sentence_ends[tokens[place.last].sentence]
        return self.is_all or self._is_list(first, last, GLUE_SHARE)

    @cached_property
    def is_all(self) -> bool:
        """Whether the text as a whole is a list, or a telegraph of fragments."""
        tokens = self._text.tokens
        length = self._prose[-1]
        if length == 0:
            return False
        sentences = len({token.sentence for at, token in enumerate(tokens) if self._prose[at + 1] > self._prose[at]})
        is_telegraph = sentences >= TELEGRAPH_FROM_SENTENCES and length < TELEGRAPH_WORDS * sentences
        return self._is_list(0, len(tokens) - 1, GLUE_SHARE_OF_TELEGRAPH if is_telegraph else GLUE_SHARE_OF_ALL)

    def _is_list(self, first: int, last: int, least_glue: float) -> bool:
        length = self._prose[last + 1] - self._prose[first]
        if length < LIST_FROM_WORDS or self._glue[last + 1] - self._glue[first] >= least_glue * length:
            return False
        tokens = self._text.tokens
        written = self._text.text[tokens[first].start : tokens[last].end + 1]
        return sum(sign in CODE_SIGNS for sign in written) < max(2, CODE_SIGNS_SHARE * length)
