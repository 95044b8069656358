"""A database in use -> a copy of it in a file, as it was at one moment."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from interviewer.errors import DatabaseUnusable, SettingError

_PAGES = 1000
"""Pages copied at once, 4 MB."""
_WAIT_S = 10


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database, whoever writes to it meanwhile, into one file without companions.

    What was committed before is in it. One read transaction lasts all the while: else each write of another process
    would make SQLite begin anew (https://www.sqlite.org/c3ref/backup_finish.html).

    Raises:
        DatabaseUnusable: it is not a database of Interviewer, or is damaged.
    """
    where = f"{source.resolve().as_uri()}?mode=rw"
    try:
        with (
            closing(sqlite3.connect(where, uri=True, timeout=_WAIT_S, isolation_level=None)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.execute("BEGIN")
            here.execute("SELECT version_num FROM alembic_version").fetchone()
            here.backup(there, pages=_PAGES)
            there.execute("PRAGMA journal_mode=DELETE")
            found = there.execute("PRAGMA integrity_check(1)").fetchone()[0]
            broken = there.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise DatabaseUnusable(
            f"{source} cannot be copied ({error}). Check that it is a SQLite database of Interviewer."
        ) from error
    if found != "ok" or broken:
        why = "rows refer to rows that are gone" if found == "ok" else str(found).splitlines()[0]
        raise DatabaseUnusable(
            f"{source} is damaged ({why}), so no copy was made. Go back to the last backup that is whole."
        )


async def dump_postgres(url: URL, target: Path) -> None:
    """Have `pg_dump` write a PostgreSQL database in its custom format; the password is not on its command line.

    Raises:
        SettingError: there is no pg_dump.
        DatabaseUnusable: it failed.
    """
    open_part = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    secret = {"PGPASSWORD": url.password} if url.password else {}
    name = open_part.render_as_string(hide_password=False)
    command = ("pg_dump", "--format=custom", "--no-password", f"--file={target}", f"--dbname={name}")
    try:
        process = await asyncio.create_subprocess_exec(
            *command, env=os.environ | secret, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
    except OSError as error:
        raise SettingError(
            f"pg_dump cannot be run ({error.strerror}). Install PostgreSQL's client programs, not older than the "
            "server, or use: interviewer export"
        ) from error
    said = (await process.communicate())[1].decode(errors="replace").split("\n")
    if process.returncode:
        why = " ".join(part.strip() for part in said[:2])
        raise DatabaseUnusable(f"There is no backup, because pg_dump failed: {why}")
