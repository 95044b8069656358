"""Everything in a database -> the lines of an export -> another database, with the same in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, inspect

from interviewer.errors import UnusableExport
from interviewer.store import SqlStore, exchange, lines
from tests.builders import T0
from tests.every_table import fill, serial_columns, sizes
from tests.postgres import Postgres
from tests.test_meter import interview

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SCALARS: dict[type, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: st.datetimes(
        T0.replace(year=2, tzinfo=None),
        T0.replace(year=9998, tzinfo=None),
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))]),
    ),
}


@asynccontextmanager
async def opened(where: Path | str) -> AsyncIterator[SqlStore]:
    """A store for a while."""
    store = SqlStore(where)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def exported(store: SqlStore) -> bytes:
    """All of an export."""
    return b"".join([piece async for piece in exchange.exported(store.database)])


async def imported(store: SqlStore, export: bytes) -> dict[str, int]:
    """Import it."""
    return await exchange.import_into(store.database, export.splitlines(keepends=True), file="move.jsonl")


def test_the_export_knows_every_table_of_the_schema(tmp_path: Path) -> None:
    """One that a migration makes and nobody declares would be left behind."""

    async def found() -> set[str]:
        async with opened(tmp_path / "new.sqlite3") as store, store.database.reading() as connection:
            return await connection.run_sync(names)

    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    assert asyncio.run(found()) - {"alembic_version"} == set(lines.tables())


def test_no_column_is_numbered_by_the_database() -> None:
    """An import would have to set PostgreSQL's sequence behind the last number: teach it, then change this test."""
    assert serial_columns() == []


async def test_everything_moves_from_sqlite_to_postgresql_and_back(tmp_path: Path, postgres: Postgres) -> None:
    """Every table has rows; each export has the same bytes."""
    async with (
        opened(tmp_path / "from.sqlite3") as first,
        opened(postgres.create()) as server,
        opened(tmp_path / "to.sqlite3") as last,
    ):
        await fill(first.database)
        export = await exported(first)
        assert await imported(server, export) == sizes()
        assert await exported(server) == export
        assert await imported(last, await exported(server)) == sizes()
        assert await exported(last) == export


@pytest.mark.parametrize("form", [lines.form(table) for table in lines.tables().values()], ids=lambda each: each.table)
@hypothesis.settings(max_examples=30)
@given(data=st.data())
def test_a_row_is_read_as_it_was_written(form: lines.Form, data: st.DataObject) -> None:
    """Whatever text, number or time stands in it."""
    row = {
        name: data.draw(st.none() | SCALARS[kind] if nullable else SCALARS[kind])
        for name, kind, nullable in form.columns
    }
    written = form.lines([row.values()])
    assert written.count(b"\n") == 1
    table, value = lines.read(written)
    assert (table, form.row(value)) == (form.table, row)


async def test_an_export_holds_one_moment_while_others_write(store: SqlStore) -> None:
    """What is committed after it began is not in it, in no table."""
    await store.add(interview())
    before = await exported(store)
    async with aclosing(exchange.exported(store.database)) as pieces:
        found = [await anext(pieces)]
        await store.add(replace(interview(), id="later"))
        await store.remove("i0", "alice")
        found += [piece async for piece in pieces]
    assert b"".join(found) == before
    assert json.loads(before.splitlines()[-1])["end"]["rows"]["interview"] == 1


async def test_more_rows_than_one_portion_are_moved(tmp_path: Path, store: SqlStore) -> None:
    """And whoever watches hears how far it has got."""
    heard: list[int] = []
    async with opened(tmp_path / "other.sqlite3") as other:
        await fill(other.database, exchange.PORTION + 1)
        pieces = [piece async for piece in exchange.exported(other.database, heard.append)]
    assert max(piece.count(b"\n") for piece in pieces) == exchange.PORTION
    assert await imported(store, b"".join(pieces)) == sizes(exchange.PORTION + 1)
    assert heard == sorted(heard)
    assert heard[-1] == sum(sizes(exchange.PORTION + 1).values())


async def test_a_database_with_anything_in_it_takes_no_import(store: SqlStore) -> None:
    """Nothing is mixed, nothing is replaced."""
    await store.add(interview())
    export = await exported(store)
    with pytest.raises(UnusableExport, match=r"is not empty: there are rows in interview\. .* name another"):
        await imported(store, export)
    assert await exported(store) == export


def with_line(number: int, written: bytes) -> Callable[[list[bytes]], bytes]:
    """The export with another line in the place of one."""
    return lambda export: b"".join([*export[: number - 1], written, *export[number:]])


