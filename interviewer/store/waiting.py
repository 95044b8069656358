"""How many answers wait for a grade, over all interviews: one count of an index."""

from __future__ import annotations

from sqlalchemy import func, select

from interviewer.store.database import Database
from interviewer.store.due import awaits_grade
from interviewer.store.tables import TurnRow


class Waiting:
    """The answers that await their grade."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self) -> int:
        """How many there are. Raises DatabaseUnusable when the database does not answer."""
        query = select(func.count()).select_from(TurnRow).where(awaits_grade())
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())
