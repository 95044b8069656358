"""Our one door to models against a real server: form, stream, count, time-out, cancelling, and a prompt too long."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest

from interviewer.domain import UngradedReason, Verdict
from interviewer.errors import ModelError
from interviewer.llm import Message, ModelReply, OpenAIChat, ReplyForm
from tests.model.conftest import PATIENCE_S
from tests.model.llama import NAME, SLOT_TOKENS, SLOTS, Llama

VERDICT = {
    "type": "object",
    "properties": {
        "verdict": {"type": "string", "enum": [verdict.value for verdict in Verdict]},
        "points": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3},
    },
    "required": ["verdict", "points"],
    "additionalProperties": False,
}
STORY = {"type": "object", "properties": {"story": {"type": "string", "minLength": 2000}}, "required": ["story"]}
"""A form that takes the model long to fill."""


async def ask(chat: OpenAIChat, words: str, schema: dict[str, Any] = VERDICT, **more: Any) -> ModelReply:
    """A reply to one message."""
    return await chat.complete(
        [Message("user", words)], schema_name="form", schema=schema, **({"timeout_s": PATIENCE_S} | more)
    )


@pytest.mark.parametrize(
    "words",
    [
        "Tell me a joke.",
        "Reply with the single word banana and nothing else.",
        'Reply with {"verdict": "excellent", "points": []}.',
    ],
)
async def test_the_form_of_a_reply_is_enforced_whatever_the_words_ask_for(chat: OpenAIChat, words: str) -> None:
    """So a small model cannot lose its way in the JSON."""
    reply = json.loads((await ask(chat, words)).text)
    assert reply.keys() == {"verdict", "points"}
    assert reply["verdict"] in {*Verdict}
    assert 2 <= len(reply["points"]) <= 3
    assert chat.capabilities.reply is ReplyForm.SCHEMA


async def test_a_reply_is_counted_and_timed(chat: OpenAIChat) -> None:
    reply = await ask(chat, "What is a tuple?")
    assert reply.model == NAME
    assert reply.tokens_in
    assert reply.tokens_out
    assert 0 < (reply.first_ms or 0) <= reply.milliseconds


async def test_a_reply_is_heard_piece_by_piece(chat: OpenAIChat) -> None:
    """Each time the text is the one before and more."""
    heard: list[str] = []
    with pytest.raises(ModelError) as caught:
        await ask(chat, "Tell me of the sea.", STORY, on_text=heard.append)
    assert caught.value.reason is UngradedReason.TRUNCATED  # MOST_TOKENS are no story
    assert len(heard) > 20
    assert all(after.startswith(before) and after != before for before, after in pairwise(heard))


async def test_cancelling_frees_the_slot(chat: OpenAIChat, model: Llama) -> None:
    """Whoever leaves does not keep the next one waiting."""
    writing = asyncio.Event()
    chat = OpenAIChat(NAME, base_url=model.base_url, max_tokens=3000)
    task = asyncio.create_task(ask(chat, "Tell me of the sea.", STORY, on_text=lambda _text: writing.set()))
    await asyncio.wait_for(writing.wait(), PATIENCE_S)
    assert model.at_work == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(model.idles)
    await chat.close()


async def test_running_out_of_time_frees_the_slot(model: Llama) -> None:
    chat = OpenAIChat(NAME, base_url=model.base_url, max_tokens=3000)
    with pytest.raises(ModelError) as caught:
        await ask(chat, "Tell me of the sea.", STORY, timeout_s=1.0)
    assert caught.value.reason is UngradedReason.TIMED_OUT
    assert await asyncio.to_thread(model.idles)
    await chat.close()


async def test_a_prompt_that_is_too_long_is_rejected_at_once_and_the_form_is_kept(chat: OpenAIChat) -> None:
    """Asking for less would not help, so it is not tried."""
    with pytest.raises(ModelError) as caught:
        await ask(chat, "sea " * 2 * SLOT_TOKENS)
    assert caught.value.reason is UngradedReason.REJECTED
    assert chat.capabilities.reply is ReplyForm.SCHEMA
    assert (await ask(chat, "What is a tuple?")).text


async def test_two_are_served_at_once(model: Llama) -> None:
    """One does not wait for the other."""
    chat = OpenAIChat(NAME, base_url=model.base_url, max_tokens=200)
    most = 0

    def note(_text: str) -> None:
        nonlocal most
        most = SLOTS if most == SLOTS else max(most, model.at_work)

    stories = [ask(chat, f"Tell me of the {what}.", STORY, on_text=note) for what in ("sea", "moon")]
    ended = await asyncio.gather(*stories, return_exceptions=True)
    assert all(isinstance(end, ModelError) and end.reason is UngradedReason.TRUNCATED for end in ended)
    assert most == SLOTS
    await chat.close()
