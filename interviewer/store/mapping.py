"""Rows -> domain values, and domain values -> the columns of rows. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from interviewer.domain import (
    Grading,
    Interview,
    InterviewStatus,
    Plan,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
)

_GRADING = TypeAdapter(Grading)
_PLAN = TypeAdapter(Plan)


def interviews(
    rows: Sequence[Any],
    turns: Iterable[Any],
    says: Iterable[Any],
    gradings: Iterable[Any],
) -> list[Interview]:
    """Interviews in the order of `rows`, all rows of `tables`; the others must come ordered by turn and place.

    One without turns was deleted between two of the queries, and is left out.
    """
    said: defaultdict[tuple[str, int], list[Say]] = defaultdict(list)
    for say in says:
        said[say.interview_id, say.turn].append(_say(say))
    graded: defaultdict[tuple[str, int], list[Grading]] = defaultdict(list)
    for row in gradings:
        graded[row.interview_id, row.turn].append(_GRADING.validate_json(row.body))
    of_interview: defaultdict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        key = (turn.interview_id, turn.number)
        of_interview[turn.interview_id].append(
            Turn(
                number=turn.number,
                question=turn.question,
                status=TurnStatus(turn.status),
                says=tuple(said[key]),
                gradings=tuple(graded[key]),
                flagged=turn.flagged,
            )
        )
    return [_interview(row, tuple(of_interview[row.id])) for row in rows if row.id in of_interview]


def interview_values(interview: Interview) -> dict[str, Any]:
    """Columns of an interview that never change."""
    return {
        "id": interview.id,
        "owner": interview.owner,
        "pack": interview.plan.pack,
        "level": interview.plan.level,
        "mode": interview.plan.mode,
        "plan": _PLAN.dump_json(interview.plan).decode(),
        "created_at": interview.created_at,
    }


def moving_values(interview: Interview) -> dict[str, Any]:
    """Columns of an interview that change as it moves on."""
    return {
        "status": interview.status,
        "queue": json.dumps(interview.queue),
        "finished_at": interview.finished_at,
        "moved_at": moved_at(interview),
    }


def moved_at(interview: Interview) -> datetime:
    """When something was last said or marked in an interview, or it was ended."""
    said = (say.at for turn in interview.turns for say in turn.says)
    marked = (grading.graded_at for turn in interview.turns for grading in turn.gradings)
    return max(interview.created_at, interview.finished_at or interview.created_at, *said, *marked)


def turn_values(interview: Interview, turn: Turn) -> dict[str, Any]:
    """Columns of a turn."""
    key = {"interview_id": interview.id, "number": turn.number, "question": turn.question}
    return key | moving_turn_values(turn)


def moving_turn_values(turn: Turn) -> dict[str, Any]:
    """Columns of a turn that change as it moves on."""
    return {"status": turn.status, "flagged": turn.flagged}


def say_values(interview: Interview, turn: Turn, place: int) -> dict[str, Any]:
    """Columns of the say at `place`."""
    say = turn.says[place]
    return {
        "interview_id": interview.id,
        "turn": turn.number,
        "place": place,
        "who": say.who,
        "kind": say.kind,
        "text": say.text,
        "at": say.at,
        "point": say.point,
        "chosen": json.dumps(say.chosen) if say.chosen else None,
    }


def grading_values(interview: Interview, turn: Turn, place: int) -> dict[str, Any]:
    """Columns of the grading at `place`."""
    grading = turn.gradings[place]
    made = grading.provenance
    return {
        "interview_id": interview.id,
        "turn": turn.number,
        "place": place,
        "grader": made.grader,
        "model": made.model,
        "prompt": made.prompt,
        "bank": made.bank,
        "score": grading.score,
        "graded_at": grading.graded_at,
        "body": _GRADING.dump_json(grading).decode(),
    }


def _interview(row: Any, turns: tuple[Turn, ...]) -> Interview:
    return Interview(
        id=row.id,
        owner=row.owner,
        plan=_PLAN.validate_json(row.plan),
        status=InterviewStatus(row.status),
        created_at=row.created_at,
        finished_at=row.finished_at,
        turns=turns,
        queue=tuple((rung,) if isinstance(rung, str) else tuple(rung) for rung in json.loads(row.queue)),
        version=row.version,
    )


def _say(row: Any) -> Say:
    return Say(
        who=Speaker(row.who),
        kind=SayKind(row.kind),
        text=row.text,
        at=row.at,
        point=row.point,
        chosen=tuple(json.loads(row.chosen)) if row.chosen else (),
    )
