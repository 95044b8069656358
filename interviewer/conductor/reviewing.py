"""Reviews: what comes back to a candidate, folded from their history, and the sitting that asks it again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from interviewer import engine, review
from interviewer.conductor.parts import Parts
from interviewer.domain import Interview, InterviewStatus, Mode, Pack, Plan, Tone
from interviewer.errors import NoQuestions, UnknownChoice
from interviewer.picker import MAX_QUESTIONS
from interviewer.review import InReview
from interviewer.talk import sentences

QUESTIONS = 5
"""In a review, unless another number is asked for."""
KNOWN = 200
"""Candidates for whom it is kept what comes back."""
Begin = Callable[[Interview], Awaitable[Interview]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What comes back to a candidate as of `today`, a UTC day; those that are due first in front.

    `open` are their reviews that are not over, newest first.
    """

    today: date
    points: tuple[InReview, ...]
    open: tuple[Interview, ...]

    @property
    def due(self) -> tuple[InReview, ...]:
        """The points that come back today or should have come back before."""
        return review.due_on(self.points, self.today)


class Reviews:
    """Says what comes back to a candidate, and begins the sitting in which it does."""

    def __init__(self, parts: Parts, begin: Begin) -> None:
        """`begin` keeps a new interview, unless the same is open by then, and has its first words worded."""
        self._parts = parts
        self._begin = begin
        self._known: OrderedDict[str, tuple[object, Reviewed]] = OrderedDict()
        """By owner, newest last: of what it was folded, and what came of it. Each start page asks."""

    async def of(self, owner: str) -> Reviewed:
        """What comes back to an owner; points that have left the bank do not.

        It is folded anew when the day or any of their interviews has changed.
        """
        histories = self._parts.store.histories
        of_what = (await histories.versions(owner), self._parts.clock().date())
        known = self._known.pop(owner, None)
        if known is None or known[0] != of_what:
            known = of_what, await self._reviewed(await histories.of(owner))
        self._known[owner] = known
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return known[1]

    async def start(
        self, owner: str, *, pack: str | None = None, questions: int = QUESTIONS, seed: int | None = None
    ) -> Interview:
        """Ask again what is due in a pack, or go on with the review of it that is open.

        It has fewer questions when fewer ask all that is due. Level, tone and language are those of before.

        Raises:
            UnknownChoice: no such pack, or the number of questions is out of range.
            NoQuestions: nothing is due.
        """
        if not 1 <= questions <= MAX_QUESTIONS:
            raise UnknownChoice(f"A review has 1 to {MAX_QUESTIONS} questions, not {questions}.")
        history = await self._parts.store.histories.of(owner)
        now = await self._reviewed(history)
        chosen = self._pack(pack, now.due)
        if unfinished := [each for each in now.open if each.plan.pack == chosen.id]:
            return unfinished[0]
        due = [point for point in now.due if self._pack_of(point) == chosen.id]
        if not due:
            raise NoQuestions("Nothing is due for review. What you miss in an interview comes back here the next day.")
        seed = self._parts.new_seed() if seed is None else seed
        bank = self._parts.bank
        drawn = review.draw(due, bank.question, bank.same_points, today=now.today, count=questions, seed=seed)
        plan = self._plan(chosen, drawn, history, seed)
        return await self._begin(self._greeted(plan, drawn, owner, points=self._asked(due, drawn)))

    async def _reviewed(self, history: Sequence[Interview]) -> Reviewed:
        bank = self._parts.bank
        folded = await asyncio.to_thread(review.fold, history, bank.same_points)
        return Reviewed(
            today=self._parts.clock().date(),
            points=tuple(point for point in folded if review.holders(point, bank.question, bank.same_points)),
            open=tuple(
                each
                for each in reversed(history)
                if each.plan.mode is Mode.REVIEW and each.status is InterviewStatus.OPEN
            ),
        )

    def _pack(self, pack_id: str | None, due: Sequence[InReview]) -> Pack:
        """The pack of that id; without one, that of what is due first."""
        bank = self._parts.bank
        wanted = pack_id or next((found for point in due if (found := self._pack_of(point))), bank.default_pack)
        if chosen := bank.pack(wanted):
            return chosen
        raise UnknownChoice(f"Unknown pack {wanted[:40]!r}. Known packs: {', '.join(pack.id for pack in bank.packs)}.")

    def _pack_of(self, point: InReview) -> str | None:
        question = self._parts.bank.question(point.key.question)
        return question.pack if question else None

    def _asked(self, due: Sequence[InReview], drawn: Sequence[str]) -> int:
        """How many of the points that are due these questions ask."""
        bank = self._parts.bank
        return sum(any(q.id in drawn for q in review.holders(point, bank.question, bank.same_points)) for point in due)

    def _plan(self, pack: Pack, drawn: Sequence[str], history: Sequence[Interview], seed: int) -> Plan:
        first = self._parts.bank.question(drawn[0])
        assert first, "it was drawn from the bank"
        before = next((each.plan for each in reversed(history) if each.plan.pack == pack.id), None)
        return Plan(
            pack=pack.id,
            level=first.level,
            mode=Mode.REVIEW,
            questions=len(drawn),
            seed=seed,
            tone=before.tone if before else Tone.NEUTRAL,
            language=before.language if before and self._parts.talk else "",
        )

    def _greeted(self, plan: Plan, drawn: Sequence[str], owner: str, *, points: int) -> Interview:
        """A new interview whose first words say how many points come back."""
        begun = engine.start(
            plan,
            tuple((question_id,) for question_id in drawn),
            interview_id=self._parts.new_id(),
            owner=owner,
            questions=self._parts.bank.question,
            now=self._parts.clock(),
        )
        hello, *rest = begun.turns[0].says
        said = replace(hello, text=sentences.review_greeting(plan, points=points))
        return replace(begun, turns=(replace(begun.turns[0], says=(said, *rest)), *begun.turns[1:]))
