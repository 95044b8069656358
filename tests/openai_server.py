"""A server that speaks OpenAI's chat completions over a real socket and answers what the test wrote down.

async with OpenAIServer([says("{}")]) as server:
    OpenAIChat("a-model", base_url=server.base_url)
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Any, Self

STREAM = "text/event-stream"
JSON = "application/json"


@dataclass(frozen=True)
class Request:
    """What came in."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    port: int
    """The one it comes from."""


@dataclass(frozen=True)
class Answer:
    """What goes out, piece by piece; `cut` closes the connection before the end is announced.

    `may_send` is awaited with the place of each part before it goes out. `head` stands in for status line and headers,
    and the parts then go out without framing. After the parts nothing happens for `hold_s`; `reset` ends rudely.
    """

    parts: Iterable[bytes] = ()
    status: int = 200
    kind: str = STREAM
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    wait_s: float = 0.0
    may_send: Callable[[int], Awaitable[None]] | None = None
    head: bytes | None = None
    hold_s: float = 0.0
    reset: bool = False


def says(text: str, *, finish: str | None = "stop", cut: bool = False, done: bool = True) -> Answer:
    """A well-behaved stream of `text` in small pieces, with usage at the end; or one that lacks its end."""
    pieces = [text[at : at + 40] for at in range(0, len(text), 40)]
    events = [_chunk({"role": "assistant", "content": ""})]
    events += [_chunk({"content": piece}) for piece in pieces]
    if finish:
        events.append(_chunk({}, finish=finish))
        events.append({"model": "served-model", "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}})
    return streams(*events, cut=cut, done=done)


def declines() -> Answer:
    """A stream in which the model refuses."""
    return streams(_chunk({"refusal": "I can't help with that."}), _chunk({}, finish="stop"))


def streams(*events: object, cut: bool = False, done: bool = True) -> Answer:
    """A stream of any events."""
    parts = [f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode() for event in events]
    return Answer(tuple(parts) + ((b"data: [DONE]\n\n",) if done and not cut else ()), cut=cut)


def says_whole(text: str) -> Answer:
    """The completion in one piece, as a server answers that does not stream."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    usage = {"prompt_tokens": 11, "completion_tokens": 7}
    return sends(json.dumps({"model": "served-model", "choices": [choice], "usage": usage}), kind=JSON)


def fails(status: int, message: str = "no", *, code: str | None = None, param: str | None = None) -> Answer:
    """An error in OpenAI's form; a retry is asked for at once, so that tests do not wait."""
    error = {"error": {"message": message, "code": code, "type": "error", "param": param}}
    return Answer((json.dumps(error).encode(),), status=status, kind=JSON, headers={"retry-after-ms": "1"})


def lists(*models: str) -> Answer:
    """The answer to GET /v1/models."""
    listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in models]}
    return sends(json.dumps(listed), kind=JSON)


def refuses(*unwanted: str, otherwise: Answer, named: bool = True) -> Callable[[Request], Answer]:
    """A server that takes no request with one of these: a parameter, or a type of `response_format`.

    It names the first that it finds, as OpenAI does, or says nothing but no.
    """

    def answer(request: Request) -> Answer:
        form = request.body.get("response_format", {}).get("type")
        for name in unwanted:
            if name in request.body or name == form:
                param = "response_format" if name == form else name
                return fails(400, f"Unsupported parameter: '{param}' ({name})", param=param) if named else fails(400)
        return otherwise

    return answer


def sends(text: str, *, kind: str) -> Answer:
    """Any body, with status 200."""
    return Answer((text.encode(),), kind=kind)


def hangs(seconds: float = 30.0) -> Answer:
    """Nothing for a long time."""
    return Answer(wait_s=seconds)


def _chunk(delta: dict[str, object], *, finish: str | None = None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "served-model", "choices": [choice]}


class OpenAIServer:
    """Gives the answers of the script in order, or what a function makes of each request; keeps the requests."""

    def __init__(self, script: Iterable[Answer] | Callable[[Request], Answer]) -> None:
        self.requests: list[Request] = []
        answers = iter(()) if callable(script) else iter(script)
        self._answer = script if callable(script) else lambda _request: next(answers, fails(500, "the script is over"))
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def base_url(self) -> str:
        """What to give the SDK."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _read(reader, writer.get_extra_info("peername")[1]):
                self.requests.append(request)
                answer = self._answer(request)
                await asyncio.sleep(answer.wait_s)
                await _write(writer, answer)
                if answer.reset:
                    socket = writer.get_extra_info("socket")
                    socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))  # close() sends RST
                if answer.cut or answer.reset:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader, port: int) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode().strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(first.split()[1], headers, json.loads(body) if body else {}, port)


async def _write(writer: asyncio.StreamWriter, answer: Answer) -> None:
    headers = {"content-type": answer.kind, "transfer-encoding": "chunked", **answer.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    plain = f"HTTP/1.1 {answer.status} -\r\n{lines}\r\n".encode()
    writer.write(plain if answer.head is None else answer.head)
    for place, part in enumerate(answer.parts):
        if answer.may_send:
            await answer.may_send(place)
        writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n" if answer.head is None else part)
        await writer.drain()
    await asyncio.sleep(answer.hold_s)
    if answer.head is None and not (answer.cut or answer.reset):
        writer.write(b"0\r\n\r\n")
    await writer.drain()
