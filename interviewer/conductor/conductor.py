"""The moves of a candidate: each is checked against the owner, saved, and followed by what the interviewer does."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from math import ceil

from interviewer import disputes, engine, picker
from interviewer.bank import Bank
from interviewer.conductor.accounts import Accounts
from interviewer.conductor.changes import Bell, Changes
from interviewer.conductor.choosing import Choosing, refuse_words
from interviewer.conductor.disputes import Disputes
from interviewer.conductor.keeping import Keeping
from interviewer.conductor.live import LiveGrading
from interviewer.conductor.marking import Marking
from interviewer.conductor.parts import Answered, Parts
from interviewer.conductor.people import People
from interviewer.conductor.reviewing import QUESTIONS as IN_A_REVIEW
from interviewer.conductor.reviewing import Reviews
from interviewer.conductor.roster import Roster
from interviewer.conductor.shares import Shares
from interviewer.conductor.talking import Talking
from interviewer.domain import Interview, Mode, Pack, Plan, Question, TurnStatus
from interviewer.errors import OutOfTurn, StaleInterview, UnknownChoice
from interviewer.store import DueTurn
from interviewer.talk.languages import language_of

USUAL_LENGTH = dict.fromkeys(Mode, 6) | {Mode.CHECK: 5, Mode.REVIEW: IN_A_REVIEW}
"""Questions in a sitting, when nobody says how many."""


MOST_TRIES = 5
"""How often an interview is tried to be ended while others save it."""


class Conductor:
    """Conducts interviews: each method is one move of one candidate, checked against the owner."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._changes = Changes(parts.store, parts.watch)
        self._marking = Marking(parts, self._changes)
        self._talking = Talking(parts, self._changes)
        self.choosing = Choosing(parts, self._changes)
        self.accounts = Accounts(parts.store)
        self.disputes = Disputes(parts.store, clock=parts.clock)
        self.shares = Shares(parts.store, clock=parts.clock, in_time=self.choosing.in_time)
        self.reviews = Reviews(parts, self._begin_once)
        self.people = People(parts.store, passwords=parts.passwords, clock=parts.clock, new_id=parts.new_id)
        self.keeping = Keeping(parts.store, clock=parts.clock)
        self.roster = Roster(parts.store, clock=parts.clock)

    @property
    def bank(self) -> Bank:
        """The bank the questions come from."""
        return self._parts.bank

    @property
    def now(self) -> datetime:
        """The time, aware UTC."""
        return self._parts.clock()

    @property
    def speaks_languages(self) -> bool:
        """Whether the interviewer can speak another language than English."""
        return self._parts.talk is not None

    def usual_length(self, mode: Mode, pack_id: str | None = None) -> int:
        """How many questions a sitting has when nobody says: of an exam, as many as its pack's terms say."""
        pack = self.bank.pack(pack_id or self.bank.default_pack)
        return pack.exam.questions if pack and mode is Mode.EXAM else USUAL_LENGTH[mode]

    async def start(self, plan: Plan, *, owner: str, seed: int | None = None) -> Interview:
        """Draw the questions of a plan and ask the first. Without a seed, one is chosen and recorded.

        Raises:
            UnknownChoice, NoQuestions: the plan cannot be carried out; nothing is kept.
        """
        pack = self.bank.pack(plan.pack)
        if pack is None:
            known = ", ".join(pack.id for pack in self.bank.packs)
            raise UnknownChoice(f"Unknown pack {plan.pack!r}. Known packs: {known}.")
        if plan.mode is Mode.REVIEW:
            raise UnknownChoice("A review asks what is due. Start it from the review page, or with POST /api/reviews.")
        language = language_of(plan.language)
        if language and not self.speaks_languages:
            raise UnknownChoice("Without a model the interviewer speaks English only. Leave the language empty.")
        plan = replace(plan, seed=self._parts.new_seed() if seed is None else seed, language=language)
        plan = _fitted(plan, pack)
        asked_before = await self._parts.store.asked(owner, pack.id)
        drawn = picker.draw(pack, plan, asked_before)
        begun = engine.start(
            replace(plan, questions=len(drawn)),
            picker.rungs(pack, plan, drawn, asked_before),
            interview_id=self._parts.new_id(),
            owner=owner,
            questions=self.bank.question,
            now=self.now,
        )
        return await self._begin(begun)

    async def load(self, interview_id: str, owner: str) -> Interview:
        """An interview as it stands; an exam whose time is up is handed in first."""
        return await self.choosing.load(interview_id, owner)

    async def recent(self, owner: str) -> list[Interview]:
        """The owner's interviews, newest first."""
        return [await self.choosing.in_time(interview) for interview in await self._parts.store.recent(owner)]

    async def history(self, owner: str) -> list[Interview]:
        """All of the owner's interviews, oldest first."""
        return [await self.choosing.in_time(each) for each in await self._parts.store.histories.of(owner)]

    async def remove(self, interview_id: str, owner: str) -> None:
        """Delete an interview with everything said in it."""
        await self._parts.store.remove(interview_id, owner)

    async def answer(
        self, interview_id: str, owner: str, *, turn: int, text: str, says_seen: int | None = None
    ) -> Answered:
        """Save an answer, then have it graded; or do what is asked for, when the text is a request and no answer.

        `says_seen` is how many says of the turn the candidate had seen when answering: an answer written for the
        question is not taken for an answer to the probe that another tab has drawn meanwhile. The same text sent
        twice counts once. The interview comes back graded, or with the turn still awaiting its grade.
        """
        clean = engine.clean_answer(text, max_chars=self._parts.answer_chars)
        before = await self.load(interview_id, owner)
        current = engine.turn_of(before, turn)
        refuse_words(self.bank.question(current.question))
        if says_seen is not None and engine.moved_since(current, says_seen):
            if clean.text in (*current.answers, *current.requests):
                return Answered(interview=before, replaced=clean.replaced)
            raise OutOfTurn("The interview has moved on in another tab. Your text is kept here; look at the question.")
        if replied := await self._talking.request(before, turn, clean.text):
            return Answered(interview=replied, replaced=clean.replaced)
        said = engine.answer(before, turn, clean.text, self.now)
        try:
            graded = await self._marking.save_and_grade(before, said, turn)
        except StaleInterview:
            now = await self.load(interview_id, owner)
            if clean.text not in engine.turn_of(now, turn).answers:
                raise
            graded = now  # the same answer, sent twice at once, counts once
        return Answered(interview=graded, replaced=clean.replaced)

    async def hint(self, interview_id: str, owner: str, *, turn: int, says_seen: int | None = None) -> Interview:
        """Show the next hint of the open turn; asked for again from a page that has not seen it, it is not another."""
        before = await self.load(interview_id, owner)
        if says_seen is not None and engine.moved_since(engine.turn_of(before, turn), says_seen):
            return before
        question = self._question_of(before, turn)
        return await self._talking.say(before, engine.hint(before, turn, question, self.now))

    async def skip(self, interview_id: str, owner: str, *, turn: int) -> Interview:
        """Go on to the next question."""
        before = await self.load(interview_id, owner)
        return await self._talking.say(before, engine.skip(before, turn, questions=self.bank.question, now=self.now))

    async def finish(self, interview_id: str, owner: str) -> Interview:
        """End the interview here, with all that was saved meanwhile.

        Raises:
            StaleInterview: it moves on faster than it can be ended.
        """
        tries = 0
        while True:
            before = await self.load(interview_id, owner)
            tries += 1
            try:
                if before.plan.behaviour.free:
                    return await self.choosing.hand_in(before, at=self.now)
                return await self._talking.say(before, engine.finish(before, self.now))
            except StaleInterview:
                if tries == MOST_TRIES:
                    raise

    async def keep_draft(
        self, interview_id: str, owner: str, *, turn: int, text: str, sequence: int | None = None
    ) -> bool:
        """Keep an unsent text; False when it is older than what is kept. Without a sequence it is the newest."""
        interview = await self.load(interview_id, owner)
        if turn != interview.current.number or interview.current.status is not TurnStatus.OPEN:
            raise OutOfTurn("That question takes no answer now, so its draft is not kept.")
        kept = engine.clean_draft(text, max_chars=self._parts.answer_chars)
        return await self._parts.store.drafts.keep(interview_id, turn, kept, sequence, now=self.now)

    async def draft(self, interview: Interview) -> str:
        """The unsent text of the open turn."""
        return await self._parts.store.drafts.of(interview.id, interview.current.number)

    async def begun_at(self, interview: Interview) -> Mapping[int, datetime]:
        """Turn number -> when the first draft of its answer was kept, of the turns that had one."""
        return await self._parts.store.drafts.begun(interview.id)

    async def regrade(
        self, interview_id: str, owner: str, *, turn: int | None = None, by_model: bool = False
    ) -> Interview:
        """Grade what awaits its grade; with `turn`, mark that turn again: a grading is added, none is replaced.

        Raises:
            ModelError: with `by_model`, the model gave no grading of that turn again; none was added.
            SettledByPerson: a person has decided a mark of that turn.
        """
        interview = await self.load(interview_id, owner)
        if turn is None:
            return await self.grade_awaiting(interview)
        disputes.refuse_if_settled(engine.turn_of(interview, turn))
        return await self._marking.grade(interview, turn, by_model=by_model)

    async def due(self, *, fallen_back: bool = False) -> list[DueTurn]:
        """Everybody's turns that await a grade; with `fallen_back`, also those the model should have marked."""
        return await self._parts.store.due(fallen_back=fallen_back)

    async def grade_awaiting(self, interview: Interview) -> Interview:
        """Grade every answer of the interview that awaits its grade, unless somebody is at it."""
        return await self._marking.grade_awaiting(interview)

    async def pick_up(self) -> int:
        """Grade what a killed process left behind; how many interviews were looked after."""
        return await self._marking.pick_up()

    def following(self, interview_id: str) -> AbstractContextManager[Bell]:
        """Follow an interview: what happens to it is told at once, in other processes while `listen` runs."""
        return self._changes.following(interview_id)

    @property
    def stopping(self) -> bool:
        """Whether this process is about to stop: who follows an interview goes on with another."""
        return self._changes.over

    def stop(self) -> None:
        """Have all who follow an interview leave, and gradings end soon."""
        self._changes.end()
        self._marking.stop()

    async def finish_up(self) -> None:
        """Wait until gradings that were given up have given back their leases."""
        await self._marking.finish()

    async def listen(self) -> None:
        """Hear of what other processes do, until this is cancelled."""
        await self._changes.listen()

    async def live(self, interview: Interview) -> LiveGrading | None:
        """The grading of an interview that is being made, by whichever process, if one is."""
        return await self._marking.running(interview)

    async def _begin(self, begun: Interview) -> Interview:
        """Keep a new interview and have its first words worded."""
        return await self._worded(await self._parts.store.add(begun))

    async def _begin_once(self, begun: Interview) -> Interview:
        """The same, unless another one of its mode and pack is open: then that, as it stands."""
        there = await self._parts.store.add_once(begun)
        return await self._worded(there) if there.id == begun.id else there

    async def _worded(self, added: Interview) -> Interview:
        self._parts.watch.counts.begun(added)
        try:  # a model's calls are counted for an interview that is there
            return await self._talking.reword(added)
        except StaleInterview:
            return await self.load(added.id, added.owner)

    def _question_of(self, interview: Interview, turn: int) -> Question:
        question = self.bank.question(engine.turn_of(interview, turn).question)
        if question is None:
            raise OutOfTurn("This question has left the bank. Skip it to go on; your answers are kept.")
        return question


def _fitted(plan: Plan, pack: Pack) -> Plan:
    """The plan without what its mode has no use for, and with the terms of the pack's exam where it is one."""
    adaptive = plan.adaptive and plan.behaviour.talks and plan.behaviour.at_once
    if not plan.behaviour.free:
        return replace(plan, adaptive=adaptive, minutes=None, pass_mark=None)
    exam = pack.exam
    minutes = plan.minutes or ceil(exam.minutes * plan.questions / exam.questions)
    return replace(plan, adaptive=False, minutes=minutes, pass_mark=plan.pass_mark or exam.pass_mark)
