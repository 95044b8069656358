"""Report -> Markdown to keep or to send to a mentor. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from interviewer import engine
from interviewer.disputes import made_by
from interviewer.domain import Grading, Interview, Question, SayKind, Turn
from interviewer.report import Report
from interviewer.scoring import turn_score
from interviewer.web import words

_SPEAKER = {SayKind.ANSWER: "Candidate", SayKind.REQUEST: "Candidate (not marked)", SayKind.REMARK: "Interviewer"}


def markdown(
    interview: Interview,
    report: Report,
    question: Callable[[str], Question | None],
    titles: Mapping[str, str],
    *,
    usage: str | None = None,
) -> str:
    """The whole report: verdict, topics, what to learn next, and every turn with its marks and quotes.

    `usage` says what the model came to, if it was asked.
    """
    verdict, reason = words.verdict_words(report.verdict)
    plan = interview.plan
    lines = [
        f"# Interview report: {words.LEVEL_TITLE[plan.level]}, {words.MODE_TITLE[plan.mode].lower()}",
        "",
        f"{interview.created_at:%Y-%m-%d %H:%M} UTC. {verdict} {reason}",
        "",
        f"Score: {'not marked' if report.verdict.score is None else f'{report.verdict.score} of 100'} "
        f"({report.graded} marked, {report.estimated} of them offline as an estimate"
        f"{f', {report.decided} with a mark that a person decided' if report.decided else ''}; "
        f"{report.skipped} skipped; {report.ungraded} not graded yet). This is practice, not a hiring verdict.",
        "",
        *([f"{usage}.", ""] if usage else ()),
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
        speaker = _SPEAKER.get(say.kind) or f"Interviewer ({say.kind})"
        yield f"**{speaker}:**"
        yield ""
        yield from (f"> {line}" for line in say.text.splitlines())
        yield ""
    if score is not None and turn.grading is not None:
        yield from _marks(turn, turn.grading)
    if engine.feedback_due(interview, turn) and question is not None:
        yield f"Reference: {' '.join(question.reference.split())}"
        yield ""


def _marks(turn: Turn, grading: Grading) -> Iterator[str]:
    made, decided = (made_by(turn) or grading).provenance, words.decided_words(turn)
    grader = f"Marked by: {made.grader} {made.model or ''}".rstrip()
    yield f"{grader}{f', {decided}' if decided else ''}, bank {made.bank}"
    yield ""
    for mark in grading.marks:
        quote = f" — “{' '.join(mark.quote.split())}”" if mark.quote else ""
        unsure = f" ({words.unsure_words(mark)})" if mark.unsure else ""
        yield f"- {words.VERDICT_SIGN[mark.verdict]} {words.VERDICT_WORD[mark.verdict]}: {mark.says}{quote}{unsure}"
    for asserted in grading.misconceptions:
        yield f"- ✕ wrong: “{' '.join(asserted.quote.split())}” — {asserted.fix}"
    yield ""
