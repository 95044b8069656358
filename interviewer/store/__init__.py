"""Interviews <-> rows. The only place, with the migrations, that knows a database."""

from interviewer.store.due import DueTurn
from interviewer.store.sqlstore import SqlStore

__all__ = ["DueTurn", "SqlStore"]
