"""A point or a misconception without cues + a text -> a mark, or the words that assert it. Pure.

How much of the sentence the text says is one number 0..1; a map fitted to human marks turns it into a credit. Points
of a rubric and sentences cut from a reference have maps of their own: people mark the second kind far more kindly.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from interviewer.domain import AssertedMisconception, Mark, Misconception, Point, Question
from interviewer.grading.found import Span, asserted_at, marked_at, missed
from interviewer.grading.reading import Reading
from interviewer.grading.rejected import NEGATORS
from interviewer.grading.statements import Likeness, Statement, compare, share_by_sentence, statement, turned
from interviewer.grading.words import Token, content_stems, tokenize

FEWEST_WORDS = 3
"""A misconception with fewer words of its own than this is not told from a harmless sentence."""
TOLD_FROM = 0.3
"""A sentence of the reference that says so much of a point stands beside the point's own sentence."""
TOLD_SHARE = 0.6
"""And its part in the recall: it is written for the reader, the point's sentence for the margin."""
MARGIN = 0.3
"""A sentence asserts a misconception only when it says so much more of it than of any point."""
CREDIT = Path(__file__).parent / "data" / "credit.json"


@dataclass(frozen=True, slots=True)
class CreditMap:
    """Weights of the measures, and the map from their sum to a credit: nothing at `start`, all of it from `full` on."""

    recall: float
    squared: float
    token_set: float
    window: float
    start: float
    full: float
    power: float

    def __call__(self, like: Likeness) -> float:
        """Credit 0..1, never falling when a measure rises."""
        index = (
            self.recall * like.recall
            + self.squared * like.squared
            + self.token_set * like.token_set
            + self.window * like.window
        )
        return float(min(1.0, max(0.0, (index - self.start) / (self.full - self.start))) ** self.power)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Credit maps of points and of cut sentences; from what share in one sentence on a misconception is asserted."""

    point: CreditMap
    cut: CreditMap
    asserted_from: float


@cache
def shipped() -> Calibration:
    """The calibration that `make train` wrote."""
    fitted = json.loads(CREDIT.read_text(encoding="utf-8"))
    return Calibration(CreditMap(**fitted["point"]), CreditMap(**fitted["cut"]), fitted["asserted_from"])


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a rubric says, made ready: `says` of a point or misconception -> statement.

    `told` has the reference's sentence for a point, where one says enough of it: the same in other and more words.
    """

    said: Mapping[str, Statement]
    told: Mapping[str, Statement]


@lru_cache(maxsize=512)
def sentences(question: Question) -> Sentences:
    """The sentences of a question's rubric."""
    says = [each.says for each in question.statements]
    having = Counter(stem for each in says for stem in content_stems(each))
    shared = {stem: count - 1 for stem, count in having.items()}
    asked = content_stems(question.ask)
    said = {each: statement(each, asked, shared) for each in says}
    reference = Reading(question.reference, question)
    told: dict[str, Statement] = {}
    for point in question.points:
        shares = share_by_sentence(said[point.says], reference)
        if not point.cut and shares and max(shares.values()) >= TOLD_FROM:
            best = reference.sentence(max(shares, key=lambda sentence: shares[sentence]))
            if content_stems(best) - content_stems(point.says):
                told[point.says] = statement(best, asked, {})
    return Sentences(said, told)


def likeness(point: Point, question: Question, text: Reading) -> Likeness:
    """How much of a point a text says, in the point's words and in those of the reference."""
    ready = sentences(question)
    deaf = turned_round(point, question, text)
    said = compare(ready.said[point.says], text, deaf)
    if point.says not in ready.told:
        return said
    told = compare(ready.told[point.says], text, deaf)
    best = said if said.window >= told.window else told
    both = (1 - TOLD_SHARE) * said.recall + TOLD_SHARE * told.recall
    return replace(best, recall=max(said.recall, both))


def turned_round(point: Point, question: Question, text: Reading) -> frozenset[int]:
    """Sentences that say the opposite of a point, whether put in its words or in those of the reference."""
    ready = sentences(question)
    verdicts = [turned(ready.said[point.says], text)]
    if point.says in ready.told:
        verdicts.append(turned(ready.told[point.says], text))
    known = {sentence for of in verdicts for sentence in of}
    return frozenset(n for n in known if all(of[n] for of in verdicts if n in of))


def mark(point: Point, question: Question, text: Reading, said: int) -> Mark:
    """The mark for a point in the turn's text number `said`."""
    if text.listing.is_all and not point.cut:
        return missed(point, said)
    like = likeness(point, question, text)
    calibration = shipped()
    credit = (calibration.cut if point.cut else calibration.point)(like)
    if not like.window or not credit:
        return missed(point, said)
    return marked_at(point, Span(text, like.first, like.last, said), credit, less=_less(credit))


def asserted(
    misconception: Misconception, question: Question, text: Reading, said: int
) -> AssertedMisconception | None:
    """Where a misconception is asserted: most of it said in one sentence, which is not a denial of it."""
    ready = sentences(question)
    wrong = ready.said[misconception.says]
    if sum(target.own for target in wrong.targets) < FEWEST_WORDS:
        return None
    shares = share_by_sentence(wrong, text)
    if max(shares.values(), default=0.0) < shipped().asserted_from:
        return None
    right = [share_by_sentence(ready.said[point.says], text) for point in question.points]
    right += [share_by_sentence(told, text) for told in ready.told.values()]
    denies = _denies(tokenize(misconception.says))
    for sentence, share in sorted(shares.items(), key=lambda each: -each[1]):
        if share < shipped().asserted_from:
            return None
        if share > max((of[sentence] for of in right), default=0.0) + MARGIN:
            at = [n for n, token in enumerate(text.tokens) if token.sentence == sentence]
            if text.rejected.intersection(at):
                continue
            if _denies(text.tokens[at[0] : at[-1] + 1]) == denies:
                return asserted_at(misconception, Span(text, at[0], at[-1], said))
    return None


def _denies(words: Sequence[Token]) -> bool:
    return any(token.word in NEGATORS for token in words)


def _less(credit: float) -> str:
    return f"About {round(100 * credit)} % of this point seems to be here."
