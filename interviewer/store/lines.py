"""Rows of any table <-> the lines of an export: JSON Lines in UTF-8, the same bytes for the same rows.

    {"export": {"format": 1, "schema": "0006", "version": "0.6.0"}}
    {"interview": {"id": "i0", "created_at": "2026-11-21T12:00:00+00:00", ...}}
    {"turn": {"interview_id": "i0", "number": 1, ...}}
    {"end": {"rows": {"interview": 1, "turn": 1, ...}, "sha256": "..."}}

Tables stand in the order of their foreign keys, rows in that of their primary key. The checksum is of all lines
before the last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Table, TypeDecorator

from interviewer.store.tables import InterviewRow

FORMAT = 1
HEADER = "export"
TRAILER = "end"
_KINDS = (str, int, float, bool, datetime)
"""What a column may hold, beside None where it is nullable."""


def tables() -> dict[str, Table]:
    """Every table there is, by name; each stands behind those it refers to."""
    return {table.name: table for table in InterviewRow.metadata.sorted_tables}


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a table are written."""

    table: str
    columns: tuple[tuple[str, type, bool], ...]
    """Name, what it holds, and whether it may be None."""

    def lines(self, rows: Iterable[Iterable[Any]]) -> bytes:
        """Rows, their values in the order of the columns, each as a line."""
        names = [name for name, _, _ in self.columns]
        return b"".join(line(self.table, dict(zip(names, map(_plain, row), strict=True))) for row in rows)

    def row(self, written: object) -> dict[str, Any]:
        """The values of a row. A NUL, which PostgreSQL cannot keep, becomes �, as it does in an answer.

        Raises:
            ValueError: it is not a row of this table.
        """
        if not isinstance(written, dict) or written.keys() != {name for name, _, _ in self.columns}:
            raise ValueError(f"is not a row of {self.table}")
        return {name: self._value(written[name], name, kind, nullable) for name, kind, nullable in self.columns}

    def _value(self, value: object, name: str, kind: type, nullable: bool) -> object:
        if value is None and nullable:
            return None
        if kind is datetime and isinstance(value, str):
            return _moment(value)
        if type(value) is not kind:
            raise ValueError(f"has no {kind.__name__} in {self.table}.{name}")
        return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def form(table: Table) -> Form:
    """How the rows of a table are written.

    Raises:
        TypeError: a column holds what this module cannot write yet.
    """
    return Form(table.name, tuple((column.name, kind_of(column), bool(column.nullable)) for column in table.columns))


def kind_of(column: Column[Any]) -> type:
    """What a column holds.

    Raises:
        TypeError: nothing this module can write yet.
    """
    declared = column.type
    plain = declared.impl_instance if isinstance(declared, TypeDecorator) else declared
    if plain.python_type not in _KINDS:
        raise TypeError(f"{column} holds {plain.python_type.__name__}: teach the export to write it")
    return plain.python_type


def line(name: str, value: Mapping[str, object]) -> bytes:
    """One line: an object with one key."""
    return json.dumps({name: value}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(written: bytes) -> tuple[str, Any]:
    """The key of a line, and what stands there.

    Raises:
        ValueError: it is not JSON of that form.
    """
    try:
        found = json.loads(written.decode())
        if b"\\u" in written:
            line(HEADER, {"": found})  # half of a surrogate pair is no text, and no database keeps it
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(found, dict) or len(found) != 1:
        raise ValueError("is not an object with one key")
    ((name, value),) = found.items()
    return name, value


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("has a time without its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("has a time before the year 1 or after 9999") from None
