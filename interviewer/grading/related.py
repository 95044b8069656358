"""A word's stem -> the stems near it in meaning, and how rare it is. Pure; reads one shipped table, at first use.

The table is distilled from a sentence encoder by `make train`; data/MODEL_CARD.md says how and from what.
"""

from __future__ import annotations

import sys
import zipfile
from array import array
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from interviewer.grading.words import stem

TABLE = Path(__file__).parent / "data" / "related.zip"
TERMS = Path(__file__).parent / "data" / "terms.txt"
RAREST = 1.0
TERM_LIKENESS = 0.95
"""How near two words of the same group of the thesaurus are."""


class Related:
    """The table, its rows read when they are asked for."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as table:
            lines = table.read("stems.txt").decode().splitlines()
            self._starts = _numbers("I", table.read("starts.u32"))
            self._near = _numbers("H", table.read("near.u16"))
            self._likeness = table.read("likeness.u8")
        pairs = [line.split() for line in lines]
        self._stems = [stem for stem, _ in pairs]
        self._rarity = {stem: int(rarity) / 100 for stem, rarity in pairs}
        self._row = {stem: row for row, stem in enumerate(self._stems)}

    def to(self, stem: str) -> Mapping[str, float]:
        """Stems near `stem`, each with its likeness, above 0 and below 1."""
        row = self._row.get(stem)
        if row is None:
            return {}
        start, end = self._starts[row], self._starts[row + 1]
        return {
            self._stems[near]: like / 255
            for near, like in zip(self._near[start:end], self._likeness[start:end], strict=True)
        }

    def rarity(self, stem: str) -> float:
        """How much a word tells: about 0.1 for the commonest, 1 for one the table does not know."""
        return self._rarity.get(stem, RAREST)


@cache
def _shipped() -> Related:
    return Related(TABLE)


@cache
def _terms() -> Mapping[str, frozenset[str]]:
    """Stem -> stems of the words that say the same in this trade."""
    found: dict[str, set[str]] = {}
    for line in TERMS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            group = {stem(word) for word in line.split()}
            for one in group:
                found.setdefault(one, set()).update(group - {one})
    return {one: frozenset(others) for one, others in found.items()}


@lru_cache(maxsize=20_000)
def related(of: str) -> Mapping[str, float]:
    """Stems near the stem `of`, each with its likeness 0..1: from the thesaurus, else from the shipped table."""
    return dict(_shipped().to(of)) | dict.fromkeys(_terms().get(of, ()), TERM_LIKENESS)


def rarity(stem: str) -> float:
    """How much a word tells, 0..1, by the shipped table."""
    return _shipped().rarity(stem)


def _numbers(code: str, raw: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
