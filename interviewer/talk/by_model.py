"""The interviewer's words by a model: a follow-up in its own words, a reply to a question back, another language.

A model is asked once for each move, and for a short time. Whatever goes wrong, and whatever it says that is not fit to
be said, the bank's and the fixed words are said instead: the interview goes on. It is never told the rubric, so that a
candidate who talks it round learns nothing from it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from interviewer.domain import Interview, Purpose, Question, Say, SayKind, Speaker, Turn
from interviewer.engine import Questions
from interviewer.errors import ModelError
from interviewer.grading.fence import defuse
from interviewer.llm import ChatModel, Message
from interviewer.prompts import Prompts
from interviewer.talk import sentences
from interviewer.talk.clarified import Clarified
from interviewer.talk.fitting import fits_as_probe, fits_as_reply, fits_as_translation, tells_of_rubric
from interviewer.talk.replies import SCHEMAS, ClarifyReply, MessageKind, ProbeReply, TranslateReply, parse
from interviewer.talk.requests import Request, may_be_question_back, request_of

log = logging.getLogger(__name__)

TIMEOUT_S = 8.0
"""The longest a move waits for other words."""
MAX_CLARIFIED = 3
"""Questions back that a model replies to in one turn."""
HEARD_CHARS = 1500
"""So much of each of the candidate's texts is shown to the model: the beginning and the end."""

