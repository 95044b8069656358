"""Question + the candidate's texts -> Grading, marked by a model under our control, or Ungraded.

The model proposes verdicts with quotes; this code looks every quote up and takes back what has none. The score is
computed from what is left, by `scoring.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from interviewer.domain import GraderKind, Grading, Provenance, Question, Ungraded
from interviewer.errors import ModelError
from interviewer.grading import reply as replies
from interviewer.grading.assemble import assemble
from interviewer.grading.checked import checked_mark, checked_misconceptions, feedback, taken_back, unless_too_few
from interviewer.grading.fence import defuse
from interviewer.grading.reading import Reading, flag_notes
from interviewer.grading.reply import Reply
from interviewer.grading.run import ALONE, GradingRun
from interviewer.llm import ChatModel, Message, ModelReply
from interviewer.prompts import Prompts

TRIES = 2
"""How often a model is asked whose reply cannot be read."""
LEAST_TIME_S = 0.1


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

    async def grade(self, question: Question, answers: Sequence[str], run: GradingRun = ALONE) -> Grading | Ungraded:
        """Mark the candidate's texts of one turn; Ungraded says why there is no grading."""
        try:
            marked = await self._ask(question, answers, run)
        except ModelError as error:
            return Ungraded(reason=error.reason, message=str(error), retry_after_s=error.retry_after_s)
        texts = [Reading(answer, question) for answer in answers]
        given = {mark.point: mark for mark in marked.reply.marks}
        marks = unless_too_few(
            tuple(checked_mark(given[point.id], point, question, texts) for point in question.points), question, texts
        )
        fallen = sum(mark.verdict is not given[mark.point].verdict for mark in marks)
        trusted = not fallen  # who invents a quote is not asked what was good
        return assemble(
            marks,
            checked_misconceptions(marked.reply.misconceptions, question, texts),
            provenance=self._provenance(marked.asked),
            graded_at=self._clock(),
            strengths=feedback(marked.reply.strengths) if trusted and any(mark.credit for mark in marks) else None,
            improve=(feedback(marked.reply.improve) if trusted else None) or None,
            notes=(*((taken_back(fallen, len(marks)),) if fallen else ()), *flag_notes(texts)),
        )

    async def _ask(self, question: Question, answers: Sequence[str], run: GradingRun) -> _Marked:
        chat = run.chat or self._model
        boundary = self._boundary()
        texts = self._prompts["grade-answers"].render(
            boundary=boundary, texts=[defuse(answer, boundary) for answer in answers]
        )
        asked: list[ModelReply] = []
        problem = ""
        while True:
            left_s = self._deadline_s - sum(reply.milliseconds for reply in asked) / 1000
            reply = await chat.complete(
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


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
