"""A few interviews while workers, and PostgreSQL, are killed at random; `make soak` plays three hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.bank import Bank
from tests.faults.havoc import survives
from tests.postgres import OwnPostgres

pytestmark = pytest.mark.faults


def test_interviews_survive_workers_that_are_killed(bank: Bank, tmp_path: Path) -> None:
    """On a file."""
    survives(tmp_path / "interviews.sqlite3", bank, interviews=12, kills=2, every_s=1.0, seed=1, count=2)


def test_interviews_survive_postgresql_being_killed(bank: Bank, own: OwnPostgres) -> None:
    """It is back a second later, with everything it had acknowledged."""
    survives(own.create(), bank, interviews=12, kills=2, every_s=1.0, seed=2, count=2, postgres=own)
