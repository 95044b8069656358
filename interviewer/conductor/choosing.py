"""Questions with options: what is chosen is kept, and marked by the key where there is feedback at once."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from interviewer import engine
from interviewer.conductor.changes import Changes
from interviewer.conductor.parts import Parts
from interviewer.domain import Grading, Interview, InterviewStatus, Question, QuestionKind, Turn
from interviewer.errors import OutOfTurn, StaleInterview
from interviewer.grading.key import by_key, check

CLOCKS_DIFFER = timedelta(seconds=3)
"""A page may count so much faster than the server without being told that it is early."""
_TICK = timedelta(microseconds=1)


class Choosing:
    """Takes choices and flags, and ends free sittings, also those whose time is up."""

    def __init__(self, parts: Parts, changes: Changes) -> None:
        self._parts = parts
        self._changes = changes

    async def load(self, interview_id: str, owner: str) -> Interview:
        """An interview as it stands; one whose time is up is handed in first."""
        return await self.in_time(await self._parts.store.load(interview_id, owner))

    async def in_time(self, interview: Interview) -> Interview:
        """The interview, handed in as it was if its time is up."""
        until = engine.deadline(interview)
        if until is None or not engine.is_overdue(interview, self._parts.clock()):
            return interview
        try:
            return await self.hand_in(interview, at=until)
        except StaleInterview:
            return await self._parts.store.load(interview.id, interview.owner)

    def has_options(self, interview: Interview, turn: int) -> bool:
        """Whether a turn's question is still in the bank, with options to choose from."""
        question = self._parts.bank.question(engine.turn_of(interview, turn).question)
        return question is not None and question.kind is QuestionKind.CHOICE

    async def hand_in_if_due(self, interview_id: str, owner: str) -> bool:
        """Hand a free sitting in if its time is up, without the grace for what is on its way; False if it is not."""
        interview = await self.load(interview_id, owner)
        until = engine.deadline(interview)
        if interview.status is InterviewStatus.OPEN and until is not None:
            if self._parts.clock() < until - CLOCKS_DIFFER:
                return False
            await self.hand_in(interview, at=until)
        return True

    async def choose(self, interview_id: str, owner: str, *, turn: int, chosen: Collection[str]) -> Interview:
        """Keep a choice of options, by their ids. The same choice sent twice counts once.

        Raises:
            UnknownChoice: the options are not the question's, or too many.
            EmptyAnswer: nothing is chosen where that is no answer.
            OutOfTurn: the turn takes no answer now.
            StaleInterview: something else was chosen meanwhile.
        """
        while True:
            before = await self.load(interview_id, owner)
            try:
                return await self._choose(before, turn, chosen)
            except StaleInterview:
                now = await self.load(interview_id, owner)
                there, known = engine.turn_of(now, turn).chosen, engine.turn_of(before, turn).chosen
                if set(there) == set(chosen):
                    return now
                if there != known or not before.plan.behaviour.free:
                    raise
                # else a flag, or a choice for another question: this one stands beside it

    async def _choose(self, before: Interview, turn: int, chosen: Collection[str]) -> Interview:
        current = engine.turn_of(before, turn)
        question = self._question(current)
        check(question, chosen)
        if current.chosen and set(current.chosen) == set(chosen):
            return before
        now = self._parts.clock()
        after = engine.choose(before, turn, chosen, question, now)
        if not before.plan.behaviour.free:
            grading = by_key(question, chosen, bank=self._parts.bank.revision, graded_at=now)
            after = engine.grade(after, turn, grading, questions=self._parts.bank.question, now=now)
            after = await self._parts.worded(before, after)
        return before if after is before else await self._changes.save(before, after)

    async def flag(self, interview_id: str, owner: str, *, turn: int, flagged: bool) -> Interview:
        """Flag a question to come back to, or take the flag away."""
        while True:
            before = await self.load(interview_id, owner)
            after = engine.flag(before, turn, flagged=flagged)
            with suppress(StaleInterview):  # a choice was saved meanwhile: the flag stands beside it
                return before if after is before else await self._changes.save(before, after)

    async def hand_in(self, interview: Interview, *, at: datetime) -> Interview:
        """End a free sitting: what was answered is marked, the rest counts as not answered.

        It ends `at` the earliest; what was said in the grace after its deadline comes before its end.
        """
        at = max(at, *(say.at for turn in interview.turns for say in turn.says)) + _TICK
        gradings = {turn.number: made for turn in interview.turns if (made := self._graded(turn, at))}
        return await self._changes.save(interview, engine.hand_in(interview, gradings, at))

    def _graded(self, turn: Turn, at: datetime) -> Grading | None:
        question = self._parts.bank.question(turn.question)
        if question is None or question.kind is not QuestionKind.CHOICE or not turn.chosen:
            return None
        return by_key(question, turn.chosen, bank=self._parts.bank.revision, graded_at=at)

    def _question(self, turn: Turn) -> Question:
        question = self._parts.bank.question(turn.question)
        if question is None:
            raise OutOfTurn("This question has left the bank. Go on to another.")
        return question


def refuse_words(question: Question | None) -> None:
    """Raises OutOfTurn for a text sent to a question that is answered by choosing."""
    if question is not None and question.kind is QuestionKind.CHOICE:
        raise OutOfTurn("This question is answered by choosing from its options. Your text is kept here.")
