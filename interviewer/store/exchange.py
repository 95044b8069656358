"""A database <-> the lines of an export, with everything that is in it; see `lines` for their form.

Both take memory for `PORTION` rows, whatever the size of the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, String, Table, column, insert, literal, select, table
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from interviewer import __version__
from interviewer.errors import UnusableExport
from interviewer.store import lines
from interviewer.store.database import Database, first_line, said_plainly

PORTION = 1000
"""Rows read or written at once."""


def _nobody(_rows: int) -> None:
    """For whom it is not told how far it has got."""


async def exported(database: Database, told: Callable[[int], None] = _nobody) -> AsyncGenerator[bytes]:
    """Everything in a database as it is at one moment, in pieces of whole lines; `told` hears how many rows so far.

    Raises:
        DatabaseUnusable: it cannot be read.
    """
    digest = hashlib.sha256()
    rows: dict[str, int] = {}
    async with database.snapshot() as connection:
        about = {"format": lines.FORMAT, "schema": await _schema(connection), "version": __version__}
        head = lines.line(lines.HEADER, about)
        digest.update(head)
        yield head
        for name, each in lines.tables().items():
            rows[name] = 0
            form = lines.form(each)
            query = select(each).order_by(*_order(each, connection.dialect.name))
            found = await connection.stream(query, execution_options={"yield_per": PORTION})
            async for portion in found.partitions():
                piece = form.lines(portion)
                digest.update(piece)
                yield piece
                rows[name] += len(portion)
                told(sum(rows.values()))
    yield lines.line(lines.TRAILER, {"rows": rows, "sha256": digest.hexdigest()})


async def import_into(
    database: Database, export: Iterable[bytes], *, file: str, told: Callable[[int], None] = _nobody
) -> dict[str, int]:
    """Put all lines of an export into an empty database, in one transaction; gives the rows of each table.

    `file` is the export's name in messages.

    Raises:
        UnusableExport: the database is not empty, or the export is not whole. Nothing of it is kept.
        DatabaseUnusable: the database could not do it. Nothing of it is kept.
    """
    reading = _Reading(export, file)
    schema = reading.schema()
    with said_plainly("Nothing could be imported"):
        async with database.alone() as connection:
            await _check_schema(connection, schema, reading)
            await _check_empty(connection, database)
            for rows_of, rows in reading.portions():
                try:
                    await connection.execute(insert(rows_of), rows)
                except (IntegrityError, DataError, OverflowError) as error:
                    why = f"the database refuses one of {len(rows)} lines from here ({first_line(error)})"
                    reading.refuse(why, at=reading.number - len(rows))
                told(sum(reading.rows.values()))
    return reading.rows


class _Reading:
    """An export as it is being read; `number` is that of the line read last, from 1."""

    def __init__(self, export: Iterable[bytes], file: str) -> None:
        self.number = 1
        self.rows = dict.fromkeys(lines.tables(), 0)
        self._file = file
        self._export = iter(export)
        self._digest = hashlib.sha256()

    def refuse(self, why: str, *, at: int | None = None) -> NoReturn:
        """Raise UnusableExport, which says in which line."""
        raise UnusableExport(
            f"{self._file}:{self.number if at is None else at}: {why}. Nothing was imported."
        ) from None

    def schema(self) -> tuple[str, str]:
        """The schema that the export was made with, and the version of Interviewer, as its first line says."""
        try:
            written = next(self._export, b"")
            self._digest.update(written)
            name, about = lines.read(written)
            if name != lines.HEADER or not isinstance(about, dict):
                raise ValueError
        except ValueError:
            self.refuse("is not an export of Interviewer")
        if about.get("format") != lines.FORMAT:
            self.refuse(f"the export has format {about.get('format')}, and this version reads {lines.FORMAT}")
        return str(about.get("schema")), str(about.get("version"))

    def portions(self) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
        """Rows of one table each time, `PORTION` at most; in the end it is checked that none is missing."""
        forms = {name: (each, lines.form(each)) for name, each in lines.tables().items()}
        rows: list[dict[str, Any]] = []
        last = ""
        for name, value in self._read():
            if rows and (name != last or len(rows) == PORTION):
                yield forms[last][0], rows
                rows = []
            if name == lines.TRAILER:
                self._check_end(value)
                return
            if name not in forms:
                self.refuse("is not a row of a table that this version knows")
            last = name
            try:
                rows.append(forms[name][1].row(value))
            except ValueError as error:
                self.refuse(str(error))
            self.rows[name] += 1
        self.refuse("the export breaks off here. Copy it again, or make it anew")

    def _read(self) -> Iterator[tuple[str, Any]]:
        for number, written in enumerate(self._export, start=2):
            self.number = number
            try:
                name, value = lines.read(written)
            except ValueError as error:
                self.refuse(f"{error}; the export is damaged or breaks off here")
            if name != lines.TRAILER:
                self._digest.update(written)
            yield name, value

    def _check_end(self, end: object) -> None:
        if next(self._export, None) is not None:
            self.refuse("something stands behind the end of the export")
        if end != {"rows": self.rows, "sha256": self._digest.hexdigest()}:
            self.refuse("the export was changed after it was made: its rows are not those that its last line counts")


async def _schema(connection: AsyncConnection) -> str:
    version = column("version_num", String())
    return str((await connection.execute(select(version).select_from(table("alembic_version")))).scalar_one())


async def _check_schema(connection: AsyncConnection, made_with: tuple[str, str], reading: _Reading) -> None:
    schema, version = made_with
    ours = await _schema(connection)
    if schema != ours:
        reading.refuse(
            f"the export was made by Interviewer {version} with schema {schema}, and this version has {ours}. Import "
            "it with the version that made it, into a database of its own; a newer one then brings that up to date"
        )


async def _check_empty(connection: AsyncConnection, database: Database) -> None:
    for name, each in lines.tables().items():
        if (await connection.execute(select(literal(1)).select_from(each).limit(1))).first():
            raise UnusableExport(
                f"The database {database.shown} is not empty: there are rows in {name}. Nothing was imported. "
                "An import needs a new database: name another."
            )


def _order(of: Table, dialect: str) -> list[ColumnElement[Any]]:
    """The primary key, texts by their bytes on any database."""
    by_bytes = dialect == "postgresql"
    return [key.collate("C") if by_bytes and lines.kind_of(key) is str else key for key in of.primary_key]
