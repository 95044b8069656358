"""A place in a text -> the mark or the asserted misconception that it shows, with the candidate's own words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.domain import AssertedMisconception, Mark, Misconception, Point, Verdict
from interviewer.grading.cues import Heard
from interviewer.scoring import CREDITED_FROM, PARTLY_FROM


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `first`..`last` of the turn's text number `said`."""

    text: Heard
    first: int
    last: int
    said: int

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.text.tokens[self.first].start

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.text.tokens[self.last].end

    @property
    def quote(self) -> str:
        """The words."""
        return self.text.text[self.start : self.end]


def marked_at(point: Point, span: Span, credit: float, *, less: str) -> Mark:
    """A mark with its evidence; `less` is the reason when it is not `met`."""
    if credit >= CREDITED_FROM:
        return _mark(point, span, Verdict.MET, credit, "All of it is here.")
    return _mark(point, span, Verdict.PARTLY if credit >= PARTLY_FROM else Verdict.MISSED, credit, less)


def contradicted_at(point: Point, span: Span) -> Mark:
    """A mark of nothing for words that say the opposite."""
    return _mark(point, span, Verdict.CONTRADICTED, 0.0, "The answer says the opposite here.")


def missed(point: Point, said: int) -> Mark:
    """A mark of nothing."""
    return Mark(
        point=point.id,
        says=point.says,
        weight=point.weight,
        verdict=Verdict.MISSED,
        credit=0.0,
        said=said,
        reason="Not found in the answer.",
    )


def asserted_at(misconception: Misconception, span: Span) -> AssertedMisconception:
    """A misconception with the words that assert it."""
    return AssertedMisconception(
        id=misconception.id,
        says=misconception.says,
        penalty=misconception.penalty,
        fix=misconception.fix,
        quote=span.quote,
        said=span.said,
        start=span.start,
        end=span.end,
    )


def _mark(point: Point, span: Span, verdict: Verdict, credit: float, reason: str) -> Mark:
    return Mark(
        point=point.id,
        says=point.says,
        weight=point.weight,
        verdict=verdict,
        credit=credit,
        quote=span.quote,
        said=span.said,
        start=span.start,
        end=span.end,
        reason=reason,
    )
