"""What a server takes, as far as it is known: everything, until it refuses. A refusal -> what to ask without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class ReplyForm(StrEnum):
    """How a server is asked for JSON, strictest first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    TEXT = "text"


_LESS_STRICT = {ReplyForm.SCHEMA: ReplyForm.OBJECT, ReplyForm.OBJECT: ReplyForm.TEXT}
_OTHER_CAP = {"max_tokens": "max_completion_tokens"}

_NAMED_BY = {
    "response_format": r"response.?format|json.?schema|json.?object|structured.?output|\bgrammar\b",
    "stream_options": r"stream.?options|include.?usage",
    "stream": r"\bstream(?:ing)?\b(?!.?options)",
    "temperature": r"temperature",
    "cap": r"max.?(?:completion.?|output.?|new.?)?tokens|in the completion|output tokens",
}
"""How servers name what they refuse; the last words are how they say that prompt and cap together are too much."""

_IN_VAIN = frozenset({"content_filter", "model_not_found"})
_TOO_LONG = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""Codes and types of a refused request that asking without something would not mend; of the second, without a cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A request that was not taken: the parameter that the server names, its codes, and all it says."""

    param: str | None
    codes: frozenset[str]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a server takes. `cap` is its name for the most tokens it may write.

    `max_tokens` comes first: servers that know only this name ignore the other without a word, while those that want
    the other refuse this one (Ollama's and llama.cpp's manuals; the error of OpenAI's newer models).
    """

    reply: ReplyForm = ReplyForm.SCHEMA
    stream: bool = True
    stream_options: bool = True
    temperature: bool = True
    cap: str | None = "max_tokens"

    def without(self, refusal: Refusal, *, sent: Mapping[str, object]) -> Capabilities | None:
        """What is left to try after a refusal; None when the server will not take it in any form.

        `sent` is what was sent beside model and messages. A refusal that names nothing costs all that is new since
        2022, then the cap.
        """
        if refusal.codes & _IN_VAIN:
            return None
        optional = {"cap" if name == self.cap else name for name in sent}
        named = _named(refusal, optional & {"cap"} if refusal.codes & _TOO_LONG else optional)
        if named:
            return self._less(named)
        if refusal.codes & _TOO_LONG or refusal.param:
            return None
        if barer := optional & {"response_format", "stream_options", "temperature"}:
            return replace(self._less(barer), reply=ReplyForm.TEXT)
        return replace(self, cap=None) if self.cap in sent else None

    def _less(self, names: set[str]) -> Capabilities:
        return Capabilities(
            reply=_LESS_STRICT[self.reply] if "response_format" in names else self.reply,
            stream=self.stream and "stream" not in names,
            stream_options=self.stream_options and "stream_options" not in names,
            temperature=self.temperature and "temperature" not in names,
            cap=_OTHER_CAP.get(self.cap or "") if "cap" in names else self.cap,
        )


def _named(refusal: Refusal, among: set[str]) -> set[str]:
    """Which of the parameters a refusal names: by its field for that, else in its words."""
    for words in (refusal.param or "", refusal.says):
        if found := {name for name in among if re.search(_NAMED_BY[name], words, re.IGNORECASE)}:
            return found
    return set()
