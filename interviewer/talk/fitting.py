"""What a model would have the interviewer say -> whether it may be said. Pure.

A model that reads a candidate's words may obey them. So its own words are said only where this code can tell that they
ask or explain and nothing else; in doubt the bank's words or the fixed ones are. English alone can be told like that:
in other languages the interviewer says translations of words that were fit to be said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from interviewer.domain import Point, Question
from interviewer.grading.giveaway import gives_away
from interviewer.grading.languages import is_english
from interviewer.grading.words import COMMON_VERBS, FUNCTION_WORDS, stem, tokenize, words

PROBE_CHARS = 200
REPLY_CHARS = 240
SENTENCES = 2
NEW_WORDS = 2
"""So many words of the rubric that nobody has said yet may be in a reply by chance."""
SHORTEST, LONGEST = 0.4, 3.0
"""How long a translation may be, as a share of the original."""
_MARKUP = re.compile(r"[<>{}\[\]*#|\\~^=]|``|://|\bwww\.|_{2,}|(?<!\w)_|_(?!\w)")
_LISTS = re.compile(r"[-+•–—]\s|\d+[.)]\s")
_ASKS = re.compile(r"[?？؟]")
_TERM = re.compile(r"`[^`]*`|\b\w*(?:\d|_|(?<=[a-z])[A-Z])\w*\b|\b[A-Z]{2,}\w*\b")
"""Identifiers, numbers and acronyms."""
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_JOINERS = frozenset("\u200c\u200d\u200e\u200f")
"""Invisible characters that some languages are written with."""
_JUDGES = frozenset(
    """
    accurate accurately admirable almost amazing awesome bad brilliant correct correctly excellent exact exactly false
    fantastic forgot forgotten good great impressive incomplete incorrect incorrectly indeed insightful mistake mistaken
    mistakes misunderstood nearly nice nicely omitted overlooked perfect perfectly precisely right rightly sadly score
    scores sorry superb thank thanks true unfortunately wonderful wrong wrongly rubric reference marks
    """.split()
)
"""Words that praise, blame or speak of the marking."""
_YES_OR_NO = frozenset("yes yeah no nope".split())
_EVERYDAY = frozenset("fast api http url json python".split())
"""Terms that give nothing away, identifiers split as `words` does."""
_TELL_NOTHING = FUNCTION_WORDS | COMMON_VERBS


def fits_as_probe(said: str, question: Question, point: Point, answers: Sequence[str]) -> bool:
    """Whether a follow-up in a model's words may take the place of the point's own.

    It asks one thing and stays with what the planned one speaks of; it judges nothing, and gives away no more than the
    planned one would: no point, no word more of the point probed, no term that nobody has used yet.
    """
    planned = point.probe or ""
    known = (question.ask, planned, *answers)
    told = _stems(point.says) - _stems(question.ask, *answers)
    return (
        _is_plain(said, PROBE_CHARS)
        and said.endswith("?")
        and len(_ASKS.findall(said)) == 1
        and is_english(said)
        and not _judges(said, planned)
        and bool(_stems(said) & _stems(planned, point.says))
        and len(_stems(said) & told) <= len(_stems(planned) & told)
        and not _new_terms(said, known)
        and not gives_away(said, question, known)
    )


def fits_as_reply(said: str, question: Question, asked: Sequence[str]) -> bool:
    """Whether a reply to a question back may be said; `asked` is what the candidate was asked in this turn.

    It says nothing of the rubric that the question does not say itself, and neither yes nor no.
    """
    told = _stems(question.reference, *(statement.says for statement in question.statements)) - _stems(*asked)
    return (
        _is_plain(said, REPLY_CHARS)
        and is_english(said)
        and not _YES_OR_NO & set(words(said)[:1])
        and not _judges(said, " ".join(asked))
        and len(_stems(said) & told) <= NEW_WORDS
        and not _new_terms(said, asked)
        and not gives_away(said, question, ())  # what the question itself hints at is not said for it
    )


def tells_of_rubric(message: str, question: Question, asked: Sequence[str]) -> bool:
    """Whether a message holds a word of the points that the candidate was not asked with: it may be a guess."""
    cues = (word for point in question.points for group in point.cues for word in group)
    told = _stems(*(point.says for point in question.points), *cues) - _stems(*asked)
    return bool(told & _stems(message))


def fits_as_translation(said: str, original: str, question: Question, answers: Sequence[str]) -> bool:
    """Whether a text may take the place of the English `original`: as long, the same code in it, nothing given away."""
    length, wanted = _width(said), _width(original)
    return (
        SHORTEST * wanted <= length <= LONGEST * wanted
        and all(char.isprintable() or char in "\n\t" or char in _JOINERS for char in said)
        and Counter(_CODE.findall(said)) == Counter(_CODE.findall(original))
        and all(said.count(sign) == original.count(sign) for sign in ("`", "://", "](", "<", "#"))
        and not gives_away(said, question, (original, question.ask, *answers))
    )


def _is_plain(said: str, chars: int) -> bool:
    """One line of a sentence or two, without markup; identifiers may stand in backticks."""
    tokens = tokenize(said)
    return (
        0 < len(said) <= chars
        and said.isprintable()
        and bool(tokens)
        and tokens[-1].sentence < SENTENCES
        and not _MARKUP.search(_CODE.sub("x", said))
        and not _LISTS.match(said)
        and _CODE.sub("", said).count("`") == 0
    )


def _judges(said: str, planned: str) -> bool:
    return bool(_JUDGES & (set(words(said)) - set(words(planned))))


def _stems(*texts: str) -> frozenset[str]:
    """Stems of the words that tell something."""
    return frozenset(stem(word) for text in texts for word in words(text) if word not in _TELL_NOTHING)


def _new_terms(said: str, known: Sequence[str]) -> bool:
    """Whether there are identifiers, numbers or acronyms that stand in none of the known texts."""
    heard = _EVERYDAY.union(*map(words, known))
    return any(not set(words(term)) <= heard for term in _TERM.findall(said))


def _width(text: str) -> int:
    """Length in columns: a Chinese character says as much as several letters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text.strip())
