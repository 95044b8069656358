"""A text made ready for both ways of marking: what is said in it, what only looks like it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from interviewer.domain import Question
from interviewer.grading.cues import Heard
from interviewer.grading.gate import Flag, flags, rubric_of
from interviewer.grading.lists import Listing
from interviewer.grading.opposites import OPPOSITES
from interviewer.grading.related import related
from interviewer.grading.words import MUTE_WORDS, Token, tokenize


class Reading(Heard):
    """One of the candidate's texts; sentences that state nothing are not heard."""

    def __init__(self, text: str, question: Question, vocabulary: frozenset[str] = frozenset()) -> None:
        tokens = tokenize(text)
        self.flags: Mapping[int, Flag] = flags(text, tokens, rubric_of(question))
        super().__init__(text, vocabulary, tokens=tokens, deaf=frozenset(self.flags))
        self.content = [
            (at, token)
            for at, token in enumerate(tokens)
            if token.word not in MUTE_WORDS and token.sentence not in self.flags
        ]
        self.stems = " ".join(dict.fromkeys(token.stem for _, token in self.content))
        self.sentences = sorted({token.sentence for _, token in self.content})
        self._near: dict[str, Mapping[int, float]] = {}

    @cached_property
    def listing(self) -> Listing:
        """Which parts of it are lists."""
        return Listing(self)

    def near(self, word: str, stem: str) -> Mapping[int, float]:
        """Token index -> how near the token is in meaning to a word; 1 where the word itself is said."""
        if stem not in self._near:
            opposite = OPPOSITES.get(stem, frozenset())
            found = {
                at: like for other, like in related(stem).items() if other not in opposite for at in self.at(other)
            }
            found.update((at, 1.0) for place in self.positions(word, stem) for at in place)
            self._near[stem] = found
        return self._near[stem]

    def against(self, word: str, stem: str) -> Iterable[int]:
        """Where the word's opposite is said; for a number, another number of as many digits."""
        if len(word) > 1 and word.isdigit():
            return [at for at, token in self.content if token.word.isdigit() and self._rivals(token, word)]
        return [at for other in OPPOSITES.get(stem, ()) for at in self.at(other)]

    @staticmethod
    def _rivals(token: Token, number: str) -> bool:
        return len(token.word) == len(number) and token.word != number
