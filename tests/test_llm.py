"""The door to the model: through the real SDK, over a real socket."""

from __future__ import annotations

import inspect
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import openai
import pytest

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError, SettingError
from interviewer.llm import Message, ModelReply, OpenAIChat, ScriptedChat, model_error
from tests.openai_server import (
    Answer,
    OpenAIServer,
    Request,
    declines,
    fails,
    hangs,
    says,
    says_whole,
    sends,
    streams,
)

CHAT = (Message("system", "Mark it."), Message("user", "the candidate's words"))
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
KEY = "sk-secret-of-the-operator"


@asynccontextmanager
async def a_chat(base_url: str, *, retries: int = 0, temperature: float | None = None) -> AsyncIterator[OpenAIChat]:
    chat = OpenAIChat("a-model", api_key=KEY, base_url=base_url, max_retries=retries, temperature=temperature)
    try:
        yield chat
    finally:
        await chat.close()


async def ask(chat: OpenAIChat | ScriptedChat, *, timeout_s: float = 5.0) -> ModelReply:
    return await chat.complete(CHAT, schema_name="marks", schema=SCHEMA, timeout_s=timeout_s)


async def failure(*answers: Answer, retries: int = 0, timeout_s: float = 5.0) -> ModelError:
    """The error of asking a server that gives these answers."""
    async with OpenAIServer(answers) as server, a_chat(server.base_url, retries=retries) as chat:
        with pytest.raises(ModelError) as caught:
            await ask(chat, timeout_s=timeout_s)
    return caught.value


async def test_a_streamed_reply_comes_back_whole_with_model_and_tokens() -> None:
    text = '{"marks": []}' * 20
    async with OpenAIServer([says(text)]) as server, a_chat(server.base_url) as chat:
        reply = await ask(chat)
    assert (reply.text, reply.model, reply.tokens_in, reply.tokens_out) == (text, "served-model", 11, 7)
    assert reply.milliseconds >= 0


async def test_the_request_asks_for_the_schema_and_usage_and_sends_no_temperature() -> None:
    async with OpenAIServer([says("{}")]) as server, a_chat(server.base_url) as chat:
        await ask(chat)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "a-model",
        "messages": [{"role": "system", "content": "Mark it."}, {"role": "user", "content": "the candidate's words"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "marks", "strict": True, "schema": SCHEMA},
        },
    }


async def test_a_temperature_that_was_set_is_sent() -> None:
    async with OpenAIServer([says("{}")]) as server, a_chat(server.base_url, temperature=0.0) as chat:
        await ask(chat)
    assert server.requests[0].body["temperature"] == 0.0


async def test_one_client_asks_many_times_over_its_connection() -> None:
    async with OpenAIServer(lambda _request: says("{}")) as server, a_chat(server.base_url) as chat:
        for _ in range(20):
            assert (await ask(chat)).text == "{}"


@pytest.mark.parametrize("status", [400, 422])
async def test_a_server_without_schemas_is_asked_in_words_and_remembered(status: int) -> None:
    def answer(request: Request) -> Answer:
        return fails(status, "unknown field") if "response_format" in request.body else says("{}")

    async with OpenAIServer(answer) as server, a_chat(server.base_url, temperature=0.0) as chat:
        assert (await ask(chat)).text == "{}"
        assert (await ask(chat)).text == "{}"
    refused, *plain = [request.body for request in server.requests]
    assert "response_format" in refused
    assert len(plain) == 2
    for body in plain:
        assert body.keys() == {"model", "messages", "stream"}
        assert "JSON schema" in body["messages"][0]["content"]
        assert body["messages"][1] == {"role": "user", "content": "the candidate's words"}


async def test_a_request_that_other_words_cannot_mend_is_not_asked_twice() -> None:
    async with OpenAIServer([fails(400, code="context_length_exceeded")]) as server, a_chat(server.base_url) as chat:
        with pytest.raises(ModelError) as caught:
            await ask(chat)
    assert (caught.value.reason, len(server.requests)) == (UngradedReason.REJECTED, 1)


async def test_a_server_that_does_not_stream_is_understood() -> None:
    async with OpenAIServer([says_whole('{"a": 1}')]) as server, a_chat(server.base_url) as chat:
        reply = await ask(chat)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ('{"a": 1}', 11, 7)


