"""A model's text -> what it would have the interviewer say, or what is wrong with the text.

Nothing here believes the words: `fitting.py` looks at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError

Schema = Mapping[str, object]


class MessageKind(StrEnum):
    """What a candidate's short message is."""

    ANSWER = "answer"
    QUESTION = "question"
    FISHING = "fishing"


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ProbeReply(_Reply):
    """A follow-up question."""

    probe: str


class ClarifyReply(_Reply):
    """What a message is, and what to reply to a question back."""

    kind: MessageKind
    reply: str = ""


class TranslateReply(_Reply):
    """Texts in another language, in the order of the originals."""

    texts: tuple[str, ...]


R = TypeVar("R", bound=_Reply)

_TEXT: Schema = {"type": "string"}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


SCHEMAS: Mapping[type[_Reply], Schema] = {
    ProbeReply: _object(probe=_TEXT),
    ClarifyReply: _object(kind={"type": "string", "enum": [kind.value for kind in MessageKind]}, reply=_TEXT),
    TranslateReply: _object(texts={"type": "array", "items": _TEXT}),
}
"""JSON schema of each reply, in the strict subset of `response_format`."""


def parse(text: str, form: type[R]) -> R:
    """The reply in a model's text; a code fence or thoughts around the JSON are passed over.

    Raises:
        ModelError: `unreadable`.
    """
    said = text.rpartition("</think>")[2]
    try:
        return form.model_validate_json(said[said.find("{") : said.rfind("}") + 1])
    except ValidationError:
        raise ModelError(UngradedReason.UNREADABLE, "It is not one JSON object of the form asked for.") from None
