"""Counting in the database: correct with several processes at once, and it forgets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from interviewer.store import SqlStore
from interviewer.store.tables import RateRow
from interviewer.web.limits import Counts, MemoryCounts, SharedCounts
from interviewer.windows import Hit, Used, wait_s

T0 = 1_800_000_000.0
"""The beginning of a window of 10 seconds, and of an hour."""


def a_hit(key: str = "alice", *, most: int = 3, window_s: int = 10) -> Hit:
    """One more of something of which there may be three in ten seconds."""
    return Hit(key=key, most=most, window_s=window_s)


async def rows(store: SqlStore) -> int:
    """How many counts the table holds."""
    async with store.database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(RateRow))).scalar_one())


@pytest.fixture(params=["memory", "database"])
def counts(request: pytest.FixtureRequest, store: SqlStore) -> Counts:
    """Both kinds keep the same promises."""
    return MemoryCounts() if request.param == "memory" else SharedCounts(store.rates)


async def test_so_many_fit_and_no_more_whoever_asks_at_once(counts: Counts) -> None:
    """Twenty at once for three places, and another key has places of its own."""
    hit = a_hit(window_s=86_400)
    assert sum(await asyncio.gather(*(counts.take([hit]) for _ in range(20)))) == 3
    (used,) = await counts.used([hit])
    assert used.now == 3
    assert 0 < wait_s(hit, used) <= 2 * 86_400
    assert await counts.take([a_hit("bob", window_s=86_400)])


async def test_all_of_several_are_counted_or_none(counts: Counts) -> None:
    """Whoever is refused for one of them has not used up the other."""
    person, address = a_hit("person", most=1, window_s=86_400), a_hit("address", most=9, window_s=86_400)
    assert await counts.take([person, address])
    assert not await counts.take([person, address])
    assert not await counts.take([address, person])
    assert [used.now for used in await counts.used([person, address])] == [1, 1]


async def test_two_processes_count_together(store: SqlStore, where: Path | str) -> None:
    """Each with its own connections to the one database."""
    other = SqlStore(where)
    hits = [a_hit("person", most=5), a_hit("address", most=50)]
    taken = await asyncio.gather(*(each.rates.take(hits, T0) for each in (store, other) for _ in range(20)))
    await other.close()
    assert sum(taken) == 5


async def test_the_window_slides(store: SqlStore) -> None:
    """What was done in the window before weighs less and less, and then nothing."""
    hit = a_hit(most=4)
    for _ in range(4):
        assert await store.rates.take([hit], T0 + 9)
    assert not await store.rates.take([hit], T0 + 12.4)  # of the four before, 76 % still count
    assert await store.rates.take([hit], T0 + 12.6)
    assert await store.rates.used([hit], T0 + 15) == [Used(before=4, now=1, left_s=5)]
    assert await store.rates.used([hit], T0 + 25) == [Used(before=1, now=0, left_s=5)]
    assert await store.rates.used([hit], T0 + 35) == [Used(before=0, now=0, left_s=5)]
    assert all([await store.rates.take([hit], T0 + 35) for _ in range(4)])


async def test_a_clock_that_was_wrong_locks_nobody_out(store: SqlStore) -> None:
    """A row from far ahead is begun anew; one of a clock a second ahead counts on."""
    hit = a_hit(most=2)
    assert all([await store.rates.take([hit], T0 + 86_400) for _ in range(2)])
    assert await store.rates.take([hit], T0 + 10.5)
    assert await store.rates.take([hit], T0 + 9.5)
    assert not await store.rates.take([hit], T0 + 9.5)
    assert not await store.rates.take([hit], T0 + 10.5)


async def test_what_counts_no_more_is_swept_away_while_others_count(store: SqlStore) -> None:
    """Ten thousand strangers leave nothing behind for longer than two windows."""
    now = [T0]
    counts = SharedCounts(store.rates, lambda: now[0])
    for number in range(30):
        assert await counts.take([a_hit(f"stranger {number}")])
    assert await counts.take([a_hit("regular", window_s=3600)])
    assert await rows(store) == 31
    now[0] += 61
    assert await counts.take([a_hit("newcomer")])
    assert await rows(store) == 2
