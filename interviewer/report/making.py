"""Interview + bank -> report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from interviewer import engine, graders
from interviewer.disputes import made_by
from interviewer.domain import GraderKind, Interview, Question, QuestionKind, Turn, TurnStatus, Verdict
from interviewer.engine import Questions
from interviewer.report import levels
from interviewer.report.figures import talk_figures, turn_figures
from interviewer.report.results import (
    ExamResult,
    GraderResult,
    OptionResult,
    Report,
    TopicResult,
    TurnResult,
)
from interviewer.report.study import missed, stated, study_plan
from interviewer.scoring import exam_score, mean_score, turn_score

MAX_STRENGTHS = 5


def report(
    interview: Interview,
    question: Questions,
    titles: Mapping[str, str],
    *,
    begun_at: Mapping[int, datetime] | None = None,
) -> Report:
    """The report of an interview; `titles` names the topics, `begun_at` dates the first word of turns by number.

    Only what the candidate may see by now is in it: of a mock interview that is still open, nothing.
    Turns whose question has left the bank keep their scores; they are listed under the topic `other`.
    """
    turns = [turn for turn in interview.turns if _counts(interview, turn)]
    graded = [turn for turn in turns if turn_score(turn) is not None]
    told = tuple(_turn(interview, turn, question(turn.question), begun_at or {}) for turn in interview.turns)
    adaptive, free = interview.plan.adaptive, interview.plan.behaviour.free
    exam = _exam(interview) if free and interview.finished_at else None
    return Report(
        score=exam.score if exam else mean_score(turns),
        verdict=levels.verdict(interview, turns, question),
        exam=exam,
        topics=tuple(_topics(turns, question, titles, all_count=free)),
        levels=tuple(levels.results(turns, question)) if adaptive else (),
        route=tuple(levels.route(interview.turns, question)) if adaptive else (),
        graders=tuple(_graders(graded)),
        strengths=tuple(_strengths(graded)),
        study=tuple(study_plan(turns, question, all_count=free)),
        turns=told,
        talk=talk_figures(interview, [turn.figures for turn in told]),
        graded=len(graded),
        skipped=sum(turn.status is TurnStatus.SKIPPED for turn in turns),
        ungraded=sum(turn.status is TurnStatus.AWAITING_GRADE for turn in turns),
        not_asked=interview.plan.questions - len(interview.turns) if interview.finished_at else 0,
        estimated=_by(GraderKind.FUZZY, graded),
        decided=_by(GraderKind.HUMAN, graded),
    )


def grader_of(turn: Turn) -> GraderKind | None:
    """Who marked a turn, whatever a person has decided since; None while nobody has."""
    made = graders.grader_of(turn)
    return made.kind if made else None


def _by(grader: GraderKind, graded: Iterable[Turn]) -> int:
    return sum(turn.grading is not None and turn.grading.provenance.grader is grader for turn in graded)


def _counts(interview: Interview, turn: Turn) -> bool:
    return turn.status is TurnStatus.AWAITING_GRADE or engine.feedback_due(interview, turn)


def _turn(interview: Interview, turn: Turn, asked: Question | None, begun_at: Mapping[int, datetime]) -> TurnResult:
    due = engine.feedback_due(interview, turn)
    plan = interview.plan
    return TurnResult(
        number=turn.number,
        question=turn.question,
        topic=asked.topic if asked else None,
        level=asked.level if asked else None,
        kind=asked.kind if asked else None,
        status=turn.status,
        due=due,
        score=turn_score(turn) if due else None,
        grader=grader_of(turn) if due else None,
        decided=due and bool(_by(GraderKind.HUMAN, [turn])),
        missed=tuple(missed(turn)) if due else (),
        options=tuple(_options(interview, turn, asked)) if due and asked else (),
        takeaway=asked.takeaway if due and asked else None,
        figures=turn_figures(
            turn, is_english=not plan.language, begun_at=begun_at.get(turn.number), timed=not plan.behaviour.free
        ),
    )


def _options(interview: Interview, turn: Turn, asked: Question) -> Iterator[OptionResult]:
    if asked.kind is QuestionKind.CHOICE:
        for option in engine.shown_options(interview.plan, asked):
            chosen = option.id in turn.chosen
            yield OptionResult(id=option.id, text=option.text, chosen=chosen, correct=option.correct, why=option.why)


def _exam(interview: Interview) -> ExamResult:
    score, pass_mark = exam_score(interview.turns), interview.plan.pass_mark
    return ExamResult(
        score=score,
        pass_mark=pass_mark,
        passed=None if pass_mark is None else score >= pass_mark,
        asked=len(interview.turns),
        unanswered=sum(turn.status is TurnStatus.SKIPPED for turn in interview.turns),
        minutes=interview.plan.minutes,
        out_of_time=_out_of_time(interview),
    )


def _out_of_time(interview: Interview) -> bool:
    until, ended = engine.deadline(interview), interview.finished_at
    return until is not None and ended is not None and ended >= until


def _topics(
    turns: Iterable[Turn], question: Questions, titles: Mapping[str, str], *, all_count: bool
) -> Iterator[TopicResult]:
    by_topic: dict[str, list[Turn]] = {}
    for turn in turns:
        asked = question(turn.question)
        by_topic.setdefault(asked.topic if asked else "other", []).append(turn)
    for topic, of_topic in by_topic.items():
        yield from _topic(topic, titles.get(topic, topic), of_topic, all_count=all_count)


def _topic(topic: str, title: str, turns: list[Turn], *, all_count: bool) -> Iterator[TopicResult]:
    """One result for each grader of the topic, for marks of several make no mean. What none marked is the first's."""
    graded = [turn for turn in turns if turn_score(turn) is not None]
    graders = list(dict.fromkeys(map(grader_of, graded))) or [None]
    unmarked = len(turns) - len(graded)
    for grader in graders:
        by = [turn for turn in graded if grader_of(turn) is grader]
        asked = len(by) + (unmarked if grader is graders[0] else 0)
        score = exam_score(turns) if all_count else mean_score(by)
        yield TopicResult(topic=topic, title=title, grader=grader, score=score, graded=len(by), asked=asked)


def _graders(graded: Iterable[Turn]) -> Iterator[GraderResult]:
    by: dict[tuple[GraderKind, str | None], list[Turn]] = {}
    for turn in graded:
        if made := made_by(turn) or turn.grading:
            by.setdefault((made.provenance.grader, made.provenance.model), []).append(turn)
    for (grader, model), turns in by.items():
        score = mean_score(turns)
        if score is not None:
            yield GraderResult(grader=grader, model=model, score=score, graded=len(turns))


def _strengths(graded: Iterable[Turn]) -> list[str]:
    """The heaviest points met, at most one a turn, best turns first."""
    best = sorted(graded, key=lambda turn: -(turn_score(turn) or 0))
    found: list[str] = []
    for turn in best:
        met = [m for m in turn.grading.marks if m.verdict is Verdict.MET] if turn.grading else []
        if met and turn.grading:
            found.append(stated(turn.grading, max(met, key=lambda mark: mark.weight)))
    return found[:MAX_STRENGTHS]
