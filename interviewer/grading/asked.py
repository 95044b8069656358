"""A candidate's sentence + what the interviewer had said before -> whether it only says that back. Pure.

Words in a row count, not single ones: who is asked about the session has to speak of the session. In a sentence with an
"or", the words on one side of it are a choice, and to choose is to answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from interviewer.grading.content import FILLER
from interviewer.grading.rejected import NEGATORS
from interviewer.grading.words import FUNCTION_WORDS, TELLING_WORDS, Token, stem, tokenize

RUN_WORDS = 4
"""So many words in a row are said back, not found by chance."""
_STATES = NEGATORS | TELLING_WORDS

_Runs = frozenset[tuple[str, ...]]


def only_repeats(said: Sequence[Token], asked: tuple[str, ...]) -> bool:
    """Whether a sentence is `asked` said back: words of it in a row, and beside them nothing that says more."""
    if not asked or len(said) < RUN_WORDS:
        return False
    runs, stems = _heard(asked)
    words = [token.word for token in said]
    starts = [at for at in range(len(words) - RUN_WORDS + 1) if tuple(words[at : at + RUN_WORDS]) in runs]
    if not starts:
        return False
    repeated = {at for start in starts for at in range(start, start + RUN_WORDS)}
    rest = [word for at, word in enumerate(words) if at not in repeated]
    return not any(word in _STATES or (_tells(word) and stem(word) not in stems) for word in rest)


def _tells(word: str) -> bool:
    return word not in FUNCTION_WORDS and word not in FILLER


@lru_cache(maxsize=256)
def _heard(asked: tuple[str, ...]) -> tuple[_Runs, frozenset[str]]:
    """Runs of the words asked, and the stems of all of them."""
    tokens = [token for text in asked for token in tokenize(text)]
    runs: set[tuple[str, ...]] = set()
    for text in asked:
        for sentence in _sentences(text):
            found = {tuple(sentence[at : at + RUN_WORDS]) for at in range(len(sentence) - RUN_WORDS + 1)}
            runs |= {run for run in found if "or" in run} if "or" in sentence else found
    return frozenset(runs), frozenset(token.stem for token in tokens)


def _sentences(text: str) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for token in tokenize(text):
        found.setdefault(token.sentence, []).append(token.word)
    return list(found.values())
