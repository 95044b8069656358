"""A model's text + the rubric it was given -> its verdicts, one for each point, or what is wrong with the text.

Nothing here believes the verdicts: `rubric.py` looks their quotes up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from interviewer.domain import Question, UngradedReason, Verdict
from interviewer.errors import ModelError

SCHEMA_NAME = "marks"
_Json = Mapping[str, object]


def _lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class PointReply(BaseModel):
    """What the model says of one point."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    point: str
    reason: str
    quote: str | None = None
    verdict: Annotated[Verdict, BeforeValidator(_lowered)]


class MisconceptionReply(BaseModel):
    """A misconception the model says was asserted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    quote: str


class Reply(BaseModel):
    """A model's whole reply. It has no place for a total. Models that know no `acknowledge` leave it out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    marks: tuple[PointReply, ...]
    misconceptions: tuple[MisconceptionReply, ...] = ()
    strengths: tuple[str, ...] = ()
    improve: tuple[str, ...] = ()
    acknowledge: str | None = None


def schema(question: Question) -> Mapping[str, object]:
    """JSON schema of a reply to this question, in the strict subset of `response_format` (all required, no extras).

    A property's place is the order in which it is written: the reason stands before the verdict.
    """
    text: _Json = {"type": "string"}
    mark = _object(
        point={"type": "string", "enum": [point.id for point in question.points]},
        reason=text,
        quote=text,
        verdict={"type": "string", "enum": [verdict.value for verdict in Verdict]},
    )
    known = [misconception.id for misconception in question.misconceptions]
    asserted = _object(id={"type": "string", "enum": known} if known else text, quote=text)
    return _object(
        marks=_array(mark),
        misconceptions=_array(asserted),
        strengths=_array(text),
        improve=_array(text),
        acknowledge=text,
    )


def parse(text: str, question: Question) -> Reply:
    """The reply in a model's text; a code fence or thoughts around the JSON are passed over.

    Raises:
        ModelError: `unreadable`, in words that may be told to the model: they quote nothing of its text.
    """
    said = text.rpartition("</think>")[2]
    try:
        reply = Reply.model_validate_json(said[said.find("{") : said.rfind("}") + 1])
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]["type"]
        raise ModelError(
            UngradedReason.UNREADABLE, f"It is not one JSON object of the form asked for ({fault})."
        ) from None  # the cause holds the candidate's words
    counts = Counter(mark.point for mark in reply.marks)
    wanted = [point.id for point in question.points]
    problems = [f"There is no mark for {point}." for point in wanted if counts[point] == 0]
    problems += [f"There are {counts[point]} marks for {point}." for point in wanted if counts[point] > 1]
    if counts.keys() - set(wanted):
        problems.append("There are marks for points that the rubric does not have.")
    if problems:
        raise ModelError(UngradedReason.UNREADABLE, " ".join([*problems, "Give each point exactly one mark."]))
    return reply


def _object(**properties: _Json) -> _Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _array(items: _Json) -> _Json:
    return {"type": "array", "items": items}
