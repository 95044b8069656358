"""Logs of a real server: one JSON object a line, the request's id in each, and nobody's words or secrets in any."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.errors import ModelError
from interviewer.settings import Settings
from interviewer.store import Lease, SqlStore
from interviewer.watch import REQUEST_ID, accepted, fresh_id
from interviewer.watch.logs import configure
from interviewer.watch.tracebacks import safe_traceback
from tests.broken_replies import drips
from tests.faults.server import ROOT, environ, running
from tests.in_thread import InThread
from tests.model_interviews import credits_all
from tests.openai_server import Answer, OpenAIServer, Request, declines, fails, hangs, says, sends
from tests.test_aim_pdf import a_pdf

SAID = "Zwetschgenknoedel"
KEY = "sk-Sentinel-of-the-key"
METRICS_TOKEN = "Sentinel-of-the-metrics"
PASSWORD = "Sentinel-of-the-database"
FIRST = ["timestamp", "level", "logger", "event"]


# ---- a whole server


class FailingServer(InThread):
    """A model server that fails in every way in turn, and repeats words and key wherever it has room for words."""

    def __init__(self) -> None:
        super().__init__()
        self.server = OpenAIServer(self._answer)

    def _answer(self, request: Request) -> Answer:
        told = f"{KEY} {request.body}"
        is_grading = '"marks"' in json.dumps(request.body)
        faults: list[Any] = [
            fails(500, told, code=SAID),
            fails(401, told),
            fails(400, told),
            fails(429, told),
            declines(),
            says(told),
            says(json.dumps({SAID: told})),
            says(told, cut=True),
            sends(told, kind="text/html"),
            sends(f"data: {told}\n\n", kind="text/event-stream"),
            hangs() if is_grading else declines(),
            drips if is_grading else declines(),
            credits_all if is_grading else says(told),
        ]
        fault = faults[(len(self.server.requests) - 1) % len(faults)]
        answer: Answer = fault(request) if callable(fault) else fault
        return answer

    async def _serve(self) -> None:
        async with self.server:
            await self.until_over()


@dataclass
class Seen:
    """What a server said while a candidate did everything: its log, its replies that are errors, the secrets."""

    lines: list[str]
    requests: int
    errors: list[str]
    secrets: dict[str, str]
    asked: list[Request]
    answered: set[str]
    """Ids of the requests that brought an answer."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """A candidate does everything that can go wrong, at level debug."""
    folder = tmp_path_factory.mktemp("logs")
    with FailingServer() as model:
        settings = {
            "INTERVIEWER_LOG_FORMAT": "json",
            "INTERVIEWER_LOG_LEVEL": "debug",
            "INTERVIEWER_METRICS_TOKEN": METRICS_TOKEN,
            "INTERVIEWER_MODEL": "a-model",
            "INTERVIEWER_MODEL_TIMEOUT_S": "0.7",
            "INTERVIEWER_MODEL_RETRIES": "0",
            "INTERVIEWER_MODEL_FAILURES": "1000",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": model.server.base_url,
            "OPENAI_LOG": "debug",  # the SDK's own switch, by which it prints what it sends
        }
        database = folder / "interviews.sqlite3"
        with running(database, folder / "log", **settings) as server:
            with httpx2.Client(base_url=server.url, timeout=30, headers={"connection": "close"}) as client:
                seen = _candidate(client, database)
            server.process.terminate()
            assert server.dies() is not None
        seen.asked = model.server.requests
        seen.lines = (folder / "log").read_text(encoding="utf-8").splitlines()
        yield seen


def _candidate(client: httpx2.Client, database: Path) -> Seen:
    """One after the other: an interview, its link, an advert, requests that are refused, a database that breaks."""
    replies: list[httpx2.Response] = []

    def sent(method: str, path: str, **how: Any) -> httpx2.Response:
        replies.append(client.request(method, path, **how))
        return replies[-1]

    interview = sent("POST", "/api/interviews", json={"level": "mid", "questions": 15, "seed": 1}).json()
    path = f"/api/interviews/{interview['id']}"
    answered = set()
    for number in range(13):
        turn = sent("GET", path).json()["turns"][-1]
        body = {"turn": turn["number"], "text": f"It is {SAID}, because of dependency {number} and the event loop."}
        reply = sent("POST", f"{path}/answers", json=body)
        answered.add(reply.headers["x-request-id"])
    sent("PUT", f"{path}/draft", json={"turn": 99, "text": SAID, "sequence": 1})
    share = sent("POST", f"{path}/share").json()["url"].split("/shared/")[1]
    for tail in ("", "/report.md", "x", f"/{SAID}"):
        sent("GET", f"/shared/{share}{tail}")
    sent("POST", "/api/aim", json={"text": f"Senior developer at {SAID}, Python and PostgreSQL " * 5})
    for upload in (a_pdf(f"Python developer at {SAID}")[:-60], SAID.encode() + b"\0\xff"):
        sent("POST", "/aim", files={"file": ("cv.pdf", upload, "application/pdf")})
    sent("GET", f"/{SAID}?{SAID}={SAID}", headers={"user-agent": SAID, "authorization": f"Bearer {SAID}"})
    sent(
        "POST", f"{path}/answers", content=f'{{"text": "{SAID}"'.encode(), headers={"content-type": "application/json"}
    )
    sent("POST", f"{path}/answers", json={"turn": SAID, "text": [SAID]})
    sent("POST", f"{path}/answers", json={"turn": 1, "text": SAID}, headers={"origin": "https://elsewhere.example"})
    sent("GET", "/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}x"})
    with client.stream("GET", f"{path}/events"):
        pass
    _crash(database, sent, interview["id"], path)
    errors = [reply.text for reply in replies if reply.status_code >= 400]
    assert {404, 422, 500, 401, 403} <= {reply.status_code for reply in replies}
    secrets = {
        "answer": SAID,
        "key": KEY,
        "metrics token": METRICS_TOKEN,
        "cookie": client.cookies["interviewer_guest"],
        "share token": share,
    }
    return Seen(lines=[], requests=len(replies) + 1, errors=errors, secrets=secrets, asked=[], answered=answered)


def _crash(database: Path, sent: Any, interview_id: str, path: str) -> None:
    """Errors of the database that quote the row, and of ours that quote a value."""
    turn = sent("GET", path).json()["turns"][-1]["number"]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("ALTER TABLE draft RENAME TO draught")
    assert sent("PUT", f"{path}/draft", json={"turn": turn, "text": SAID, "sequence": 2}).status_code == 503
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE turn SET status = ?", (SAID,))
    assert sent("GET", path).status_code == 500
    assert sent("GET", f"/interviews/{interview_id}", headers={"accept": "text/html"}).status_code == 500


def test_each_line_is_one_json_object_that_says_when_how_grave_who_and_what(seen: Seen) -> None:
    """And the access line of each request is there, with the template of its path."""
    lines = [json.loads(line) for line in seen.lines]
    assert all(list(line)[:4] == FIRST for line in lines)
    access = [line for line in lines if line["logger"] == "interviewer.access"]
    assert len(access) == seen.requests
    assert all(line["request_id"] and line["milliseconds"] >= 0 for line in access)
    routes = {(line["method"], line["route"]): line["status"] for line in access}
    assert routes["GET", "/shared/{token}/report.md"] == 200
    assert routes["GET", "unmatched"] == 404
    assert ("GET", "/api/interviews/{interview_id}/events") in routes
    assert not [line for line in lines if line["event"] == "a log line could not be written"]


def test_an_id_goes_from_the_door_to_the_model_server(seen: Seen) -> None:
    """The reply has it, the lines of grader and model call have it, and the model server was sent it."""
    lines = [json.loads(line) for line in seen.lines]
    calls = [line for line in lines if line["event"] == "the model was asked" and line["purpose"] == "grade"]
    assert len({call["outcome"] for call in calls}) > 6
    assert {call["request_id"] for call in calls} <= seen.answered
    assert {request.headers["x-request-id"] for request in seen.asked} >= {call["request_id"] for call in calls}
    fell_back = [line for line in lines if line["event"].startswith("the model gave no grading")]
    assert {line["request_id"] for line in fell_back} <= seen.answered


@pytest.mark.parametrize("secret", ["answer", "key", "metrics token", "cookie", "share token"])
def test_nobodys_words_and_no_secret_are_in_the_log_or_in_an_error(seen: Seen, secret: str) -> None:
    """At level debug, with a model server that repeats them, and crashes whose messages quote them."""
    assert len(seen.secrets[secret]) > 10
    assert not [line for line in seen.lines if seen.secrets[secret] in line]
    assert not [text for text in seen.errors if seen.secrets[secret] in text]


def test_a_crash_says_where_and_what_without_its_message(seen: Seen) -> None:
    """With the id under which the candidate's page failed."""
    crashes = [json.loads(line) for line in seen.lines if '"exception"' in line]
    kinds = {crash["exception"].splitlines()[-1].partition(":")[0] for crash in crashes}
    assert kinds == {"ValueError", "interviewer.errors.DatabaseUnusable"}  # a reader who leaves a stream is no crash
    assert any("sqlite3.OperationalError: no such table: draft" in crash["exception"] for crash in crashes)
    assert all("sqlstore.py" in c["exception"] or "store/" in c["exception"] for c in crashes)
    assert all(crash["request_id"] for crash in crashes)


