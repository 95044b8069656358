"""A turn -> its part of a report in plain words: how it went, what was missed, what was said. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.disputes import made_by
from interviewer.domain import Grading, Interview, Question, SayKind, Turn
from interviewer.report import OptionResult, TurnResult
from interviewer.web import words
from interviewer.web.report import sentences

SPEAKER = {
    SayKind.QUESTION: "Interviewer",
    SayKind.ANSWER: "Candidate",
    SayKind.PROBE: "Interviewer (follow-up)",
    SayKind.HINT: "Interviewer (hint)",
    SayKind.REQUEST: "Candidate (not marked)",
    SayKind.REMARK: "Interviewer",
}
CHOSEN = {
    (True, True): ("✓", "chosen, right"),
    (True, False): ("✕", "chosen, wrong"),
    (False, True): ("○", "not chosen, right"),
    (False, False): ("·", "not chosen, wrong"),
}
"""(chosen, right) -> sign and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayTold:
    """Something said, with who said it."""

    speaker: str
    by_candidate: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTold:
    """A point, a mistake or an option: sign and word of its verdict, what it says, and the words that show it."""

    sign: str
    word: str
    says: str
    quote: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTold:
    """A turn; `source` says who marked it and by which bank. What may not be seen yet is not in it."""

    number: int
    title: str
    standing: str
    source: str | None
    missed: tuple[PointTold, ...]
    says: tuple[SayTold, ...]
    points: tuple[PointTold, ...]
    options: tuple[PointTold, ...]
    takeaway: str | None
    reference: str | None
    sources: tuple[str, ...]


def turn_told(interview: Interview, turn: Turn, result: TurnResult, question: Question | None, topic: str) -> TurnTold:
    """A turn as far as it may be seen; `topic` is the title of its topic."""
    due, grading = result.due, turn.grading
    level = f", {words.LEVEL_TITLE[result.level].lower()} level" if result.level and interview.plan.adaptive else ""
    shown = question if due else None
    return TurnTold(
        number=turn.number,
        title=f"{topic}{level}",
        standing=sentences.standing(interview, turn, due=due),
        source=_source(turn, grading) if due and grading else None,
        missed=tuple(_missed(result)),
        says=tuple(_says(turn)),
        points=tuple(_points(grading)) if due and grading and not result.options else (),
        options=tuple(_option(option) for option in result.options),
        takeaway=result.takeaway,
        reference=shown.reference.strip() if shown else None,
        sources=shown.sources if shown else (),
    )


def _source(turn: Turn, grading: Grading) -> str:
    made = (made_by(turn) or grading).provenance
    return f"{sentences.begun_large(sentences.marked_by(turn))}, bank {made.bank}"


def _missed(result: TurnResult) -> Iterator[PointTold]:
    for lost in result.missed:
        yield PointTold(sign=words.VERDICT_SIGN[lost.verdict], word=words.VERDICT_WORD[lost.verdict], says=lost.says)


def _says(turn: Turn) -> Iterator[SayTold]:
    for say in turn.says_in_force:
        by_candidate = say.kind in (SayKind.ANSWER, SayKind.REQUEST)
        yield SayTold(speaker=SPEAKER[say.kind], by_candidate=by_candidate, text=say.text)


def _points(grading: Grading) -> Iterator[PointTold]:
    for mark in grading.marks:
        after = "after a follow-up" if mark.said > 0 and mark.credit > 0 else None
        yield PointTold(
            sign=words.VERDICT_SIGN[mark.verdict],
            word=words.VERDICT_WORD[mark.verdict],
            says=mark.says,
            quote=" ".join(mark.quote.split()) if mark.quote else None,
            note="; ".join(filter(None, (after, words.unsure_words(mark)))) or None,
        )
    for asserted in grading.misconceptions:
        yield PointTold(
            sign="✕",
            word=f"wrong, −{asserted.penalty}",
            says=asserted.fix,
            quote=" ".join(asserted.quote.split()),
        )


def _option(option: OptionResult) -> PointTold:
    sign, word = CHOSEN[option.chosen, option.correct]
    return PointTold(sign=sign, word=word, says=option.text, note=option.why)
