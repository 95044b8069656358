"""A file that is there whole or not at all: written under another name, on disk before it takes its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interviewer.errors import SettingError
from interviewer.settings import Settings
from interviewer.store.places import database_at
from interviewer.store.sqlite import SqliteFile

_BESIDE = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database."""


def sqlite_file(settings: Settings) -> Path | None:
    """The file of the database, when it is one."""
    database = database_at(settings.kept_at)
    return database.path if isinstance(database, SqliteFile) else None


def check_free(file: Path, settings: Settings, *, force: bool) -> None:
    """Raise SettingError when a file may not be written: it is the database, or is there and `force` is not set."""
    database = sqlite_file(settings)
    if database is not None and file.resolve() in _with_companions(database.resolve()):
        raise SettingError(f"{file} is the database itself. Choose another name.")
    if file.exists() and not file.is_file():
        raise SettingError(f"Cannot write {file} (it is no file). Choose another name.")
    if file.exists() and not force:
        raise SettingError(f"{file} is there already: choose another name, or write over it with --force.")


def check_no_database(file: Path) -> None:
    """Raise SettingError when a database, or what belongs to one, is in the place of another."""
    there = [each for each in _with_companions(file) if each.exists()]
    if there:
        names = ", ".join(map(str, there))
        raise SettingError(f"{names}: still there. Stop the server and move it away first, so that nothing is lost.")


@contextmanager
def whole(file: Path, *, make_folder: bool = False) -> Iterator[Path]:
    """A new, empty file beside it that only its owner can read; it takes the name when the block has ended.

    Raises:
        SettingError: it cannot be written. What stood there is still there.
    """
    file = file.resolve()  # the name may be a link, which is to stay one
    try:
        if make_folder:
            file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            _to_disk(part)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        _to_disk(file.parent)
    except OSError as error:
        raise SettingError(f"Cannot write {file} ({error.strerror}). Choose another name.") from error


def _with_companions(database: Path) -> list[Path]:
    return [database, *(database.with_name(database.name + ending) for ending in _BESIDE)]


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
