"""Interview -> the events of its stream, in the order they happened. Pure.

The list only grows as an interview moves on, so an event's place in it (from 1) is its id, and a stream that broke
off resumes after the last id it delivered, on any worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from interviewer import engine
from interviewer.domain import Grading, Interview, SayKind, Speaker, Turn
from interviewer.scoring import sitting_score


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `data` is what a client may know of it."""

    kind: str
    at: datetime
    data: dict[str, object]


def events(interview: Interview) -> tuple[Event, ...]:
    """All events so far: `turn` for everything said, `mark` and `feedback` once they may be seen, `finished`."""
    happened = [event for turn in interview.turns for event in _of_turn(interview, turn)]
    if interview.finished_at is not None:
        score = sitting_score(interview, interview.turns)
        happened.append(Event("finished", interview.finished_at, {"score": score}))
    return tuple(sorted(happened, key=lambda event: event.at))


def _of_turn(interview: Interview, turn: Turn) -> Iterator[Event]:
    for place, say in enumerate(turn.says):
        text = {} if say.who is Speaker.CANDIDATE else {"text": say.text}
        yield Event("turn", say.at, {"number": turn.number, "say": place, "kind": say.kind, **text})
    shown_from = _shown_from(interview, turn)
    if shown_from is None:
        return
    before = [grading for grading in turn.gradings if grading.graded_at <= shown_from]
    after = [grading for grading in turn.gradings if grading.graded_at > shown_from]
    for grading in (*before[-1:], *after):
        yield from _of_grading(turn, grading, max(grading.graded_at, shown_from))


def _shown_from(interview: Interview, turn: Turn) -> datetime | None:
    """When the turn's feedback became visible: when the interview left the turn, or when a mock interview ended.

    An answer that was left behind while it awaited its grade has its feedback from that grading on.
    """
    if not engine.feedback_due(interview, turn):
        return None
    is_last = turn.number == len(interview.turns)
    at_end = is_last or not interview.plan.behaviour.at_once
    left_at = interview.finished_at if at_end else interview.turns[turn.number].says[0].at
    answered_at = max((say.at for say in turn.says if say.kind is SayKind.ANSWER), default=None)
    if left_at is None or answered_at is None:
        return left_at
    marked_at = (grading.graded_at for grading in turn.gradings if grading.graded_at >= answered_at)
    return max(left_at, next(marked_at, left_at))


def _of_grading(turn: Turn, grading: Grading, at: datetime) -> Iterator[Event]:
    for mark in grading.marks:
        yield Event(
            "mark", at, {"number": turn.number, "point": mark.point, "verdict": mark.verdict, "quote": mark.quote}
        )
    yield Event("feedback", at, {"number": turn.number, "score": grading.score})
