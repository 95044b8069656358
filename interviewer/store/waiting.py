"""How many answers wait for a grade, over all interviews: one count of an index."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from interviewer.domain import TurnStatus
from interviewer.errors import DatabaseUnusable
from interviewer.store.tables import TurnRow


class Waiting:
    """The answers that await their grade."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def count(self) -> int:
        """How many there are. Raises DatabaseUnusable when the database does not answer."""
        query = select(func.count()).select_from(TurnRow).where(col(TurnRow.status) == TurnStatus.AWAITING_GRADE)
        try:
            async with self._engine.connect() as connection:
                return int((await connection.execute(query)).scalar_one())
        except SQLAlchemyError as error:
            raise DatabaseUnusable("The database does not answer.") from error
