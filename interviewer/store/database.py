"""Where rows are kept -> connections to it: one to read by, and a transaction that writes.

What differs between SQLite and PostgreSQL stands in `sqlite` and `postgres`; the rest of the store knows neither.
Whatever reads a row and then writes by it locks that row first (`FOR UPDATE`; on SQLite a writer is alone anyway).
Where several are locked, in this order: a day's spending, a person, an interview, what belongs to it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from interviewer.errors import DatabaseUnusable

WAIT_S = 10.0
"""How long a database is waited for, unless told otherwise."""
_OURS = (IntegrityError, ProgrammingError, DataError, NotSupportedError)
"""What SQLAlchemy raises for a statement that is wrong; all else it raises when the database could not do it."""
_CAUSES = {
    "disk is full": "its disk is full",
    "no space left": "its disk is full",
    "readonly": "it can only be read, not written",
    "read-only": "it can only be read, not written",
    "is locked": "another program holds it locked",
    "lock timeout": "another program holds it locked",
    "deadlock": "two writers were in each other's way",
    "disk i/o": "its disk has failed",
    "malformed": "its file is damaged",
    "starting up": "it is just starting",
    "recovery mode": "it is just starting",
    "not yet accepting": "it is just starting",
    "shutting down": "it is being stopped",
    "administrator command": "it is being stopped",
    "refused": "it is not running",
    "no such file": "it is not running",
    "timeout": "it takes too long",
}
"""What stands in a driver's message -> what that means; the first that fits counts."""


class Database(ABC):
    """A database that can be opened. `shown` names it, without a password."""

    shown: str
    engine: AsyncEngine

    async def open(self) -> None:
        """Connect and bring the schema up to date.

        Raises:
            DatabaseUnusable: it cannot be reached, read or written, or holds something else.
        """
        from interviewer.migrations import upgrade

        try:
            await self._reach()
            async with self.alone() as connection:
                await connection.run_sync(upgrade)
        except DatabaseUnusable:
            await self.close()
            raise
        except (OSError, SQLAlchemyError) as error:
            await self.close()
            raise DatabaseUnusable(self.advice(error)) from error

    async def try_out(self) -> None:
        """See whether it is there, and let go of it. A file is made where there is none, its schema is left alone.

        Raises:
            DatabaseUnusable: it cannot be reached, read or written; the message says what to look at.
        """
        try:
            await self._reach()
        except (OSError, SQLAlchemyError) as error:
            raise DatabaseUnusable(self.advice(error)) from error
        finally:
            await self.close()

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read by; all that is read in the block is from one moment.

        Raises:
            DatabaseUnusable: the database does not answer.
        """
        with said_plainly("The database does not answer"):
            async with self._reader() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: durable when the block has ended, undone when it raises.

        Raises:
            DatabaseUnusable: the database could not do it. Nothing of the block is kept, unless the connection was
                lost in the very commit: then it is kept as a whole or not at all.
        """
        with said_plainly("Nothing could be saved"):
            async with self._writer() as connection:
                yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection that reads the database as it is at the first query, however long it takes.

        Raises:
            DatabaseUnusable: the database does not answer.
        """
        with said_plainly("The database does not answer"):
            async with self._still() as connection:
                yield connection

    @abstractmethod
    async def backup(self, file: Path) -> None:
        """Write a copy of the database into an empty file; servers may go on meanwhile. Its schema stays as it is.

        Raises:
            DatabaseUnusable: it cannot be copied.
            SettingError: a program that it takes is missing.
        """

    @abstractmethod
    async def announce(self, interview_id: str) -> None:
        """Tell other processes that something has happened to an interview, where they would not see it."""

    @abstractmethod
    def heard(self) -> AsyncIterator[str | None]:
        """Ids of interviews that something has happened to, in any process; None when it may be any of them."""

    @abstractmethod
    async def lock(self, connection: AsyncConnection, name: str) -> None:
        """Wait until no other transaction holds the lock of that name; it is held until the end of this one."""

    @abstractmethod
    async def _reach(self) -> None:
        """Raise DatabaseUnusable, OSError or SQLAlchemyError when the database is not there."""

    @abstractmethod
    def alone(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that no other process has at the same time, in which the schema may be changed."""

    def _reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection that sees one moment."""
        return self.engine.connect()

    @abstractmethod
    def _still(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that reads, all of it as at the first query."""

    @abstractmethod
    def _writer(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that writes."""

    @abstractmethod
    def advice(self, error: BaseException) -> str:
        """Why the database cannot be opened, and what to do about it."""


@contextmanager
def said_plainly(what: str) -> Iterator[None]:
    """Trouble that the database has in the block is raised as DatabaseUnusable; `what` came of it, for a message."""
    try:
        yield
    except (DatabaseError, InterfaceError, TimeoutError) as error:
        if isinstance(error, _OURS):
            raise
        raise unusable(what, first_line(error)) from error


def unusable(what: str, said: str) -> DatabaseUnusable:
    """What people are told when the database could not do something, by what it said about it."""
    said = said.lower()
    cause = next((means for part, means in _CAUSES.items() if part in said), "the connection to it is broken")
    return DatabaseUnusable(f"{what}: {cause}. What was saved before is safe; try again in a moment.")


def first_line(error: BaseException) -> str:
    """What a driver says, in a line."""
    origin = getattr(error, "orig", None) or error
    return str(origin).splitlines()[0] if str(origin) else type(origin).__name__
