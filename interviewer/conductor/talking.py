"""What is said besides answers: requests of the candidate, and the interviewer's words before they are saved."""

from __future__ import annotations

from interviewer import engine
from interviewer.conductor.changes import Changes
from interviewer.conductor.parts import Parts
from interviewer.domain import Interview, InterviewStatus, Question, Turn, TurnStatus
from interviewer.errors import StaleInterview
from interviewer.talk.moves import MAX_REPLIES, asks_to_stop, replies_given, reply
from interviewer.talk.requests import Request, may_be_question_back, request_of


class Talking:
    """Understands what is no answer, replies to it, and has the interviewer's words worded."""

    def __init__(self, parts: Parts, changes: Changes) -> None:
        self._parts = parts
        self._changes = changes

    async def say(self, before: Interview, after: Interview) -> Interview:
        """Save a move, with what the interviewer says in it worded first."""
        return await self._changes.save(before, await self._parts.worded(before, after))

    async def reword(self, begun: Interview) -> Interview:
        """An interview that has just been kept, with the interviewer's first words worded."""
        worded = await self._parts.worded(None, begun)
        return begun if worded == begun else await self._changes.save(begun, worded)

    async def request(self, before: Interview, turn: int, text: str) -> Interview | None:
        """The interview after a request, or None when `text` is an answer. The same request sent twice counts once.

        Raises:
            OutOfTurn: it is a request, and the turn is not open.
        """
        current = engine.turn_of(before, turn)
        question = self._parts.bank.question(current.question)
        request = request_of(text, question, stopping=asks_to_stop(current, question))
        words = None
        if question and request in (None, Request.CLARIFY):
            request, words = await self._clarified(before, current, question, text, request)
        if request is None:
            return None
        after = reply(
            before, turn, text, request, questions=self._parts.bank.question, now=self._parts.clock(), words=words
        )
        if after is before:
            return before
        try:
            return await self.say(before, after)
        except StaleInterview:
            now = await self._parts.store.load(before.id, before.owner)
            if text not in engine.turn_of(now, turn).requests:
                raise
            return now

    async def _clarified(
        self, interview: Interview, current: Turn, question: Question, text: str, request: Request | None
    ) -> tuple[Request | None, str | None]:
        """What a model makes of a question back, if one is there and its word is wanted; else as the rules have it."""
        is_open = interview.status is InterviewStatus.OPEN and current.status is TurnStatus.OPEN
        wanted = request is Request.CLARIFY or may_be_question_back(text)
        if self._parts.talk is None or not is_open or not wanted or replies_given(current) >= MAX_REPLIES:
            return request, None
        clarified = await self._parts.talk.clarify(interview, current.number, question, text)
        if clarified is None:
            return request, None
        return (None, None) if clarified.is_answer else (Request.CLARIFY, clarified.reply)
