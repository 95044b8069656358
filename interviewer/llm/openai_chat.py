"""Any server that speaks the chat completions of OpenAI, asked for what it takes."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError, SettingError
from interviewer.llm import retry_after
from interviewer.llm.capabilities import Capabilities, Refusal, ReplyForm
from interviewer.llm.chat import Chat, Message, ModelReply, OnText, Schema
from interviewer.llm.failures import failure, model_error
from interviewer.llm.heard import Heard
from interviewer.llm.listening import Listener
from interviewer.llm.wire import WIRE

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk

log = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""What a server that wants no key is sent; the SDK insists on one."""

CONNECT_TIMEOUT_S = 5.0
AZURE_QUERY = "api-version"
"""Whose address carries this wants the key in the header `api-key`, as Azure does."""

_SAID_CHARS = 4000


class OpenAIChat:
    """Any server that speaks the chat completions of OpenAI. `temperature` and `max_tokens` are only sent when set.

    A parameter that the server refuses is left out from then on.

    Raises:
        SettingError: `base_url` is no address.
    """

    def __init__(
        self,
        model: str,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        max_retries: int = 2,
        temperature: float | None = None,
        max_tokens: int | None = None,
    ) -> None:
        url = base_url or OPENAI_URL
        if not url.startswith(("http://", "https://")):
            raise SettingError("OPENAI_BASE_URL does not start with http:// or https://: give the whole address")
        try:
            self._client = _client(url, api_key or NO_KEY, max_retries, max_tokens)
        except Exception as error:
            raise SettingError("OPENAI_BASE_URL cannot be read as an address: check it") from error
        self._model, self._temperature, self._max_tokens = model, temperature, max_tokens
        self._headers = _azure_headers(self._client)
        self._capabilities = Capabilities()

    @property
    def capabilities(self) -> Capabilities:
        """What the server has been found to take."""
        return self._capabilities

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """The reply, streamed from the server; see ChatModel."""
        started = time.perf_counter()
        retry_after.LAST.set(None)
        try:
            async with asyncio.timeout(timeout_s) as limit:
                heard = await self._ask(messages, schema_name, schema, timeout_s, Listener(on_text, limit))
        except ModelError:
            raise
        except Exception as error:
            raise model_error(error) from error
        if wire := WIRE.get():
            wire.tokens_in, wire.tokens_out = heard.tokens_in, heard.tokens_out
        return ModelReply(
            text=heard.whole_text(),
            model=heard.model or self._model,
            tokens_in=heard.tokens_in,
            tokens_out=heard.tokens_out,
            milliseconds=round((time.perf_counter() - started) * 1000),
            first_ms=None if heard.first_s is None else round((heard.first_s - started) * 1000),
        )

    async def models(self, *, timeout_s: float) -> tuple[str, ...]:
        """Names of the models that the server says it has.

        Raises:
            ModelError: it does not say.
        """
        try:
            async with asyncio.timeout(timeout_s):
                page = await self._client.models.list(timeout=timeout_s, extra_headers=self._headers)
            return tuple(str(model.id) for model in page.data)
        except Exception as error:
            raise model_error(error) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(self, messages: Chat, name: str, schema: Schema, timeout_s: float, listen: Listener) -> Heard:
        """Ask for all we want; without what the server refuses, and from then on at once."""
        import openai

        taken = self._capabilities
        while True:
            options, said = self._options(taken, name, schema), _said(messages, schema, taken)
            if wire := WIRE.get():
                wire.sent = said
            try:
                heard = await self._stream(said, timeout_s, options, listen)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                less = taken.without(_refusal(error), sent=options)
                if less is None:
                    raise
                taken = less
            else:
                if taken != self._capabilities:
                    log.info("the model server refuses what it was asked, it is asked for less: %s", taken)
                    self._capabilities = taken
                return heard

    def _options(self, taken: Capabilities, name: str, schema: Schema) -> dict[str, Any]:
        """What is sent beside model and messages."""
        options: dict[str, Any] = {"stream": taken.stream}
        if taken.reply is ReplyForm.SCHEMA:
            shape = {"name": name, "strict": True, "schema": dict(schema)}
            options["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif taken.reply is ReplyForm.OBJECT:
            options["response_format"] = {"type": "json_object"}
        if taken.stream and taken.stream_options:
            options["stream_options"] = {"include_usage": True}
        if taken.temperature and self._temperature is not None:
            options["temperature"] = self._temperature
        if taken.cap and self._max_tokens is not None:
            options[taken.cap] = self._max_tokens
        return options

    async def _stream(self, said: Chat, timeout_s: float, options: dict[str, Any], listen: Listener) -> Heard:
        import httpx2
        import openai

        timeout = openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))
        create: Any = self._client.chat.completions.create  # its overloads take messages of its own types only
        stream: openai.AsyncStream[ChatCompletionChunk] = await create(  # a stream also of a reply that comes whole
            model=self._model,
            messages=[{"role": message.role, "content": message.content} for message in said],
            stream=True,
            timeout=timeout,
            extra_body=options,
            extra_headers={**self._headers, **(wire.headers if (wire := WIRE.get()) else {})},
        )
        heard = Heard(self._max_tokens)
        async with stream:
            kind = stream.response.headers.get("content-type", "")
            if "html" in kind:
                raise failure(UngradedReason.UNREADABLE)
            try:
                if "json" in kind:  # the completion in one piece
                    heard.add(json.loads(await stream.response.aread()), "message")
                else:
                    async for chunk in stream:
                        heard.add(chunk.to_dict(warnings=False), "delta")
                        heard.first_s = heard.first_s or time.perf_counter()
                        listen(heard.text)
            except openai.APIConnectionError as error:
                raise failure(UngradedReason.TRUNCATED if heard.choices else UngradedReason.UNREACHABLE) from error
            except httpx2.RequestError as error:  # in a completion that comes in one piece
                raise failure(UngradedReason.TRUNCATED) from error
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                raise failure(UngradedReason.UNREADABLE) from error
        return heard


