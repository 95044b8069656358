"""Interviews <-> rows. The only place, with the migrations, that knows a database."""

from interviewer.store.due import DueTurn
from interviewer.store.leases import Lease
from interviewer.store.logs import Log
from interviewer.store.places import database_at
from interviewer.store.sqlstore import SqlStore

__all__ = ["DueTurn", "Lease", "Log", "SqlStore", "database_at"]
