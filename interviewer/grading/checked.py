"""A model's verdicts + the answers -> marks: what its quotes bear out, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interviewer.domain import AssertedMisconception, Cues, Mark, Misconception, Point, Question, Verdict
from interviewer.grading.doubt import TOO_FEW, are_too_few, doubted
from interviewer.grading.evidence import find_quote
from interviewer.grading.reading import Reading
from interviewer.grading.reply import MisconceptionReply, PointReply, Reply
from interviewer.grading.votes import Vote

REASON_CHARS = 300
FEEDBACK_CHARS = 240
FEEDBACK_SENTENCES = 3

CREDITS = {Verdict.MET: 1.0, Verdict.PARTLY: 0.5}


def checked_mark(given: PointReply, point: Point, question: Question, texts: Sequence[Reading]) -> Mark:
    """The model's verdict where its quote carries it, else `missed`. A contradiction needs no quote to earn nothing."""
    quote, verdict, reason = given.quote or "", given.verdict, plain(given.reason, REASON_CHARS)
    rubric = _told(question, point.says, point.cues)
    found = find_quote(quote, [text.text for text in texts]) if verdict is not Verdict.MISSED else None
    if verdict in CREDITS and (doubt := doubted(quote, texts, (question.ask, point.probe), rubric)):
        verdict, reason, found = Verdict.MISSED, doubt, None
    return Mark(
        point=point.id,
        says=point.says,
        weight=point.weight,
        verdict=verdict,
        credit=CREDITS.get(verdict, 0.0),
        quote=texts[found.said].text[found.start : found.end] if found else None,
        said=found.said if found else 0,
        start=found.start if found else 0,
        end=found.end if found else 0,
        reason=reason,
    )


def unless_too_few(marks: tuple[Mark, ...], question: Question, texts: Sequence[Reading]) -> tuple[Mark, ...]:
    """The marks, or none credited where all the words quoted could not say so many things."""
    quotes = [mark.quote for mark in marks if mark.credit and mark.quote]
    about = [text for point in question.points for text in _told(question, point.says, point.cues)]
    if not are_too_few(quotes, texts, question.ask, about):
        return marks
    return tuple(
        replace(mark, verdict=Verdict.MISSED, credit=0.0, quote=None, said=0, start=0, end=0, reason=TOO_FEW, votes=())
        if mark.credit
        else mark
        for mark in marks
    )


def checked_misconceptions(
    given: Sequence[MisconceptionReply], question: Question, texts: Sequence[Reading]
) -> tuple[AssertedMisconception, ...]:
    """Those of the question's misconceptions whose quote stands in an answer; the others cost nothing."""
    quotes = {asserted.id: asserted.quote for asserted in reversed(given)}
    shown = (
        _shown(known, quotes[known.id], question, texts) for known in question.misconceptions if known.id in quotes
    )
    return tuple(asserted for asserted in shown if asserted)


def _shown(
    known: Misconception, quote: str, question: Question, texts: Sequence[Reading]
) -> AssertedMisconception | None:
    found = find_quote(quote, [text.text for text in texts])
    if found is None or doubted(quote, texts, (question.ask,), _told(question, known.says, known.cues)):
        return None
    return AssertedMisconception(
        id=known.id,
        says=known.says,
        penalty=known.penalty,
        fix=known.fix,
        quote=texts[found.said].text[found.start : found.end],
        said=found.said,
        start=found.start,
        end=found.end,
    )


class Checker:
    """Checks what a model says of one turn's texts; a verdict that comes again has been checked."""

    def __init__(self, question: Question, texts: Sequence[Reading]) -> None:
        self._question = question
        self._texts = texts
        self._points = {point.id: point for point in question.points}
        self._checked: dict[PointReply, Mark] = {}

    def mark(self, given: PointReply) -> Mark:
        """The mark for one of the rubric's points; see checked_mark."""
        if given not in self._checked:
            self._checked[given] = checked_mark(given, self._points[given.point], self._question, self._texts)
        return self._checked[given]

    def vote(self, reply: Reply) -> Vote:
        """What of a whole reply is borne out."""
        given = {mark.point: mark for mark in reply.marks}
        marks = self.unless_too_few(tuple(self.mark(given[point]) for point in self._points))
        return Vote(
            marks=marks,
            misconceptions=checked_misconceptions(reply.misconceptions, self._question, self._texts),
            fallen=sum(mark.verdict is not given[mark.point].verdict for mark in marks),
        )

    def unless_too_few(self, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        """The marks, or none credited where all the words quoted could not say so many things."""
        return unless_too_few(marks, self._question, self._texts)


def taken_back(votes: Sequence[Vote]) -> str:
    """What the candidate is told when quotes did not bear out a verdict."""
    count, marks = sum(vote.fallen for vote in votes), sum(len(vote.marks) for vote in votes)
    told = f"The model's quotes did not bear out {count} of its {marks} marks"
    if len(votes) > 1:
        return f"{told} in {len(votes)} readings; those count as missed."
    return f"{told}; those points are not credited."


def feedback(sentences: Sequence[str]) -> tuple[str, ...]:
    lines = (plain(sentence, FEEDBACK_CHARS) for sentence in sentences)
    return tuple(line for line in lines if line)[:FEEDBACK_SENTENCES]


def plain(text: str, chars: int) -> str:
    """One line of at most `chars` characters, nothing invisible in it."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= chars else f"{line[: chars - 1].rstrip()}…"


def _told(question: Question, says: str, cues: Cues) -> Sequence[str]:
    """Texts of the rubric that speak of one of its statements, its own sentence first."""
    return (says, question.reference, *(alternative for group in cues for alternative in group))
