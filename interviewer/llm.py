"""Messages + a JSON schema -> a model's reply, or ModelError: the one door to `openai`.

Whatever goes wrong behind the door comes out as a ModelError with a reason and words of our own: a server's message
may hold part of a key or of an answer. `openai` takes half a second to import, so only who talks to a server pays.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError, SettingError

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""What a server that wants no key is sent; the SDK insists on one."""

CONNECT_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """A whole reply. `tokens_*` are None when the server does not count; `model` is the name it goes by there."""

    text: str
    model: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    milliseconds: int = 0


Chat = Sequence[Message]
Schema = Mapping[str, object]
Scripted = ModelReply | ModelError | str


class ChatModel(Protocol):
    """Something that answers a chat with JSON."""

    async def complete(self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float) -> ModelReply:
        """The reply, within `timeout_s` however often it takes to ask.

        Raises:
            ModelError: there is no whole reply. The text may still not fit the schema: not every server enforces it.
        """
        ...


class OpenAIChat:
    """Any server that speaks the chat completions of OpenAI. `temperature` is only sent when it is set.

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
    ) -> None:
        import openai

        url = base_url or OPENAI_URL
        if not url.startswith(("http://", "https://")):
            raise SettingError("OPENAI_BASE_URL does not start with http:// or https://: give the whole address")
        try:
            self._client = openai.AsyncOpenAI(api_key=api_key or NO_KEY, base_url=url, max_retries=max_retries)
        except Exception as error:
            raise SettingError("OPENAI_BASE_URL cannot be read as an address: check it") from error
        self._model, self._temperature, self._plain = model, temperature, False

    async def complete(self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float) -> ModelReply:
        """The reply, streamed from the server; see ChatModel."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(timeout_s):
                heard = await self._ask(messages, schema_name, schema, timeout_s)
        except ModelError:
            raise
        except Exception as error:
            raise model_error(error) from error
        return ModelReply(
            text=heard.whole_text(),
            model=heard.model or self._model,
            tokens_in=heard.tokens_in,
            tokens_out=heard.tokens_out,
            milliseconds=round((time.perf_counter() - started) * 1000),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(self, messages: Chat, name: str, schema: Schema, timeout_s: float) -> _Heard:
        """Ask with a schema; a server that will not have it is asked in words, from then on at once."""
        import openai

        said = [{"role": message.role, "content": message.content} for message in messages]
        if not self._plain:
            try:
                return await self._stream(said, timeout_s, **self._options(name, schema))
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if {str(error.code), str(error.type)} & _IN_VAIN:
                    raise
        heard = await self._stream(_schema_in_words(said, schema), timeout_s)
        self._plain = True
        return heard

    def _options(self, name: str, schema: Schema) -> dict[str, Any]:
        shape = {"name": name, "strict": True, "schema": dict(schema)}
        options: dict[str, Any] = {"response_format": {"type": "json_schema", "json_schema": shape}}
        options["stream_options"] = {"include_usage": True}
        return options if self._temperature is None else options | {"temperature": self._temperature}

    async def _stream(self, said: list[dict[str, str]], timeout_s: float, **options: Any) -> _Heard:
        import openai

        timeout = openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))
        create: Any = self._client.chat.completions.create  # its overloads do not take a schema made elsewhere
        stream: openai.AsyncStream[ChatCompletionChunk] = await create(
            model=self._model, messages=said, stream=True, timeout=timeout, **options
        )
        heard = _Heard()
        async with stream:
            kind = stream.response.headers.get("content-type", "")
            if "html" in kind:
                raise _failure(UngradedReason.UNREADABLE)
            try:
                if "json" in kind:  # a server that does not stream sends the completion whole
                    heard.add(json.loads(await stream.response.aread()), "message")
                else:
                    async for chunk in stream:
                        heard.add(chunk.to_dict(warnings=False), "delta")
            except openai.APIConnectionError as error:
                raise _failure(UngradedReason.TRUNCATED if heard.choices else UngradedReason.UNREACHABLE) from error
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                raise _failure(UngradedReason.UNREADABLE) from error
        return heard


