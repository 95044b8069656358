"""A model server for `open_interviews.py`: it credits every point, and takes some seconds for it, piece by piece.

    python bench/slow_model.py SECONDS

Prints its address. One process, one event loop: hundreds of slow replies at once cost it next to nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any

PIECES = 25
EMPTY = {"string": "", "boolean": False, "integer": 0, "array": [], "object": {}}
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def reply_to(request: dict[str, Any]) -> str:
    """Every point of the rubric met, with a sentence of the answer as its quote; nothing when it is not a rubric."""
    schema = request["response_format"]["json_schema"]["schema"]["properties"]
    if "marks" not in schema:
        return json.dumps({name: EMPTY.get(form.get("type")) for name, form in schema.items()})
    points = schema["marks"]["items"]["properties"]["point"]["enum"]
    answer = request["messages"][-1]["content"].split(">", 1)[1].split("</answer", 1)[0].strip()
    quotes = [quote for quote in re.split(r"(?<=[.!?])\s+", answer) if len(quote.split()) > 3] or [answer]
    marks = [
        {"point": point, "reason": "You say so.", "quote": quotes[at % len(quotes)], "verdict": "met"}
        for at, point in enumerate(points)
    ]
    given = {"marks": marks, "misconceptions": [], "strengths": ["You name it."], "improve": [], "acknowledge": ""}
    return json.dumps({name: given[name] for name in schema})


def event(choices: list[object], **more: object) -> bytes:
    """A piece of the stream, as HTTP sends it."""
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "slow", "choices": choices, **more}
    data = f"data: {json.dumps(body)}\n\n".encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Answer the requests of one connection."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            text = reply_to(json.loads(await reader.readexactly(int(length[1]) if length else 0)))
            size = -(-len(text) // PIECES)
            writer.write(HEAD)
            for at in range(0, len(text), size):
                await asyncio.sleep(seconds / PIECES)
                writer.write(event([{"index": 0, "delta": {"content": text[at : at + size]}, "finish_reason": None}]))
            writer.write(event([{"index": 0, "delta": {}, "finish_reason": "stop"}]))
            writer.write(event([], usage={"prompt_tokens": 1200, "completion_tokens": 400}))
            writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client went away
    finally:
        writer.close()


async def main(seconds: float) -> None:
    """Serve until terminated."""
    server = await asyncio.start_server(lambda r, w: serve(r, w, seconds), "127.0.0.1", 0, backlog=1024, limit=2**20)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
