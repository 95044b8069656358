"""Somebody who may be asked + how often -> what they said, all asked at once.

It is over when all have answered or failed, or when too many have failed for a majority; then the rest are cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError
from interviewer.grading.votes import majority

Said = TypeVar("Said")


async def poll(ask: Callable[[int], Awaitable[Said]], votes: int) -> list[Said]:
    """What a majority said at least, in the order they were asked; `ask` is given a number from 0.

    Raises:
        ModelError: there is no majority; the first failure.
    """
    if votes == 1:
        return [await ask(0)]
    failures: list[ModelError] = []
    tasks: list[asyncio.Task[Said | None]] = []

    async def one(number: int) -> Said | None:
        try:
            return await ask(number)
        except ModelError as error:
            failures.append(error)
            if len(failures) > votes - majority(votes):
                for task in tasks:
                    task.cancel()
            return None

    try:
        async with asyncio.TaskGroup() as group:
            tasks += [group.create_task(one(number)) for number in range(votes)]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # a bug, which is one whichever of them ran into it
    said = [task.result() for task in tasks if not task.cancelled()]
    heard = [each for each in said if each is not None]
    if len(heard) >= majority(votes):
        return heard
    raise failures[0] if failures else ModelError(UngradedReason.BROKEN, "The calls to the model were broken off.")
