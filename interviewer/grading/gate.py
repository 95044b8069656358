"""A text + its question -> which of its sentences state nothing, and why. Pure; for the marks of every grader.

Marks are earned by statements. A question back, a word to the examiner, a table of marks, a list, or the rubric's
words in an order that says nothing is no statement, however many right words are in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from interviewer.domain import Question
from interviewer.grading.appeals import appeals, is_pasted_rubric, is_table_of_marks
from interviewer.grading.code import code_spans
from interviewer.grading.words import FUNCTION_WORDS, Token, content_stems, stem, tokenize, words

QUESTIONS_SHARE = 0.5
"""Questions state nothing where more than half of what is not an appeal are questions; else they lead on."""
FRAGMENTS_FROM = 5
FRAGMENT_WORDS = 3.0
"""Five sentences or more with fewer than three words each, on average, are a list."""
CHECKLIST_FROM = 3
"""A sentence that names as many of the rubric's ids ticks them off."""
NEAR_WORDS = 3
SOUP_FROM = 0.22
SOUP_FROM_WITHOUT_REFERENCE = 0.16
SOUP_FROM_WORDS = 10
"""From this product of shares on, see `_is_soup`, and from as many words that carry meaning, a text is a soup. Points
alone know fewer of its words than a reference does."""


FORMS_FROM = 4
FORMS_SHARE = 0.06
"""So many words, and so large a share, behind another form of themselves ("retry, retries") are a paste of cues."""
STAMP_WORDS = 12
STAMP_VARIETY = 0.35
"""Words between the cues, twelve at a time: where fewer than this share differ, one frame is stamped all along."""


class Flag(StrEnum):
    """Why a sentence states nothing."""

    QUESTION = "question"
    APPEAL = "appeal"
    MARKS = "marks"
    LIST = "list"
    CHECKLIST = "checklist"
    SOUP = "soup"
    ASKED = "asked"


FLAG_NOTES = {
    Flag.QUESTION: "Questions back are not marked. Say what you think is so.",
    Flag.APPEAL: "Words to the examiner are not marked. Only what you say about the question is.",
    Flag.MARKS: "A table of marks is not an answer. Say what is so, and why.",
    Flag.LIST: "A list of words is not a statement: say how they hang together.",
    Flag.CHECKLIST: "Naming the topics is not a statement: say what is so about each of them.",
    Flag.SOUP: "The right words are here, but not in sentences that say something. Say what happens, and why.",
    Flag.ASKED: "Repeating what was asked states nothing. Say what happens, and why.",
}


class Rubric:
    """What the gate knows of a question: its words, which of them stand near each other, its ids."""

    def __init__(self, question: Question) -> None:
        self.vocabulary: set[str] = set()
        self.near: set[tuple[str, str]] = set()
        says = [question.reference, question.ask, *(statement.says for statement in question.statements)]
        for text in (*says, *(wrong.fix for wrong in question.misconceptions)):
            content = [token for token in tokenize(text) if token.word not in FUNCTION_WORDS]
            self.vocabulary.update(token.stem for token in content if text in says)
            self.near.update(
                (one.stem, other.stem)
                for at, one in enumerate(content)
                for other in content[at + 1 : at + 1 + NEAR_WORDS]
                if other.sentence == one.sentence
            )
        told = content_stems(question.reference)
        bare = told <= {stem for statement in question.statements for stem in content_stems(statement.says)}
        cut = any(point.cut for point in question.points)
        self.soup_from = SOUP_FROM_WITHOUT_REFERENCE if bare and not cut else SOUP_FROM
        self.asks_for_code = bool(code_spans(question.reference))
        cues = (cue for statement in question.statements for group in statement.cues for cue in group)
        self.cued = {stem(word) for cue in cues for word in words(cue)}
        self.all_ids = [re.compile(rf"\b{re.escape(each.id)}\b", re.IGNORECASE) for each in question.statements]
        self.ids = [one for one, each in zip(self.all_ids, question.statements, strict=True) if "-" in each.id]


@lru_cache(maxsize=512)
def rubric_of(question: Question) -> Rubric:
    """The question made ready for the gate."""
    return Rubric(question)


