"""What stands in a database, read behind the servers' backs; the same questions to SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg


def rows(where: Path | str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    if isinstance(where, Path):
        with closing(sqlite3.connect(where, timeout=30)) as connection:
            return list(connection.execute(query))
    with psycopg.connect(where) as server:
        return list(server.execute(query.encode()))


def number(where: Path | str, query: str) -> int:
    """The one number that a query gives."""
    return int(rows(where, query)[0][0] or 0)


def leases(where: Path | str) -> int:
    """How many leases there are, over or not."""
    return number(where, "select count(*) from interview where lease_holder is not null")


def held_leases(where: Path | str) -> int:
    """How many of them are not over."""
    now = datetime.now(UTC).replace(tzinfo=None)
    later = "lease_until > '" + now.isoformat(" ") + "'"
    return number(where, f"select count(*) from interview where lease_holder is not null and {later}")


def awaiting(where: Path | str) -> int:
    """How many answers await their grade."""
    return number(where, "select count(*) from turn where status = 'awaiting_grade'")


def logs(where: Path | str) -> int:
    """How many logs of running gradings there are."""
    return number(where, "select count(*) from live_log")


def gradings(where: Path | str, interview: str, turn: int) -> int:
    """How often a turn was graded."""
    return number(where, f"select count(*) from grading where interview_id = '{interview}' and turn = {turn}")


def answers(where: Path | str, interview: str, turn: int) -> list[str]:
    """The answers that a turn holds, in their order."""
    said = f"select text from say where interview_id = '{interview}' and turn = {turn} and kind = 'answer'"
    return [row[0] for row in rows(where, f"{said} order by place")]
