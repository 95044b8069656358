"""`interviewer usage`: what the model came to, day by day."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer.cli import app
from interviewer.errors import SettingError
from interviewer.llm import ScriptedChat
from interviewer.store import SqlStore
from tests.test_meter import SHORT, a_meter, ask, interview

PRICES = {"INTERVIEWER_MODEL_PRICE_IN": "0.4", "INTERVIEWER_MODEL_PRICE_OUT": "1.6"}
TODAY = datetime.now(UTC).replace(hour=12)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two calls today, one three days ago, one long ago; the interview they were made for is gone."""
    path = tmp_path / "interviews.sqlite3"

    async def make() -> None:
        store = SqlStore(path)
        await store.open()
        await store.add(interview())
        for days in (0, 0, 3, 90):
            at = TODAY - timedelta(days=days)
            await ask(a_meter(store, ScriptedChat([SHORT]), clock=lambda at=at: at))
        await store.remove("i0", "alice")
        await store.close()

    asyncio.run(make())
    return path


def told(database: Path, *arguments: str, **environ: str) -> list[str]:
    """The lines printed, without the table's frame."""
    clean = dict.fromkeys(PRICES) | environ
    done = CliRunner().invoke(app, ["usage", "--database", str(database), *arguments], env=clean)
    assert done.exit_code == 0, done.output
    return [" ".join(re.sub(r"[│┃]", " ", line).split()) for line in done.output.splitlines()]


def test_each_day_with_calls_has_its_line_and_the_sum_follows(database: Path) -> None:
    """Also of interviews that were deleted."""
    lines = told(database)
    assert f"{TODAY:%Y-%m-%d} 2 40 10" in lines
    assert f"{TODAY - timedelta(days=3):%Y-%m-%d} 1 20 5" in lines
    assert "all 3 60 15" in lines
    assert not any("USD" in line or "Today" in line for line in lines)


def test_with_prices_there_is_the_cost_and_with_a_budget_what_is_used_of_it(database: Path) -> None:
    """As it was counted on the day."""
    budget = {"INTERVIEWER_MODEL_COST_PER_DAY": "2", "INTERVIEWER_MODEL_TOKENS_PER_DAY": "100000"}
    lines = told(database, "--days", "1", **PRICES, **budget)
    assert f"{TODAY:%Y-%m-%d} 2 40 10 0.000032 USD" in lines
    assert "Today: 50 of 100,000 tokens." in lines
    assert "Today: 0.000032 USD of 2.00 USD." in lines
    assert not any(line.startswith("all") for line in lines)


def test_days_without_calls_are_said_in_a_sentence(tmp_path: Path) -> None:
    """A new database."""

    async def make() -> None:
        store = SqlStore(tmp_path / "new.sqlite3")
        await store.open()
        await store.close()

    asyncio.run(make())
    assert told(tmp_path / "new.sqlite3", "--days", "2") == [
        f"The model was not asked since {TODAY - timedelta(days=1):%Y-%m-%d}."
    ]


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A typing error in its name says so."""
    done = CliRunner().invoke(app, ["usage", "--database", str(tmp_path / "typo.sqlite3")])
    assert isinstance(done.exception, SettingError)
    assert "--database" in str(done.exception)
    assert not (tmp_path / "typo.sqlite3").exists()
