"""Question + the candidate's texts -> Grading, marked by a model under our control, or Ungraded.

The model proposes verdicts with quotes; this code looks every quote up and takes back what has none. The score is
computed from what is left, by `scoring.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interviewer.domain import (
    AssertedMisconception,
    Cues,
    GraderKind,
    Grading,
    Mark,
    Misconception,
    Point,
    Provenance,
    Question,
    Ungraded,
    Verdict,
)
from interviewer.errors import ModelError
from interviewer.grading import reply as replies
from interviewer.grading.assemble import assemble
from interviewer.grading.doubt import TOO_FEW, are_too_few, doubted
from interviewer.grading.evidence import find_quote
from interviewer.grading.fence import defuse
from interviewer.grading.reading import Reading, flag_notes
from interviewer.grading.reply import MisconceptionReply, PointReply, Reply
from interviewer.llm import ChatModel, Message, ModelReply
from interviewer.prompts import Prompts

TRIES = 2
"""How often a model is asked whose reply cannot be read."""
LEAST_TIME_S = 0.1
REASON_CHARS = 300
FEEDBACK_CHARS = 240
FEEDBACK_SENTENCES = 3

CREDITS = {Verdict.MET: 1.0, Verdict.PARTLY: 0.5}


@dataclass(frozen=True, slots=True)
class _Marked:
    """A reply that can be read, with everything it took to get it."""

    reply: Reply
    asked: tuple[ModelReply, ...]


class RubricGrader:
    """Grades with a model.

    `boundary` gives a fresh random word for each grading, `deadline_s` is for all its tries together.
    """

    def __init__(
        self,
        model: ChatModel,
        prompts: Prompts,
        *,
        bank_revision: str,
        clock: Callable[[], datetime],
        boundary: Callable[[], str],
        deadline_s: float,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._bank_revision = bank_revision
        self._clock = clock
        self._boundary = boundary
        self._deadline_s = deadline_s

    async def grade(self, question: Question, answers: Sequence[str]) -> Grading | Ungraded:
        """Mark the candidate's texts of one turn; Ungraded says why there is no grading."""
        try:
            marked = await self._ask(question, answers)
        except ModelError as error:
            return Ungraded(reason=error.reason, message=str(error), retry_after_s=error.retry_after_s)
        texts = [Reading(answer, question) for answer in answers]
        given = {mark.point: mark for mark in marked.reply.marks}
        marks = _unless_too_few(
            tuple(_mark(given[point.id], point, question, texts) for point in question.points), question, texts
        )
        taken_back = sum(mark.verdict is not given[mark.point].verdict for mark in marks)
        trusted = not taken_back  # who invents a quote is not asked what was good
        return assemble(
            marks,
            _asserted(marked.reply.misconceptions, question, texts),
            provenance=self._provenance(marked.asked),
            graded_at=self._clock(),
            strengths=_feedback(marked.reply.strengths) if trusted and any(mark.credit for mark in marks) else None,
            improve=(_feedback(marked.reply.improve) if trusted else None) or None,
            notes=(*((_taken_back(taken_back, len(marks)),) if taken_back else ()), *flag_notes(texts)),
        )

    async def _ask(self, question: Question, answers: Sequence[str]) -> _Marked:
        boundary = self._boundary()
        texts = self._prompts["grade-answers"].render(
            boundary=boundary, texts=[defuse(answer, boundary) for answer in answers]
        )
        asked: list[ModelReply] = []
        problem = ""
        while True:
            left_s = self._deadline_s - sum(reply.milliseconds for reply in asked) / 1000
            reply = await self._model.complete(
                (Message("system", self._instructions(question, problem)), Message("user", texts)),
                schema_name=replies.SCHEMA_NAME,
                schema=replies.schema(question),
                timeout_s=max(left_s, LEAST_TIME_S),
            )
            asked.append(reply)
            try:
                return _Marked(replies.parse(reply.text, question), tuple(asked))
            except ModelError as error:
                if len(asked) == TRIES:
                    raise
                problem = str(error)

    def _instructions(self, question: Question, problem: str) -> str:
        """What never changes first, then what changes with the question: providers cache common beginnings."""
        rubric = self._prompts["grade-rubric"].render(question=question, problem=problem)
        return f"{self._prompts['grade-system'].render()}\n\n{rubric}"

    def _provenance(self, asked: Sequence[ModelReply]) -> Provenance:
        return Provenance(
            grader=GraderKind.LLM,
            bank=self._bank_revision,
            milliseconds=sum(reply.milliseconds for reply in asked),
            model=asked[-1].model,
            prompt=" ".join(self._prompts[name].id for name in ("grade-system", "grade-rubric", "grade-answers")),
            tokens_in=_total(reply.tokens_in for reply in asked),
            tokens_out=_total(reply.tokens_out for reply in asked),
        )


def _mark(given: PointReply, point: Point, question: Question, texts: Sequence[Reading]) -> Mark:
    """The model's verdict where its quote carries it, else `missed`. A contradiction needs no quote to earn nothing."""
    quote, verdict, reason = given.quote or "", given.verdict, _plain(given.reason, REASON_CHARS)
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


def _unless_too_few(marks: tuple[Mark, ...], question: Question, texts: Sequence[Reading]) -> tuple[Mark, ...]:
    """The marks, or none credited where all the words quoted could not say so many things."""
    quotes = [mark.quote for mark in marks if mark.credit and mark.quote]
    about = [text for point in question.points for text in _told(question, point.says, point.cues)]
    if not are_too_few(quotes, texts, question.ask, about):
        return marks
    return tuple(
        replace(mark, verdict=Verdict.MISSED, credit=0.0, quote=None, said=0, start=0, end=0, reason=TOO_FEW)
        if mark.credit
        else mark
        for mark in marks
    )


def _asserted(
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


def _taken_back(count: int, points: int) -> str:
    return f"The model's quotes did not bear out {count} of its {points} marks; those points are not credited."


def _feedback(sentences: Sequence[str]) -> tuple[str, ...]:
    plain = (_plain(sentence, FEEDBACK_CHARS) for sentence in sentences)
    return tuple(sentence for sentence in plain if sentence)[:FEEDBACK_SENTENCES]


def _plain(text: str, chars: int) -> str:
    """One line of at most `chars` characters, nothing invisible in it."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= chars else f"{line[: chars - 1].rstrip()}…"


def _told(question: Question, says: str, cues: Cues) -> Sequence[str]:
    """Texts of the rubric that speak of one of its statements, its own sentence first."""
    return (says, question.reference, *(alternative for group in cues for alternative in group))


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
