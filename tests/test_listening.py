"""Who listens to a reply while it is being written: told what is new, and no trouble for the server or the reply."""

from __future__ import annotations

import logging
import time

import pytest

from interviewer.errors import ModelError
from interviewer.llm import Message, ModelReply, OnText, OpenAIChat
from tests.openai_server import Answer, OpenAIServer, hangs, says, streams

TEXT = "0123456789" * 20


async def heard(answer: Answer, on_text: OnText, *, timeout_s: float = 5.0) -> ModelReply:
    """The reply of a server that gives one answer."""
    async with OpenAIServer([answer]) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=0)
        try:
            return await chat.complete(
                [Message("user", "hi")], schema_name="s", schema={}, timeout_s=timeout_s, on_text=on_text
            )
        finally:
            await chat.close()


async def test_a_listener_is_told_the_text_so_far_only_when_it_has_grown() -> None:
    told: list[str] = []
    reply = await heard(says(TEXT), told.append)
    assert reply.text == TEXT == told[-1]
    assert [len(text) for text in told] == [40, 80, 120, 160, 200]


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, TimeoutError, RuntimeError, OSError])
async def test_a_bug_of_the_listener_is_logged_once_and_the_reply_comes_all_the_same(
    error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def breaks(text: str) -> None:
        told.append(text)
        raise error("a bug of the listener")

    with caplog.at_level(logging.ERROR):
        assert (await heard(says(TEXT), breaks)).text == TEXT
    assert len(told) == len(caplog.records) == 1


async def test_the_time_a_listener_takes_is_not_the_servers() -> None:
    def dawdles(text: str) -> None:
        if len(text) < len(TEXT) / 2:
            time.sleep(0.6)  # what is tested is a listener that holds everything up

    assert (await heard(says(TEXT), dawdles, timeout_s=1.0)).text == TEXT


async def test_a_server_that_is_late_is_late_also_with_a_listener() -> None:
    with pytest.raises(ModelError) as caught:
        await heard(hangs(30), lambda _text: None, timeout_s=0.1)
    assert caught.value.reason == "timed_out"


async def test_a_reply_that_breaks_off_is_the_servers_failure_whatever_was_heard_of_it() -> None:
    told: list[str] = []
    with pytest.raises(ModelError) as caught:
        await heard(streams({"choices": [{"delta": {"content": "abc"}}]}, "not JSON"), told.append)
    assert (caught.value.reason, told) == ("unreadable", ["abc"])
