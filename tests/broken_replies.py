"""A model's good reply, and what may become of it on its way: each function gives a server's answer to a request.

They go through `OpenAIServer`, whose other answers (`fails`, `hangs`, `declines`, ...) know nothing of good replies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.model_interviews import credits_all, good_reply
from tests.openai_server import JSON, STREAM, Answer, Request, says, says_whole, streams

BOM = b"\xef\xbb\xbf"
PIECE = 64 * 1024
FOREVER_S = 60.0
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"


def drips(request: Request) -> Answer:
    """A good reply, a byte now and then: it would take minutes."""
    slowly = tuple(bytes([byte]) for part in credits_all(request).parts for byte in part)
    return replace(credits_all(request), parts=slowly, may_send=lambda _place: asyncio.sleep(0.02))


def stammers(request: Request) -> Answer:
    """Every event of a good reply twice."""
    return replace(credits_all(request), parts=tuple(part for part in credits_all(request).parts for _ in range(2)))


def as_octets(request: Request) -> Answer:
    """A good stream that says it is any bytes."""
    return replace(credits_all(request), kind="application/octet-stream")


def as_plain_text(request: Request) -> Answer:
    """A good stream that says it is text."""
    return replace(credits_all(request), kind="text/plain; charset=utf-8")


def as_nothing(request: Request) -> Answer:
    """A good stream that does not say what it is."""
    return replace(credits_all(request), kind="")


def whole_as_text(request: Request) -> Answer:
    """A completion in one piece that says it is text: read as a stream, it holds no event."""
    return replace(says_whole(good_reply(request)), kind="text/plain")


def whole_and_cut(request: Request) -> Answer:
    """A completion in one piece of which the second half is lost with the connection."""
    whole = b"".join(says_whole(good_reply(request)).parts)
    return Answer((whole[: len(whole) // 2],), kind=JSON, cut=True)


def adds_words(request: Request) -> Answer:
    """Good marks, then a remark."""
    return says(f"{good_reply(request)}\n\nI hope this helps! Let me know if you want me to explain a mark.")


def adds_garbage(request: Request) -> Answer:
    """Good marks, then what is left of another object."""
    return says(good_reply(request) + '], "verdict": "met"}}')


def says_it_twice(request: Request) -> Answer:
    """Two objects with marks, one after the other."""
    return says(good_reply(request) + good_reply(request))


def with_a_mark_in_the_text(request: Request) -> Answer:
    """A byte order mark before the model's words."""
    return says("\ufeff" + good_reply(request))


def with_a_mark_on_the_wire(request: Request) -> Answer:
    """A byte order mark before the first event, which already holds words."""
    content = {"index": 0, "delta": {"content": good_reply(request)}, "finish_reason": "stop"}
    (event, done) = streams({"model": "served-model", "choices": [content]}).parts
    return Answer((BOM + event, done))


def whole_with_a_mark(request: Request) -> Answer:
    """A byte order mark before a completion in one piece."""
    return Answer((BOM + b"".join(says_whole(good_reply(request)).parts),), kind=JSON)


def filtered_midway(request: Request) -> Answer:
    """Half of a good reply; then the server's filter stops it."""
    text = good_reply(request)
    return says(text[: len(text) // 2], finish="content_filter")


def resets_midway(request: Request) -> Answer:
    """Half of a good reply, then RST."""
    parts = tuple(credits_all(request).parts)
    return Answer(parts[: len(parts) // 2], reset=True)


def never_hangs_up(request: Request) -> Answer:
    """A good reply to its last event, and then the connection stays open without its end being announced."""
    return replace(credits_all(request), hold_s=FOREVER_S)


HALF_A_HEAD = Answer(head=HEAD + b"x-padding: " + b"x" * 30, hold_s=FOREVER_S)
"""A hundred bytes of headers, and no more of them."""
HALF_A_BODY = Answer((b"data: " + b" " * 94,), head=HEAD + b"content-length: 5000\r\n\r\n", hold_s=FOREVER_S)
"""A hundred bytes of five thousand."""
ONLY_CONTINUE = Answer(head=b"HTTP/1.1 100 Continue\r\n\r\n", hold_s=FOREVER_S)
"""Promises, promises."""
NOT_HTTP = Answer(head=b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", cut=True)
"""Something else listens there."""
BAD_FRAMES = Answer((b"zz\r\nnot a length\r\n",), head=HEAD + b"transfer-encoding: chunked\r\n\r\n")
"""A body whose lengths are none."""
BROKEN_ERROR = Answer((b'{"error": {"mess',), status=500, kind=JSON, cut=True)
"""A status with half an explanation."""
NOTHING = Answer()
"""Status 200, and a body of no bytes."""
NOT_UTF8 = Answer((b"data: \xff\xfe\xfd\n\n",))
"""Bytes that are no text."""


@dataclass
class Endless:
    """A body that never ends, and how much of it got away."""

    first: bytes
    piece: bytes
    kind: str = STREAM
    status: int = 200
    head: bytes | None = None
    sent: int = field(default=0, init=False)

    def __call__(self, _request: Request) -> Answer:
        """The same to every request."""
        return Answer(self, kind=self.kind, status=self.status, head=self.head)

    def __iter__(self) -> Iterator[bytes]:
        if self.first:
            yield self.first
        while True:
            self.sent += len(self.piece)
            yield self.piece