async def test_a_passing_failure_is_retried() -> None:
    answers = [fails(429), fails(500), says("{}")]
    async with OpenAIServer(answers) as server, a_chat(server.base_url, retries=2) as chat:
        assert (await ask(chat)).text == "{}"


HTML = sends("<html><body>Welcome</body></html>", kind="text/html")
WRONG_SHAPE = sends('{"detail": "hello"}', kind="application/json")
FAULTS: list[tuple[str, Answer, UngradedReason, bool]] = [
    ("a wrong key", fails(401), UngradedReason.REFUSED_KEY, True),
    ("a key without rights", fails(403), UngradedReason.REFUSED_KEY, True),
    ("an unknown model", fails(404), UngradedReason.REJECTED, True),
    ("a strange status", fails(418), UngradedReason.REJECTED, True),
    ("too many requests", fails(429), UngradedReason.RATE_LIMITED, False),
    ("an empty account", fails(429, code="insufficient_quota"), UngradedReason.RATE_LIMITED, True),
    ("a broken server", fails(500), UngradedReason.SERVER_ERROR, False),
    ("an overloaded server", fails(503), UngradedReason.SERVER_ERROR, False),
    ("a filtered prompt", fails(400, code="content_filter"), UngradedReason.REFUSAL, False),
    ("a refusal", declines(), UngradedReason.REFUSAL, False),
    ("a filtered reply", says("{", finish="content_filter"), UngradedReason.REFUSAL, False),
    ("a reply too long", says('{"marks": [', finish="length"), UngradedReason.TRUNCATED, False),
    ("a connection cut in the stream", says('{"marks"', finish=None, cut=True), UngradedReason.TRUNCATED, False),
    ("a connection cut at once", Answer(cut=True), UngradedReason.UNREACHABLE, False),
    ("a stream that just ends", says('{"marks"', finish=None, done=False), UngradedReason.TRUNCATED, False),
    ("a stream that is done too soon", says('{"marks"', finish=None), UngradedReason.TRUNCATED, False),
    ("an empty reply", says(""), UngradedReason.UNREADABLE, False),
    ("an empty stream", streams(), UngradedReason.UNREADABLE, False),
    ("a web page", HTML, UngradedReason.UNREADABLE, False),
    ("a web page that calls itself a stream", sends("<html></html>", kind="text/event-stream"),
     UngradedReason.UNREADABLE, False),
    ("broken JSON", sends('{"choices": [', kind="application/json"), UngradedReason.UNREADABLE, False),
    ("broken JSON in the stream", streams("{not json"), UngradedReason.UNREADABLE, False),
    ("JSON that is no completion", WRONG_SHAPE, UngradedReason.UNREADABLE, False),
    ("a JSON list", sends("[]", kind="application/json"), UngradedReason.UNREADABLE, False),
    ("events that are no chunks", streams('"hello"'), UngradedReason.UNREADABLE, False),
    ("choices that are no list", streams({"choices": 3}), UngradedReason.UNREADABLE, False),
    ("choices that are null", streams({"choices": None}), UngradedReason.UNREADABLE, False),
    ("a delta that is no object", streams({"choices": [{"delta": "x"}]}), UngradedReason.UNREADABLE, False),
    ("content that is no text", streams({"choices": [{"delta": {"content": [1]}}]}), UngradedReason.UNREADABLE, False),
    ("an error event", streams({"error": {"message": "no", "code": 500}}), UngradedReason.SERVER_ERROR, False),
    ("a limit in an event", streams({"error": {"message": "no", "code": "rate_limit_exceeded"}}),
     UngradedReason.RATE_LIMITED, False),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reason", "permanent"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
async def test_every_fault_of_a_server_has_its_reason(answer: Answer, reason: UngradedReason, permanent: bool) -> None:
    error = await failure(answer)
    assert (error.reason, error.permanent) == (reason, permanent)


async def test_a_silent_server_times_out() -> None:
    error = await failure(hangs(), timeout_s=0.2)
    assert error.reason is UngradedReason.TIMED_OUT


async def test_the_time_is_for_all_tries_together() -> None:
    error = await failure(*(fails(503),) * 3, hangs(), retries=5, timeout_s=0.5)
    assert error.reason is UngradedReason.TIMED_OUT


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        async with a_chat(f"http://127.0.0.1:{taken.getsockname()[1]}/v1") as chat:
            with pytest.raises(ModelError) as caught:
                await ask(chat)
    assert caught.value.reason is UngradedReason.UNREACHABLE


async def test_neither_the_key_nor_the_answer_is_in_the_message_of_an_error() -> None:
    error = await failure(fails(400, f"cannot take {KEY} and the candidate's words"), fails(400, f"again {KEY}"))
    assert KEY not in str(error)
    assert "candidate" not in str(error)
    assert error.__cause__ is not None


@pytest.mark.parametrize("address", ["localhost:8000/v1", "http://[::1", "ftp://example.org"])
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(SettingError, match="OPENAI_BASE_URL"):
        OpenAIChat("a-model", base_url=address)


SDK_ERRORS = [kind for _, kind in inspect.getmembers(openai, inspect.isclass) if issubclass(kind, Exception)]


def an_error(kind: type[Exception]) -> Exception:
    """An error of that class, made past its own constructor: each takes something else."""
    request = httpx2.Request("POST", "http://localhost/v1")
    error = kind.__new__(kind)
    if isinstance(error, openai.APIStatusError):
        status = getattr(kind, "status_code", 500)
        openai.APIStatusError.__init__(error, "no", response=httpx2.Response(status, request=request), body=None)
    elif isinstance(error, openai.APIError):
        openai.APIError.__init__(error, "no", request, body=None)
    return error


EXPECTED = {
    "APIConnectionError": UngradedReason.UNREACHABLE,
    "APIError": UngradedReason.SERVER_ERROR,
    "APIResponseValidationError": UngradedReason.UNREADABLE,
    "APIStatusError": UngradedReason.SERVER_ERROR,
    "APITimeoutError": UngradedReason.TIMED_OUT,
    "AuthenticationError": UngradedReason.REFUSED_KEY,
    "BadRequestError": UngradedReason.REJECTED,
    "ConflictError": UngradedReason.SERVER_ERROR,
    "ContentFilterFinishReasonError": UngradedReason.REFUSAL,
    "InternalServerError": UngradedReason.SERVER_ERROR,
    "InvalidWebhookSignatureError": UngradedReason.BROKEN,
    "LengthFinishReasonError": UngradedReason.TRUNCATED,
    "NotFoundError": UngradedReason.REJECTED,
    "OAuthError": UngradedReason.REFUSED_KEY,
    "OpenAIError": UngradedReason.BROKEN,
    "PermissionDeniedError": UngradedReason.REFUSED_KEY,
    "RateLimitError": UngradedReason.RATE_LIMITED,
    "UnprocessableEntityError": UngradedReason.REJECTED,
    "WebSocketConnectionClosedError": UngradedReason.BROKEN,
    "WebSocketQueueFullError": UngradedReason.BROKEN,
    "_AmbiguousModuleClientUsageError": UngradedReason.BROKEN,
}


@pytest.mark.parametrize("kind", SDK_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_the_sdk_has_its_reason(kind: type[Exception]) -> None:
    assert model_error(an_error(kind)).reason is EXPECTED[kind.__name__]


async def test_a_scripted_model_gives_its_replies_and_keeps_what_it_was_asked() -> None:
    chat = ScriptedChat(["one", ModelReply(text="two", model="m", tokens_in=3)])
    assert (await ask(chat)).text == "one"
    assert (await ask(chat)).tokens_in == 3
    assert [asked.messages for asked in chat.history] == [CHAT, CHAT]


async def test_a_scripted_model_can_fail_and_can_answer_what_it_is_asked() -> None:
    with pytest.raises(ModelError):
        await ask(ScriptedChat([ModelError(UngradedReason.TIMED_OUT, "late")]))
    assert (await ask(ScriptedChat(lambda asked: asked.messages[0].content))).text == "Mark it."


async def test_a_script_that_runs_out_is_an_error_nobody_takes_for_the_models() -> None:
    with pytest.raises(RuntimeError, match="asked 1 times"):
        await ask(ScriptedChat([]))


def test_the_sdk_is_only_imported_by_who_talks_to_a_server() -> None:
    code = "import sys, interviewer.llm; interviewer.llm.ScriptedChat([]); sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
