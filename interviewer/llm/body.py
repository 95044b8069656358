"""The body of a server's response as it comes -> the same, without a byte order mark, and never more than a limit.

The SDK keeps a line, an error and a reply in one piece in memory however long they get, so the limit stands before it.
"""

from __future__ import annotations

import codecs
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

import httpx2

BYTES_PER_TOKEN = 2000
"""More than an event that brings one token has: some 250 bytes, with the results of a content filter a thousand."""
LEAST_BYTES = 1_000_000
USUAL_TOKENS = 8000


def body_limit(max_tokens: int | None) -> int:
    """The most bytes that a reply of so many tokens may take, at one token an event."""
    return LEAST_BYTES + BYTES_PER_TOKEN * (max_tokens or USUAL_TOKENS)


def limiting(limit: int) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A hook of the HTTP client that holds the body of each response to `limit` bytes."""

    async def limit_it(response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Limited(response.stream, limit, is_error=response.status_code >= 400)

    return limit_it


class _Limited(httpx2.AsyncByteStream):
    """Ends at the limit, as if the connection had; an error's body also where the connection breaks: it has a status.

    The byte order mark goes, since a reader of events takes it for part of the first (HTML standard, 9.2.6).
    """

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int, *, is_error: bool) -> None:
        self._stream, self._left, self._is_error = stream, limit, is_error
        self._begun = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = self._stream.__aiter__()
        try:
            async for chunk in chunks:
                if not self._begun:
                    chunk = chunk.removeprefix(codecs.BOM_UTF8)
                self._begun = True
                yield chunk[: self._left]
                self._left -= len(chunk)
                if self._left <= 0:
                    return
        except httpx2.RequestError:
            if not self._is_error:
                raise
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()

    async def aclose(self) -> None:
        await self._stream.aclose()
