"""A report in words -> a PDF to print or to send. Slow: call it in a thread.

The same report gives the same bytes: the document is dated by its interview.
"""

from __future__ import annotations

import logging
from datetime import datetime

from interviewer.web.report import sentences
from interviewer.web.report.paper import BOX, Paper
from interviewer.web.report.told import StudyTold, Told
from interviewer.web.report.turns import PointTold, TurnTold


def pdf(told: Told, *, made_at: datetime, usage: str | None = None) -> bytes:
    """The whole report. `usage` says what the model came to, if it was asked and the reader is to know."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # else it logs the letters of what was said
    paper = Paper(told.heading, made_at=made_at)
    _summary(paper, told, usage)
    for table in told.tables:
        paper.heading(table.title, 1)
        paper.figures(table)
    paper.heading("What to learn next", 1)
    for place, item in enumerate(told.study, 1):
        _study(paper, place, item)
    if not told.study:
        paper.paragraph("Nothing stands out.")
    if told.strengths:
        paper.heading("What you know", 1)
        for strength in told.strengths:
            paper.runs(strength, before="✓")
    paper.heading("Question by question", 1)
    for turn in told.turns:
        _overview(paper, turn)
    _talk(paper, told)
    paper.heading("Transcript", 1)
    for turn in told.turns:
        _transcript(paper, turn)
    if paper.missing:
        paper.paragraph(
            f"{BOX} stands for a character that the fonts of this PDF do not have ({paper.missing} in all). The report "
            "as a page or as Markdown has them.",
            soft=True,
            small=True,
        )
    return bytes(paper.output())


def _summary(paper: Paper, told: Told, usage: str | None) -> None:
    paper.heading(told.heading, 0)
    paper.paragraph(told.dated, soft=True)
    score = (
        "Score: not marked."
        if told.score is None
        else f"Score: {told.score} of 100{', estimate' if told.is_estimate else ''}."
    )
    paper.paragraph(f"{score} {told.headline}", bold=True)
    paper.paragraph(told.reason)
    paper.paragraph(f"{'; '.join(told.counted)}. {sentences.PRACTICE}")
    if told.graders:
        paper.paragraph(told.graders)
    if told.weakest:
        paper.runs(told.weakest)
    if usage:
        paper.paragraph(f"{usage}.", soft=True, small=True)


def _study(paper: Paper, place: int, item: StudyTold) -> None:
    paper.heading(f"{place}. {item.topic}", 2)
    gain = f", {item.gain}" if item.gain else ""
    paper.paragraph(f"Question {item.turn}{gain}", soft=True, small=True)
    for line in item.learn:
        paper.runs(line, before="•")
    paper.runs(item.takeaway, before="Remember:")
    if item.analogy:
        paper.runs(item.analogy, before="As if:")
    for source in item.sources:
        paper.link_line(source, before="Read:")


def _overview(paper: Paper, turn: TurnTold) -> None:
    paper.heading(f"{turn.number}. {turn.title}", 2)
    paper.paragraph(turn.standing)
    for point in turn.missed:
        paper.runs(point.says, before=f"{point.sign} {point.word}:")
    if turn.takeaway:
        paper.runs(turn.takeaway, before="Remember:")


def _talk(paper: Paper, told: Told) -> None:
    paper.heading("Time and talk", 1)
    for name, value in told.talk:
        paper.paragraph(f"{name}: {value}")
    if told.times:
        paper.figures(told.times)
    for note in told.notes:
        paper.paragraph(note, soft=True, small=True)


def _transcript(paper: Paper, turn: TurnTold) -> None:
    paper.heading(f"Question {turn.number}: {turn.standing.rstrip('.')}", 2)
    for say in turn.says:
        paper.paragraph(say.speaker, soft=True, small=True)
        paper.prose(say.text, by_author=not say.by_candidate, step=1)
    if turn.source:
        paper.paragraph(f"{turn.source}.", soft=True, small=True)
    for point in (*turn.points, *turn.options):
        _point(paper, point)
    if turn.reference:
        paper.paragraph("Reference answer", soft=True, small=True)
        paper.prose(turn.reference, by_author=True, step=1)
    for source in turn.sources:
        paper.link_line(source, before="Read:")


def _point(paper: Paper, point: PointTold) -> None:
    paper.runs(point.says, before=f"{point.sign} {point.word}:")
    if point.quote:
        paper.paragraph(f"“{point.quote}”", soft=True, step=1)
    if point.note:
        paper.runs(point.note, step=1)
