"""An interviewer whose words a scripted model makes, and interviews at a point where it has something to say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from interviewer import engine, prompts
from interviewer.bank import Bank
from interviewer.domain import Interview, Level, Plan, Purpose, Question, Tone, UngradedReason
from interviewer.llm import Asked, ChatModel, ScriptedChat
from interviewer.llm.scripted import Scripted
from interviewer.talk.by_model import ModelTalk
from tests.builders import a_grading, at
from tests.conftest import ROOT

PROMPTS = prompts.load(ROOT / "prompts")
SESSION = "database-session-per-request"
ANSWER = "A dependency with yield opens a session per request and closes it at the end."
"""An answer that leaves out the heaviest point, the rollback."""
Script = Iterable[Scripted] | Callable[[Asked], Scripted]


def a_talk(script: Script, bank: Bank, *, may_ask: bool = True) -> tuple[ModelTalk, ScriptedChat]:
    """The interviewer, and the model behind it."""
    chat = ScriptedChat(script)

    def chat_for(_interview: Interview, _turn: int, purpose: Purpose) -> ChatModel | None:
        assert purpose is not Purpose.GRADE
        return chat

    talk = ModelTalk(
        chat,
        PROMPTS,
        questions=bank.question,
        chat_for=chat_for,
        may_ask=lambda: may_ask,
        boundary=lambda: "b0undary",
    )
    return talk, chat


def asked(bank: Bank, question_id: str = SESSION, *, language: str = "", tone: Tone = Tone.NEUTRAL) -> Interview:
    """An interview whose only question has just been asked."""
    return engine.start(
        Plan(pack="fastapi", level=Level.MID, questions=1, language=language, tone=tone),
        ((question_id,),),
        interview_id="i1",
        owner="alice",
        questions=bank.question,
        now=at(0),
    )


def answered(interview: Interview, text: str = ANSWER) -> Interview:
    """The interview with an answer that awaits its grade."""
    return engine.answer(interview, interview.current.number, text, at(1))


def probed(
    before: Interview, bank: Bank, *, missing: str = "rollback", fallback: UngradedReason | None = None
) -> Interview:
    """The answered interview graded with all points met but one, which is probed in the bank's words."""
    question = a_bank_question(bank, before.current.question)
    credits = {point.id: 0.0 if point.id == missing else 1.0 for point in question.points}
    given = a_grading(question, credits)
    given = replace(given, provenance=replace(given.provenance, fallback=fallback))
    after = engine.grade(before, before.current.number, given, questions=bank.question, now=at(2))
    assert after.current.probed[-1] == missing
    return after


def a_bank_question(bank: Bank, question_id: str = SESSION) -> Question:
    """A question of the bank."""
    question = bank.question(question_id)
    assert question
    return question


def a_probe(text: str) -> str:
    """A model's follow-up."""
    return json.dumps({"probe": text})


def a_clarification(kind: str, reply: str = "") -> str:
    """A model's word on a short message."""
    return json.dumps({"kind": kind, "reply": reply})


def a_translation(*texts: str) -> str:
    """A model's translation."""
    return json.dumps({"texts": texts})
