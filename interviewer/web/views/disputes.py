"""Disputes -> what stands below a mark: what the candidate said against it, what came of it, and the form. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.disputes import COMMENT_CHARS, may_contest, verdict_in_force
from interviewer.domain import Dispute, DisputeStatus, Grading, Turn
from interviewer.web import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An objection that could not be taken: what was typed, against which mark, and why not."""

    turn: int
    point: str
    comment: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """What an interview's page knows of objections."""

    disputes: Sequence[Dispute] = ()
    refused: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionView:
    """What stands below a mark. Without `can_object` there is no form; `error` says why the last try was refused."""

    point: str
    label: str
    id: str
    told: tuple[str, ...]
    summary: str
    can_object: bool
    comment: str
    comment_chars: int
    error: str | None


NONE = Objections()
"""Nobody has contested anything."""


def objection_view(objections: Objections, turn: Turn, grading: Grading, point: str, *, label: str) -> ObjectionView:
    """The objections to one mark; `label` tells it from the others, as in "point 2"."""
    mine = [given for given in objections.disputes if (given.turn, given.point) == (turn.number, point)]
    newest = mine[-1] if mine else None
    is_open = newest is not None and newest.status is DisputeStatus.OPEN
    refused = objections.refused
    if refused and (refused.turn, refused.point) != (turn.number, point):
        refused = None
    is_mistake = all(mark.point != point for mark in grading.marks)
    in_force = verdict_in_force(grading, point)
    kept = newest.comment if newest and is_open else ""
    return ObjectionView(
        point=point,
        label=label,
        id=f"objection-{turn.number}-{point}",
        told=tuple(words.dispute_words(given, is_mistake=is_mistake) for given in mine),
        summary="Change your objection" if is_open else "I disagree",
        can_object=in_force is not None and may_contest(newest, grading),
        comment=refused.comment if refused else kept,
        comment_chars=COMMENT_CHARS,
        error=refused.why if refused else None,
    )


def elsewhere(objections: Objections, turn: Turn, grading: Grading) -> list[str]:
    """Points and misconceptions of the turn that were contested and are no longer among its marks, oldest first."""
    contested = (given.point for given in objections.disputes if given.turn == turn.number)
    return [point for point in dict.fromkeys(contested) if verdict_in_force(grading, point) is None]
