"""The moves of a question with options, and of a sitting whose questions are all there from the start. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from interviewer.domain import (
    Grading,
    Interview,
    InterviewStatus,
    Option,
    Plan,
    Question,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
)
from interviewer.engine.state import added, open_turn, with_turn
from interviewer.errors import EmptyAnswer, OutOfTurn

NOTHING_CHOSEN = "(nothing chosen)"
"""What stands for a choice that was taken back."""
GRACE = timedelta(seconds=5)
"""What was chosen in time may arrive so much later."""


def shown_options(plan: Plan, question: Question) -> tuple[Option, ...]:
    """The options in the order in which this sitting shows them: another seed, another order."""
    return tuple(Random(f"{plan.seed}:{question.id}").sample(question.options, len(question.options)))


def choose(interview: Interview, turn: int, chosen: Collection[str], question: Question, now: datetime) -> Interview:
    """The interview with options chosen.

    The turn awaits its grade; in a free sitting it stays open, and the newest choice counts. The same choice again, or
    nothing where nothing was chosen, changes nothing there.

    Raises:
        EmptyAnswer: nothing is chosen, in a sitting in which one question follows another.
        OutOfTurn: the turn takes no answer now.
    """
    current = open_turn(interview, turn, TurnStatus.OPEN)
    is_free = interview.plan.behaviour.free
    picked = tuple(option for option in shown_options(interview.plan, question) if option.id in chosen)
    if not picked and not is_free:
        raise EmptyAnswer("Nothing is chosen. Choose what is right, or skip the question.")
    ids = tuple(option.id for option in picked)
    if ids == current.chosen and is_free:
        return interview
    text = "\n".join(option.text for option in picked) or NOTHING_CHOSEN
    said = added(current, Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text=text, at=now, chosen=ids))
    return with_turn(interview, said if is_free else replace(said, status=TurnStatus.AWAITING_GRADE))


def flag(interview: Interview, turn: int, *, flagged: bool) -> Interview:
    """The interview with a turn flagged, to come back to, or no longer so.

    Raises:
        OutOfTurn: in this sitting nobody can come back to a question.
    """
    current = open_turn(interview, turn, TurnStatus.OPEN)
    if not interview.plan.behaviour.free:
        raise OutOfTurn("In this sitting one question follows another, so there is nothing to come back to.")
    return interview if current.flagged is flagged else with_turn(interview, replace(current, flagged=flagged))


def hand_in(interview: Interview, gradings: Mapping[int, Grading], now: datetime) -> Interview:
    """A free sitting ended: `gradings` are those of the answered turns, by number; the others count as skipped.

    An answered turn without one goes on waiting for it.
    """
    if interview.status is InterviewStatus.FINISHED:
        raise OutOfTurn(f"This {interview.plan.behaviour.called} is over. Its report is ready.")
    turns = tuple(_handed_in(turn, gradings.get(turn.number)) for turn in interview.turns)
    return replace(interview, turns=turns, status=InterviewStatus.FINISHED, finished_at=now)


def deadline(interview: Interview) -> datetime | None:
    """When the time of a sitting is up; None where there is no limit."""
    minutes = interview.plan.minutes
    return None if minutes is None else interview.created_at + timedelta(minutes=minutes)


def is_overdue(interview: Interview, now: datetime) -> bool:
    """Whether an open sitting's time is up, with a grace for what is on its way."""
    until = deadline(interview)
    return until is not None and interview.status is InterviewStatus.OPEN and now > until + GRACE


def _handed_in(turn: Turn, grading: Grading | None) -> Turn:
    if not turn.chosen:
        return replace(turn, status=TurnStatus.SKIPPED)
    if grading is None:
        return replace(turn, status=TurnStatus.AWAITING_GRADE)
    return replace(turn, status=TurnStatus.GRADED, gradings=(*turn.gradings, grading))
