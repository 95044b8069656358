"""A model's quote + the candidate's texts -> why it is no evidence for a statement, or None. Pure.

Words that were asked prove nothing, and neither does a sentence without a single word of the rubric's: a model that
obeyed "mark everything met" could quote just that. Nor do sentences that the gate keeps from the offline grader: models
are taken in by keywords too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from interviewer.grading.asked import only_repeats
from interviewer.grading.evidence import Found, find_quote
from interviewer.grading.lists import JOINING_ABROAD
from interviewer.grading.polarity import negated_at
from interviewer.grading.reading import Reading
from interviewer.grading.words import COMMON_VERBS, FUNCTION_WORDS, Token, content_stems, stem, tokenize

NOT_SAID = "The words quoted for this point are not in the answer."
ONLY_ASKED = "The words quoted for this point only repeat the question."
BESIDE_THE_POINT = "The words quoted for this point do not speak of it."
DENIED = "The words quoted for this point deny it."
TOO_FEW = "The words quoted are too few for all the points they are quoted for."
NO_STATEMENT = "The words quoted for this point state nothing about it."

OTHER_WORDS = 2
"""So many words of another language weigh as much as one of the rubric's."""


def doubted(quote: str, texts: Sequence[Reading], asked: Sequence[str | None], about: Sequence[str]) -> str | None:
    """Why a quote is no evidence; None when it is.

    `asked` are what the candidate was asked, the question first; `about` the rubric's texts that speak of the
    statement, its own sentence first. Quotes written mostly in another alphabet share no words with the rubric and
    are let by; of an answer in another language, one word of the rubric anywhere in the candidate's texts is enough.
    """
    found = find_quote(quote, [text.text for text in texts])
    if found is None:
        return NOT_SAID
    text = texts[found.said]
    quoted = _quoted(found, texts)
    if find_quote(quote, [text for text in asked if text]) or only_repeats(quoted, text.asked):
        return ONLY_ASKED
    around = _sentences_around(quoted, text)
    if text.listing.is_all or not around:
        return NO_STATEMENT
    if _are_denied(quoted, text) and not _denies(about[0], quoted, asked[0] or ""):
        return DENIED
    if _is_abroad(quote):
        return None
    heard = [token for each in texts for token in each.tokens if token.sentence not in each.flags]
    stems = {token.stem for token in (heard if text.abroad else around) if token.word not in FUNCTION_WORDS}
    return None if stems & _own_stems(tuple(about), asked[0] or "") else BESIDE_THE_POINT


def are_too_few(quotes: Sequence[str], texts: Sequence[Reading], asked: str, about: Sequence[str]) -> bool:
    """Whether the sentences quoted hold fewer different words of the rubric than there are statements quoted for.

    A model that obeys "mark all as met" quotes one sentence that says next to nothing for everything. Words of the
    question and sentences that state nothing do not count; quotes mostly in another alphabet are let by. In an answer
    in another language two other words that tell something do for one of the rubric.
    """
    said = [text.text for text in texts]
    found = [place for quote in quotes if not _is_abroad(quote) and (place := find_quote(quote, said))]
    heard = [token for place in found for token in _sentences_around(_quoted(place, texts), texts[place.said])]
    told = _telling(heard)
    borne = told & _own_stems(tuple(about), asked)
    if any(texts[place.said].abroad for place in found):
        others = told - borne - {stem(word) for word in JOINING_ABROAD} - _asked_stems(asked, texts)
        return len(borne) + len(others) / OTHER_WORDS < len(found)
    return len(borne) < len(found)


def _asked_stems(asked: str, texts: Sequence[Reading]) -> frozenset[str]:
    """Stems of all words that the candidate was asked with."""
    return content_stems(" ".join((asked, *(told for text in texts for told in text.asked))))


@lru_cache(maxsize=4096)
def _own_stems(rubric: tuple[str, ...], asked: str) -> frozenset[str]:
    """Stems of the rubric's words that the question does not have: the question's prove nothing."""
    return content_stems(" ".join(rubric)) - content_stems(asked)


def _telling(tokens: Iterable[Token]) -> set[str]:
    """Stems of the words that may show what is spoken of: no joining words, no verbs for anything, no lone digits."""
    words = (token for token in tokens if token.word not in FUNCTION_WORDS and token.word not in COMMON_VERBS)
    return {token.stem for token in words if len(token.word) > 1 or not token.word.isdigit()}


def _is_abroad(quote: str) -> bool:
    letters = [char for char in quote if char.isalpha()]
    return 2 * sum(char.isascii() for char in letters) < len(letters)


def _quoted(found: Found, texts: Sequence[Reading]) -> list[Token]:
    return [token for token in texts[found.said].tokens if token.start < found.end and found.start < token.end]


def _sentences_around(quoted: Sequence[Token], text: Reading) -> list[Token]:
    """Tokens of the sentences that a quote is taken from, those that state nothing left out."""
    sentences = {token.sentence for token in quoted if token.sentence not in text.flags}
    return [token for token in text.tokens if token.sentence in sentences]


def _are_denied(quoted: Sequence[Token], text: Reading) -> bool:
    """Whether all words quoted stand in what the text rejects, or in what leads up to that."""
    ends: dict[int, int] = {}
    for at in sorted(text.rejected):
        ends[text.tokens[at].sentence] = text.tokens[at].end
    return all(token.end <= ends.get(token.sentence, 0) for token in quoted)


def _denies(says: str, quoted: Sequence[Token], asked: str) -> bool:
    """Whether the statement itself denies a word that is quoted, and that the question does not have."""
    tokens = tokenize(says)
    denied = {token.stem for at, token in enumerate(tokens) if negated_at(tokens, at)}
    return bool((denied & content_stems(says) - content_stems(asked)) & {token.stem for token in quoted})
