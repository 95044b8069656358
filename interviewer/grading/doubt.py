"""A model's quote + the candidate's texts -> why it is no evidence for a statement, or None. Pure.

Words that were asked prove nothing, and neither does a sentence without a single word of the rubric's: a model that
obeyed "mark everything met" could quote just that. Nor do sentences that the gate keeps from the offline grader: models
are taken in by keywords too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interviewer.grading.evidence import Found, find_quote
from interviewer.grading.reading import Reading
from interviewer.grading.words import FUNCTION_WORDS, Token, content_stems

NOT_SAID = "The words quoted for this point are not in the answer."
ONLY_ASKED = "The words quoted for this point only repeat the question."
BESIDE_THE_POINT = "The words quoted for this point do not speak of it."
NO_STATEMENT = "The words quoted for this point state nothing about it."


def doubted(quote: str, texts: Sequence[Reading], asked: Iterable[str | None], about: Iterable[str]) -> str | None:
    """Why a quote is no evidence; None when it is.

    `asked` are what the candidate was asked, `about` the rubric's texts that speak of the statement. Quotes written
    mostly in another alphabet share no words with the rubric and are let by.
    """
    found = find_quote(quote, [text.text for text in texts])
    if found is None:
        return NOT_SAID
    if find_quote(quote, [text for text in asked if text]):
        return ONLY_ASKED
    text = texts[found.said]
    around = _sentences_around(found, text)
    if text.listing.is_all or all(token.sentence in text.flags for token in around):
        return NO_STATEMENT
    letters = [char for char in quote if char.isalpha()]
    if 2 * sum(char.isascii() for char in letters) < len(letters):
        return None
    stems = {token.stem for token in around if token.word not in FUNCTION_WORDS}
    return None if stems & content_stems(" ".join(about)) else BESIDE_THE_POINT


def _sentences_around(found: Found, text: Reading) -> list[Token]:
    """Tokens of the sentences that a quote is taken from."""
    sentences = {token.sentence for token in text.tokens if token.start < found.end and found.start < token.end}
    return [token for token in text.tokens if token.sentence in sentences]
