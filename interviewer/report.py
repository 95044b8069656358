"""Interview + bank -> report and study plan. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from interviewer import engine
from interviewer.domain import GraderKind, Interview, Question, Turn, TurnStatus, Verdict
from interviewer.scoring import LevelVerdict, level_verdict, mean_score, turn_score

MAX_STUDY_ITEMS = 6
MAX_STRENGTHS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicResult:
    """How one topic went: `score` is None when none of its turns is graded."""

    topic: str
    title: str
    score: int | None
    graded: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyItem:
    """Something to learn next. `gain` is what it would have added to the interview's score, in points."""

    turn: int
    topic: str
    learn: tuple[str, ...]
    takeaway: str
    sources: tuple[str, ...]
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an interview comes to.

    `estimated` counts graded turns that the offline grader marked, `decided` those with a mark that a person decided.
    """

    verdict: LevelVerdict
    topics: tuple[TopicResult, ...]
    strengths: tuple[str, ...]
    study: tuple[StudyItem, ...]
    graded: int
    skipped: int
    ungraded: int
    not_asked: int
    estimated: int
    decided: int


def report(interview: Interview, question: Callable[[str], Question | None], titles: Mapping[str, str]) -> Report:
    """The report of an interview; `titles` names the topics.

    Only what the candidate may see by now is in it: of a mock interview that is still open, nothing.
    Turns whose question has left the bank keep their scores; they are listed under the topic `other`.
    """
    turns = [turn for turn in interview.turns if _counts(interview, turn)]
    graded = [turn for turn in turns if turn_score(turn) is not None]
    by_topic: dict[str, list[Turn]] = {}
    for turn in turns:
        asked = question(turn.question)
        by_topic.setdefault(asked.topic if asked else "other", []).append(turn)
    return Report(
        verdict=level_verdict(interview.plan.level, turns),
        topics=tuple(_topic(topic, titles.get(topic, topic), of_topic) for topic, of_topic in by_topic.items()),
        strengths=tuple(_strengths(graded)),
        study=tuple(_study(turns, question, len(graded))),
        graded=len(graded),
        skipped=sum(turn.status is TurnStatus.SKIPPED for turn in turns),
        ungraded=sum(turn.status is TurnStatus.AWAITING_GRADE for turn in turns),
        not_asked=interview.plan.questions - len(turns) if interview.finished_at else 0,
        estimated=_by(GraderKind.FUZZY, graded),
        decided=_by(GraderKind.HUMAN, graded),
    )


def _by(grader: GraderKind, graded: Iterable[Turn]) -> int:
    return sum(turn.grading is not None and turn.grading.provenance.grader is grader for turn in graded)


def _counts(interview: Interview, turn: Turn) -> bool:
    return turn.status is TurnStatus.AWAITING_GRADE or engine.feedback_due(interview, turn)


def _topic(topic: str, title: str, turns: list[Turn]) -> TopicResult:
    graded = sum(turn_score(turn) is not None for turn in turns)
    return TopicResult(topic=topic, title=title, score=mean_score(turns), graded=graded, asked=len(turns))


def _strengths(graded: Iterable[Turn]) -> list[str]:
    """The heaviest points met, at most one a turn, best turns first."""
    best = sorted(graded, key=lambda turn: -(turn_score(turn) or 0))
    found: list[str] = []
    for turn in best:
        met = [m for m in turn.grading.marks if m.verdict is Verdict.MET] if turn.grading else []
        if met:
            found.append(max(met, key=lambda mark: mark.weight).says)
    return found[:MAX_STRENGTHS]


def _study(turns: Iterable[Turn], question: Callable[[str], Question | None], graded: int) -> list[StudyItem]:
    items: list[StudyItem] = []
    for turn in turns:
        asked = question(turn.question)
        score = turn_score(turn)
        if asked is None or score == 100 or turn.status is TurnStatus.AWAITING_GRADE:
            continue
        items.append(
            StudyItem(
                turn=turn.number,
                topic=asked.topic,
                learn=_to_learn(turn, asked),
                takeaway=asked.takeaway,
                sources=asked.sources,
                gain=(100 - score) / max(1, graded) if score is not None else 0.0,
            )
        )
    worth_it = [item for item in items if item.learn]
    return sorted(worth_it, key=lambda item: -item.gain)[:MAX_STUDY_ITEMS]


def _to_learn(turn: Turn, asked: Question) -> tuple[str, ...]:
    if turn.grading is None:
        return (max(asked.points, key=lambda point: point.weight).says,)
    lost = [mark for mark in turn.grading.marks if mark.verdict is not Verdict.MET]
    wrong = [asserted.fix for asserted in turn.grading.misconceptions]
    return (*wrong, *(mark.says for mark in sorted(lost, key=lambda mark: -mark.weight)))[:3]
