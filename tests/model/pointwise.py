"""A small model that is asked for one mark at a time: a whole reply about several points is beyond it.

What the product sends goes to the model word for word; only the form of the reply is narrowed. The marks are the
model's own and go through all our checks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from interviewer.llm import Chat, ChatModel, ModelReply, OnText, Schema

TEXT: Mapping[str, object] = {"type": "string", "maxLength": 80}
"""Long enough for a sentence, short enough for a model that would never end."""


class PointByPoint:
    """Asks `chat` once for each point and puts the marks together into one reply."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self.replies: list[ModelReply] = []

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """One reply with all marks."""
        marks: Any = schema["properties"]
        mark = marks["marks"]["items"]
        asked = []
        for point in mark["properties"]["point"]["enum"]:
            one = {"type": "string", "enum": [point]}
            form = {**mark, "properties": {**mark["properties"], "point": one, "reason": TEXT, "quote": TEXT}}
            asked.append(await self._chat.complete(messages, schema_name="mark", schema=form, timeout_s=timeout_s))
        self.replies += asked
        whole = {"marks": [json.loads(reply.text) for reply in asked], "misconceptions": [], "strengths": []}
        text = json.dumps({**whole, "improve": []})
        if on_text:
            on_text(text)
        return replace(asked[-1], text=text, milliseconds=sum(reply.milliseconds for reply in asked))
