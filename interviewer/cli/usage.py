"""`interviewer usage`: what the model came to, day by day, beside the budget of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from interviewer.cli.databases import Database, on_store
from interviewer.domain import Amount, DaySpending
from interviewer.money import money_words
from interviewer.settings import Settings, load_settings

Days = Annotated[int, typer.Option(min=1, max=3660, help="How many days, today's among them.")]


def usage(days: Days = 30, database: Database = None) -> None:
    """Print what the model came to in interviews, by UTC day."""
    settings = load_settings(database=database)
    today = datetime.now(UTC).date()
    spent = on_store(settings, lambda store: store.calls.spending(today - timedelta(days=days - 1)))
    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    if spent:
        console.print(_table(spent, settings.currency))
    else:
        console.print(f"The model was not asked since {today - timedelta(days=days - 1)}.")
    of_today = next((each.amount for each in spent if each.day == today), Amount())
    for line in _left(of_today, settings):
        console.print(line)


def _table(spent: Sequence[DaySpending], currency: str | None) -> Table:
    table = Table("day (UTC)")
    for name in ("calls", "tokens in", "tokens out", *(["cost"] if currency else [])):
        table.add_column(name, justify="right", no_wrap=True)
    for each in spent:
        table.add_row(each.day.isoformat(), *_cells(each.calls, each.amount, currency))
    if len(spent) > 1:
        total = sum((each.amount for each in spent), start=Amount())
        table.add_section()
        table.add_row("all", *_cells(sum(each.calls for each in spent), total, currency))
    return table


def _cells(calls: int, amount: Amount, currency: str | None) -> Iterator[str]:
    yield from (f"{calls:,}", f"{amount.tokens_in:,}", f"{amount.tokens_out:,}")
    if currency:
        yield money_words(amount.cost, currency)


def _left(today: Amount, settings: Settings) -> Iterator[str]:
    from interviewer.meter.choose import budgets

    limits = budgets(settings).day
    if limits.tokens is not None:
        yield f"Today: {today.tokens:,} of {limits.tokens:,} tokens."
    if limits.cost is not None and settings.currency:
        spent = money_words(today.cost, settings.currency)
        yield f"Today: {spent} of {money_words(limits.cost, settings.currency)}."
