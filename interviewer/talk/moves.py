"""The interview after a candidate asked for something: their words, and what the interviewer does about it. Pure."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from interviewer import engine
from interviewer.domain import Interview, Plan, Question, SayKind, Speaker, Turn
from interviewer.talk import sentences
from interviewer.talk.requests import Request, request_of, wants_answer

MAX_REPLIES = 10
"""So many requests of one turn are replied to in words; then one last remark says so, and no more is kept."""


def reply(
    interview: Interview,
    turn: int,
    text: str,
    request: Request,
    *,
    questions: engine.Questions,
    now: datetime,
    words: str | None = None,
) -> Interview:
    """The interview with a request and what follows from it; the same interview when all has been said.

    `words` are a model's reply to a question back. Hints, skipping and stopping are what the buttons do.

    Raises:
        OutOfTurn: the turn is not open.
    """
    asked = engine.request(interview, turn, text, now)
    current = engine.turn_of(interview, turn)
    question = questions(current.question)
    if request is Request.HINT and question is not None and current.hints_used < len(question.hints):
        return engine.hint(asked, turn, question, now)
    if request is Request.SKIP:
        return engine.skip(asked, turn, questions=questions, now=now)
    if request is Request.STOP and asks_to_stop(current, question):
        return engine.finish(asked, now)
    given = replies_given(current)
    if given > MAX_REPLIES and request is not Request.STOP:
        return interview
    if given == MAX_REPLIES and request is not Request.STOP:
        return engine.remark(asked, turn, sentences.enough(interview.plan), now)
    return engine.remark(asked, turn, words or _words(interview.plan, current, request, text), now)


def asks_to_stop(turn: Turn, question: Question | None) -> bool:
    """Whether the candidate's last words in the turn were a wish to stop, to which the interviewer asked back."""
    last = next((say for say in reversed(turn.says) if say.who is Speaker.CANDIDATE), None)
    if last is None or last.kind is not SayKind.REQUEST or turn.says[-1].kind is not SayKind.REMARK:
        return False
    return request_of(last.text, question) is Request.STOP


def replies_given(turn: Turn) -> int:
    """How many requests of the turn were replied to in words."""
    kinds = pairwise(say.kind for say in turn.says)
    return sum(pair == (SayKind.REQUEST, SayKind.REMARK) for pair in kinds)


def _words(plan: Plan, turn: Turn, request: Request, text: str) -> str:
    match request:
        case Request.REPEAT:
            return sentences.again(plan, turn.last_asked)
        case Request.HINT:
            return sentences.no_hint(plan)
        case Request.STOP:
            return sentences.ask_back(plan)
        case Request.HELP:
            return sentences.HELP
        case _:
            return sentences.refuse(plan) if wants_answer(text) else sentences.clarify(plan)
