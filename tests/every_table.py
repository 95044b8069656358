"""Rows for every table that there is, made from the columns: a table that is added tomorrow has some too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, insert
from sqlalchemy.types import BigInteger

from interviewer.store.database import Database
from interviewer.store.lines import kind_of, tables
from tests.builders import T0

WORDS = ("Zoë", "apple", "Åse", "_", "été", "日本", "😀", "a b", "-1", "", '"{\\', "\u2028\r\n\t\x01\x7f")
"""What texts begin with; in the order of a language they would stand otherwise than by their bytes."""
LONG = "long " * 9999


async def fill(database: Database, rows: int = 30) -> None:
    """So many rows in each table, with the least and the most that a column holds and None where it may be."""
    made: dict[str, list[dict[str, Any]]] = {}
    async with database.writing() as connection:
        for name, table in tables().items():
            made[name] = [{each.name: _value(each, number, made) for each in table.columns} for number in range(rows)]
            await connection.execute(insert(table), made[name])


def sizes(rows: int = 30) -> dict[str, int]:
    """How many rows each table has then."""
    return dict.fromkeys(tables(), rows)


def _value(column: Column[Any], number: int, made: dict[str, list[dict[str, Any]]]) -> Any:
    if column.nullable and number % 3 == 0:
        return None
    for key in column.foreign_keys:
        above = made[key.column.table.name]
        return above[number % len(above)][key.column.name]
    kind = kind_of(column)
    if kind is str:
        return f"{LONG if number == 1 else WORDS[number % len(WORDS)]}{number}"
    if kind is int:
        most = 2**63 - 1 if isinstance(column.type, BigInteger) else 2**31 - 1
        return number - most if number % 2 else most - number
    if kind is datetime:
        return T0 + timedelta(days=number, microseconds=number)
    return kind(number % 2) + 0.1 if kind is float else kind(number % 2)


def serial_columns() -> list[str]:
    """Columns that the database would number itself."""
    return [str(table.autoincrement_column) for table in tables().values() if _numbers_itself(table)]


def _numbers_itself(table: Table) -> bool:
    column = table.autoincrement_column
    return column is not None and not column.foreign_keys and len(table.primary_key.columns) == 1
