"""A database that is full, read-only, locked or gone: people are told why, lose nothing, and go on afterwards."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx2
import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.ext.asyncio import create_async_engine

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from interviewer.store import SqlStore
from interviewer.store.places import database_at
from interviewer.store.sqlite import SqliteFile
from tests.faults.disks import filled, small_disk
from tests.faults.rows import answers, gradings
from tests.faults.server import until
from tests.faults.workers import kill, workers
from tests.forms import HTML, begin
from tests.playing import sample
from tests.postgres import OwnPostgres

pytestmark = pytest.mark.faults

WAIT_S = 0.3
SENTENCE = "What was saved before is safe; try again in a moment."


@dataclass
class Alice:
    """Her browser without JavaScript, on an interview that she has begun."""

    client: TestClient
    where: Path | str
    page: str
    text: str

    def send(self) -> tuple[int, str]:
        """Send the answer as a form."""
        form = {"turn": "1", "seen": "2", "text": self.text}
        reply = self.client.post(f"{self.page}/answers", data=form, headers=HTML)
        return reply.status_code, reply.text

    def is_refused(self, why: str) -> None:
        """The page says why, holds the text in a form that can be sent again; the API says it too."""
        status, page = self.send()
        assert status == 503
        assert why in page
        assert SENTENCE in page
        held = re.search(r'<form class="again"[^>]* action="([^"]+)">.*?<textarea[^>]*>\n(.*?)</textarea>', page, re.S)
        assert held
        assert (held[1], unescape(held[2])) == (f"{self.page}/answers", self.text)
        body = {"turn": 1, "text": self.text, "says_seen": 2}
        reply = self.client.post(f"/api{self.page}/answers", json=body)
        assert (reply.status_code, reply.headers["content-type"]) == (503, "application/problem+json")
        assert int(reply.headers["retry-after"]) > 0
        assert why in reply.json()["detail"]

    def goes_on(self) -> None:
        """The same form, sent again, is taken, and marked once."""
        until(lambda: self.send()[0] == 200, 15)
        interview = self.page.rpartition("/")[2]
        until(lambda: self.client.get(self.page).is_success and gradings(self.where, interview, 1) == 1)
        assert answers(self.where, interview, 1) == [self.text.strip()]


@contextmanager
def alice(store: SqlStore, where: Path | str, bank: Bank, folder: Path, *, long: bool = False) -> Iterator[Alice]:
    """Alice, with an answer to the first question; a long one needs room of its own."""
    settings = Settings(database=folder / "unused.sqlite3", database_wait_s=WAIT_S)
    app = create_app(settings, store=store, bank=bank, patient=True)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        page = begin(client, level="mid", questions="2")
        question = client.get(f"/api{page}").json()["turns"][0]["question"]["id"]
        text = sample(bank, question, Band.STRONG).strip()
        words = " ".join(f"word-{number:x}-{os.urandom(4).hex()}" for number in range(700)) if long else ""
        yield Alice(client, where, page, f"{text}\n\n{words}".strip())


def kept(where: Path | str) -> SqlStore:
    """A store that does not wait long."""
    return SqlStore(database_at(where, wait_s=WAIT_S))


def test_a_full_disk_under_a_file(bank: Bank, tmp_path: Path) -> None:
    """What is there can be read; what is new is refused until there is room."""
    with small_disk(tmp_path / "disk", "4m") as disk:
        file = disk / "interviews.sqlite3"
        with alice(kept(file), file, bank, tmp_path) as she:
            with filled(disk):
                she.is_refused("its disk is full")
                assert she.client.get(she.page).status_code == 200
            she.goes_on()


def test_a_full_disk_under_postgresql(bank: Bank, tmp_path: Path, own: OwnPostgres) -> None:
    """That of the tables; when the one of its log is full, PostgreSQL stops, and that is another test."""
    with small_disk(own.folder / "disk", "24m") as disk:
        where = own.create(tablespace=disk)
        with alice(kept(where), where, bank, tmp_path, long=True) as she:
            with filled(disk):
                she.is_refused("its disk is full")
                assert she.client.get(she.page).status_code == 200
            she.goes_on()
        own.drop(where)


@contextmanager
def read_only_server(where: str) -> Iterator[None]:
    """A PostgreSQL database whose transactions may not write, until the block is left."""

    def switch(on: str) -> None:
        name = where.split("?")[0].rpartition("/")[2]
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {on}".encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    switch("on")
    yield
    switch("off")


def test_a_file_that_can_only_be_read(bank: Bank, tmp_path: Path) -> None:
    """As after a change of its permissions."""
    file = tmp_path / "interviews.sqlite3"
    database = SqliteFile(file, wait_s=WAIT_S)
    with alice(SqlStore(database), file, bank, tmp_path) as she:
        before = database.engine
        database.engine = create_async_engine(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true")
        she.is_refused("it can only be read, not written")
        assert she.client.get(she.page).status_code == 200
        assert she.client.portal
        she.client.portal.call(database.engine.dispose)
        database.engine = before
        she.goes_on()


def test_a_postgresql_that_can_only_be_read(bank: Bank, tmp_path: Path, own: OwnPostgres) -> None:
    """As a replica, or as an administrator may set it."""
    where = own.create()
    with alice(kept(where), where, bank, tmp_path) as she:
        with read_only_server(where):
            she.is_refused("it can only be read, not written")
            assert she.client.get(she.page).status_code == 200
        she.goes_on()


def test_a_file_that_another_program_holds_locked(bank: Bank, tmp_path: Path) -> None:
    """For longer than anybody waits; the queue of those who wait is told in time too."""
    file = tmp_path / "interviews.sqlite3"
    with alice(kept(file), file, bank, tmp_path) as she:
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with ThreadPoolExecutor(8) as tabs:
            replies = list(tabs.map(lambda _: she.send()[0], range(8)))
        assert replies == [503] * 8
        assert time.monotonic() - began < WAIT_S * 8
        she.is_refused("another program holds it locked")
        holder.execute("ROLLBACK")
        holder.close()
        she.goes_on()


def test_a_postgresql_that_is_stopped_and_started(bank: Bank, tmp_path: Path, own: OwnPostgres) -> None:
    """Nothing needs to be restarted but PostgreSQL."""
    where = own.create()
    with alice(kept(where), where, bank, tmp_path) as she:
        own.stop()
        try:
            she.is_refused("it is not running. What was saved before is safe")
            assert she.client.get("/healthz").status_code == 200
            ready = she.client.get("/readyz")
            assert (ready.status_code, "retry-after" in ready.headers) == (503, True)
            assert she.client.get(f"/api{she.page}/events").status_code == 503
        finally:
            own.start()
        she.goes_on()
        assert she.client.get("/readyz").status_code == 200


def status(url: str) -> int:
    """Of a server's readiness; 0 when there is no reply."""
    try:
        return httpx2.get(f"{url}/readyz", timeout=10).status_code
    except httpx2.TransportError:
        return 0


def test_a_worker_that_dies_while_postgresql_is_away_is_replaced(own: OwnPostgres) -> None:
    """The server is not given up: its new worker says that the database does not answer, until it does."""
    with workers(own.create(), 2) as server:
        first = server.ready(2)
        own.stop()
        try:
            kill(first[0])
            until(lambda: len(set(server.pids()) - {first[0]}) == 2, 20)
            kill(first[1])
            until(lambda: status(server.url) == 503, 30)
        finally:
            own.start()
        until(lambda: status(server.url) == 200, 30)
        assert not set(server.ready(2)) & set(first)
        assert server.stop() == 128 + signal.SIGTERM
