"""What the model was asked in an interview and what it came to, for the candidate it was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer import engine
from interviewer.domain import Interview, ModelCall, Turn, Usage
from interviewer.errors import OutOfTurn
from interviewer.store import SqlStore


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCalls:
    """A turn with all that the model was asked in it, oldest first."""

    interview: Interview
    turn: Turn
    calls: tuple[ModelCall, ...]


class Accounts:
    """Shows candidates the calls of their own interviews."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def of_turn(self, interview_id: str, owner: str, *, turn: int) -> TurnCalls:
        """The calls of a turn; they hold its rubric, so not before its feedback may be seen.

        Raises:
            NotFound: no such interview of theirs.
            OutOfTurn: no such turn, or it is too early.
        """
        interview = await self._store.load(interview_id, owner)
        asked = engine.turn_of(interview, turn)
        if not engine.feedback_due(interview, asked):
            raise OutOfTurn(
                "What the model was asked holds the reference answer. You can read it together with the feedback."
            )
        return TurnCalls(interview=interview, turn=asked, calls=await self._store.calls.of_turn(interview_id, turn))

    async def usage(self, interviews: Sequence[Interview]) -> dict[str, Usage]:
        """What the model came to in each of these interviews, by id; one in which it was not asked is left out."""
        return await self._store.calls.usage([interview.id for interview in interviews])
