"""`interviewer export · import · backup · restore`: everything in the database, to another place and back."""

from __future__ import annotations

import asyncio
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from interviewer.cli.databases import Database, check_is_there, on_store
from interviewer.cli.files import opened, shown
from interviewer.errors import SettingError, UnusableExport
from interviewer.settings import Settings, load_settings

if TYPE_CHECKING:  # the database is not needed for --help, and takes a while to load
    from interviewer.store import SqlStore

Out = BinaryIO | gzip.GzipFile
STDOUT = Path("-")
GZIP = ".gz"
_GZIP_MAGIC = b"\x1f\x8b"
LINE_BYTES = 1 << 28
"""Longer than any line of an export: one row, of which the model's messages are the longest part."""

Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def export(
    file: Annotated[
        Path, typer.Argument(help="File to write, compressed if it ends in .gz; - for the standard output.")
    ],
    database: Database = None,
    force: Force = False,
) -> None:
    """Write everything in the database to a file that `interviewer import` reads; a server may go on meanwhile."""
    from interviewer.cli.whole_files import check_free, whole

    settings = load_settings(database=database)
    if file == STDOUT:
        _export_to_stdout(settings)
        return
    check_free(file, settings, force=force)
    with _counted("export") as told, whole(file) as part, _compressed(part, file) as out:
        rows = on_store(settings, lambda store: _export(store, out, told))
    _say(f"{rows:,} rows written to {file}.")


def import_file(
    file: Annotated[str, typer.Argument(help="File of an export; - for the standard input.")],
    database: Database = None,
) -> None:
    """Put an export into a new database, a file or PostgreSQL: the whole of it, or nothing."""
    settings = load_settings(database=database)
    with _lines(file) as lines, _counted("import") as told:
        rows = on_store(settings, lambda store: _import(store, lines, shown(file), told), may_be_new=True)
    _say(f"{sum(rows.values()):,} rows imported, of {rows['interview']:,} interviews.")


def backup(
    file: Annotated[Path, typer.Argument(help="File to write.")],
    database: Database = None,
    force: Force = False,
) -> None:
    """Copy the database into one file and check the copy; a server may go on meanwhile."""
    from interviewer.cli.whole_files import check_free, whole
    from interviewer.store import database_at

    settings = load_settings(database=database)
    check_is_there(settings)
    check_free(file, settings, force=force)
    with whole(file) as part:
        asyncio.run(database_at(settings.kept_at).backup(part))
    _say(f"Backup written to {file}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `interviewer backup` wrote.")],
    database: Database = None,
) -> None:
    """Put a backup in the place of a SQLite database that is gone, checked and brought up to date."""
    from interviewer.cli.whole_files import check_no_database, sqlite_file, whole

    settings = load_settings(database=database)
    target = sqlite_file(settings)
    if target is None:
        raise SettingError(f"PostgreSQL has a program of its own for this: pg_restore --dbname=... {file}")
    if not file.is_file():
        raise SettingError(f"There is no file {file}. Name the one that interviewer backup wrote.")
    check_no_database(target)
    with whole(target, make_folder=True) as part:
        asyncio.run(_restore(file, part))
    _say(f"{target} is back. Start the server.")


def _export_to_stdout(settings: Settings) -> None:
    out = typer.get_binary_stream("stdout")
    try:
        with _counted("export") as told:
            on_store(settings, lambda store: _export(store, out, told))
    except BrokenPipeError:  # whoever read it has had enough
        raise
    except OSError as error:
        raise SettingError(f"Cannot write to the standard output ({error.strerror}). Write to a file.") from error


async def _export(store: SqlStore, out: Out, told: Callable[[int], None]) -> int:
    from interviewer.store import exchange

    rows = 0

    def count(so_far: int) -> None:
        nonlocal rows
        rows = so_far
        told(so_far)

    async with aclosing(exchange.exported(store.database, count)) as pieces:
        async for piece in pieces:
            out.write(piece)
    out.flush()
    return rows


async def _import(store: SqlStore, lines: Iterator[bytes], file: str, told: Callable[[int], None]) -> Mapping[str, int]:
    from interviewer.store import exchange

    return await exchange.import_into(store.database, lines, file=file, told=told)


async def _restore(file: Path, part: Path) -> None:
    """Copy it, and let the store open the copy: a backup of a newer version is found out before it is in place."""
    from interviewer.store import SqlStore
    from interviewer.store.sqlite import SqliteFile

    await SqliteFile(file).backup(part)
    store = SqlStore(part)
    await store.open()
    await store.close()


@contextmanager
def _compressed(part: Path, file: Path) -> Iterator[Out]:
    """The file to write, which compresses where the name that it will have says so; the same bytes each time."""
    with part.open("wb") as plain:
        if file.suffix != GZIP:
            yield plain
            return
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=plain, mtime=0) as packed:
            yield packed


@contextmanager
def _lines(file: str) -> Iterator[Iterator[bytes]]:
    """The lines of an export, compressed or not."""
    with opened(file) as stream:
        plain = io.BufferedReader(stream)  # type: ignore[type-var]  # a BinaryIO is a raw stream as far as it reads
        try:
            source = gzip.GzipFile(fileobj=plain) if plain.peek(2)[:2] == _GZIP_MAGIC else plain
            yield _read(source.readline, shown(file))
        finally:
            plain.detach()


def _read(readline: Callable[[int], bytes], file: str) -> Iterator[bytes]:
    while True:
        try:
            line = readline(LINE_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise UnusableExport(f"{file} is damaged or breaks off ({error}). Nothing was imported.") from error
        if not line:
            return
        yield line


@contextmanager
def _counted(doing: str) -> Iterator[Callable[[int], None]]:
    """How many rows are done, on a terminal."""
    columns = (TextColumn("{task.description}: {task.completed:,.0f} rows"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(doing, total=None)
        yield lambda rows: progress.update(task, completed=rows)


def _say(what: str) -> None:
    Console(soft_wrap=True, highlight=False).print(what, markup=False)
