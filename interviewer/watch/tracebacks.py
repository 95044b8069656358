"""An exception -> what a log may hold of it: where it was raised, its type, and its message only where that is known
to hold no words of a candidate. Pure.

A message of somebody else's may quote whatever was at hand: a validation error the value, a database error the row.
Local variables are never printed.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from interviewer.errors import InterviewerError

_SAFE = frozenset({"sqlite3.OperationalError", "psycopg.OperationalError"})
"""Errors of the databases that say what is wrong with file or connection; a row is quoted by others."""
_LONGEST_CHAIN = 10


def safe_traceback(error: BaseException) -> str:
    """The frames and types of an error and of those behind it, the first cause first."""
    chain = list(_chain(error))
    return "\n".join(_one(each) for each in reversed(chain))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    said = _message(error)
    within = error.exceptions[:_LONGEST_CHAIN] if isinstance(error, BaseExceptionGroup) else ()
    parts = [f"Traceback (most recent call last):\n{frames}{_name(type(error))}{f': {said}' if said else ''}"]
    return "\n".join((*parts, *(f"in the group: {safe_traceback(each)}" for each in within)))


def _message(error: BaseException) -> str:
    if isinstance(error, InterviewerError):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or ""
    if any(_name(kind) in _SAFE for kind in type(error).__mro__):
        return str(error).partition("\n")[0]
    return ""


def _name(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
