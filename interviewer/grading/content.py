"""An answer + its question -> why there is nothing in it to mark, or None. Pure; asked before any grader.

Empty talk, "I don't know" and the question said back are recognised by rules, so that no model is ever asked to
mark them: judges pass such answers surprisingly often (arXiv 2507.08794).
"""

from __future__ import annotations

import re
from enum import StrEnum

from interviewer.domain import Question
from interviewer.grading.words import FUNCTION_WORDS, content_stems, fold, words


class NoContent(StrEnum):
    """Why an answer holds nothing to mark."""

    EMPTY_TALK = "empty_talk"
    DONT_KNOW = "dont_know"
    ECHO = "echo"


_DONT_KNOW = re.compile(
    r"\b(?:(?:i |we )?(?:really |honestly )?(?:do not|don't|dont) (?:really |actually )?(?:know|remember|recall)"
    r"|dunno|idk|no (?:idea|clue)|not (?:really )?sure|(?:i(?:'m| am) )?(?:unsure|clueless)"
    r"|never (?:heard|used)(?: of)?(?: (?:it|this|that))?|can(?:'t|not|t) (?:answer|say|remember|recall))\b"
    r"|^\W*(?:i(?:'ll| will| would|'d)? )?(?:have to |rather )?(?:pass|skip)(?: (?:on )?(?:this|that|it)(?: one)?)?\W*$"
)
FILLER = frozenset(
    """
    absolutely answer basically best depends fine good great hello hey hi hmm honestly important interesting lot many
    maybe much nice ok okay perhaps please practice practices process question really right say sorry sure thank
    thanks thing things think thought um uh various ways well yeah
    """.split()
)
_ECHO_SHARE = 0.85
_DONT_KNOW_SPARE_WORDS = 4


def no_content(answer: str, question: Question) -> NoContent | None:
    """Why `answer` holds nothing to mark; None when it should be marked."""
    told = [word for word in words(answer) if word not in FUNCTION_WORDS and word not in FILLER]
    if not told:
        return NoContent.DONT_KNOW if _DONT_KNOW.search(fold(answer)) else NoContent.EMPTY_TALK
    rest, admitted = _DONT_KNOW.subn(" ", fold(answer))
    asked = content_stems(question.ask)
    if admitted:
        spare = content_stems(rest) - asked - FILLER
        if len(spare) < _DONT_KNOW_SPARE_WORDS:
            return NoContent.DONT_KNOW
    said = content_stems(answer)
    echoed = len(said & asked)
    if len(said) > 2 and echoed >= _ECHO_SHARE * len(said) and 2 * echoed >= len(asked):
        return NoContent.ECHO
    return None
