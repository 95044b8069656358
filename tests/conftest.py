"""The cast: Alice owns what the tests make, Bob is a stranger with a cookie of his own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer import bank as banks
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The shipped bank."""
    return banks.load(ROOT / "bank")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings as a person without a key has them, with a database of the test's own."""
    return Settings(database=tmp_path / "interviews.sqlite3")


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
