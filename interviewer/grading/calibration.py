"""Disputed answers -> rows that `interviewer eval` and `interviewer grade` read. Pure.

Out: one JSON object for each answer (a turn): question, points with their cues, reference, misconceptions, answer, and
     where a person has decided, their marks and the score that follows from them. Nothing says whose answer it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interviewer.disputes import CREDIT, asserted_once
from interviewer.domain import Dispute, Grading, Level, Mark, Question, SayKind, Turn, Verdict
from interviewer.scoring import answer_score


def row(turn: Turn, disputes: Sequence[Dispute], question: Question | None, level: Level) -> dict[str, object]:
    """The row of a turn with its disputes, oldest first, at least one.

    `question` is None when it has left the bank: what only the bank knows is left out then. Without a decision there
    are no marks and no score.
    """
    grading = turn.grading
    assert grading is not None  # only a grading can be disputed
    decided = {given.point: given.decision.verdict for given in disputes if given.decision}
    return {
        "id": disputes[0].id,
        "group": turn.question,
        "level": question.level if question else level,
        "question": question.ask if question else _asked(turn),
        **({"reference": question.reference} if question else {}),
        "points": [_point(mark, question) for mark in grading.marks],
        "misconceptions": _misconceptions(grading, question),
        "answer": list(turn.answers),
        **(_marked(turn, grading, decided) if decided else {}),
        "disputes": [_dispute(dispute) for dispute in disputes],
    }


def _marked(turn: Turn, grading: Grading, decided: dict[str, Verdict]) -> dict[str, object]:
    """A person's marks, and the score of the answer with them; marks that nobody disputed count as they stand."""
    marks = [_with(mark, decided.get(mark.point)) for mark in grading.marks]
    wrong = [asserted for asserted in grading.misconceptions if asserted.id not in decided]
    for point, verdict in decided.items():
        asserted = asserted_once(turn, point)
        if asserted and verdict is Verdict.CONTRADICTED:
            wrong.append(asserted)
    return {
        "score": answer_score(marks, wrong) / 100,
        "marks": {mark.point: mark.credit for mark in marks if mark.point in decided},
    }


def _with(mark: Mark, decided: Verdict | None) -> Mark:
    return replace(mark, verdict=decided, credit=CREDIT[decided]) if decided else mark


def _asked(turn: Turn) -> str:
    return next(say.text for say in turn.says if say.kind is SayKind.QUESTION)


def _point(mark: Mark, question: Question | None) -> dict[str, object]:
    known = next((point for point in question.points if point.id == mark.point), None) if question else None
    cues = {"cues": [list(group) for group in known.cues]} if known and known.cues else {}
    return {"id": mark.point, "says": mark.says, "weight": mark.weight, **cues}


def _misconceptions(grading: Grading, question: Question | None) -> list[dict[str, object]]:
    if question is None:
        return [
            {"id": wrong.id, "says": wrong.says, "penalty": wrong.penalty, "fix": wrong.fix}
            for wrong in grading.misconceptions
        ]
    return [
        {
            "id": known.id,
            "says": known.says,
            "cues": [list(group) for group in known.cues],
            "penalty": known.penalty,
            "fix": known.fix,
        }
        for known in question.misconceptions
    ]


def _dispute(dispute: Dispute) -> dict[str, object]:
    decision = dispute.decision
    told: dict[str, object] = {
        "id": dispute.id,
        "point": dispute.point,
        "comment": dispute.comment,
        "verdict": dispute.verdict,
        "grader": dispute.grader,
        "model": dispute.model,
        "at": dispute.at.isoformat(),
        "status": dispute.status,
    }
    if decision:
        told["decision"] = {
            "verdict": decision.verdict,
            "reason": decision.reason,
            "by": decision.by,
            "settled_at": decision.settled_at.isoformat(),
        }
    return told
