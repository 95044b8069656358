"""Interview + report + bank -> the whole report in plain words, which the page, the Markdown and the PDF lay out. Pure.

Sentences from the bank keep the little Markdown they are written in; what a candidate typed is text and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.bank import Bank
from interviewer.domain import Interview, InterviewStatus
from interviewer.report import FILLERS, LIKE, SOFTENERS, Report
from interviewer.web.report import sentences
from interviewer.web.report.tables import Table, tables, talk_facts, time_table
from interviewer.web.report.turns import TurnTold, turn_told
from interviewer.web.views.turns import interview_title, topic_title, topic_titles

FIRST_WORD = (
    "Time to first word: from the question to the first draft that the page kept, half a second after the first pause "
    "in typing. It is not known where no draft was kept."
)
FILLERS_ARE = (
    f"Words: without code. Fillers: {', '.join((*FILLERS, *SOFTENERS))}, and “{LIKE}” between commas; "
    "not “a kind of” and the like."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTold:
    """A step of the study plan."""

    turn: int
    topic_id: str
    topic: str
    gain: str | None
    learn: tuple[str, ...]
    takeaway: str
    analogy: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report in words. `sitting` is what it is of: interview, check, exam; `talk` are named figures, `notes` say how
    they were counted."""

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
    weakest: str | None
    tables: tuple[Table, ...]
    strengths: tuple[str, ...]
    study: tuple[StudyTold, ...]
    talk: tuple[tuple[str, str], ...]
    times: Table | None
    notes: tuple[str, ...]
    turns: tuple[TurnTold, ...]

    @property
    def heading(self) -> str:
        """What stands at the top of a file."""
        return f"{self.sitting.capitalize()} report: {self.title}"

    @property
    def dated(self) -> str:
        """When it was, and whether it is over."""
        return f"{self.when}.{f' This {self.sitting} is still open.' if self.is_open else ''}"


def told(interview: Interview, report: Report, bank: Bank) -> Told:
    """The report of an interview in words."""
    headline, reason = sentences.verdict(report, interview)
    return Told(
        title=interview_title(interview, bank),
        sitting=interview.plan.behaviour.called,
        when=f"{interview.created_at:%Y-%m-%d %H:%M} UTC",
        is_open=interview.status is InterviewStatus.OPEN,
        score=report.score,
        is_estimate=0 < report.graded == report.estimated,
        headline=headline,
        reason=reason,
        counted=tuple(sentences.counted(report)),
        graders=sentences.several_graders(report.graders),
        weakest=sentences.weakest(report),
        tables=tuple(tables(report)),
        strengths=report.strengths,
        study=tuple(_study(interview, report, bank)),
        talk=tuple(talk_facts(report.talk, of=interview.plan.behaviour.called)),
        times=time_table(report),
        notes=tuple(_notes(report)),
        turns=tuple(
            turn_told(
                interview,
                turn,
                result,
                question := bank.question(turn.question),
                topic_title(bank, interview, question),
            )
            for turn, result in zip(interview.turns, report.turns, strict=True)
        ),
    )


def _study(interview: Interview, report: Report, bank: Bank) -> Iterator[StudyTold]:
    titles = topic_titles(bank, interview.plan.pack)
    for item in report.study:
        yield StudyTold(
            turn=item.turn,
            topic_id=item.topic,
            topic=titles.get(item.topic, item.topic),
            gain=sentences.gain(item, of=interview.plan.behaviour.called),
            learn=item.learn,
            takeaway=item.takeaway,
            analogy=item.analogy.strip() if item.analogy else None,
            sources=item.sources,
        )


def _notes(report: Report) -> Iterator[str]:
    if not report.talk.answered:
        return
    if report.talk.filler_words is None:
        yield "Words: without code. Fillers are counted in English interviews only."
    else:
        yield FILLERS_ARE
    if report.talk.answer_s is not None:
        yield FIRST_WORD
