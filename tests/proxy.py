"""A small reverse proxy on a socket: it does what nginx does with the headers that say where a request came from."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from tests.in_thread import InThread


class Proxy(InThread):
    """Passes each request on to a server, over a connection of its own; clients pretend to have come by TLS.

    Like nginx it keeps Host, appends the client to X-Forwarded-For and replaces X-Forwarded-Proto. The client's
    address is what it says in X-Test-Client, for on one machine all clients are 127.0.0.1.
    """

    def __init__(self, server: str, *, scheme: str = "https") -> None:
        super().__init__()
        self._server = urlsplit(server)
        self._scheme = scheme

    @property
    def url(self) -> str:
        """Where to reach it."""
        return f"http://127.0.0.1:{self._port}"

    async def _serve(self) -> None:
        self._passing: set[asyncio.Task[None]] = set()
        listening = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self._port = listening.sockets[0].getsockname()[1]
        await self.until_over()
        listening.close()
        await asyncio.gather(*self._passing)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass_on(reader, writer))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").strip().split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        given = dict(headers)
        forwarded = [value for name, value in headers if name == "x-forwarded-for"]
        forwarded.append(given.get("x-test-client", "127.0.0.1"))
        kept = [pair for pair in headers if not pair[0].startswith(("x-forwarded-", "x-test-", "connection"))]
        kept += [
            ("x-forwarded-for", ", ".join(forwarded)),
            ("x-forwarded-proto", self._scheme),
            ("connection", "close"),
        ]
        body = await reader.readexactly(int(given.get("content-length", 0)))
        upstream, sending = await asyncio.open_connection(self._server.hostname, self._server.port)
        head = "".join(f"{name}: {value}\r\n" for name, value in kept)
        sending.write(f"{first}\r\n{head}\r\n".encode("latin1") + body)
        while part := await upstream.read(65536):
            writer.write(part)
            await writer.drain()
        for side in (sending, writer):
            side.close()
            await side.wait_closed()
