"""A text made ready for both ways of marking: what is said in it, what only looks like it. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby

from interviewer.domain import Question
from interviewer.grading.asked import only_repeats
from interviewer.grading.cues import Heard
from interviewer.grading.gate import FLAG_NOTES, Flag, flags, rubric_of
from interviewer.grading.lists import Listing
from interviewer.grading.opposites import OPPOSITES
from interviewer.grading.polarity import negated_at
from interviewer.grading.related import rarity, related
from interviewer.grading.words import FUNCTION_WORDS, MUTE_WORDS, Token, tokenize


def flag_notes(texts: Iterable[Reading]) -> tuple[str, ...]:
    """What the candidate is told of the sentences that were not marked, each kind once."""
    kinds = [flag for text in texts for flag in (*text.flags.values(), *((Flag.LIST,) if text.listing.is_all else ()))]
    return tuple(FLAG_NOTES[flag] for flag in dict.fromkeys(kinds))


def _said_back(tokens: Sequence[Token], asked: tuple[str, ...]) -> dict[int, Flag]:
    """The sentences that only repeat what was asked."""
    if not asked:
        return {}
    sentences = groupby(tokens, key=lambda token: token.sentence)
    return {number: Flag.ASKED for number, said in sentences if only_repeats(list(said), asked)}


SURE = 0.9
"""Words as near in meaning as this say the same."""
RICH_FROM = 25
"""A rubric with so many different words has one in nearly every sentence that is about it."""


class Reading(Heard):
    """One of the candidate's texts; sentences that state nothing are not heard, unless it is not `gated`.

    `asked` is what the interviewer had said before it: said back, it states nothing. `abroad` if it is an answer in
    another language than English to an interviewer who speaks that language.
    """

    def __init__(
        self,
        text: str,
        question: Question,
        vocabulary: frozenset[str] = frozenset(),
        *,
        gated: bool = True,
        asked: tuple[str, ...] = (),
        abroad: bool = False,
    ) -> None:
        tokens = tokenize(text)
        self._rubric = rubric_of(question)
        self.flags: Mapping[int, Flag] = flags(text, tokens, self._rubric) | _said_back(tokens, asked) if gated else {}
        self.asked, self.abroad = asked, abroad
        super().__init__(text, vocabulary, tokens=tokens, deaf=frozenset(self.flags))
        self.content = [
            (at, token)
            for at, token in enumerate(tokens)
            if token.word not in MUTE_WORDS and token.sentence not in self.flags
        ]
        self.said = dict.fromkeys(token.stem for _, token in self.content).keys()
        self.stems = " ".join(self.said)
        self.sentences = sorted({token.sentence for _, token in self.content})
        self._near: dict[str, Mapping[int, float]] = {}

    @cached_property
    def on_topic(self) -> Container[int]:
        """Sentences with a word of the rubric: elsewhere, words near its words in meaning are about something else."""
        known = self._rubric.vocabulary
        if len(known) < RICH_FROM:
            return range(len(self.tokens))
        return {token.sentence for token in self.tokens if token.word not in FUNCTION_WORDS and token.stem in known}

    @cached_property
    def listing(self) -> Listing:
        """Which parts of it are lists."""
        return Listing(self)

    def near(self, word: str, stem: str) -> Mapping[int, float]:
        """Token index -> how near the token is in meaning to a word; 1 where the word itself is said."""
        if stem not in self._near:
            opposite = OPPOSITES.get(stem, frozenset())
            row = related(stem)
            said = (row.keys() & self.said) - opposite
            found = {
                at: row[other]
                for other in said
                for at in self.at(other)
                if at in self.weights and (self.tokens[at].sentence in self.on_topic or row[other] >= SURE)
            }
            found.update((at, 1.0) for place in self.positions(word, stem) for at in place if at in self.weights)
            self._near[stem] = found
        return self._near[stem]

    def sentences_of(self, start: int, end: int) -> frozenset[int]:
        """Sentences that the characters from `start` to `end` stand in."""
        return frozenset(token.sentence for token in self.tokens if token.start < end and start < token.end)

    def sentence(self, number: int) -> str:
        """The words of a sentence, as they stand."""
        tokens = [token for token in self.tokens if token.sentence == number]
        return self.text[tokens[0].start : tokens[-1].end]

    @cached_property
    def denied(self) -> Sequence[bool]:
        """For each token, whether it stands under a negation."""
        return [negated_at(self.tokens, at) != (at in self.rejected) for at in range(len(self.tokens))]

    @cached_property
    def weights(self) -> Mapping[int, float]:
        """Token index -> how much the token tells."""
        return {at: rarity(token.stem) for at, token in self.content}

    @cached_property
    def mass(self) -> Mapping[int, float]:
        """Sentence -> how much its words tell together."""
        masses = dict.fromkeys(self.sentences, 0.0)
        for at, token in self.content:
            masses[token.sentence] += self.weights[at]
        return masses

    def against(self, word: str, stem: str) -> Iterable[int]:
        """Where the word's opposite is said; for a number, another number of as many digits."""
        if len(word) > 1 and word.isdigit():
            return [at for at, token in self.content if token.word.isdigit() and self._rivals(token, word)]
        return [at for other in OPPOSITES.get(stem, ()) for at in self.at(other)]

    @staticmethod
    def _rivals(token: Token, number: str) -> bool:
        return len(token.word) == len(number) and token.word != number
