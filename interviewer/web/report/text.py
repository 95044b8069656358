"""A report in words -> Markdown to keep or to send to a mentor. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from interviewer.web.report import sentences
from interviewer.web.report.tables import Table
from interviewer.web.report.told import StudyTold, Told
from interviewer.web.report.turns import PointTold, TurnTold

_TOO_LITTLE = "Nothing stands out."
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(told: Told, *, usage: str | None = None) -> str:
    """The whole report. `usage` says what the model came to, if it was asked and the reader is to know."""
    lines = [summary(told, usage=usage), "## Question by question", "", *_overview(told.turns)]
    lines += ["## Time and talk", "", *(f"- {name}: {value}" for name, value in told.talk), ""]
    lines += [*_table(told.times), ""] if told.times else []
    lines += [f"{note}\n" for note in told.notes]
    lines += ["## Transcript", ""]
    for turn in told.turns:
        lines += _transcript(turn)
    return "\n".join(lines).rstrip() + "\n"


def summary(told: Told, *, usage: str | None = None) -> str:
    """How it went, why, and what to learn next, without the questions."""
    score = "not marked" if told.score is None else f"{told.score} of 100{', estimate' if told.is_estimate else ''}"
    lines = [
        f"# {told.heading}",
        "",
        told.dated,
        "",
        f"**Score: {score}.** {told.headline} {told.reason}",
        "",
        f"{'; '.join(told.counted)}. {sentences.PRACTICE}",
        "",
    ]
    for line in (told.graders, told.weakest, f"{usage}." if usage else None):
        lines += [line, ""] if line else []
    for table in told.tables:
        lines += [f"## {table.title}", "", *_table(table), ""]
    lines += ["## What to learn next", "", *_study(told.study), ""]
    lines += ["## What you know", "", *(f"- {strength}" for strength in told.strengths), ""] if told.strengths else []
    return "\n".join(lines)


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(table.head)} |"
    yield f"|{' --- |' * len(table.head)}"
    for row in table.rows:
        yield f"| {' | '.join(_plain(cell) for cell in (row.label, *row.cells))} |"
    if table.note:
        yield ""
        yield table.note


def _study(study: Iterable[StudyTold]) -> Iterator[str]:
    place = 0
    for place, item in enumerate(study, 1):
        gain = f", {item.gain}" if item.gain else ""
        yield f"{place}. **{item.topic}** (question {item.turn}{gain}): {item.takeaway}"
        yield from (f"   - {line}" for line in item.learn)
        if item.analogy:
            yield f"   - As if: {' '.join(item.analogy.split())}"
        yield from (f"   - Read: <{source}>" for source in item.sources)
    if not place:
        yield _TOO_LITTLE


def _overview(turns: Iterable[TurnTold]) -> Iterator[str]:
    for turn in turns:
        yield f"### {turn.number}. {turn.title}"
        yield ""
        yield f"{turn.standing}{'' if turn.standing.endswith('.') else '.'}"
        yield ""
        if turn.missed:
            yield from (f"- {point.word.capitalize()}: {point.says}" for point in turn.missed)
            yield ""
        if turn.takeaway:
            yield f"Remember: {turn.takeaway}"
            yield ""


def _transcript(turn: TurnTold) -> Iterator[str]:
    yield f"### Question {turn.number}: {turn.standing.rstrip('.')}"
    yield ""
    for say in turn.says:
        yield f"**{say.speaker}:**"
        yield ""
        yield from (f"> {line}" for line in say.text.split("\n"))
        yield ""
    if turn.source:
        yield turn.source
        yield ""
    if turn.points or turn.options:
        yield from map(_point, (*turn.points, *turn.options))
        yield ""
    if turn.reference:
        yield f"Reference: {turn.reference}"
        yield ""
    if turn.sources:
        yield from (f"- Read: <{source}>" for source in turn.sources)
        yield ""


def _point(point: PointTold) -> str:
    quote = f" — “{_plain(point.quote)}”" if point.quote else ""
    note = f" ({point.note})" if point.note else ""
    return f"- {point.sign} {point.word}: {point.says}{quote}{note}"


def _plain(text: str) -> str:
    """A stranger's words that no Markdown begins in."""
    return _SIGNS.sub(r"\\\1", text)
