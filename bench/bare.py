"""The ceiling of this machine: a route that does nothing, and one that commits a row as the product's store does.

    python bench/bare.py DATABASE [WORKERS]

prints its address and serves until it is stopped. DATABASE is a file, or a URL as in INTERVIEWER_DATABASE_URL. The
stack is the product's: uvicorn, FastAPI, and SQLAlchemy with the connections and settings of interviewer/store.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, String, Table, insert  # noqa: TID251  # what is measured here
from uvicorn.supervisors import Multiprocess

from interviewer.store import database_at
from interviewer.store.database import Database

TABLES = MetaData()
SAY = Table("bare", TABLES, Column("id", Integer, primary_key=True), Column("turn", Integer), Column("text", String))


class Answer(BaseModel):
    """The body of both routes."""

    turn: int
    text: str


def at(where: str) -> Database:
    """The database in a file or at a URL."""
    return database_at(where if "://" in where else Path(where))


async def prepare(where: str) -> None:
    """Make the schema and the table."""
    database = at(where)
    await database.open()
    async with database.alone() as connection:
        await connection.run_sync(TABLES.create_all)
    await database.close()


def bare(where: str) -> FastAPI:
    """The application with both routes."""
    database = at(where)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await database.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/nothing")
    async def nothing(body: Answer) -> Answer:
        return body

    @app.post("/commit")
    async def commit(body: Answer) -> Answer:
        async with database.writing() as connection:
            await connection.execute(insert(SAY).values(turn=body.turn, text=body.text))
        return body

    return app


def main() -> None:
    """Serve."""
    where, workers = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    asyncio.run(prepare(where))
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}/\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        partial(bare, where), factory=True, workers=workers, log_level="warning", server_header=False
    )
    if workers == 1:
        uvicorn.Server(config).run(sockets=[listener])
    else:
        Multiprocess(config, sockets=[listener]).run()


if __name__ == "__main__":
    main()
