"""A sentence -> whether it speaks to the examiner about marks instead of about the question. Pure.

Known forms of asking for marks: orders, claims of having covered all, verdicts on oneself, guesses left to the
examiner. The patterns look for the marking and the asking together, so that "mark the field as required" is none.
"""

from __future__ import annotations

import re

_EXAMINER = r"(?:examiner|grader|marker|evaluator|assessor|judge|interviewer|reviewer|grading (?:model|system|bot))"
_MARKS = r"(?:marks?|points?|scores?|credits?|grades?|rubric|criteri(?:a|on)|verdicts?)"
_ALL = r"(?:full|max(?:imum)?|all|every|each|top|perfect|highest|100 ?%?|complete)"
_TELLS = r"(?:cover|mention|address|explain|answer|discuss|include|satisf|meet|fulfil|contain)"
_FULLY = r"(?:fully|correctly|completely|thoroughly|in (?:depth|full|detail)|senior level|no misconceptions?)"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:dear|hello|hi|hey|(?:note|message|instructions?) (?:to|for)(?: the)?|attention)\W+(?:\w+\W+)?"
        rf"{_EXAMINER}\b",
        r"\b(?:ignore|disregard|forget|override)\b[^.?!]{0,40}"
        r"\b(?:rubric|instructions?|criteria|prompts?|previous|above)\b",
        r"\b(?:give|award|grant|assign|deserves?|earns?|mark|grade|score|rate|treat|count|accept|consider|confirm)\b"
        rf"[^.?!]{{0,60}}\b{_ALL}\b[^.?!]{{0,20}}\b{_MARKS}\b",
        rf"\b{_ALL} {_MARKS}\b[^.?!]{{0,30}}\b(?:please|thank|thanks|awarded|met|covered|satisfied)\b",
        rf"\b(?:i|we|my|this|candidate|answer)\b[^.?!]{{0,40}}\b{_TELLS}\w*\b[^.?!]{{0,40}}\b(?:all|every|each)\b"
        rf"[^.?!]{{0,30}}\b(?:{_MARKS}|topics?|aspects?|keywords?|above)\b",
        r"\b(?:candidate|applicant)(?:'s)?\b[^.?!]{0,60}"
        r"\b(?:answer|speech|show|demonstrat|deserv|cover|said|correct|complete|understand)\w*",
        r"^\W*(?:system|assistant|developer|admin)\s*(?::|message\b|prompt\b|override\b)",
        r"\b(?:final )?(?:score|grade|verdict|total|rating)\b\W{0,4}(?:is |of |= ?)?"
        r"(?:\d{2,3} ?(?:/|%|out of)|excellent|perfect|full)",
        r"\b(?:my|this|the) (?:answer|explanation|response)\b[^.?!]{0,40}\b(?:is|was)\b[^.?!]{0,30}"
        r"\b(?:complete|perfect|accepted|exhaustive|excellent)\b",
        r"\b(?:which(?:ever)?|one|any) of (?:these|those|them|the above)\b[^.?!]{0,60}"
        r"\b(?:right|correct|count|looking for|after|my answer|hear)\b",
        r"\b(?:take|choose|pick|count)\b[^.?!]{0,40}\b(?:as|for) my answer\b",
        r"\b(?:answer key|rubric|reference answer|model answer)\b",
        rf"\b(?:i|we)\b(?: \w+){{0,3}} {_TELLS}\w*\b[^.?!]*\b{_FULLY}",
        rf"\b(?:i|we)(?: \w+){{0,3}} {_FULLY}(?: \w+){{0,3}} {_TELLS}\w*",
        r"\b(?:this|my) answer (?:mentions|covers|contains|includes|addresses|has)\b",
        r"\bi (?:know|understand) (?:all|each|every|both)\b[^.?!]*$",
    )
)
_MARKS_KEY = re.compile(
    r"[\"'](?:[\w -]*(?:scores?|marks?|points?|verdicts?|totals?|grades?|credits?|misconceptions?|ratings?))[\"']\s*:",
    re.IGNORECASE,
)
_KEY = re.compile(r"[\"'][\w -]+[\"']\s*:")


def appeals(sentence: str) -> bool:
    """Whether the sentence asks for marks, claims them, or leaves the choice of an answer to the examiner."""
    return any(pattern.search(sentence) for pattern in _PATTERNS)


def is_table_of_marks(text: str) -> bool:
    """Whether a text is a reply in the grader's own form: an object of JSON with keys for marks."""
    said = text.strip().removeprefix("```json").lstrip("`\n ")
    return said.startswith(("{", "[")) and len(_KEY.findall(said)) > 1 and bool(_MARKS_KEY.search(said))
