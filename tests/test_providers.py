"""Providers that take less than OpenAI: asked for less, once, and driven by the same checks; over a real socket."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewer import prompts
from interviewer.domain import Grading, UngradedReason
from interviewer.errors import ModelError, SettingError
from interviewer.grading.rubric import RubricGrader
from interviewer.llm import Capabilities, Message, ModelReply, OpenAIChat, ReplyForm
from interviewer.llm.capabilities import Refusal
from tests.builders import T0, a_question
from tests.openai_server import Answer, OpenAIServer, Request, fails, lists, refuses, says, says_whole, sends
from tests.replies import a_mark_reply, a_reply

CHAT = (Message("system", "Mark it."), Message("user", "the candidate's words"))
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
KEY = "sk-secret-of-the-operator"
PROMPTS = Path(__file__).parent.parent / "prompts"


@asynccontextmanager
async def a_chat(base_url: str, *, max_tokens: int | None = 900, temperature: float | None = 0.0) -> AsyncIterator[Any]:
    """A model that is asked for everything there is."""
    chat = OpenAIChat(
        "a-model",
        api_key=KEY,
        base_url=base_url,
        max_retries=0,
        temperature=temperature,
        max_tokens=max_tokens,
    )
    try:
        yield chat
    finally:
        await chat.close()


async def ask(chat: OpenAIChat) -> ModelReply:
    return await chat.complete(CHAT, schema_name="marks", schema=SCHEMA, timeout_s=20)


def form(body: dict[str, Any]) -> str | None:
    """How a request asks for JSON."""
    kind: str | None = body.get("response_format", {}).get("type")
    return kind


# ---- a parameter is refused


@pytest.mark.parametrize(
    ("unwanted", "last", "requests"),
    [
        (["temperature"], Capabilities(temperature=False), 2),
        (["stream_options"], Capabilities(stream_options=False), 2),
        (["max_tokens"], Capabilities(cap="max_completion_tokens"), 2),
        (["max_tokens", "max_completion_tokens"], Capabilities(cap=None), 3),
        (["json_schema"], Capabilities(reply=ReplyForm.OBJECT), 2),
        (["json_schema", "json_object"], Capabilities(reply=ReplyForm.TEXT), 3),
        (["response_format"], Capabilities(reply=ReplyForm.TEXT), 3),
        (
            ["response_format", "temperature", "stream_options", "max_tokens", "max_completion_tokens"],
            Capabilities(reply=ReplyForm.TEXT, temperature=False, stream_options=False, cap=None),
            7,
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
async def test_what_is_refused_is_left_out_and_nothing_else_and_that_is_remembered(
    unwanted: list[str], last: Capabilities, requests: int
) -> None:
    async with OpenAIServer(refuses(*unwanted, otherwise=says("{}"))) as server, a_chat(server.base_url) as chat:
        assert (await ask(chat)).text == "{}"
        assert (chat.capabilities, len(server.requests)) == (last, requests)
        assert (await ask(chat)).text == "{}"
    assert len(server.requests) == requests + 1
    body = server.requests[-1].body
    assert not {*body, form(body)} & set(unwanted)
    assert body["stream"] is True
    assert body.get("temperature") == (0.0 if last.temperature else None)
    assert ("stream_options" in body) is last.stream_options
    if last.cap:
        assert body[last.cap] == 900


async def test_a_model_that_may_not_be_streamed_is_asked_for_the_reply_in_one_piece() -> None:
    def answer(request: Request) -> Answer:
        if request.body["stream"]:
            return fails(400, "Your organization must be verified to stream this model.", param="stream")
        return says_whole('{"a": 1}')

    async with OpenAIServer(answer) as server, a_chat(server.base_url) as chat:
        reply = await ask(chat)
    assert (reply.text, reply.tokens_out, reply.first_ms) == ('{"a": 1}', 7, None)
    assert "stream_options" not in server.requests[-1].body
    assert form(server.requests[-1].body) == "json_schema"


async def test_where_the_server_does_not_hold_the_model_to_the_schema_it_is_told_in_words() -> None:
    async with OpenAIServer(refuses("json_schema", otherwise=says("{}"))) as server, a_chat(server.base_url) as chat:
        await ask(chat)
    strict, loose = (request.body["messages"] for request in server.requests)
    assert strict[0]["content"] == "Mark it."
    assert json.dumps(SCHEMA) in loose[0]["content"]
    assert strict[1] == loose[1] == {"role": "user", "content": "the candidate's words"}


async def test_a_refusal_without_a_name_costs_what_is_new_and_then_the_cap() -> None:
    script = refuses("response_format", "max_tokens", otherwise=says("{}"), named=False)
    async with OpenAIServer(script) as server, a_chat(server.base_url) as chat:
        assert (await ask(chat)).text == "{}"
    old = {"model", "messages", "stream"}
    assert [request.body.keys() - old for request in server.requests] == [
        {"response_format", "temperature", "stream_options", "max_tokens"},
        {"max_tokens"},
        set(),
    ]


async def test_a_server_that_refuses_everything_is_asked_a_few_times_and_never_believed() -> None:
    async with OpenAIServer(lambda _request: fails(400)) as server, a_chat(server.base_url) as chat:
        with pytest.raises(ModelError) as caught:
            await ask(chat)
        assert caught.value.reason is UngradedReason.REJECTED
        assert len(server.requests) == 3
        assert chat.capabilities == Capabilities()


async def test_nothing_is_remembered_of_a_request_that_then_failed() -> None:
    script = [fails(400, param="temperature"), fails(500), says("{}")]
    async with OpenAIServer(script) as server, a_chat(server.base_url) as chat:
        with pytest.raises(ModelError):
            await ask(chat)
        await ask(chat)
    assert "temperature" in server.requests[-1].body


async def test_the_log_says_once_what_the_server_refuses(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="interviewer.llm"):
        async with (
            OpenAIServer(refuses("temperature", otherwise=says("{}"))) as server,
            a_chat(server.base_url) as chat,
        ):
            await ask(chat)
            await ask(chat)
    (record,) = caplog.records
    assert "temperature=False" in record.getMessage()
    assert KEY not in record.getMessage()


EVERYTHING = {"stream": True, "response_format": {}, "stream_options": {}, "temperature": 0.0, "max_tokens": 9}
ALL = Capabilities()
REFUSALS: list[tuple[str, dict[str, Any], Capabilities | None]] = [
    ("OpenAI's newer models", {"param": "max_tokens", "says": "Unsupported parameter: 'max_tokens' is not supported "
     "with this model. Use 'max_completion_tokens' instead."}, replace(ALL, cap="max_completion_tokens")),
    ("OpenAI's reasoning models", {"param": "temperature", "says": "Unsupported value: 'temperature' does not support "
     "0.0 with this model. Only the default (1) value is supported."}, replace(ALL, temperature=False)),
    ("OpenAI's older models", {"param": "response_format", "says": "Invalid parameter: 'response_format' of type "
     "'json_schema' is not supported with this model."}, replace(ALL, reply=ReplyForm.OBJECT)),
    ("DeepSeek", {"says": "This response_format type is unavailable now"}, replace(ALL, reply=ReplyForm.OBJECT)),
    ("Groq", {"says": "This model does not support response format `json_schema`."},
     replace(ALL, reply=ReplyForm.OBJECT)),
    ("llama.cpp", {"says": "Failed to initialize samplers: failed to parse grammar"},
     replace(ALL, reply=ReplyForm.OBJECT)),
    ("a gateway that wraps its provider", {"says": "{'message': 'Provider returned error', 'metadata': {'raw': "
     "'Your organization must be verified to stream this model.'}}"}, replace(ALL, stream=False)),
    ("a strict FastAPI server", {"says": "{'detail': [{'type': 'extra_forbidden', 'loc': ['body', 'stream_options'], "
     "'msg': 'Extra inputs are not permitted'}]}"}, replace(ALL, stream_options=False)),
    ("vLLM with a short context", {"codes": {"context_length_exceeded"}, "says": "However, you requested 6616 tokens "
     "(568 in the messages, 6048 in the completion)."}, replace(ALL, cap="max_completion_tokens")),
    ("newer vLLM with a short context", {"says": "you requested 65535 output tokens and your prompt contains at least "
     "62466 input tokens"}, replace(ALL, cap="max_completion_tokens")),
    ("an answer that is too long", {"codes": {"context_length_exceeded"}, "says": "Your messages resulted in 9000 "
     "tokens. Do not blame response_format."}, None),
    ("a filtered prompt", {"codes": {"content_filter"}, "param": "prompt", "says": "triggering the policy"}, None),
    ("an unknown model", {"codes": {"model_not_found"}, "says": "no such model; temperature"}, None),
    ("another parameter", {"param": "messages", "says": "messages[0].role"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "less"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_the_refusals_of_known_servers_are_understood(refusal: dict[str, Any], less: Capabilities | None) -> None:
    given = {"param": None, "codes": frozenset(), **refusal}
    assert ALL.without(Refusal(**{**given, "codes": frozenset(given["codes"])}), sent=EVERYTHING) == less


def test_what_was_not_sent_cannot_be_left_out() -> None:
    refusal = Refusal(param="temperature", codes=frozenset(), says="temperature")
    assert ALL.without(refusal, sent={"stream": True}) is None


# ---- marks through JSON in text


@pytest.mark.parametrize(
    "reply",
    ["{}", "```json\n{}\n```", "<think>Point 1 { is there.</think>\nHere you go:\n{}"],
    ids=["bare", "fenced", "after thoughts"],
)
async def test_a_provider_without_structured_output_marks_by_the_same_contract(reply: str) -> None:
    answer = "The thing is that word1 always goes before term1, and so it is alpha one."
    marks = (
        a_mark_reply("p1", "met", "word1 always goes before term1"),
        a_mark_reply("p2", "met", "words nobody said"),
        a_mark_reply("p3"),
    )
    text = reply.replace("{}", a_reply(*marks))
    script = refuses("response_format", otherwise=says(text))
    async with OpenAIServer(script) as server, a_chat(server.base_url) as chat:
        grader = RubricGrader(
            chat,
            prompts.load(PROMPTS),
            bank_revision="rev",
            clock=lambda: T0,
            boundary=lambda: "b0",
            deadline_s=5.0,
        )
        grading = await grader.grade(a_question(), [answer])
    assert isinstance(grading, Grading)
    assert [mark.credit for mark in grading.marks] == [1.0, 0.0, 0.0]
    assert grading.notes


# ---- a reply that does not end


async def test_a_server_that_ignores_the_cap_is_not_listened_to_for_ever() -> None:
    def endless(request: Request) -> Answer:
        assert request.body["max_tokens"] == 100
        return says("word " * 100_000)

    async with OpenAIServer(endless) as server, a_chat(server.base_url, max_tokens=100) as chat:
        with pytest.raises(ModelError) as caught:
            await ask(chat)
    assert caught.value.reason is UngradedReason.TRUNCATED
    assert "INTERVIEWER_MODEL_MAX_TOKENS" in str(caught.value)


# ---- addresses


async def test_an_address_with_an_api_version_is_asked_as_azure_wants_it() -> None:
    async with OpenAIServer(lambda _request: says("{}")) as server:
        address = server.base_url.removesuffix("/v1") + "/openai/deployments/gpt?api-version=2024-10-21&zone=a"
        async with a_chat(address) as chat:
            assert (await ask(chat)).text == "{}"
    (request,) = server.requests
    assert request.path == "/openai/deployments/gpt/chat/completions?api-version=2024-10-21&zone=a"
    assert request.headers["api-key"] == KEY
    assert "authorization" not in request.headers


async def test_any_other_query_of_an_address_is_sent_along_with_the_usual_header() -> None:
    async with OpenAIServer(lambda _request: says("{}")) as server, a_chat(f"{server.base_url}/?team=red") as chat:
        await ask(chat)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions?team=red"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert "api-key" not in request.headers


async def test_the_key_in_azures_header_does_not_follow_a_redirect() -> None:
    async with OpenAIServer([says("{}")]) as other:
        away = Answer(status=307, kind="text/plain", headers={"location": f"{other.base_url}/chat/completions"})
        async with OpenAIServer([away]) as server, a_chat(f"{server.base_url}?api-version=1") as chat:
            with pytest.raises(ModelError, match="answered 307"):
                await ask(chat)
        assert other.requests == []


def test_an_address_with_a_broken_port_stops_the_start() -> None:
    with pytest.raises(SettingError, match="OPENAI_BASE_URL"):
        OpenAIChat("a-model", base_url="http://localhost:port/v1?api-version=1")


# ---- which models there are


async def test_a_server_is_asked_for_its_models() -> None:
    async with OpenAIServer([lists("one", "two")]) as server, a_chat(server.base_url) as chat:
        assert await chat.models(timeout_s=5) == ("one", "two")
    assert server.requests[0].path == "/v1/models"


@pytest.mark.parametrize(
    "answer", [fails(404), sends("<html></html>", kind="text/html"), sends('{"data": 3}', kind="application/json")]
)
async def test_a_server_that_lists_no_models_says_so_by_an_error(answer: Answer) -> None:
    async with OpenAIServer([answer]) as server, a_chat(server.base_url) as chat:
        with pytest.raises(ModelError):
            await chat.models(timeout_s=5)
