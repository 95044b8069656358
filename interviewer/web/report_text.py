"""Report -> Markdown to keep or to send to a mentor. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from interviewer import engine
from interviewer.domain import Grading, Interview, Question, SayKind, Turn
from interviewer.report import Report
from interviewer.scoring import turn_score
from interviewer.web import words


def markdown(
    interview: Interview, report: Report, question: Callable[[str], Question | None], titles: Mapping[str, str]
) -> str:
    """The whole report: verdict, topics, what to learn next, and every turn with its marks and quotes."""
    verdict, reason = words.verdict_words(report.verdict)
    plan = interview.plan
    lines = [
        f"# Interview report: {words.LEVEL_TITLE[plan.level]}, {words.MODE_TITLE[plan.mode].lower()}",
        "",
        f"{interview.created_at:%Y-%m-%d %H:%M} UTC. {verdict} {reason}",
        "",
        f"Score: {'not marked' if report.verdict.score is None else f'{report.verdict.score} of 100'} "
        f"({report.graded} marked, {report.estimated} of them offline as an estimate; "
        f"{report.skipped} skipped; {report.ungraded} not graded yet). This is practice, not a hiring verdict.",
        "",
        "## Topics",
        "",
        *(f"- {topic.title}: {'not marked' if topic.score is None else topic.score}" for topic in report.topics),
        "",
        "## What to learn next",
        "",
        *_study(report, titles),
        "",
        "## Transcript",
        "",
    ]
    for turn in interview.turns:
        lines += _turn(interview, turn, question(turn.question))
    return "\n".join(lines).rstrip() + "\n"


def _study(report: Report, titles: Mapping[str, str]) -> Iterator[str]:
    for item in report.study:
        yield f"- **{titles.get(item.topic, item.topic)}** (question {item.turn}): {item.takeaway}"
        yield from (f"  - {line}" for line in item.learn)
        yield from (f"  - Read: <{source}>" for source in item.sources)


def _turn(interview: Interview, turn: Turn, question: Question | None) -> Iterator[str]:
    score = turn_score(turn) if engine.feedback_due(interview, turn) else None
    yield f"### Question {turn.number}: {turn.status if score is None else f'{score} of 100'}"
    yield ""
    for say in turn.says:
        speaker = "Candidate" if say.kind is SayKind.ANSWER else f"Interviewer ({say.kind})"
        yield f"**{speaker}:**"
        yield ""
        yield from (f"> {line}" for line in say.text.splitlines())
        yield ""
    if score is not None and turn.grading is not None:
        yield from _marks(turn.grading)
    if engine.feedback_due(interview, turn) and question is not None:
        yield f"Reference: {' '.join(question.reference.split())}"
        yield ""


def _marks(grading: Grading) -> Iterator[str]:
    made = grading.provenance
    yield f"Marked by: {made.grader} {made.model or ''}".rstrip() + f", bank {made.bank}"
    yield ""
    for mark in grading.marks:
        quote = f" — “{' '.join(mark.quote.split())}”" if mark.quote else ""
        yield f"- {words.VERDICT_SIGN[mark.verdict]} {words.VERDICT_WORD[mark.verdict]}: {mark.says}{quote}"
    for asserted in grading.misconceptions:
        yield f"- ✕ wrong: “{' '.join(asserted.quote.split())}” — {asserted.fix}"
    yield ""
