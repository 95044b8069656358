"""Domain values -> one frozen dataclass per page template: everything a page prints is decided here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from interviewer import engine
from interviewer.bank import Bank
from interviewer.domain import Interview, InterviewStatus, Level, Mode, TurnStatus
from interviewer.picker import MAX_QUESTIONS
from interviewer.report import Report
from interviewer.web import words
from interviewer.web.markdown import inline_html
from interviewer.web.views.turns import TurnView, overall, topic_title, topic_titles, turn_view

LENGTHS = (3, 6, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a form field."""

    value: str
    title: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentView:
    """An interview in the list of a returning candidate."""

    id: str
    title: str
    is_open: bool
    progress: str
    score: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """`start.html`."""

    levels: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    lengths: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    max_questions: int
    grader: str
    open: tuple[RecentView, ...]
    finished: tuple[RecentView, ...]
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """`chat.html`."""

    id: str
    title: str
    is_open: bool
    turns: tuple[TurnView, ...]
    number: int
    length: int
    topic: str
    level: str
    mode: str
    started_at: datetime
    elapsed: str
    can_answer: bool
    is_marking: bool
    says_seen: int
    draft: str
    hints_left: int
    hints_used: int
    is_probe: bool
    answer_chars: int
    last_event: int
    now_feedback: int
    """Number of the turn whose feedback is the newest thing on the page, or 0: there the page opens."""
    notice: str | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicBar:
    """A topic in the report."""

    title: str
    score: int | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    """A topic in the table of the bank page."""

    title: str
    counts: tuple[int, ...]
    questions: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPage:
    """`bank.html`."""

    title: str
    levels: tuple[str, ...]
    rows: tuple[BankRow, ...]
    totals: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """`error.html`."""

    status: int
    title: str
    detail: str


def start_page(
    bank: Bank, recent: Sequence[Interview], *, chosen: Mapping[str, str], grader: str, error: str | None = None
) -> StartPage:
    """The start page; `chosen` keeps what a refused form held."""
    pack = bank.packs[0]
    listed = [_recent(interview, bank) for interview in recent]
    picked = set(chosen.get("topics", "").split())
    return StartPage(
        levels=_choices(
            ((level, words.LEVEL_TITLE[level], words.LEVEL_EXPECTS[level]) for level in Level),
            chosen.get("level", Level.JUNIOR),
        ),
        modes=_choices(
            ((mode, words.MODE_TITLE[mode], words.MODE_EXPECTS[mode]) for mode in Mode),
            chosen.get("mode", Mode.PRACTICE),
        ),
        lengths=_choices(
            ((str(count), f"{count} questions", f"about {count * 4} minutes") for count in LENGTHS),
            chosen.get("questions", "6"),
        ),
        topics=tuple(
            Choice(value=topic.id, title=topic.title, text="", checked=topic.id in picked) for topic in pack.topics
        ),
        max_questions=MAX_QUESTIONS,
        grader=grader,
        open=tuple(view for view in listed if view.is_open),
        finished=tuple(view for view in listed if not view.is_open),
        error=error,
    )


def chat_page(
    interview: Interview,
    bank: Bank,
    *,
    now: datetime,
    draft: str,
    answer_chars: int,
    last_event: int,
    notice: str | None = None,
    error: str | None = None,
) -> ChatPage:
    """The chat of an interview as it stands; `draft` is what the composer holds."""
    current = interview.current
    question = bank.question(current.question)
    is_open = interview.status is InterviewStatus.OPEN
    return ChatPage(
        id=interview.id,
        title=_title(interview),
        is_open=is_open,
        turns=tuple(turn_view(interview, turn, bank) for turn in interview.turns),
        number=current.number,
        length=interview.length,
        topic=topic_title(bank, interview, question),
        level=words.LEVEL_TITLE[interview.plan.level],
        mode=words.MODE_TITLE[interview.plan.mode],
        started_at=interview.created_at,
        elapsed=_elapsed(interview, now),
        can_answer=is_open and current.status is TurnStatus.OPEN,
        is_marking=any(turn.status is TurnStatus.AWAITING_GRADE for turn in interview.turns),
        says_seen=len(current.says),
        draft=draft,
        hints_left=max(0, len(question.hints) - current.hints_used) if question else 0,
        hints_used=current.hints_used,
        is_probe=bool(current.probed),
        answer_chars=answer_chars,
        last_event=last_event,
        now_feedback=_now_feedback(interview),
        notice=notice,
        error=error,
    )


def report_page(interview: Interview, report: Report, bank: Bank) -> ReportPage:
    """The report of an interview."""
    verdict, reason = words.verdict_words(report.verdict)
    titles = topic_titles(bank, interview.plan.pack)
    return ReportPage(
        id=interview.id,
        title=_title(interview),
        is_open=interview.status is InterviewStatus.OPEN,
        score=report.verdict.score,
        verdict=verdict,
        reason=reason,
        counted=tuple(_counted(report)),
        topics=tuple(
            TopicBar(title=t.title, score=t.score, words=_topic_words(t.score, t.graded, t.asked))
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
        turns=tuple(turn_view(interview, turn, bank) for turn in interview.turns),
        created_at=interview.created_at,
        seed=interview.plan.seed,
    )


def bank_page(bank: Bank) -> BankPage:
    """What the bank holds: questions by topic and level, never their references."""
    pack = bank.packs[0]
    rows = []
    for topic in pack.topics:
        of_topic = [question for question in pack.questions if question.topic == topic.id]
        counts = tuple(sum(q.level is level for q in of_topic) for level in Level)
        asks = tuple((words.LEVEL_TITLE[q.level], inline_html(q.ask.replace("\n", " "))) for q in of_topic)
        rows.append(BankRow(title=topic.title, counts=counts, questions=asks))
    totals = tuple(sum(row.counts[at] for row in rows) for at in range(len(Level)))
    return BankPage(
        title=pack.title, levels=tuple(words.LEVEL_TITLE[level] for level in Level), rows=tuple(rows), totals=totals
    )


def _now_feedback(interview: Interview) -> int:
    last = interview.turns[-1]
    if interview.status is InterviewStatus.FINISHED:
        return last.number if engine.feedback_due(interview, last) else 0
    if len(last.says) > 1 or last.number == 1:
        return 0
    before = interview.turns[-2]
    return before.number if engine.feedback_due(interview, before) else 0


def _choices(options: Iterable[tuple[str, str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=str(value), title=title, text=text, checked=value == chosen) for value, title, text in options
    )


def _title(interview: Interview) -> str:
    plan = interview.plan
    return f"{words.LEVEL_TITLE[plan.level]}, {words.MODE_TITLE[plan.mode].lower()}"


def _recent(interview: Interview, bank: Bank) -> RecentView:
    is_open = interview.status is InterviewStatus.OPEN
    score = overall(interview)
    answered = sum(bool(turn.answers) for turn in interview.turns)
    return RecentView(
        id=interview.id,
        title=_title(interview),
        is_open=is_open,
        progress=f"question {interview.current.number} of {interview.length}" if is_open else f"{answered} answered",
        score="not marked" if score is None else f"{score} of 100",
        created_at=interview.created_at,
    )


def _elapsed(interview: Interview, now: datetime) -> str:
    seconds = int(((interview.finished_at or now) - interview.created_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"


def _counted(report: Report) -> list[str]:
    lines = [f"{report.graded} marked"]
    if report.estimated:
        lines.append(f"{report.estimated} of them offline, as an estimate")
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
    return f"{score} of 100 ({graded} of {asked} marked)"
