"""The report's sentences: one place for the page, the Markdown and the PDF. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from interviewer.domain import GraderKind, Interview, Level, Turn, TurnStatus, Verdict
from interviewer.report import ExamResult, GraderResult, LevelStep, Report, StudyItem
from interviewer.scoring import AT_LEVEL_FROM, Standing, turn_score
from interviewer.web import words

PRACTICE = "This is practice, not a hiring verdict."
SCORED_BY = {
    GraderKind.LLM: "the model",
    GraderKind.FUZZY: "offline estimate",
    GraderKind.KEY: "right options",
    GraderKind.HUMAN: "a person",
}
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400


def verdict(report: Report, interview: Interview) -> tuple[str, str]:
    """How it went and why, a sentence or two each."""
    if report.exam:
        return _exam(report.exam)
    headline, reason = words.verdict_words(report.verdict)
    return headline, _adaptive(report) if interview.plan.adaptive else reason


def counted(report: Report) -> Iterator[str]:
    """What the score rests on: marked by whom, and apart from wrong what was not marked."""
    yield f"{report.graded} marked"
    if report.estimated:
        yield f"{report.estimated} of them offline, as an estimate"
    if report.decided:
        yield f"{report.decided} of them with a mark that a person decided"
    if report.exam:
        if report.exam.unanswered:
            yield f"{report.exam.unanswered} without an answer, counted as 0"
    elif report.skipped:
        yield f"{report.skipped} skipped, not counted as wrong"
    if report.ungraded:
        yield f"{report.ungraded} not graded yet, counted neither way"
    if report.not_asked:
        yield f"{report.not_asked} not asked"


def several_graders(graders: tuple[GraderResult, ...]) -> str | None:
    """That a mean holds marks of several graders, and what each gave; None where there is one."""
    if len(graders) < 2:
        return None
    told = "; ".join(f"{by(result)} {result.score} ({_answers(result.graded)})" for result in graders)
    return f"Several graders marked it, and their scores are not alike: {told}."


def by(result: GraderResult) -> str:
    """Who marked: "the model gpt-4.1", "offline estimate"."""
    name = SCORED_BY[result.grader]
    return f"{name} {result.model}" if result.grader is GraderKind.LLM and result.model else name


def route(steps: tuple[LevelStep, ...]) -> str | None:
    """How the level moved: "Began at mid level; from question 3 at senior level."."""
    if not steps:
        return None
    first, *later = steps
    told = [
        f"began at {_level(first.level)}",
        *(f"from question {step.turn} at {_level(step.level)}" for step in later),
    ]
    return f"The level followed the answers: {', '.join(told)}{'' if later else ' and stayed there'}."


def weakest(report: Report) -> str | None:
    """The heaviest thing that cost points, for the first look."""
    for item in report.study:
        lost = next((missed for turn in report.turns if turn.number == item.turn for missed in turn.missed), None)
        if lost:
            what = (
                "Most was lost by a mistake. In truth" if lost.verdict is Verdict.CONTRADICTED else "Most was lost here"
            )
            return f"{what}: {lost.says.rstrip('.')} (question {item.turn})."
    return None


def standing(interview: Interview, turn: Turn, *, due: bool) -> str:
    """Where a turn stands: its score with what it means, or why there is none."""
    score = turn_score(turn)
    if not due:
        if turn.status is TurnStatus.AWAITING_GRADE:
            return "Not graded yet. The answer is saved."
        if turn.status is TurnStatus.OPEN:
            return "Not answered yet." if interview.finished_at is None else "Not answered."
        return "The marks come when the interview is over."
    if score is None or turn.grading is None:
        free = interview.plan.behaviour.free
        return "No answer: counts as 0." if free else "Skipped: not marked, and not counted as wrong."
    marks = turn.grading.marks
    met = sum(mark.verdict is Verdict.MET for mark in marks)
    if turn.grading.provenance.grader is GraderKind.KEY:
        return f"{score} of 100, {met} of {len(marks)} right options chosen"
    estimate = turn.grading.provenance.grader is GraderKind.FUZZY
    return f"{score} {words.score_meaning(estimate=estimate, met=met, points=len(marks))}"


def marked_by(turn: Turn) -> str:
    """Who marked a graded turn."""
    grading = turn.grading
    if grading and grading.provenance.grader is GraderKind.KEY:
        return "marked by its right options"
    return words.marked_by(turn)


def gain(item: StudyItem, *, of: str) -> str | None:
    """What learning it is worth `of` a sitting; None below a point. What was skipped took nothing off the score."""
    if item.gain == 0:
        return "skipped"
    points = round(item.gain)
    return f"up to {points} {'point' if points == 1 else 'points'} on this {of}" if points else None


def begun_large(text: str) -> str:
    """The text with a capital at its start, and nothing else changed."""
    return text[:1].upper() + text[1:]


def duration(seconds: float) -> str:
    """A time in two units at most: "45 s", "3 min 20 s", "2 h 5 min", "1 d 3 h"."""
    whole = round(seconds)
    for unit, name, part, part_name in ((_DAY_S, "d", _HOUR_S, "h"), (_HOUR_S, "h", _MINUTE_S, "min")):
        if whole >= unit:
            return f"{whole // unit} {name} {whole % unit // part} {part_name}"
    if whole >= _MINUTE_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"
    return f"{whole} s"


def _exam(exam: ExamResult) -> tuple[str, str]:
    counts = f"The mean of all {exam.asked} questions; one without an answer counts 0."
    if exam.out_of_time:
        counts += " The time was up, so it was handed in as it stood."
    if exam.pass_mark is None:
        return f"{exam.score} of 100.", counts
    headline = "Passed." if exam.passed else "Not passed."
    return headline, f"{exam.score} of 100; the pass mark is {exam.pass_mark}. {counts}"


def _adaptive(report: Report) -> str:
    found, level = report.verdict, _level(report.verdict.level)
    if found.standing is Standing.TOO_LITTLE:
        return (
            f"{found.graded} of {found.asked} questions at {level} or above were marked; "
            "it takes three, and half of those asked."
        )
    return (
        f"Judged at {level} by {_answers(found.graded)} there or above: mean {found.score}; it reads from "
        f"{AT_LEVEL_FROM}. The score is the mean of all {report.graded}."
    )


def _level(level: Level) -> str:
    return f"{words.LEVEL_TITLE[level].lower()} level"


def _answers(count: int) -> str:
    return f"{count} answer" if count == 1 else f"{count} answers"
