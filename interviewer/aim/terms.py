"""Words of a text + the terms of topics -> which terms stand where. Pure.

* A term is heard as whole words, in any case: "dependency injection", "Dependency-Injection", a line break between.
  One that is written in capitals (REST) is heard in capitals only: "the rest" is no interface.
* Its last word may have an -s more or less ("unit test"); from five letters on also the German -e, -en, -n, and a tail
  such as -kenntnisse ("Datenbankkenntnisse").
* One slip is forgiven in a term of one word from eight letters on, if the first and the last letter are right:
  "Kubernets", but "contained" is no "container". Restricted Damerau-Levenshtein
  distance, Boytsov 2011.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from interviewer.aim.words import Word, words_of

SLIP_LETTERS = 8
GERMAN_LETTERS = 5
SINGULAR_LETTERS = 4
_GERMAN_TAIL = re.compile(r"(kenntnisse?n?|erfahrung(en)?|datenbank(en)?)$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that stands at `start`..`end` of the text."""

    term: str
    start: int
    end: int


class Terms:
    """Some terms, ready to be looked for."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._by_first: dict[str, list[tuple[str, tuple[Word, ...]]]] = {}
        self._alone: list[tuple[str, Word]] = []
        for term in terms:
            words = words_of(term)
            if not words:
                continue
            self._by_first.setdefault(words[0].folded[:2], []).append((term, words))
            if len(words) == 1 and len(words[0].folded) >= SLIP_LETTERS:
                self._alone.append((term, words[0]))

    def find(self, words: Sequence[Word]) -> Iterator[Hit]:
        """Every place of every term; a term of several words is heard where one of them also stands for another."""
        for at, word in enumerate(words):
            heard = False
            for term, wanted in self._by_first.get(word.folded[:2], ()):
                if _stands(wanted, words[at : at + len(wanted)]):
                    heard = True
                    yield Hit(term, word.start, words[at + len(wanted) - 1].end)
            if not heard and len(word.folded) >= SLIP_LETTERS:
                yield from (Hit(term, word.start, word.end) for term, whole in self._alone if _slip(word, whole))


def _stands(wanted: Sequence[Word], said: Sequence[Word]) -> bool:
    if len(said) < len(wanted) or any(not word.joined for word in said[1:]):
        return False
    *before, last = zip(wanted, said, strict=True)
    if any(one.folded != other.folded for one, other in before) or not _same_word(*last):
        return False
    return all(word.capitals for word in said) or not all(word.capitals for word in wanted)


def _same_word(wanted: Word, said: Word) -> bool:
    if wanted.folded == said.folded:
        return True
    stem = wanted.folded.removesuffix("s")
    if not said.folded.startswith(stem):
        return False
    ending = said.folded[len(stem) :]
    if ending in ("", "s"):
        return bool(ending) or len(stem) >= SINGULAR_LETTERS
    german = ending in ("e", "en", "n") or _GERMAN_TAIL.fullmatch(ending) is not None
    return len(stem) >= GERMAN_LETTERS and german


def _slip(said: Word, wanted: Word) -> bool:
    one, other = said.folded, wanted.folded
    if one[0] != other[0] or one[-1] != other[-1] or abs(len(one) - len(other)) > 1:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1