def _client(url: str, key: str, max_retries: int, max_tokens: int | None) -> openai.AsyncOpenAI:
    """A client of the address; what stands behind its question mark goes with every request."""
    import openai

    from interviewer.llm.body import body_limit, limiting

    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return openai.AsyncOpenAI(
        api_key=key,
        base_url=urlunsplit(parts._replace(query="", fragment="")),
        max_retries=max_retries,
        default_query=query,
        default_headers={"Accept-Encoding": "identity"},  # a few packed bytes may be very many
        http_client=openai.DefaultAsyncHttpxClient(
            follow_redirects=AZURE_QUERY not in query,  # its header would go along to wherever; the usual one does not
            event_hooks={"response": [retry_after.listen, limiting(body_limit(max_tokens))]},
        ),
    )


def _azure_headers(client: openai.AsyncOpenAI) -> dict[str, Any]:
    """The key as Azure wants it, for a client of such an address; sent with each request, else the SDK objects."""
    import openai

    return {"Authorization": openai.omit, "api-key": client.api_key} if AZURE_QUERY in client.default_query else {}


def _said(messages: Chat, schema: Schema, taken: Capabilities) -> Chat:
    """The messages; with the schema added to the first, for servers that do not hold the model to it."""
    if taken.reply is ReplyForm.SCHEMA:
        return messages
    words = f"Reply with one JSON object and nothing else. It must fit this JSON schema:\n{json.dumps(schema)}"
    first, *others = messages
    return (Message(first.role, f"{first.content}\n\n{words}"), *others)


def _refusal(error: openai.APIStatusError) -> Refusal:
    return Refusal(
        param=error.param if isinstance(error.param, str) and error.param else None,
        codes=frozenset({str(error.code), str(error.type)}),
        says=str(error.body)[:_SAID_CHARS],
    )
