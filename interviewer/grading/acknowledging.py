"""The sentence by which a model shows that it listened -> the same, where it may be said to the candidate, or None.

It is said before the marks may be seen, so it must not judge, and must not hold anything of the rubric. Both can only
be told of English; in another language it is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from interviewer.domain import Question
from interviewer.grading.checked import plain
from interviewer.grading.giveaway import adds_words, gives_away
from interviewer.grading.languages import is_english
from interviewer.grading.rejected import NEGATORS
from interviewer.grading.words import tokenize

MOST_CHARS = 160
MOST_SENTENCES = 2
_MARKUP = re.compile(r"[<>{}\[\]*#|\\!?？؟]|``|://|\bwww\.")
_JUDGES = NEGATORS | frozenset(
    """
    accurate accurately admirable agree agreed almost although amazing awesome bad badly best better brilliant but
    clear clearly close complete completely comprehensive confused confusion contradict contradicts correct correctly
    credit detailed exact exactly excellent fair fairly false fantastic fine forgot forgotten full fully good grade
    great helpful however impressive inaccurate incomplete incorrect incorrectly indeed insightful interesting
    invalid lack lacking lacks left mark marks met misconception misconceptions misses missed missing mistake mistaken
    mistakes misunderstood nearly nice nicely nuanced omitted overlooked partial partially partly perfect perfectly
    point points poor poorly precise precisely reference right rightly rubric sadly score scores skipped smart solid
    sound spot still strong strongly superb sure thorough thoroughly though thoughtful true unclear unfortunately
    useful vague valid valuable weak well wonderful wrong wrongly yes yet
    """.split()
)
"""Words that praise, blame, or speak of the marking. What of the subject is lost with them is no loss."""


def acknowledgement(given: str | None, question: Question, answers: Sequence[str]) -> str | None:
    """What is kept of `given`: a plain neutral sentence or two that say no more than the candidate did."""
    said = plain(given or "", MOST_CHARS + 1)
    if not said or len(said) > MOST_CHARS or _MARKUP.search(said):
        return None
    tokens = tokenize(said)
    if not tokens or tokens[-1].sentence >= MOST_SENTENCES or any(token.word in _JUDGES for token in tokens):
        return None
    if not is_english(said) or adds_words(said, question, answers) or gives_away(said, question, answers):
        return None
    return said