def with_values(number: int, **values: object) -> Callable[[list[bytes]], bytes]:
    """The export with other values in one line."""

    def changed(export: list[bytes]) -> bytes:
        name, row = lines.read(export[number - 1])
        return with_line(number, lines.line(name, row | values))(export)

    return changed


DAMAGE: dict[str, tuple[Callable[[list[bytes]], bytes], str]] = {
    "empty": (lambda _: b"", "1: is not an export"),
    "another file": (lambda _: b"SQLite format 3\0\xff\xfe", "1: is not an export"),
    "rows alone": (lambda export: b"".join(export[1:]), "1: is not an export"),
    "a format of tomorrow": (with_values(1, format=2), "1: the export has format 2, and this version reads 1"),
    "an older schema": (with_values(1, schema="0001", version="0.1.0"), "1: .* by Interviewer 0.1.0 with schema 0001"),
    "cut off in a line": (lambda export: b"".join(export[:6])[:-9], "6: is not JSON; .* damaged or breaks off"),
    "cut off after a line": (lambda export: b"".join(export[:6]), "6: the export breaks off here"),
    "without its end": (lambda export: b"".join(export[:-1]), ": the export breaks off here"),
    "goes on": (lambda export: b"".join([*export, export[-1]]), "something stands behind the end"),
    "a row too few": (with_line(-1, b""), "changed after it was made"),
    "another word": (
        lambda export: b"".join(export).replace(b'"owner":"', b'"owner":"x', 1),
        "changed after it was made",
    ),
    "a row of elsewhere": (with_line(4, b'{"stranger":{}}\n'), "4: is not a row of a table"),
    "a column more": (with_values(4, more=1), "4: is not a row of "),
    "no object": (with_line(4, b"[1, 2]\n"), "4: is not an object with one key"),
    "half a sign": (
        lambda export: b"".join(export).replace(b'"owner":"', b'"owner":"\\ud800', 1),
        "is not JSON",
    ),
    "deep": (with_line(4, b"[" * 100_000 + b"\n"), "4: is not JSON"),
    "the same key": (lambda export: b"".join([*export[:2], export[1], *export[2:]]), "2: the database refuses one of"),
    "orphans": (lambda e: b"".join(line for line in e if b'{"interview":' not in line), "the database refuses one of"),
}


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """An export with rows in every table, in lines."""

    async def made() -> bytes:
        async with opened(tmp_path_factory.mktemp("export") / "full.sqlite3") as store:
            await fill(store.database, 3)
            return await exported(store)

    return asyncio.run(made()).splitlines(keepends=True)


@pytest.mark.parametrize("damage", DAMAGE)
async def test_of_an_export_that_is_not_whole_nothing_is_kept(
    store: SqlStore, export: list[bytes], damage: str
) -> None:
    """The message says in which line it is, and the database is as empty as before."""
    change, said = DAMAGE[damage]
    with pytest.raises(UnusableExport, match=f"(?s)^move.jsonl:.*{said}.*Nothing was imported"):
        await imported(store, change(export))
    assert await imported(store, b"".join(export)) == sizes(3)


@pytest.mark.parametrize(
    ("column", "value"),
    [("owner", None), ("owner", 1), ("version", "1"), ("version", True), ("version", 1.5), ("created_at", "yesterday"),
     ("created_at", "2026-11-21T12:00:00"), ("created_at", 0), ("version", 2**70),
     ("created_at", "0001-01-01T00:00:00+23:59")],
)  # fmt: skip
async def test_a_value_that_does_not_fit_its_column_is_refused(
    store: SqlStore, export: list[bytes], column: str, value: object
) -> None:
    """SQLite itself would keep anything anywhere."""
    at = 1 + next(place for place, line in enumerate(export) if line.startswith(b'{"interview":'))
    with pytest.raises(UnusableExport, match=rf"^move\.jsonl:{at}: "):
        await imported(store, with_values(at, **{column: value})(export))


async def test_a_nul_of_old_days_moves_as_the_sign_that_stands_for_it(tmp_path: Path, store: SqlStore) -> None:
    """PostgreSQL cannot keep it; answers have had the sign since ever."""
    async with opened(tmp_path / "old.sqlite3") as old:
        await old.add(interview())
        await old.drafts.keep("i0", 1, "a\0b", 1, now=T0)
        await imported(store, await exported(old))
    assert b"a\xef\xbf\xbdb" in await exported(store)
