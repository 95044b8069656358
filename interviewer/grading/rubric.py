"""Question + the candidate's texts -> Grading, marked by a model under our control, or Ungraded.

The model proposes verdicts with quotes; this code looks every quote up and takes back what has none. Where several
readings are wanted, it is asked as often at once and the median counts. The score is computed from what is left, by
`scoring.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from interviewer.domain import GraderKind, Grading, Provenance, Question, Ungraded
from interviewer.errors import ModelError
from interviewer.grading import reply as replies
from interviewer.grading.acknowledging import acknowledgement
from interviewer.grading.assemble import assemble
from interviewer.grading.checked import Checker, feedback, taken_back
from interviewer.grading.fence import defuse
from interviewer.grading.languages import is_english
from interviewer.grading.partial import PartialReply
from interviewer.grading.polling import poll
from interviewer.grading.reading import Reading, flag_notes
from interviewer.grading.reply import Reply
from interviewer.grading.run import ALONE, Follower, GradingRun
from interviewer.grading.telling import Telling
from interviewer.grading.votes import asserted_in, marks_of
from interviewer.llm import ChatModel, Message, ModelReply, OnText
from interviewer.prompts import Prompts

TRIES = 2
"""How often a model is asked whose reply cannot be read."""
LEAST_TIME_S = 0.1


@dataclass(frozen=True, slots=True)
class _Marked:
    """A reply that can be read, with everything it took to get it."""

    reply: Reply
    raw: ModelReply


@dataclass(slots=True)
class _Inquiry:
    """One grading while the model is being asked; `asked` are all its replies, also those of no use."""

    question: Question
    answers: Sequence[str]
    run: GradingRun
    checker: Checker
    telling: Telling
    started: float
    asked: list[ModelReply]

    def follow(self, reading: int) -> OnText | None:
        """What tells of a reading's points while its reply is being written."""
        if self.run.watcher is None:
            return None
        partial = PartialReply(self.question)

        def on_text(text: str) -> None:
            for point in partial.read(text):
                self.telling.mark(reading, self.checker.mark(point))

        return on_text


class RubricGrader:
    """Grades with a model, by the median of `votes` readings asked for at once.

    `boundary` gives a fresh random word for each reading, `deadline_s` is for all tries together, on `stopwatch`,
    which gives seconds that only go forward.
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
        votes: int = 1,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._bank_revision = bank_revision
        self._clock = clock
        self._boundary = boundary
        self._deadline_s = deadline_s
        self._votes = votes
        self._stopwatch = stopwatch

    async def grade(self, question: Question, answers: Sequence[str], run: GradingRun = ALONE) -> Grading | Ungraded:
        """Mark the candidate's texts of one turn; Ungraded says why there is no grading."""
        texts = _texts(question, answers, run)
        inquiry = _Inquiry(
            question=question,
            answers=answers,
            run=run,
            checker=Checker(question, texts),
            telling=Telling(Follower(run.watcher), self._votes),
            started=self._stopwatch(),
            asked=[],
        )
        try:
            heard = await poll(lambda reading: self._reading(inquiry, reading), self._votes)
        except ModelError as error:
            return Ungraded(reason=error.reason, message=str(error), retry_after_s=error.retry_after_s)
        return self._graded(inquiry, texts, heard)

    def _graded(self, inquiry: _Inquiry, texts: Sequence[Reading], heard: Sequence[_Marked]) -> Grading:
        """The outcome of the readings; feedback is the first's that invents no quote: who does is not asked more."""
        votes = [inquiry.checker.vote(marked.reply) for marked in heard]
        marks = inquiry.checker.unless_too_few(marks_of(votes))
        trusted = next((m.reply for m, vote in zip(heard, votes, strict=True) if not vote.fallen), None)
        has_fallen = any(vote.fallen for vote in votes)
        return assemble(
            marks,
            asserted_in(votes),
            provenance=self._provenance(inquiry, heard[0].raw.model),
            graded_at=self._clock(),
            strengths=feedback(trusted.strengths) if trusted and any(mark.credit for mark in marks) else None,
            improve=(feedback(trusted.improve) if trusted else None) or None,
            notes=(*((taken_back(votes),) if has_fallen else ()), *flag_notes(texts)),
            acknowledge=acknowledgement(trusted.acknowledge, inquiry.question, inquiry.answers) if trusted else None,
        )

    async def _reading(self, inquiry: _Inquiry, reading: int) -> _Marked:
        """One reply that can be read."""
        try:
            return await self._ask(inquiry, reading)
        except ModelError:
            inquiry.telling.failed(reading)
            raise

    async def _ask(self, inquiry: _Inquiry, reading: int) -> _Marked:
        chat, question = inquiry.run.chat or self._model, inquiry.question
        boundary = self._boundary()
        texts = self._prompts["grade-answers"].render(
            boundary=boundary, texts=[defuse(answer, boundary) for answer in inquiry.answers]
        )
        problem, tries = "", 0
        while True:
            tries += 1
            left_s = self._deadline_s - (self._stopwatch() - inquiry.started)
            instructions = self._instructions(question, problem, inquiry.run.language)
            raw = await chat.complete(
                (Message("system", instructions), Message("user", texts)),
                schema_name=replies.SCHEMA_NAME,
                schema=replies.schema(question),
                timeout_s=max(left_s, LEAST_TIME_S),
                on_text=inquiry.follow(reading),
            )
            inquiry.asked.append(raw)
            try:
                return _Marked(replies.parse(raw.text, question), raw)
            except ModelError as error:
                if tries == TRIES:
                    raise
                problem = str(error)
                inquiry.telling.asked_again(reading)

    def _instructions(self, question: Question, problem: str, language: str) -> str:
        """What never changes first, then what changes with the question: providers cache common beginnings."""
        rubric = self._prompts["grade-rubric"].render(question=question, problem=problem, language=language)
        return f"{self._prompts['grade-system'].render()}\n\n{rubric}"

    def _provenance(self, inquiry: _Inquiry, model: str) -> Provenance:
        return Provenance(
            grader=GraderKind.LLM,
            bank=self._bank_revision,
            milliseconds=round((self._stopwatch() - inquiry.started) * 1000),
            model=model,
            prompt=" ".join(self._prompts[name].id for name in ("grade-system", "grade-rubric", "grade-answers")),
            tokens_in=_total(reply.tokens_in for reply in inquiry.asked),
            tokens_out=_total(reply.tokens_out for reply in inquiry.asked),
            calls=tuple(raw.call for raw in inquiry.asked if raw.call),
        )


def _texts(question: Question, answers: Sequence[str], run: GradingRun) -> list[Reading]:
    """The candidate's texts made ready; one in the interview's own language is read as such."""
    return [
        Reading(
            answer,
            question,
            asked=run.asked_before(said),
            abroad=bool(run.language) and not is_english(answer),
        )
        for said, answer in enumerate(answers)
    ]


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
