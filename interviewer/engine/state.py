"""Where an interview stands: which turn takes a move, what may be seen. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from interviewer.domain import Interview, InterviewStatus, Question, Say, SayKind, Turn, TurnStatus
from interviewer.errors import OutOfTurn

Questions = Callable[[str], Question | None]
"""Question id -> question, or None when it has left the bank."""


def feedback_due(interview: Interview, turn: Turn) -> bool:
    """Whether the turn's marks and reference may be shown.

    Not while its question is open, and where feedback comes at the end not before the interview is over.
    """
    if turn.status in (TurnStatus.OPEN, TurnStatus.AWAITING_GRADE):
        return False
    return interview.plan.behaviour.at_once or interview.status is InterviewStatus.FINISHED


def turn_of(interview: Interview, number: int) -> Turn:
    """The turn of that number (from 1); OutOfTurn when there is none."""
    if not 1 <= number <= len(interview.turns):
        raise OutOfTurn(f"This {interview.plan.behaviour.called} has no question {number} yet.")
    return interview.turns[number - 1]


def is_being_sat(interview: Interview) -> bool:
    """Whether it is a free sitting that has not been handed in: there is nothing to report of it yet."""
    return interview.plan.behaviour.free and interview.status is InterviewStatus.OPEN


def refuse_free(interview: Interview) -> None:
    """Raises OutOfTurn in a free sitting, where no question follows another: that move would end it."""
    if interview.plan.behaviour.free:
        raise OutOfTurn("In an exam you go to any question you like, and hand it in when you are done.")


def moved_since(turn: Turn, says_seen: int) -> bool:
    """Whether more has happened in a turn than somebody had seen who had seen that many of its says.

    The question itself and remarks change nothing about an answer.
    """
    unseen = turn.says[says_seen:]
    return says_seen > len(turn.says) or any(say.kind not in (SayKind.QUESTION, SayKind.REMARK) for say in unseen)


def open_turn(interview: Interview, number: int, *allowed: TurnStatus) -> Turn:
    """The turn of that number, if it takes a move now; OutOfTurn otherwise."""
    turn = turn_of(interview, number)
    if interview.status is InterviewStatus.FINISHED:
        raise OutOfTurn(f"This {interview.plan.behaviour.called} is over. Its report is ready.")
    if turn is not interview.current and not interview.plan.behaviour.free:
        raise OutOfTurn(f"The {interview.plan.behaviour.called} has moved on to question {interview.current.number}.")
    if turn.status not in allowed:
        raise OutOfTurn("This answer is already in and is being marked.")
    return turn


def closed(turn: Turn) -> TurnStatus:
    """Where a turn stands that is left now."""
    return TurnStatus.GRADED if turn.answers else TurnStatus.SKIPPED


def added(turn: Turn, *says: Say) -> Turn:
    """The turn with more said in it."""
    return replace(turn, says=(*turn.says, *says))


def with_turn(interview: Interview, turn: Turn) -> Interview:
    """The interview with `turn` in the place of the one of its number."""
    turns = tuple(turn if old.number == turn.number else old for old in interview.turns)
    return replace(interview, turns=turns)
