"""What is asked of a model and what comes back, whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """A whole reply. `tokens_*` are None when the server does not count; `model` is the name it goes by there.

    `first_ms` is when its first piece was there; None when it came whole. `call` is the id under which the call is
    kept, if it is.
    """

    text: str
    model: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    milliseconds: int = 0
    first_ms: int | None = None
    call: str | None = None


Chat = Sequence[Message]
Schema = Mapping[str, object]
OnText = Callable[[str], None]
"""Is told the whole text so far whenever more of it has come."""


class ChatModel(Protocol):
    """Something that answers a chat with JSON."""

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """The reply, within `timeout_s` however often it takes to ask; `on_text` hears it while it is being written.

        Raises:
            ModelError: there is no whole reply. The text may still not fit the schema: not every server enforces it.
        """
        ...
