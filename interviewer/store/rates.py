"""How often somebody did something, counted for all processes together: one row for each key.

A hit is one UPSERT that counts only where there is room. The row is locked while it is looked at, so that no number of
workers lets one too many through, on PostgreSQL in READ COMMITTED as on SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Insert, case, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.store.database import Database
from interviewer.store.tables import RateRow
from interviewer.store.upserts import upsert
from interviewer.windows import Hit, Used

SWEPT_AT_ONCE = 5000


class _Full(Exception):
    """There is no room; it ends the transaction, so that nothing is counted."""


class RateStore:
    """The part of the store that counts; reached as `SqlStore.rates`. Times are seconds since 1970, the caller's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used(self, hits: Sequence[Hit], now: float) -> list[Used]:
        """What is used up of each, without counting anything."""
        query = select(RateRow.key, RateRow.number, RateRow.spent_before, RateRow.spent).where(  # type: ignore[call-overload]  # as columns
            col(RateRow.key).in_([hit.key for hit in hits])
        )
        async with self._database.reading() as connection:
            rows = {row.key: row for row in await connection.execute(query)}
        return [_used(rows.get(hit.key), hit, now) for hit in hits]

    async def take(self, hits: Sequence[Hit], now: float) -> bool:
        """Count all of them, or none: False when one has no room."""
        try:
            async with self._database.writing() as connection:
                for hit in sorted(hits, key=lambda hit: hit.key):  # always in one order, so that none waits in a ring
                    if (await connection.execute(_counted(connection, hit, now))).first() is None:
                        raise _Full
        except _Full:
            return False
        return True

    async def sweep(self, now: float) -> int:
        """Forget what counts no more; how many rows that was. What another process has locked stays for later."""
        old = select(col(RateRow.key)).where(col(RateRow.ends_at) < now).limit(SWEPT_AT_ONCE)
        async with self._database.writing() as connection:
            gone = await connection.execute(
                delete(RateRow).where(col(RateRow.key).in_(old.with_for_update(skip_locked=True)))
            )
        return gone.rowcount


def _counted(connection: AsyncConnection, hit: Hit, now: float) -> Insert:
    window, left_s = _window(hit, now)
    is_now, is_before = _is_now(window), col(RateRow.number) == window - 1
    before = case((is_now, col(RateRow.spent_before)), (is_before, col(RateRow.spent)), else_=0)
    counted = case((is_now, col(RateRow.spent)), else_=0)
    moved = {
        "number": case((is_now, col(RateRow.number)), else_=window),
        "spent_before": before,
        "spent": counted + 1,
        "ends_at": now + left_s + hit.window_s,
    }
    first = {"key": hit.key, "number": window, "spent_before": 0, "spent": 1, "ends_at": moved["ends_at"]}
    made: Insert = (
        upsert(connection, RateRow)
        .values(**first)
        .on_conflict_do_update(
            index_elements=[col(RateRow.key)],
            set_=moved,
            where=before * (left_s / hit.window_s) + counted + 1 <= hit.most,
        )
        .returning(col(RateRow.key))
    )
    return made


def _window(hit: Hit, now: float) -> tuple[int, float]:
    """Number of the window that runs, and how many seconds it has left."""
    window = int(now // hit.window_s)
    return window, (window + 1) * hit.window_s - now


def _is_now(window: int) -> ColumnElement[bool]:
    """Whether a row is of this window; the next one is by a clock a little ahead of ours, one further off is wrong."""
    return col(RateRow.number).in_((window, window + 1))


def _used(row: Any, hit: Hit, now: float) -> Used:
    window, left_s = _window(hit, now)
    if row is not None and row.number in (window, window + 1):
        return Used(before=row.spent_before, now=row.spent, left_s=left_s)
    return Used(before=row.spent if row is not None and row.number == window - 1 else 0, now=0, left_s=left_s)
