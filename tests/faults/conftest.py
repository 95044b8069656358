"""Four workers on each database, with a model that writes when the test says so; and a PostgreSQL to be broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviewer.bank import Bank
from tests.dictated import DictatedModel
from tests.faults.workers import Workers, workers
from tests.postgres import OwnPostgres, own_postgres

BUDGET = 60_000
"""Tokens of one interview."""


@dataclass(frozen=True)
class Fleet:
    """Four workers, where their interviews are kept, and the model that marks."""

    workers: Workers
    where: Path | str
    model: DictatedModel

    @property
    def url(self) -> str:
        """Where they listen."""
        return self.workers.url


@pytest.fixture(scope="session")
def own() -> Iterator[OwnPostgres]:
    """A PostgreSQL that a test may kill, as long as it runs again afterwards."""
    with own_postgres() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def fleet(request: pytest.FixtureRequest, bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Four workers on a file, and four on a server."""
    where: Path | str = tmp_path_factory.mktemp("fleet") / "interviews.sqlite3"
    if request.param == "postgres":
        own: OwnPostgres = request.getfixturevalue("own")
        where = own.create()
    budget = {"INTERVIEWER_MODEL_TOKENS_PER_INTERVIEW": str(BUDGET), "INTERVIEWER_DATABASE_WAIT_S": "5"}
    with DictatedModel(bank) as model, workers(where, 4, **model.settings, **budget) as started:
        started.ready()
        yield Fleet(started, where, model)