R = TypeVar("R", ProbeReply, ClarifyReply, TranslateReply)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in an interview something new is said by the interviewer."""

    turn: Turn
    at: int

    @property
    def say(self) -> Say:
        return self.turn.says[self.at]


class ModelTalk:
    """Words what the interviewer says with the help of `model`, or of whom `chat_for` names in that place.

    `questions` gives a question by its id, `may_ask` says whether a model should be asked now, `boundary` gives a
    fresh random word for each fence.
    """

    def __init__(
        self,
        model: ChatModel,
        prompts: Prompts,
        *,
        questions: Questions,
        chat_for: Callable[[Interview, int, Purpose], ChatModel | None],
        may_ask: Callable[[], bool],
        boundary: Callable[[], str],
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._questions = questions
        self._chat_for = chat_for
        self._may_ask = may_ask
        self._boundary = boundary
        self._timeout_s = min(timeout_s, TIMEOUT_S)

    async def reword(self, before: Interview | None, after: Interview) -> Interview:
        """`after`, and what the interviewer says in it beyond `before` in the plan's language, or a probe in own words.

        In another language nobody here can tell whether own words give something away, so there a probe is the
        bank's, translated. A model that has just failed to mark is not waited for once more.
        """
        if _fell_back(before, after):
            return after
        new = list(_new(before, after))
        if after.plan.language:
            return await self._translated(after, new)
        probes = [place for place in new if place.say.kind is SayKind.PROBE]
        return await self._probed(after, probes[-1]) if probes else after

    async def clarify(self, interview: Interview, turn: int, question: Question, text: str) -> Clarified | None:
        """What to make of a short message that may be a question back; None when the model has no opinion.

        What the rules are sure of stays a question back, whatever the model says.
        """
        current = interview.turns[turn - 1]
        if _clarified(current, question) >= MAX_CLARIFIED:
            return None
        asked = _asked(current, question)
        system = self._prompts["clarify"].render(
            ask=question.ask, probe=_open_probe(current, question), tone=interview.plan.tone.value
        )
        said = await self._ask(interview, turn, Purpose.CLARIFY, system, self._fenced((text,)), ClarifyReply)
        if said is None:
            return None
        if said.kind is MessageKind.ANSWER:
            is_answer = request_of(text, question) is not Request.CLARIFY
            return Clarified(is_answer=is_answer)
        if said.kind is MessageKind.FISHING:
            return Clarified(reply=sentences.refuse(interview.plan))
        fits = not tells_of_rubric(text, question, asked) and fits_as_reply(said.reply, question, asked)
        return Clarified(reply=said.reply if fits else None)

    async def _probed(self, interview: Interview, place: _Place) -> Interview:
        question = self._questions(place.turn.question)
        point = next((p for p in question.points if p.id == place.say.point), None) if question else None
        if question is None or point is None:
            return interview
        answers = place.turn.answers
        system = self._prompts["probe"].render(ask=question.ask, probe=place.say.text, tone=interview.plan.tone.value)
        said = await self._ask(interview, place.turn.number, Purpose.PROBE, system, self._fenced(answers), ProbeReply)
        if said is None or not fits_as_probe(said.probe, question, point, answers):
            return interview
        return _with_texts(interview, {(place.turn.number, place.at): said.probe})

    async def _translated(self, interview: Interview, new: Sequence[_Place]) -> Interview:
        originals = [place.say.text for place in new]
        if not originals:
            return interview
        system = self._prompts["translate"].render(language=interview.plan.language)
        turn = new[-1].turn.number
        texts = json.dumps(originals, ensure_ascii=False, indent=0)
        said = await self._ask(interview, turn, Purpose.TRANSLATE, system, texts, TranslateReply)
        if said is None or len(said.texts) != len(originals):
            return interview
        found: dict[tuple[int, int], str] = {}
        for place, text in zip(new, said.texts, strict=True):
            question = self._questions(place.turn.question)
            if question and fits_as_translation(text, place.say.text, question, place.turn.answers):
                found[place.turn.number, place.at] = text
        return _with_texts(interview, found)

    async def _ask(
        self, interview: Interview, turn: int, purpose: Purpose, system: str, texts: str, form: type[R]
    ) -> R | None:
        """What the model replies; None when it is not to be asked, or gives nothing usable in time."""
        if not self._may_ask():
            return None
        try:
            chat = self._chat_for(interview, turn, purpose) or self._model
            async with asyncio.timeout(self._timeout_s):
                reply = await chat.complete(
                    (Message("system", system), Message("user", texts)),
                    schema_name=purpose.value,
                    schema=SCHEMAS[form],
                    timeout_s=self._timeout_s,
                )
            return parse(reply.text, form)
        except (ModelError, TimeoutError) as error:
            reason = error.reason.value if isinstance(error, ModelError) else "timed_out"
            log.info("no words by the model", extra={"interview": interview.id, "for": purpose.value, "reason": reason})
        except Exception:
            log.exception("no words by the model", extra={"interview": interview.id, "for": purpose.value})
        return None

    def _fenced(self, texts: Sequence[str]) -> str:
        boundary = self._boundary()
        shown = [defuse(_shortened(text), boundary) for text in texts]
        return self._prompts["talk-texts"].render(boundary=boundary, texts=shown)


def _new(before: Interview | None, after: Interview) -> Iterator[_Place]:
    """What the interviewer says in `after` and has not said in `before`."""
    known = {turn.number: len(turn.says) for turn in before.turns} if before else {}
    for turn in after.turns:
        for at in range(known.get(turn.number, 0), len(turn.says)):
            if turn.says[at].who is Speaker.INTERVIEWER:
                yield _Place(turn, at)


def _fell_back(before: Interview | None, after: Interview) -> bool:
    """Whether the model should have given a grading that is new in `after`, and did not."""
    known = {turn.number: len(turn.gradings) for turn in before.turns} if before else {}
    return any(
        grading.provenance.fallback is not None
        for turn in after.turns
        for grading in turn.gradings[known.get(turn.number, 0) :]
    )


def _with_texts(interview: Interview, texts: dict[tuple[int, int], str]) -> Interview:
    turns = tuple(
        replace(
            turn,
            says=tuple(replace(say, text=texts.get((turn.number, at), say.text)) for at, say in enumerate(turn.says)),
        )
        for turn in interview.turns
    )
    return replace(interview, turns=turns)


def _open_probe(turn: Turn, question: Question) -> str:
    """The follow-up that is open, in the bank's words, which are English; empty when the question itself is."""
    if not turn.probed:
        return ""
    return next((point.probe or "" for point in question.points if point.id == turn.probed[-1]), "")


def _asked(turn: Turn, question: Question) -> tuple[str, ...]:
    """What the candidate was asked in this turn, in the bank's words."""
    probes = [point.probe or "" for point in question.points if point.id in turn.probed]
    return (question.ask, *probes)


def _clarified(turn: Turn, question: Question) -> int:
    """How many questions back were taken for that in this turn."""
    back = (say.text for say in turn.says if say.kind is SayKind.REQUEST)
    return sum(may_be_question_back(text) or request_of(text, question) is Request.CLARIFY for text in back)


def _shortened(text: str) -> str:
    if len(text) <= HEARD_CHARS:
        return text
    return f"{text[: HEARD_CHARS // 2]} … {text[-HEARD_CHARS // 2 :]}"
