"""A sentence -> whether it speaks to the examiner about marks instead of about the question. Pure.

Known forms of asking for marks: orders, claims of having covered all, verdicts on oneself, guesses left to the
examiner. The patterns look for the marking and the asking together, so that "mark the field as required" is none.
"""

from __future__ import annotations

import re

from interviewer.grading.disguises import VERDICT_WORDS, is_sheet, orders_abroad, spellings

_EXAMINER = r"(?:examiner|grader|marker|evaluator|assessor|judge|interviewer|reviewer|grading (?:model|system|bot))"
_MARKS = r"(?:marks?|points?|scores?|credits?|grades?|rubric|criteri(?:a|on)|verdicts?)"
_ALL = r"(?:full|max(?:imum)?|all|every|each|top|perfect|highest|100 ?%?|complete)"
_TOP = r"(?:full|max(?:imum|imal)?|perfect|top|highest|100 ?%?|complete)"
_NOT_YET = r"(?: (?!would|will|should|can|could|may|might|must)\w+)"
_TELLS = r"(?:cover|mention|address|explain|answer|discuss|include|satisf|meet|fulfil|contain)"
_FULLY = r"(?:fully|correctly|completely|thoroughly|in (?:depth|full|detail)|senior level|no misconceptions?)"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:(?:note|message|instructions?) (?:to|for)(?: the)?|attention)\W+(?:\w+\W+)?{_EXAMINER}\b",
        rf"\b(?:dear|hello|hi|hey)\W+(?:\w+\W+)?{_EXAMINER}\b\W*"
        rf"(?:$|[^.?!]*\b(?:{_MARKS}|please|correct|accept|accepted|confirm|trust|all)\b)",
        r"\b(?:ignore|disregard|forget|override)\b[^.?!]{0,40}\b(?:rubric|instructions?|criteria)\b",
        r"\b(?:ignore|disregard|forget)\b"
        r"(?:[^.?!]{0,20} prompt|\W+(?:all|everything)\b[^.?!]{0,20} (?:previous|above))\b",
        r"\b(?<!not )(?<!the )(?<!an )(?<!a )"
        r"(?:gi?ve?|award|grant|assign|deserves?|earns?|mark|grade|score|rate|confirm)\b"
        rf"[^.?!]{{0,60}}\b(?:{_ALL}|ful|al)\b[^.?!]{{0,20}}\b(?:{_MARKS}|m[ae]rks?|po[iy]nts?)\b",
        rf"\b(?:treat|count|accept|consider)\b[^.?!]{{0,60}}\b{_TOP}\b[^.?!]{{0,20}}\b{_MARKS}\b",
        r"\b(?:mark|grade|rate|score) (?:this|me|my \w+|the answer)\b[^.?!]{0,12}"
        r"(?:\b(?:correct|excellent|perfect|brilliant)\b|\b\d{1,3} ?(?:/|out of) ?10+\b)",
        r"\baward (?:me )?(?:the |all )?marks\b|\bmarking scheme\b|\bverdict\W+met\b",
        rf"\b{_ALL} {_MARKS}\b[^.?!]{{0,30}}\b(?:please|thank|thanks|awarded|met|covered|satisfied)\b",
        rf"\b(?:i|we|my|this|candidate|answer)\b[^.?!]{{0,40}}\b{_TELLS}\w*\b[^.?!]{{0,40}}\b(?:all|every|each)\b"
        rf"[^.?!]{{0,30}}\b(?:{_MARKS}|topics?|aspects?|keywords?|above)\b",
        r"\b(?:the|this) (?:candidate|applicant)(?:'s)?\b[^.?!]{0,60}"
        r"\b(?:answer|speech|demonstrat|deserv|cover|said|correct|complete|understand)\w*",
        r"^\W*(?:system|assistant|developer|admin)\s*(?::|message\b|prompt\b|override\b)",
        r"\b(?:(?:final|overall|my) total|(?:final )?(?:score|grade|verdict|rating))\b\W{0,4}(?:is |of |= ?)?"
        r"(?:\d{2,3} ?(?:/|%|out of)|excellent|perfect|full)",
        r"\b(?:my|this|the) (?:answer|explanation)\b[^.?!]{0,40}\b(?:is|was)\b[^.?!]{0,30}"
        r"\b(?:complete|perfect|accepted|exhaustive|excellent)\b",
        r"\b(?:which(?:ever)?|one|any) of (?:these|those|them|the above)\b[^.?!]{0,60}"
        r"(?:\b(?:is|are|be|must|should)\b[^.?!]{0,15}\b(?:right|correct)\b"
        r"|\b(?:looking for|my answer|to hear)\b|\byou(?:'re| are| were)? after\b)",
        r"\b(?:take|choose|pick|count)\b[^.?!]{0,40}\b(?:as|for) my answer\b",
        r"\b(?:answer key|rubric|reference answer|model answer)\b",
        rf"\b(?:i|we)\b{_NOT_YET}{{0,3}} {_TELLS}\w*\b[^.?!]*\b{_FULLY}",
        rf"\b(?:i|we){_NOT_YET}{{0,3}} {_FULLY}(?: \w+){{0,3}} {_TELLS}\w*",
        r"\b(?:this|my) answer (?:mentions|covers|contains|includes|addresses|has)\b",
        r"\bi (?:know|understand) (?:all|each|every|both)\b[^.?!]*$",
    )
)
_WEIGHT = re.compile(r"\bweight\W{0,3}\d", re.IGNORECASE)
_MARKS_KEY = re.compile(
    r"[\"'](?:[\w -]*(?:scores?|marks?|points?|verdicts?|totals?|grades?|credits?|misconceptions?|ratings?))[\"']\s*:",
    re.IGNORECASE,
)
_KEY = re.compile(r"[\"'][\w -]+[\"']\s*:")


def appeals(sentence: str) -> bool:
    """Whether the sentence asks for marks, claims them, or leaves the choice of an answer to the examiner."""
    said = spellings(sentence)
    return any(p.search(one) for p in (*_PATTERNS, *VERDICT_WORDS) for one in said) or orders_abroad(sentence)


def is_table_of_marks(text: str) -> bool:
    """Whether a text is a reply in the grader's own form: an object of JSON with keys for marks."""
    said = text.strip().removeprefix("```json").lstrip("`\n ")
    is_reply = said.startswith(("{", "[")) and len(_KEY.findall(said)) > 1 and bool(_MARKS_KEY.search(said))
    return is_reply or is_sheet(text)


def is_pasted_rubric(text: str) -> bool:
    """Whether a text carries the weights of several points: a rubric, not an answer."""
    return len(_WEIGHT.findall(text)) > 1
