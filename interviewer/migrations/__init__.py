"""The versions of the schema, and the step from any of them to the newest."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection

from interviewer.errors import DatabaseUnusable


def upgrade(connection: Connection) -> None:
    """Bring the schema behind `connection` to the newest version, inside the caller's transaction.

    Raises:
        DatabaseUnusable: it has a version that this code does not know.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its plug-ins announce themselves on import
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseUnusable(
            "The database was written by a newer version of Interviewer. Use that version, or name another file "
            "with --database."
        ) from error