def test_the_password_of_a_database_that_does_not_answer_is_not_told(tmp_path: Path) -> None:
    """Neither by the line that says so nor by the log."""
    url = f"postgresql://interviewer:{PASSWORD}@127.0.0.1:1/interviewer"
    done = subprocess.run(
        [sys.executable, "-m", "interviewer", "serve", "--port", "0"],
        env=environ(INTERVIEWER_DATABASE_URL=url, INTERVIEWER_LOG_LEVEL="debug", INTERVIEWER_LOG_FORMAT="json"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr
    assert PASSWORD not in done.stdout + done.stderr


# ---- the parts


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Where the logs of this process go, as JSON; everything is put back afterwards."""
    root, ours, out = logging.getLogger(), logging.getLogger("interviewer"), StringIO()
    before = root.handlers[:], root.level, ours.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    configure("json", "info", out)
    yield out
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = before[0], before[1]
    ours.setLevel(before[2])


def test_of_other_loggers_only_the_first_line_of_warnings_is_kept(written: StringIO) -> None:
    """asyncio prints the repr of an exception that nobody fetched."""
    logging.getLogger("openai").setLevel(logging.DEBUG)
    logging.getLogger("openai").debug("Request options: %s", SAID)
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=%s>", SAID)
    logging.getLogger("openai").setLevel(logging.NOTSET)
    (line,) = written.getvalue().splitlines()
    assert json.loads(line)["event"] == "Task exception was never retrieved"


def test_what_is_no_plain_value_is_told_by_its_type(written: StringIO) -> None:
    """And a line whose arguments do not fit is missed, not printed."""
    logging.getLogger("interviewer.x").info("one", extra={"held": [SAID], "count": 3, "who": None})
    (handler,) = (each for each in logging.getLogger().handlers if type(each).__module__ == "interviewer.watch.logs")
    handler.handle(
        logging.makeLogRecord({"name": "interviewer.x", "levelno": logging.INFO, "msg": "two %d", "args": (SAID,)})
    )
    one, two = map(json.loads, written.getvalue().splitlines())
    assert (one["held"], one["count"], one["who"]) == ("list", 3, None)
    assert two["event"] == "a log line could not be written"
    assert SAID not in written.getvalue()


def test_no_local_variable_and_no_foreign_message_is_in_a_traceback() -> None:
    """But the frames, the types, the causes, what the members of a group are, and what our own errors say."""

    def fails_with(secret: str) -> None:
        try:
            int(secret)
        except ValueError as error:
            raise ExceptionGroup(secret, [KeyError(secret), ModelError("broken", "Ask again.")]) from error  # type: ignore[arg-type]  # any name will do

    with pytest.raises(ExceptionGroup) as caught:
        fails_with("Zwetschgen" + "knoedel")
    told = safe_traceback(caught.value)
    assert SAID not in told
    assert told.index("ValueError") < told.index("ExceptionGroup") < told.index("KeyError")
    assert "in fails_with" in told
    assert "ModelError: Ask again." in told


@given(st.text(max_size=80))
def test_a_clients_id_is_taken_only_where_it_can_stand_in_a_log(given_id: str) -> None:
    """Eight to 64 letters, digits, dots, dashes and underscores."""
    fits = bool(re.match(r"^[A-Za-z0-9._-]{8,64}\Z", given_id))
    assert (accepted(given_id) == given_id) is fits


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser on an application whose crash is only seen in the reply."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


async def test_every_reply_has_an_id_also_refusals_and_crashes(app: FastAPI) -> None:
    """The client's own where it may be taken; two requests never share one that we made."""

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError(SAID)

    async with client_of(app) as client:
        mine = await client.get("/healthz", headers={"x-request-id": "mine-1234"})
        assert mine.headers["x-request-id"] == "mine-1234"
        bad = [
            await client.get("/healthz", headers={"x-request-id": given})
            for given in ("short", "a b c d e f", "x" * 65)
        ]
        crash = await client.get("/broken")
        refused = await client.post("/api/interviews", headers={"origin": "https://elsewhere.example"})
        unknown_host = await client.get("/", headers={"host": "elsewhere.example"})
    assert f"It is request {crash.headers['x-request-id']} there." in crash.text
    assert (crash.status_code, refused.status_code, unknown_host.status_code) == (500, 403, 400)
    ids = {reply.headers["x-request-id"] for reply in (*bad, crash, refused, unknown_host)}
    assert len(ids) == 6
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)


class BrokenStore(SqlStore):
    """A store that cannot say what awaits its grade."""

    async def awaiting(self, lease: Lease) -> list[tuple[str, str]]:
        raise ValueError(SAID)


async def test_background_work_has_an_id_of_its_own(written: StringIO, settings: Settings, bank: Bank) -> None:
    """Here the first look for answers that were left behind fails."""
    app = create_app(settings, bank=bank, store=BrokenStore(settings.database))
    async with client_of(app) as client:
        while "pick-up failed" not in written.getvalue():
            await client.get("/readyz")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (failed,) = (line for line in lines if line["event"] == "pick-up failed")
    assert re.fullmatch("pick-up-[0-9a-f]{8}", failed["request_id"])
    assert failed["exception"].endswith("ValueError")


def test_ids_are_fresh_and_nothing_is_set_outside_of_a_request() -> None:
    """Nobody inherits another's."""
    assert len({fresh_id() for _ in range(1000)}) == 1000
    assert REQUEST_ID.get() == ""
