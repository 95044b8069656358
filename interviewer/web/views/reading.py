"""The report page. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.conductor.live import LiveGrading
from interviewer.domain import Interview, InterviewStatus
from interviewer.report import Report
from interviewer.web import words
from interviewer.web.charts import bar
from interviewer.web.markdown import inline_html
from interviewer.web.views.disputes import NONE, Objections
from interviewer.web.views.turns import TurnView, interview_title, topic_titles, turn_view


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicBar:
    """A topic in the report."""

    title: str
    chart: Markup
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyView:
    """A step of the study plan."""

    turn: int
    topic: str
    learn: tuple[Markup, ...]
    takeaway: Markup
    sources: tuple[str, ...]
    gain: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """`report.html`."""

    id: str
    title: str
    is_open: bool
    score: int | None
    verdict: str
    reason: str
    counted: tuple[str, ...]
    topics: tuple[TopicBar, ...]
    strengths: tuple[Markup, ...]
    study: tuple[StudyView, ...]
    turns: tuple[TurnView, ...]
    created_at: datetime
    seed: int
    usage: str | None


def report_page(
    interview: Interview,
    report: Report,
    bank: Bank,
    objections: Objections = NONE,
    *,
    usage: str | None = None,
    live: LiveGrading | None = None,
) -> ReportPage:
    """The report of an interview; `usage` says what the model came to, if it was asked."""
    verdict, reason = words.verdict_words(report.verdict)
    titles = topic_titles(bank, interview.plan.pack)
    return ReportPage(
        id=interview.id,
        title=interview_title(interview, bank),
        is_open=interview.status is InterviewStatus.OPEN,
        score=report.verdict.score,
        verdict=verdict,
        reason=reason,
        counted=tuple(_counted(report)),
        topics=tuple(
            TopicBar(
                title=t.title,
                chart=Markup() if t.score is None else bar(t.score),
                words=_topic_words(t.score, t.graded, t.asked),
            )
            for t in report.topics
        ),
        strengths=tuple(inline_html(strength) for strength in report.strengths),
        study=tuple(
            StudyView(
                turn=item.turn,
                topic=titles.get(item.topic, item.topic),
                learn=tuple(inline_html(line) for line in item.learn),
                takeaway=inline_html(item.takeaway),
                sources=item.sources,
                gain=f"up to {item.gain:.0f} points on this interview" if item.gain >= 1 else None,
            )
            for item in report.study
        ),
        turns=tuple(
            # the report follows no stream, so a card would stand still
            replace(turn_view(interview, turn, bank, live=live, objections=objections), live=None)
            for turn in interview.turns
        ),
        created_at=interview.created_at,
        seed=interview.plan.seed,
        usage=usage,
    )


def _counted(report: Report) -> list[str]:
    lines = [f"{report.graded} marked"]
    if report.estimated:
        lines.append(f"{report.estimated} of them offline, as an estimate")
    if report.decided:
        lines.append(f"{report.decided} of them with a mark that a person decided")
    if report.skipped:
        lines.append(f"{report.skipped} skipped, not counted as wrong")
    if report.ungraded:
        lines.append(f"{report.ungraded} not graded yet")
    if report.not_asked:
        lines.append(f"{report.not_asked} not asked")
    return lines


def _topic_words(score: int | None, graded: int, asked: int) -> str:
    if score is None:
        return f"not marked ({asked} asked)"
    return f"{score}" if graded == asked else f"{score} ({graded} of {asked} marked)"