def flags(text: str, tokens: Sequence[Token], rubric: Rubric) -> dict[int, Flag]:
    """Sentence number -> why it states nothing; a sentence that may state something is not in it."""
    spans = _sentence_spans(text, tokens)
    if is_table_of_marks(text) or (
        is_pasted_rubric(text) and sum(bool(one.search(text)) for one in rubric.all_ids) > 1
    ):
        return dict.fromkeys(spans, Flag.MARKS)
    found = {number: flag for number, (start, end) in spans.items() if (flag := _flag(text[start:end], rubric))}
    for number, (start, _) in spans.items():  # an appeal goes on behind a semicolon
        if found.get(number - 1) is Flag.APPEAL and text[:start].rstrip().endswith(";"):
            found.setdefault(number, Flag.APPEAL)
    others = sum(flag is not Flag.QUESTION for flag in found.values())
    asked = len(found) - others
    rest = len(spans) - others  # an order more or less changes nothing about the rest
    if asked <= QUESTIONS_SHARE * rest or (asked < 2 and not others):
        found = {number: flag for number, flag in found.items() if flag is not Flag.QUESTION}
    ticks = [number for number, (start, end) in spans.items() if _ticks_off(text[start:end], rubric)]
    if len(ticks) >= CHECKLIST_FROM:
        found |= dict.fromkeys(ticks, Flag.CHECKLIST)
    code = code_spans(text) if rubric.asks_for_code else ()
    left = [
        token
        for token in tokens
        if token.sentence not in found and not any(start <= token.start < end for start, end in code)
    ]
    sentences = len({token.sentence for token in left})
    if sentences >= FRAGMENTS_FROM and len(left) < FRAGMENT_WORDS * sentences:
        return dict.fromkeys(spans, Flag.LIST) | found
    if _is_soup(left, rubric) or _lists_forms(left) or _is_stamped(left, rubric):
        return dict.fromkeys(spans, Flag.SOUP) | found
    return found


def _ticks_off(said: str, rubric: Rubric) -> bool:
    """Whether a sentence is one of the rubric's ids with hardly a word beside it."""
    rest = next((one.sub(" ", said, count=1) for one in rubric.all_ids if one.search(said)), None)
    return rest is not None and len(words(rest)) < NEAR_WORDS


def _flag(said: str, rubric: Rubric) -> Flag | None:
    if appeals(said):
        return Flag.APPEAL
    if sum(bool(one.search(said)) for one in rubric.ids) >= CHECKLIST_FROM:
        return Flag.CHECKLIST
    return Flag.QUESTION if said.rstrip().rstrip("\"'*_`").endswith("?") else None


def _is_soup(tokens: Sequence[Token], rubric: Rubric) -> bool:
    """Whether the text is the rubric's words in an order that none of its statements has.

    The product of four shares: words that carry meaning among all; the rubric's words among those; pairs of them that
    stand side by side; and those of the pairs that stand near each other nowhere in the rubric.
    """
    content = [token for token in tokens if token.word not in FUNCTION_WORDS]
    if len(content) < SOUP_FROM_WORDS:
        return False
    known = sum(token.stem in rubric.vocabulary for token in content)
    pairs = [(one.stem, other.stem) for one, other in pairwise(content) if _pairs_up(one, other, rubric)]
    strange = sum(pair not in rubric.near for pair in pairs)
    return known * strange >= rubric.soup_from * len(content) * len(tokens)


def _lists_forms(tokens: Sequence[Token]) -> bool:
    """Whether words come with their inflections beside them, as cues do."""
    content = [token for token in tokens if token.word not in FUNCTION_WORDS]
    repeated = sum(one.stem == other.stem and one.word != other.word for one, other in pairwise(content))
    return repeated >= max(FORMS_FROM, FORMS_SHARE * len(content))


def _is_stamped(tokens: Sequence[Token], rubric: Rubric) -> bool:
    """Whether the same few words stand between the rubric's all along: "the … is the … of the …"."""
    rest = [token for token in tokens if token.stem not in rubric.cued]
    between = [token.word for token in rest if token.word in FUNCTION_WORDS or token.stem not in rubric.vocabulary]
    runs = [between[at : at + STAMP_WORDS] for at in range(0, len(between) - STAMP_WORDS + 1, STAMP_WORDS)]
    return bool(rubric.cued and runs) and sum(len(set(run)) for run in runs) < STAMP_VARIETY * STAMP_WORDS * len(runs)


def _pairs_up(one: Token, other: Token, rubric: Rubric) -> bool:
    same = one.sentence == other.sentence and one.stem != other.stem
    return same and one.stem in rubric.vocabulary and other.stem in rubric.vocabulary


def _sentence_spans(text: str, tokens: Sequence[Token]) -> Mapping[int, tuple[int, int]]:
    """Characters of each sentence, the marks that close it included."""
    starts: dict[int, int] = {}
    for token in tokens:
        starts.setdefault(token.sentence, token.start)
    following = [*list(starts.values())[1:], len(text)]
    return {number: (start, end) for (number, start), end in zip(starts.items(), following, strict=False)}
