"""Cue groups + tokens -> the tightest place where they are heard. Pure.

A group is heard when any of its alternatives is: by stem, as joined or separated spelling, or with a typing slip.
Word order within a place is free; a phrase's own words stay together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from interviewer.domain import Cues
from interviewer.grading.rejected import rejected
from interviewer.grading.words import FUNCTION_WORDS, Token, stem, tokenize, words

SLIP_FROM_LENGTH = 5
"""Shorter words must match exactly: `form` and `from` are one slip apart."""
TWO_SLIPS_FROM_LENGTH = 9
PHRASE_SLACK = 1
"""Words that may stand between the words of a phrase."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to say a cue: its words and their stems."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An alternative heard: indices of the tokens that say it, in order."""

    group: int
    at: tuple[int, ...]

    @property
    def first(self) -> int:
        """Index of the first token."""
        return self.at[0]

    @property
    def last(self) -> int:
        """Index of the last token."""
        return self.at[-1]


@dataclass(frozen=True, slots=True)
class Place:
    """The tightest place found: the hits, one for each group heard, in the order of the text."""

    hits: tuple[Hit, ...]
    groups: int

    @property
    def share(self) -> float:
        """Share of the groups that were heard, 0..1."""
        return len(self.hits) / self.groups

    @property
    def first(self) -> int:
        """Index of the first token."""
        return min(hit.first for hit in self.hits)

    @property
    def last(self) -> int:
        """Index of the last token."""
        return max(hit.last for hit in self.hits)

    @property
    def consumed(self) -> frozenset[int]:
        """Indices of the tokens that were heard as cues."""
        return frozenset(at for hit in self.hits for at in hit.at)


@lru_cache(maxsize=4096)
def alternatives(cues: Cues) -> tuple[tuple[Alternative, ...], ...]:
    """Cues made ready for matching; `FastAPI` is heard as two words and as one."""
    return tuple(
        tuple(
            Alternative(split, tuple(map(stem, split)))
            for cue in group
            for split in dict.fromkeys((words(cue), words(cue.lower())))
            if split
        )
        for group in cues
    )


class Heard:
    """A text made ready for hearing cues in it."""

    def __init__(
        self,
        text: str,
        vocabulary: frozenset[str] = frozenset(),
        *,
        tokens: Sequence[Token] | None = None,
        deaf: frozenset[int] = frozenset(),
    ) -> None:
        """`vocabulary` holds stems that are words in their own right here, so never a slip for another.

        `tokens` are the text's, where they are known already; nothing is heard in the sentences `deaf`.
        """
        self.text = text
        self.tokens = tokenize(text) if tokens is None else tuple(tokens)
        self.vocabulary = vocabulary
        self._found: dict[str, list[tuple[int, ...]]] = {}
        self._hits_of: dict[Cues, list[Hit]] = {}
        self._at: dict[str, list[int]] = {}
        self._by_initial: dict[str, set[str]] = {}
        for index, token in enumerate(self.tokens):
            if token.sentence not in deaf:
                self._at.setdefault(token.stem, []).append(index)
                self._by_initial.setdefault(token.word[0], set()).add(token.word)

    @cached_property
    def rejected(self) -> frozenset[int]:
        """Indices of the tokens that stand in what the text rejects."""
        return rejected(self.text, self.tokens)

    def at(self, stemmed: str) -> Sequence[int]:
        """Indices of the tokens with a stem."""
        return self._at.get(stemmed, ())

    def places(self, cues: Cues, sentences: int) -> Iterator[Place]:
        """For each run of `sentences` sentences in which a cue is heard: the places with most cues, tightest first."""
        hits = self.hits(cues)
        for start in sorted({self.tokens[hit.first].sentence for hit in hits}):
            inside = [hit for hit in hits if start <= self.tokens[hit.first].sentence < start + sentences]
            yield from sorted(_places(inside, len(cues)), key=lambda place: place.last - place.first)

    def hits(self, cues: Cues) -> list[Hit]:
        """Everywhere a cue is heard, in the order of the text."""
        if cues not in self._hits_of:
            heard = {
                Hit(number, at)
                for number, group in enumerate(alternatives(cues))
                for alternative in group
                for at in self._occurrences(alternative)
            }
            self._hits_of[cues] = sorted(heard, key=lambda hit: (hit.at, hit.group))
        return self._hits_of[cues]

    def _occurrences(self, alternative: Alternative) -> Iterator[tuple[int, ...]]:
        """Where an alternative is said: its words in order, with little between them, or written as one word."""
        if len(alternative.words) > 1:
            for at in self._at.get(stem("".join(alternative.words)), ()):
                yield (at,)
        pairs = list(zip(alternative.words, alternative.stems, strict=True))
        for start in self.positions(*pairs[0]):
            found = start
            for pair in pairs[1:]:
                following = [at for at in self.positions(*pair) if self._follows(found[-1], at[0])]
                if not following:
                    break
                found += min(following)
            else:
                yield found

    def _follows(self, last: int, at: int) -> bool:
        near = 0 < at - last <= 1 + PHRASE_SLACK
        return near and self.tokens[at].sentence == self.tokens[last].sentence

    def positions(self, word: str, stemmed: str) -> list[tuple[int, ...]]:
        """Where a word is said: by its stem, with a typing slip, or split in two."""
        if word not in self._found:
            self._found[word] = [(at,) for at in self._positions(word, stemmed)] + list(self._split_in_two(word))
        return self._found[word]

    def _positions(self, word: str, stemmed: str) -> list[int]:
        found = list(self._at.get(stemmed, ()))
        for slip in self._slips(word):
            found += self._at[stem(slip)]
        return found

    def _slips(self, word: str) -> Iterator[str]:
        if len(word) < SLIP_FROM_LENGTH:
            return
        allowed = 2 if len(word) >= TWO_SLIPS_FROM_LENGTH else 1
        own = stem(word)
        for other in self._by_initial.get(word[0], ()):
            known = stem(other) in self.vocabulary or other in FUNCTION_WORDS
            if len(other) < SLIP_FROM_LENGTH - 1 or known or stem(other) == own:
                continue
            if OSA.distance(word, other, score_cutoff=allowed) <= allowed:
                yield other

    def _split_in_two(self, word: str) -> Iterator[tuple[int, int]]:
        """`fastapi` heard in `FastAPI`, `testclient` in `test client`."""
        for other in self._by_initial.get(word[0], ()):
            if other != word and word.startswith(other):
                for at in self._at[stem(other)]:
                    if at + 1 < len(self.tokens) and other + self.tokens[at + 1].word == word:
                        yield at, at + 1


def _places(hits: Sequence[Hit], groups: int) -> Iterator[Place]:
    """From each hit on, the shortest run of tokens with as many different groups as there are among `hits`."""
    wanted = len({hit.group for hit in hits})
    for start in range(len(hits)):
        chosen: dict[int, Hit] = {}
        for hit in hits[start:]:
            chosen.setdefault(hit.group, hit)
            if len(chosen) == wanted:
                yield Place(tuple(chosen.values()), groups)
                break
        if len(chosen) < wanted:
            return
