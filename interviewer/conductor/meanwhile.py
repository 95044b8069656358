"""A move of a candidate that was under way while a person decided a dispute -> the same move on top of the decision.

A model may take seconds to word a move. That somebody settles a mark of another turn then is no reason to refuse it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from interviewer.domain import GraderKind, Grading, Interview, Turn

TICK = timedelta(microseconds=1)


def beside_decisions(before: Interview, after: Interview, now: Interview) -> Interview | None:
    """`after`, made from `before`, on top of `now`; None unless all that came between is decisions on other turns.

    What the move adds is dated after them: the events of an interview are told in the order of their times.
    """
    moved = {turn.number for turn in after.turns if turn not in before.turns}
    decided = {turn.number: _decisions(before, turn) for turn in now.turns if turn not in before.turns}
    gained = [grading.graded_at for gradings in decided.values() for grading in gradings]
    is_else = replace(now, version=before.version, turns=before.turns) != before
    if is_else or moved & decided.keys() or not all(decided.values()):
        return None
    soonest = max(gained, default=before.created_at) + TICK
    turns = (now.turns[t.number - 1] if t.number in decided else _dated(before, t, soonest) for t in after.turns)
    ends = after.finished_at and not before.finished_at
    finished_at = max(after.finished_at, soonest) if after.finished_at and ends else after.finished_at
    return replace(after, turns=tuple(turns), finished_at=finished_at)


def _decisions(before: Interview, now: Turn) -> tuple[Grading, ...]:
    """The gradings by people that are all a turn has gained; none where it has gained anything else."""
    if now.number > len(before.turns):
        return ()
    was = before.turns[now.number - 1]
    gained = now.gradings[len(was.gradings) :]
    people = all(grading.provenance.grader is GraderKind.HUMAN for grading in gained)
    return gained if people and replace(now, gradings=was.gradings) == was else ()


def _dated(before: Interview, turn: Turn, soonest: datetime) -> Turn:
    """A turn of the move, what it has gained not dated before `soonest`."""
    known = before.turns[turn.number - 1] if turn.number <= len(before.turns) else None
    says, gradings = (len(known.says), len(known.gradings)) if known else (0, 0)
    return replace(
        turn,
        says=(*turn.says[:says], *(replace(say, at=max(say.at, soonest)) for say in turn.says[says:])),
        gradings=(
            *turn.gradings[:gradings],
            *(replace(made, graded_at=max(made.graded_at, soonest)) for made in turn.gradings[gradings:]),
        ),
    )
