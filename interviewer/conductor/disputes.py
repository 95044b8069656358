"""Disputes end to end: a candidate's objection kept, a person's decision saved with the grading that follows."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from interviewer import disputes, engine
from interviewer.conductor.meanwhile import in_order
from interviewer.disputes import Ruling
from interviewer.domain import Dispute, Interview, Turn
from interviewer.errors import NotFound, StaleInterview, UnknownChoice
from interviewer.store import SqlStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A dispute with the interview it is about, as both stand now."""

    dispute: Dispute
    interview: Interview

    @property
    def turn(self) -> Turn:
        """The turn whose mark is disputed."""
        return self.interview.turns[self.dispute.turn - 1]


def short_id() -> str:
    """Ten hexadecimal digits: short enough to be typed on a command line, and no option there."""
    return secrets.token_hex(5)


class Disputes:
    """Candidates contest through `contest`, each against their own interviews; the operator sees and settles all."""

    def __init__(self, store: SqlStore, *, clock: Callable[[], datetime], new_id: Callable[[], str] = short_id) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def of(self, interview: Interview) -> list[Dispute]:
        """The disputes of an interview, oldest first."""
        return await self._store.disputes.of(interview.id)

    async def contest(self, interview_id: str, owner: str, *, turn: int, point: str, comment: str) -> Dispute:
        """Keep an objection to a mark in force; sent again while it is open, it gets the new comment.

        Raises:
            NotFound: no such interview of this owner.
            InputError, ConflictError: see `disputes.contest`; nothing is kept.
        """
        interview = await self._store.load(interview_id, owner)
        new_id, now = self._new_id(), self._clock()
        return await self._store.disputes.contest(
            interview_id,
            owner,
            lambda before: disputes.contest(interview, turn, point, comment, before=before, dispute_id=new_id, now=now),
        )

    async def cases(self, *, only_open: bool = False, limit: int | None = None) -> list[Case]:
        """Everybody's disputes, oldest first; not more than `limit`."""
        return await self._cases(only_open=only_open, limit=limit)

    async def waiting(self) -> int:
        """How many disputes wait for a decision."""
        return await self._store.disputes.waiting()

    async def case(self, id_start: str) -> Case:
        """The one dispute whose id starts so.

        Raises:
            NotFound: there is none.
            UnknownChoice: there are several.
        """
        found = await self._cases(id_start=id_start) if id_start else []
        if not found:
            raise NotFound(f"There is no dispute {id_start!r}. `interviewer disputes list --all` names them.")
        if len(found) > 1:
            raise UnknownChoice(f"{len(found)} disputes have an id that starts with {id_start!r}. Type more of it.")
        return found[0]

    async def settle(self, id_start: str, ruling: Ruling) -> Case:
        """Keep a person's decision; where it differs from the mark in force, a grading by `human` comes with it.

        Raises:
            NotFound, UnknownChoice: see `case`.
            InputError, AlreadySettled: see `disputes.settle`; nothing is kept.
        """
        while True:
            case = await self.case(id_start)
            now = self._clock()
            settled = disputes.settle(case.turn, case.dispute, ruling, now)
            after = case.interview
            if settled.grading:
                graded = engine.grade(after, case.dispute.turn, settled.grading, questions=_none, now=now)
                after = in_order(case.interview, graded)
            try:
                await self._store.disputes.settle(case.interview, after, settled.dispute)
            except StaleInterview:
                continue  # it moved on: what follows from the decision is looked at anew
            version = after.version + (settled.grading is not None)
            return Case(dispute=settled.dispute, interview=replace(after, version=version))

    async def _cases(self, *, id_start: str = "", only_open: bool = False, limit: int | None = None) -> list[Case]:
        cases: list[Case] = []
        for found in await self._store.disputes.found(id_start=id_start, only_open=only_open, limit=limit):
            try:
                interview = await self._store.load(found.dispute.interview, found.owner)
            except NotFound:
                continue  # it was deleted while we looked
            cases.append(Case(dispute=found.dispute, interview=interview))
        return cases


def _none(_question: str) -> None:
    """The turn is over: no question follows from its grading."""
