"""The ceiling of this machine: a route that does nothing, and one that commits a row as the product's store does.

    python bench/bare.py DATABASE

prints its address and serves until it is stopped.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL")
"""Those of interviewer/store."""


class Answer(BaseModel):
    """The body of both routes."""

    turn: int
    text: str


def bare(database: str) -> FastAPI:
    """The application with both routes."""
    writing = asyncio.Lock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with aiosqlite.connect(database, isolation_level=None) as connection:
            for pragma in PRAGMAS:
                await connection.execute(f"PRAGMA {pragma}")
            await connection.execute("CREATE TABLE say (id INTEGER PRIMARY KEY, turn INTEGER, text TEXT)")
            app.state.connection = connection
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/nothing")
    async def nothing(body: Answer) -> Answer:
        return body

    @app.post("/commit")
    async def commit(body: Answer) -> Answer:
        connection: aiosqlite.Connection = app.state.connection
        async with writing:
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute("INSERT INTO say (turn, text) VALUES (?, ?)", (body.turn, body.text))
            await connection.execute("COMMIT")
        return body

    return app


def main() -> None:
    """Serve."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}/\n")
    sys.stdout.flush()
    config = uvicorn.Config(bare(sys.argv[1]), log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
