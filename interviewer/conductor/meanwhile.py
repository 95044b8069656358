"""What comes of an interview when others act on it meanwhile, or have another clock. Pure.

A model may take seconds to word a move. That somebody settles a mark of another turn then is no reason to refuse it.
The events of an interview are told in the order of their times, so what happens later must not be dated earlier:
clocks are set back, and two machines never agree.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from interviewer.domain import GraderKind, Grading, Interview, Turn

TICK = timedelta(microseconds=1)


def beside_decisions(before: Interview, after: Interview, now: Interview) -> Interview | None:
    """`after`, made from `before`, on top of `now`; None unless all that came between is decisions on other turns."""
    moved = {turn.number for turn in after.turns if turn not in before.turns}
    decided = {turn.number: _decisions(before, turn) for turn in now.turns if turn not in before.turns}
    is_else = replace(now, version=before.version, turns=before.turns) != before
    if is_else or moved & decided.keys() or not all(decided.values()):
        return None
    return replace(after, turns=tuple(now.turns[t.number - 1] if t.number in decided else t for t in after.turns))


def in_order(before: Interview, after: Interview) -> Interview:
    """`after`, what it has gained dated after all that `before` holds."""
    happened = [before.created_at, *([before.finished_at] if before.finished_at else [])]
    for turn in before.turns:
        happened += [say.at for say in turn.says] + [grading.graded_at for grading in turn.gradings]
    last = max(happened)
    ends = after.finished_at and after.finished_at != before.finished_at
    finished_at = _after(last, after.finished_at) if after.finished_at and ends else after.finished_at
    return replace(after, turns=tuple(_dated(before, turn, last) for turn in after.turns), finished_at=finished_at)


def _decisions(before: Interview, now: Turn) -> tuple[Grading, ...]:
    """The gradings by people that are all a turn has gained; none where it has gained anything else."""
    if now.number > len(before.turns):
        return ()
    was = before.turns[now.number - 1]
    gained = now.gradings[len(was.gradings) :]
    people = all(grading.provenance.grader is GraderKind.HUMAN for grading in gained)
    return gained if people and replace(now, gradings=was.gradings) == was else ()


def _after(last: datetime, at: datetime) -> datetime:
    return last + TICK if at < last else at


def _dated(before: Interview, turn: Turn, last: datetime) -> Turn:
    """A turn of the move, what it has gained not dated before `last`."""
    known = before.turns[turn.number - 1] if turn.number <= len(before.turns) else None
    says, gradings = (len(known.says), len(known.gradings)) if known else (0, 0)
    return replace(
        turn,
        says=(*turn.says[:says], *(replace(say, at=_after(last, say.at)) for say in turn.says[says:])),
        gradings=(
            *turn.gradings[:gradings],
            *(replace(made, graded_at=_after(last, made.graded_at)) for made in turn.gradings[gradings:]),
        ),
    )
