"""A model that says what it is told to: for tests, and for whoever wants to see the product without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from interviewer.errors import ModelError
from interviewer.llm.chat import Chat, ModelReply, OnText, Schema

PIECE_CHARS = 40
Scripted = ModelReply | ModelError | str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ScriptedChat was asked."""

    messages: Chat
    schema_name: str
    schema: Schema
    timeout_s: float


class ScriptedChat:
    """A model that says what it is told to: replies in order, or a function of what was asked. Keeps `history`."""

    def __init__(self, script: Iterable[Scripted] | Callable[[Asked], Scripted]) -> None:
        self.history: list[Asked] = []
        replies = iter(()) if callable(script) else iter(script)
        self._reply_to = script if callable(script) else lambda _asked: next(replies)

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """The next reply of the script; `on_text` hears it grow by `PIECE_CHARS` characters at a time.

        Raises:
            ModelError: the script says so.
            RuntimeError: the script has no more replies; no caller takes this for a model's failure.
        """
        self.history.append(Asked(tuple(messages), schema_name, schema, timeout_s))
        try:
            reply = self._reply_to(self.history[-1])
        except StopIteration:
            raise RuntimeError(f"ScriptedChat was asked {len(self.history)} times, its script is shorter") from None
        if isinstance(reply, ModelError):
            raise reply
        whole = reply if isinstance(reply, ModelReply) else ModelReply(text=reply, model="scripted")
        if on_text:
            for end in range(PIECE_CHARS, len(whole.text) + PIECE_CHARS, PIECE_CHARS):
                on_text(whole.text[:end])
        return whole
