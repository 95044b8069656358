"""A short message -> what it asks for, when it asks for something and says nothing else. Pure.

An answer must never be swallowed: a message is a request only if every sentence of it is one of the phrases that
`phrases` knows, from end to end, politeness aside. A bare word or two ("stop", "skip it") are taken for an answer where
the question speaks of the same thing, and so is a question back with a word of the rubric that the question does not
hold ("do you mean that it is cached?").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from interviewer.domain import Question
from interviewer.grading.words import FUNCTION_WORDS, fold, stem, words
from interviewer.talk import phrases

MAX_WORDS = 14
MAX_CHARS = 160
MAX_QUESTION_WORDS = 30
"""A message of so many words that ends in a question mark may be a question back; a model is asked about it."""


class Request(StrEnum):
    """What a candidate may type besides an answer."""

    REPEAT = "repeat"
    HINT = "hint"
    SKIP = "skip"
    STOP = "stop"
    CLARIFY = "clarify"
    HELP = "help"


COMMANDS = {f"/{request}": request for request in Request if request is not Request.CLARIFY}

_SMILE = re.compile(r"[:;]-?[()/]|[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f\u200d]")
_PLAIN = re.compile(r"[\w\s',.!?\u2026:;\u201c\u201d\"\u2013\u2014-]+")
_MARKS = re.compile(r"((?:(?<!\d)\.(?!\d)|\.(?=\s|$)|[!?;:\u2026])+)")
_LOOSE = re.compile(r"[\s,\"\u201c\u201d\u2013\u2014-]+")
_CODE = re.compile(r"`|\n\s*\n|\w\(|[=<>{}\[\]_]")


def request_of(text: str, question: Question | None, *, stopping: bool = False) -> Request | None:
    """What `text` asks for; None if it is an answer, and in doubt it is one.

    `question` is the one that is open, None when it has left the bank. `stopping`: the candidate was just asked whether
    to stop, so that yes and no are replies to that.
    """
    if command := COMMANDS.get(text.strip().rstrip(".!").lower()):
        return command
    found = None
    for sentence in _sentences(text):
        asked = _of_sentence(sentence, question, stopping=stopping)
        if asked is None and not phrases.POLITE.fullmatch(sentence.words):
            return None
        found = asked or found
    return found


def wants_answer(text: str) -> bool:
    """Whether a question back asks for the answer itself."""
    said = (core for sentence in _sentences(text) for core in phrases.cores(sentence.words))
    return any(phrases.WANTS_ANSWER.fullmatch(core) for core in said)


def may_be_question_back(text: str) -> bool:
    """Whether a message that the rules take for an answer may be a question back: short, plain, ends in `?`."""
    short = len(text.split()) <= MAX_QUESTION_WORDS
    return short and text.rstrip().endswith(("?", "\uff1f", "\u061f")) and not _CODE.search(text)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A folded sentence without punctuation, and whether it ended in a question mark."""

    words: str
    asks: bool


def _sentences(text: str) -> list[_Sentence]:
    """The sentences of a short plain message; none of any other."""
    plain = _SMILE.sub(" ", fold(text)).strip()
    if len(plain) > MAX_CHARS or not _PLAIN.fullmatch(plain) or _CODE.search(plain):
        return []
    parts = [*_MARKS.split(plain), ""]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    sentences = [_Sentence(said, "?" in mark) for part, mark in pairs if (said := _LOOSE.sub(" ", part).strip())]
    return sentences if sum(len(sentence.words.split()) for sentence in sentences) <= MAX_WORDS else []


def _of_sentence(sentence: _Sentence, question: Question | None, *, stopping: bool) -> Request | None:
    if stopping and phrases.YES.fullmatch(sentence.words):
        return Request.STOP
    if stopping and phrases.NO.fullmatch(sentence.words):
        return Request.REPEAT
    if sentence.asks and phrases.PUZZLED.fullmatch(sentence.words):
        return Request.REPEAT
    cores = phrases.cores(sentence.words)
    for name, phrase in phrases.CLEAR:
        if any(phrase.fullmatch(core) for core in cores):
            return Request(name)
    core = cores[-1]
    for name, phrase in phrases.BARE:
        if phrase.fullmatch(core) and not _speaks_of(question, core):
            return Request(name)
    back = sentence.asks and any(phrase.fullmatch(core) for phrase in phrases.BACK)
    return Request.CLARIFY if back and not _tells(core, question) else None


def _speaks_of(question: Question | None, core: str) -> bool:
    """Whether what was asked holds a word of the phrase that is not mere grammar, or a point is met by that word."""
    if question is None:
        return False
    probes = (point.probe or "" for point in question.points)
    short = (word for point in question.points if len(point.cues) == 1 for word in point.cues[0])
    return bool(_stems(core, without=FUNCTION_WORDS - {"again"}) & _stems(question.ask, *probes, *short))


def _tells(core: str, question: Question | None) -> bool:
    """Whether a question back holds words of the rubric that the question does not: then it may well be an answer."""
    if question is None:
        return False
    new = _stems(core, without=FUNCTION_WORDS | phrases.SCOPE) - _stems(question.ask)
    return bool(new & _stems(*_rubric(question)))


def _rubric(question: Question) -> tuple[str, ...]:
    cues = (word for statement in question.statements for group in statement.cues for word in group)
    return (*(statement.says for statement in question.statements), *cues)


def _stems(*texts: str, without: frozenset[str] = frozenset()) -> frozenset[str]:
    return frozenset(stem(word) for text in texts for word in words(text) if word not in without)
