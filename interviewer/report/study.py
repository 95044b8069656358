"""Turns -> what to learn next, what would raise the score most first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interviewer.domain import GraderKind, Grading, Mark, Question, QuestionKind, Turn, TurnStatus, Verdict
from interviewer.engine import Questions
from interviewer.report.results import Missed, StudyItem
from interviewer.scoring import turn_score

MAX_STUDY_ITEMS = 6
MAX_LINES = 3


def study_plan(turns: Sequence[Turn], question: Questions, *, all_count: bool) -> list[StudyItem]:
    """The turns that lost most, each with what to learn from it; `all_count` as in an exam, where skipped is 0."""
    answered = [turn for turn in turns if turn.status is not TurnStatus.AWAITING_GRADE]
    counted = len(answered) if all_count else sum(turn_score(turn) is not None for turn in answered)
    items = [
        _item(turn, asked, counted, all_count=all_count)
        for turn in answered
        if (asked := question(turn.question)) and turn_score(turn) != 100
    ]
    worth_it = [item for item in items if item.learn]
    return sorted(worth_it, key=lambda item: -item.gain)[:MAX_STUDY_ITEMS]


def missed(turn: Turn) -> Iterator[Missed]:
    """What cost points in a graded turn, a line each: mistakes first, then the heaviest points."""
    if turn.grading is None:
        return
    for asserted in turn.grading.misconceptions:
        yield Missed(verdict=Verdict.CONTRADICTED, says=asserted.fix)
    lost = (mark for mark in turn.grading.marks if mark.verdict is not Verdict.MET)
    for mark in sorted(lost, key=lambda mark: -mark.weight):
        yield Missed(verdict=mark.verdict, says=stated(turn.grading, mark))


def stated(grading: Grading, mark: Mark) -> str:
    """What the point of a mark states; an option says little without its question, so there it is why it is right."""
    return mark.reason if grading.provenance.grader is GraderKind.KEY else mark.says


def _item(turn: Turn, asked: Question, counted: int, *, all_count: bool) -> StudyItem:
    score = turn_score(turn)
    lost = 100 - (score or 0) if score is not None or all_count else 0
    return StudyItem(
        turn=turn.number,
        topic=asked.topic,
        learn=tuple(_to_learn(turn, asked))[:MAX_LINES],
        takeaway=asked.takeaway,
        analogy=asked.analogy,
        sources=asked.sources,
        gain=lost / max(1, counted),
    )


def _to_learn(turn: Turn, asked: Question) -> Iterable[str]:
    if turn.grading is None and asked.kind is QuestionKind.CHOICE:
        return [option.why for option in asked.options if option.correct]
    if turn.grading is None:
        return [max(asked.points, key=lambda point: point.weight).says]
    return (lost.says for lost in missed(turn))
