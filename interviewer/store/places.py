"""A file or a database URL -> the database there, not opened yet."""

from __future__ import annotations

from pathlib import Path

from interviewer.errors import SettingError
from interviewer.store.database import WAIT_S, Database
from interviewer.store.sqlite import SqliteFile

POOL_SIZE = 10
"""Connections of one process to PostgreSQL, unless another number is asked for."""
_POSTGRES = ("postgresql://", "postgres://")
_SQLITE = "sqlite:///"


def database_at(where: Path | str, *, pool_size: int = POOL_SIZE, wait_s: float = WAIT_S) -> Database:
    """The database in a file, or at a URL (`postgresql://…`, `sqlite:///FILE`).

    What others hold there is waited for `wait_s` seconds.

    Raises:
        SettingError: it is a URL of nothing we can keep interviews in.
    """
    if isinstance(where, Path):
        return SqliteFile(where, wait_s=wait_s)
    if where.startswith(_SQLITE):
        return SqliteFile(Path(where.removeprefix(_SQLITE)), wait_s=wait_s)
    if where.startswith(_POSTGRES):
        from interviewer.store.postgres import PostgresServer  # takes a while to load, and few need it

        url = where.replace("postgres://", "postgresql://", 1)
        return PostgresServer(url, pool_size=pool_size, wait_s=wait_s)
    raise SettingError(
        "INTERVIEWER_DATABASE_URL begins with neither postgresql:// nor sqlite:///. "
        "To keep interviews in a file, leave it out and name the file with INTERVIEWER_DATABASE or --database."
    )
