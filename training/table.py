"""Encoder + words -> interviewer/grading/data/related.zip: stems, how rare each is, and the stems near it.

A stem's vector is the mean of its words', the commoner the heavier. In the file, by row of `stems.txt` (a stem and its
rarity in hundredths): `starts.u32` where the row's neighbours begin, `near.u16` their rows, `likeness.u8` in 255ths,
little-endian. Dates are fixed: the same input gives the same bytes.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.grading.opposites import OPPOSITES
from interviewer.grading.words import stem

NEIGHBOURS = 64
NEAR_FROM = 0.44
"""Cosine from which two stems are near; of those the nearest `NEIGHBOURS` are kept."""
NOTHING_AT = 0.2
"""Cosine that is a likeness of 0; a cosine of 1 is a likeness of 1, straight between them."""
UNKNOWN_RANK = 30_000
SMOOTHING = 100
"""A word's weight in its stem's vector is 1 / (line in the encoder's vocabulary + this)."""
FIRST_RANK, LEAST_RANK, RANK_UNIT, RARE_RANK = 900, 100, 20, 30_000
EVENNESS = 0.6
"""Rarity is log((line - 900, 100 at least) / 20), as a share of what line 30,000 would give, to this power, by the
stem's commonest word: the lines of the encoder's vocabulary follow how common words are (Zipf)."""
UNKNOWN_RARITY_RANK = 20_000
MOST_STEMS = 65_535
_DATE = (2026, 1, 1, 0, 0, 0)
_ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Near:
    """A stem's neighbours, nearest first: their rows, and likenesses of 1..254 in 255ths."""

    rows: Sequence[int]
    likeness: Sequence[int]


def write(path: Path, vocabulary: Sequence[str], vectors: Any, ranks: Mapping[str, int]) -> dict[str, int]:
    """Write the table for words with their vectors (words by dimensions) and say how large it is.

    `ranks` are the words' lines in the encoder's vocabulary, where they have one.

    Raises:
        ValueError: more stems than a table can number.
    """
    by_stem = _by_stem(vocabulary)
    if len(by_stem) > MOST_STEMS:
        raise ValueError(f"{len(by_stem)} stems: a table numbers {MOST_STEMS} at most; take fewer words")
    matrix = np.stack([_vector(rows, vocabulary, vectors, ranks) for rows in by_stem.values()])
    near = list(_neighbours(list(by_stem), matrix))
    rarities = [rarity([vocabulary[row] for row in rows], ranks) for rows in by_stem.values()]
    lines = [f"{name} {round(100 * rare)}" for name, rare in zip(by_stem, rarities, strict=True)]
    starts = np.cumsum([0, *(len(each.rows) for each in near)])
    parts = {
        "stems.txt": "\n".join(lines).encode(),
        "starts.u32": starts.astype("<u4").tobytes(),
        "near.u16": np.concatenate([each.rows for each in near]).astype("<u2").tobytes(),
        "likeness.u8": np.concatenate([each.likeness for each in near]).astype("u1").tobytes(),
    }
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            file.writestr(entry, part, zipfile.ZIP_DEFLATED, 9)
    return {"stems": len(by_stem), "neighbours": int(starts[-1])}


def rarity(words: Sequence[str], ranks: Mapping[str, int]) -> float:
    """How much a stem tells, above 0 and at most 1, by its commonest word."""
    rank = min(ranks.get(word, UNKNOWN_RARITY_RANK) for word in words)
    share = math.log(max(rank - FIRST_RANK, LEAST_RANK) / RANK_UNIT) / math.log(RARE_RANK / RANK_UNIT)
    return float(min(1.0, share) ** EVENNESS)


def _by_stem(vocabulary: Sequence[str]) -> dict[str, list[int]]:
    """Stem -> rows of its words, in the order of the stems."""
    found: dict[str, list[int]] = {}
    for row, word in enumerate(vocabulary):
        found.setdefault(stem(word), []).append(row)
    return dict(sorted(found.items()))


def _vector(rows: Sequence[int], vocabulary: Sequence[str], vectors: Any, ranks: Mapping[str, int]) -> Any:
    weights = [1 / (ranks.get(vocabulary[row], UNKNOWN_RANK) + SMOOTHING) for row in rows]
    mean = np.average(vectors[list(rows)].astype("float64"), axis=0, weights=weights)
    return mean / np.linalg.norm(mean)


def _neighbours(stems: Sequence[str], matrix: Any) -> Iterator[Near]:
    row_of = {name: row for row, name in enumerate(stems)}
    for first in range(0, len(stems), _ROWS_AT_ONCE):
        for row, cosines in enumerate(matrix[first : first + _ROWS_AT_ONCE] @ matrix.T, start=first):
            opposites = (row_of[other] for other in OPPOSITES.get(stems[row], ()) if other in row_of)
            cosines[[row, *opposites]] = -1
            yield _nearest(cosines)


def _nearest(cosines: Any) -> Near:
    """Ties go to the stem that comes first."""
    candidates = np.flatnonzero(cosines > NEAR_FROM)
    nearest = candidates[np.argsort(-cosines[candidates], kind="stable")][:NEIGHBOURS]
    likeness = np.rint(255 * (cosines[nearest] - NOTHING_AT) / (1 - NOTHING_AT))
    return Near(nearest.tolist(), np.clip(likeness, 1, 254).astype(int).tolist())
