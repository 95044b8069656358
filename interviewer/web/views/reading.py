"""A report in words -> the page that shows it, to its owner or to whoever has the link. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.conductor.live import LiveGrading
from interviewer.domain import Interview
from interviewer.web.charts import strip
from interviewer.web.markdown import author_html, inline_html
from interviewer.web.report.tables import Table
from interviewer.web.report.told import StudyTold, Told
from interviewer.web.report.turns import PointTold, TurnTold
from interviewer.web.views.disputes import NONE, Objections
from interviewer.web.views.turns import TurnView, turn_view

_CLASS = {"✓": "met", "◐": "partly", "○": "missed", "✕": "contradicted", "·": "not-marked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row of a table; `chart` is empty where there is nothing to draw."""

    label: str
    chart: Markup
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table with charts in its rows."""

    id: str
    title: str
    head: tuple[str, ...]
    rows: tuple[RowView, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyView:
    """A step of the study plan."""

    turn: int
    topic_id: str
    topic: str
    learn: tuple[Markup, ...]
    takeaway: Markup
    analogy: Markup | None
    sources: tuple[str, ...]
    gain: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line with its verdict: something missed, or an option of a choice question."""

    name: str
    sign: str
    word: str
    says: Markup
    note: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """How one question went, in short."""

    number: int
    title: str
    standing: str
    lines: tuple[LineView, ...]
    takeaway: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """The link by which anyone may read the report: since when there is one, and `link` when it was just made."""

    made: str | None
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """`report.html`. Without `id` it is read by its link: nothing can be done there."""

    id: str | None
    files: str
    pack: str
    level: str
    title: str
    sitting: str
    when: str
    is_open: bool
    score: int | None
    is_estimate: bool
    headline: str
    reason: str
    counted: tuple[str, ...]
    graders: str | None
    weakest: Markup | None
    tables: tuple[TableView, ...]
    strengths: tuple[Markup, ...]
    study: tuple[StudyView, ...]
    outcomes: tuple[OutcomeView, ...]
    talk: tuple[tuple[str, str], ...]
    times: TableView | None
    notes: tuple[str, ...]
    turns: tuple[TurnView, ...]
    seed: int
    usage: str | None
    share: ShareView | None


def report_page(
    interview: Interview,
    told: Told,
    bank: Bank,
    *,
    share: ShareView,
    objections: Objections = NONE,
    usage: str | None = None,
    live: LiveGrading | None = None,
) -> ReportPage:
    """The report for its owner; `usage` says what the model came to, if it was asked."""
    turns = (turn_view(interview, turn, bank, live=live, objections=objections) for turn in interview.turns)
    page = shared_page(interview, told, bank, files=f"/api/interviews/{interview.id}/report")
    marking = live.number if live else None
    return replace(
        page,
        id=interview.id,
        outcomes=tuple(
            replace(outcome, standing="It is being marked.") if outcome.number == marking else outcome
            for outcome in page.outcomes
        ),
        turns=tuple(
            replace(turn, live=None) for turn in turns
        ),  # the report follows no stream: a card would stand still
        usage=usage,
        share=share,
    )


def shared_page(interview: Interview, told: Told, bank: Bank, *, files: str) -> ReportPage:
    """The report for whoever has its link; `files` is where it can be had as a file, without the suffix."""
    return ReportPage(
        id=None,
        files=files,
        pack=interview.plan.pack,
        level=interview.plan.level,
        title=told.title,
        sitting=told.sitting,
        when=told.when,
        is_open=told.is_open,
        score=told.score,
        is_estimate=told.is_estimate,
        headline=told.headline,
        reason=told.reason,
        counted=told.counted,
        graders=told.graders,
        weakest=inline_html(told.weakest) if told.weakest else None,
        tables=tuple(map(_table, told.tables)),
        strengths=tuple(map(inline_html, told.strengths)),
        study=tuple(map(_study, told.study)),
        outcomes=tuple(map(_outcome, told.turns)),
        talk=told.talk,
        times=_table(told.times) if told.times else None,
        notes=told.notes,
        turns=tuple(turn_view(interview, turn, bank) for turn in interview.turns),
        seed=interview.plan.seed,
        usage=None,
        share=None,
    )


def _table(table: Table) -> TableView:
    return TableView(
        id=table.id,
        title=table.title,
        head=table.head,
        rows=tuple(
            RowView(
                label=row.label, chart=strip(row.stretches, of=row.of) if row.stretches else Markup(), cells=row.cells
            )
            for row in table.rows
        ),
        note=table.note,
    )


def _study(item: StudyTold) -> StudyView:
    return StudyView(
        turn=item.turn,
        topic_id=item.topic_id,
        topic=item.topic,
        learn=tuple(map(inline_html, item.learn)),
        takeaway=inline_html(item.takeaway),
        analogy=author_html(item.analogy) if item.analogy else None,
        sources=item.sources,
        gain=item.gain,
    )


def _outcome(turn: TurnTold) -> OutcomeView:
    return OutcomeView(
        number=turn.number,
        title=turn.title,
        standing=turn.standing,
        lines=tuple(map(_line, turn.options or turn.missed)),
        takeaway=inline_html(turn.takeaway) if turn.takeaway else None,
    )


def _line(point: PointTold) -> LineView:
    note = inline_html(point.note) if point.note else None
    return LineView(name=_CLASS[point.sign], sign=point.sign, word=point.word, says=inline_html(point.says), note=note)
