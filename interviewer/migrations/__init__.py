"""The versions of the schema, and the step from any of them to the newest."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Bring the schema behind `connection` to the newest version, inside the caller's transaction."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its plug-ins announce themselves at every start
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
