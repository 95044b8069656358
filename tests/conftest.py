"""The cast: Alice owns what the tests make, Bob is a stranger with a cookie of his own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer import bank as banks
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.bank.skeleton import skeleton
from interviewer.domain import Level, QuestionKind, Role
from interviewer.settings import Settings
from interviewer.store import SqlStore
from tests.accounts import made, running
from tests.postgres import Postgres, running_postgres
from tests.unlimited import UNLIMITED

ROOT = Path(__file__).parent.parent
THIN_TOPICS = {"basics": "Basics", "api-patterns": "API patterns"}


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The shipped bank."""
    return banks.load(ROOT / "bank")


@pytest.fixture
def thin_bank(tmp_path: Path) -> Path:
    """A folder with a bank of one junior question on basics, and none on API patterns."""
    pack = tmp_path / "thin" / "fastapi"
    pack.mkdir(parents=True)
    topics = "".join(f"  - {{id: {id_}, title: {title}, share: 0.5}}\n" for id_, title in THIN_TOPICS.items())
    (pack / "pack.yaml").write_text(f"title: Thin\ntopics:\n{topics}", encoding="utf-8")
    question = skeleton("only-one", kind=QuestionKind.OPEN, level=Level.JUNIOR, topic="basics")
    (pack / "basics.yaml").write_text(question, encoding="utf-8")
    return pack.parent


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started when the first test wants it."""
    with running_postgres(durable=False) as server:
        yield Postgres(server)


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the databases a test is run on."""
    found: str = request.param
    return found


@pytest.fixture
def where(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Path | str:
    """Where a store is kept: a file that is not there yet, or an empty database of a server."""
    if kind == "sqlite":
        return tmp_path / "deep" / "er" / "interviews.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied()


@pytest.fixture
async def store(where: Path | str) -> AsyncIterator[SqlStore]:
    """A store on a real file, and one on a real server."""
    opened = SqlStore(where)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings as a person without a key has them, with a database of the test's own."""
    limits = UNLIMITED if request.node.get_closest_marker("unlimited") else {}
    return Settings(database=tmp_path / "interviews.sqlite3", **limits)


@pytest.fixture
def app(settings: Settings, bank: Bank) -> FastAPI:
    """The application with the offline grader."""
    return create_app(settings, bank=bank)


@pytest.fixture
def alice(app: FastAPI) -> Iterator[TestClient]:
    """Alice's browser; the application runs as long as it is open."""
    with TestClient(app, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def bob(app: FastAPI, alice: TestClient) -> TestClient:
    """Bob's browser, on the same running application."""
    return TestClient(app, base_url="http://localhost")


@pytest.fixture
def guest(app: FastAPI) -> Iterator[TestClient]:
    """A browser without an account, of an application that has them, which runs as long as it is open."""
    with running(app) as client:
        yield client


@pytest.fixture
def admin(app: FastAPI, guest: TestClient) -> TestClient:
    """An admin's browser."""
    return made(app, guest, "Root", Role.ADMIN)
