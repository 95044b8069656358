"""Text -> tokens that know where they stand, what sentence and clause they are in, and their stem. Pure.

Identifiers are split the same way on both sides (`response_model`, `BackgroundTasks`), so that an answer may
spell them as code or as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_stem_word = snowballstemmer.stemmer("english").stemWord

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx)|(?:^|[\n.:;!?)]\s?)\d{1,2})\.$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"')\]]|$)|[。！？।؟]+|;|\n\s*\n|\n(?=\s*(?:[-*+\u2022#]|\d+[.)])\s)|\n")
WRAPPED_FROM = 60
"""A line of this many characters may have been wrapped: its end is not the end of a sentence."""
_CLAUSE_PUNCTUATION = re.compile(r"[,:()\u2013\u2014]|\s-\s")
_CLAUSE_WORDS = frozenset(
    "and but however although though whereas while because since so instead therefore thus then which otherwise".split()
)

FUNCTION_WORDS = frozenset(
    """
    a about above after again all also although always am an and any are aren't as at be because been before being
    below between both but by can can't cannot could did didn't do does doesn't doing don't during each either else
    even every for from further had has have having he her here him his how however i i'd i'm i've if in instead into
    is isn't it it's its itself just let like me might more most must my neither never no nor not now of off often on
    once one only or other otherwise our out over own rather same she should since so some still such than that
    that's the their them then there these they they're this those though through thus to too under until up upon us
    very was wasn't we were weren't what when where whether which while who whose why will with within without won't
    would yes yet you you're your
    """.split()
)
"""Words that glue statements together; a run of words without them is a list, not a statement."""

TELLING_WORDS = frozenset(
    "above after always before below both each every never off once only own same until without under over".split()
)
"""Joining words that turn a statement when they change; they join, and are listened for all the same."""
MUTE_WORDS = FUNCTION_WORDS - TELLING_WORDS
"""Words that say nothing by themselves."""

COMMON_VERBS = frozenset(
    """
    add adds allow allows ask asks become becomes begin begins build builds call calls called check checks come comes
    fail fails find finds finish finishes get gets give gives given go goes got happen happens help helps hold holds
    keep keeps know knows leave leaves let lets look looks make makes mean means need needs put puts read reads
    return returns run runs running say says see sees send sends set sets show shows start starts stay stays stop
    stops take takes taken tell tells think try tries turn turns use used uses using wait waits want wants work works
    write writes
    """.split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: folded form, stem, character offsets, and the sentence and clause it stands in."""

    word: str
    stem: str
    start: int
    end: int
    sentence: int
    clause: int


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Stem of a folded word (Snowball English)."""
    return str(_stem_word(word))


def fold(text: str) -> str:
    """Case and apostrophes folded, length kept."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.replace("’", "'")


def words(text: str) -> tuple[str, ...]:
    """Folded words of a short text such as a cue."""
    return tuple(fold(text[start:end]) for start, end in _spans(text))


def tokenize(text: str) -> tuple[Token, ...]:
    """Tokens of a text, in order."""
    sentence_ends = _sentence_ends(text)
    clause_ends = [match.start() for match in _CLAUSE_PUNCTUATION.finditer(text)]
    tokens: list[Token] = []
    sentence = clause = ends_passed = clauses_passed = 0
    for start, end in _spans(text):
        word = fold(text[start:end])
        while ends_passed < len(sentence_ends) and sentence_ends[ends_passed] <= start:
            ends_passed += 1
            if tokens and tokens[-1].sentence == sentence:
                sentence, clause = sentence + 1, clause + 1
        while clauses_passed < len(clause_ends) and clause_ends[clauses_passed] < start:
            clauses_passed += 1
            if tokens and tokens[-1].clause == clause:
                clause += 1
        if word in _CLAUSE_WORDS and tokens and tokens[-1].clause == clause:
            clause += 1
        tokens.append(Token(word, stem(word), start, end, sentence, clause))
    return tuple(tokens)


def content_stems(text: str) -> frozenset[str]:
    """Stems of a text's words that carry meaning."""
    return frozenset(stem(word) for word in words(text) if word not in FUNCTION_WORDS)


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        start = match.start()
        for cut in _HUMP.finditer(match.group()):
            spans.append((start, match.start() + cut.start()))
            start = match.start() + cut.start()
        spans.append((start, match.end()))
    return spans


def _sentence_ends(text: str) -> list[int]:
    return [match.end() for match in _SENTENCE_END.finditer(text) if _ends_a_sentence(text, match)]


def _ends_a_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group() == ".":
        return not _ABBREVIATION.search(text, max(0, match.start() - 8), match.end())
    if match.group() != "\n":
        return True
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    following = text[match.end() :].lstrip(" \t")[:1]
    return not (following.islower() or len(line) >= WRAPPED_FROM)
