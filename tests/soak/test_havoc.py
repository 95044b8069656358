"""Three hundred interviews while workers, and PostgreSQL, are killed at random moments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.bank import Bank
from tests.faults.havoc import survives
from tests.postgres import OwnPostgres, own_postgres

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

INTERVIEWS = 300
KILLS = 1000
"""More than there is time for: things are killed until the last interview is over."""


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPostgres]:
    """A PostgreSQL to be killed."""
    with own_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, own: OwnPostgres) -> Path | str:
    """Where the interviews are."""
    return own.create() if request.param == "postgres" else tmp_path / "interviews.sqlite3"


def test_three_hundred_interviews_survive_workers_that_are_killed(
    bank: Bank, kept: Path | str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On both databases."""
    figures = survives(kept, bank, interviews=INTERVIEWS, kills=KILLS, every_s=4, seed=3)
    with capsys.disabled():
        print(f"\nworkers killed, {'SQLite' if isinstance(kept, Path) else 'PostgreSQL'}: {figures}")  # noqa: T201


def test_three_hundred_interviews_survive_postgresql_being_killed(
    bank: Bank, own: OwnPostgres, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each time it is back after a second."""
    figures = survives(own.create(), bank, interviews=INTERVIEWS, kills=KILLS, every_s=6, seed=4, postgres=own)
    with capsys.disabled():
        print(f"\nPostgreSQL killed: {figures}")  # noqa: T201