@dataclass(slots=True)
class _Heard:
    """What has come of a reply so far."""

    text: str = ""
    choices: int = 0
    refused: bool = False
    finish: str | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None

    def add(self, event: dict[str, Any], part: Literal["delta", "message"]) -> None:
        """Take in one event of the wire; AttributeError, LookupError or TypeError when it has another shape."""
        self.model = event.get("model") or self.model
        if usage := event.get("usage"):
            self.tokens_in, self.tokens_out = usage.get("prompt_tokens"), usage.get("completion_tokens")
        for choice in (event.get("choices") or [])[:1]:
            said = choice.get(part) or {}
            self.choices += 1
            self.text += said.get("content") or ""
            self.refused = self.refused or bool(said.get("refusal"))
            self.finish = choice.get("finish_reason") or self.finish

    def whole_text(self) -> str:
        """The text, when it is all there. A stream that just ends has no finish reason.

        Raises:
            ModelError: it is cut off, refused or empty.
        """
        if self.refused or self.finish == "content_filter":
            raise _failure(UngradedReason.REFUSAL)
        if self.choices and self.finish in (None, "length"):
            raise _failure(UngradedReason.TRUNCATED)
        if not self.text.strip():
            raise _failure(UngradedReason.UNREADABLE)
        return self.text


_IN_VAIN = frozenset({"content_filter", "context_length_exceeded", "exceed_context_size_error", "model_not_found"})
"""Codes and types of a refused request that asking in other words would not mend."""

_ADVICE = {
    UngradedReason.REFUSAL: "The model declined to mark this answer.",
    UngradedReason.TIMED_OUT: "The model took too long: try again, or raise INTERVIEWER_MODEL_TIMEOUT_S.",
    UngradedReason.TRUNCATED: "The model's reply broke off: try again, or let the model write more.",
    UngradedReason.UNREACHABLE: "The model server cannot be reached: check that it runs, and OPENAI_BASE_URL.",
    UngradedReason.UNREADABLE: "The model server sent no chat completion: check OPENAI_BASE_URL, often it ends in /v1.",
}
_BY_STATUS = {
    401: (UngradedReason.REFUSED_KEY, True, "check OPENAI_API_KEY"),
    403: (UngradedReason.REFUSED_KEY, True, "check that the key may use this model"),
    404: (UngradedReason.REJECTED, True, "check INTERVIEWER_MODEL and OPENAI_BASE_URL"),
    408: (UngradedReason.TIMED_OUT, False, "try again"),
    409: (UngradedReason.SERVER_ERROR, False, "try again"),
    429: (UngradedReason.RATE_LIMITED, False, "try again later"),
}


def model_error(error: Exception) -> ModelError:
    """What an error of the SDK, its transport or a reply's shape means to us."""
    import openai

    known: dict[type[Exception], UngradedReason] = {
        TimeoutError: UngradedReason.TIMED_OUT,
        openai.APITimeoutError: UngradedReason.TIMED_OUT,
        openai.APIConnectionError: UngradedReason.UNREACHABLE,
        OSError: UngradedReason.UNREACHABLE,
        openai.LengthFinishReasonError: UngradedReason.TRUNCATED,
        openai.ContentFilterFinishReasonError: UngradedReason.REFUSAL,
        openai.APIResponseValidationError: UngradedReason.UNREADABLE,
        json.JSONDecodeError: UngradedReason.UNREADABLE,
    }
    if isinstance(error, openai.APIStatusError):
        return _of_status(error.status_code, error.code)
    for kind, reason in known.items():
        if isinstance(error, kind):
            return _failure(reason)
    if isinstance(error, openai.APIError):  # an error event in a stream that began with status 200
        status = int(error.code) if error.code and error.code.isdecimal() else 500
        return _of_status(429 if error.code == "rate_limit_exceeded" else status, error.code)
    return ModelError(UngradedReason.BROKEN, f"Asking the model failed with {type(error).__name__}: see the log.")


def _failure(reason: UngradedReason) -> ModelError:
    return ModelError(reason, _ADVICE[reason])


def _of_status(status: int, code: str | None) -> ModelError:
    if code == "content_filter":
        return _failure(UngradedReason.REFUSAL)
    if code == "insufficient_quota":
        return ModelError(UngradedReason.RATE_LIMITED, "The key's quota is used up: top it up.", permanent=True)
    unknown = (UngradedReason.REJECTED, True, "look at the model server's log")
    if status >= 500:
        unknown = (UngradedReason.SERVER_ERROR, False, "try again")
    reason, permanent, advice = _BY_STATUS.get(status, unknown)
    return ModelError(reason, f"The model server answered {status}: {advice}.", permanent=permanent)


def _schema_in_words(said: list[dict[str, str]], schema: Schema) -> list[dict[str, str]]:
    """The messages with the schema added to the first, for servers that take no `response_format`."""
    words = f"Reply with one JSON object and nothing else. It must fit this JSON schema:\n{json.dumps(schema)}"
    return [{**said[0], "content": f"{said[0]['content']}\n\n{words}"}, *said[1:]]


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

    async def complete(self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float) -> ModelReply:
        """The next reply of the script.

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
        return reply if isinstance(reply, ModelReply) else ModelReply(text=reply, model="scripted")
