"""A report's figures -> tables with a chart in each row, for every form of the report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from interviewer.report import GraderResult, Report, Span, TalkFigures, TopicResult, TurnResult
from interviewer.web import words
from interviewer.web.charts import Stretch
from interviewer.web.report import sentences

LONGEST = 4
"""An axis of times is cut at this many times the median, so that one break does not hide the rest."""
NOT_KNOWN = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: what it is about, a chart of stretches of `of`, and the figures in words. Without stretches no chart."""

    label: str
    cells: tuple[str, ...]
    stretches: tuple[Stretch, ...] = ()
    of: float = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; `head` names the label and the cells. `note` says how to read it."""

    id: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def tables(report: Report) -> Iterator[Table]:
    """Topics, and where there are several, levels and graders."""
    if report.topics:
        several = len({result.grader for result in report.graders}) > 1
        rows = tuple(_scored(_topic(result, several), result.score, _marked(result)) for result in report.topics)
        yield Table(id="topics", title="Topics", head=("Topic", "Score"), rows=rows, note=_unmixed(several))
    if report.levels:
        rows = tuple(
            _scored(words.LEVEL_TITLE[at.level], at.score, f"{at.graded} of {at.asked} marked") for at in report.levels
        )
        note = sentences.route(report.route) or ""
        note += " Marks of several graders are in these means." if len(report.graders) > 1 else ""
        yield Table(id="levels", title="Levels", head=("Level", "Score"), rows=rows, note=note)
    if len(report.graders) > 1:
        rows = tuple(_grader(result) for result in report.graders)
        yield Table(id="graders", title="Who marked", head=("Grader", "Score"), rows=rows)


def time_table(report: Report) -> Table | None:
    """Talk and time question by question; None where nothing was answered in words."""
    said = [turn for turn in report.turns if turn.figures.words]
    if not said:
        return None
    ends = [_end(turn.figures.floor) for turn in said if turn.figures.floor]
    of = min(max(ends), LONGEST * median(ends)) if ends else 0
    is_cut = bool(ends) and max(ends) > of
    note = "Time to think and to answer: grey until the first word, where that is known. Gaps are the interviewer's."
    return Table(
        id="time",
        title="Time and talk, question by question",
        head=("Question", "Words", "Fillers", "First word after", "Answer after"),
        rows=tuple(_timed(turn, of) for turn in said),
        note=f"{note} A bar over the whole width goes on beyond it." if is_cut else note,
    )


def talk_facts(talk: TalkFigures, *, of: str) -> Iterator[tuple[str, str]]:
    """The figures of the whole sitting, named; `of` is what it is called."""
    yield f"Whole {of}", f"{sentences.duration(talk.total_s)}, with breaks"
    if talk.answered:
        each = round(talk.words / talk.answered)
        yield "Words", f"{talk.words}, {each} a question ({_questions(talk.answered)} answered in words)"
        if talk.filler_words is not None:
            share = f"{100 * talk.filler_words / talk.words:.1f} %"
            yield "Fillers", f"{share} ({talk.filler_words} of {talk.words} words)"
    if talk.first_word_s is not None:
        yield "Time to first word", f"median {sentences.duration(talk.first_word_s)} ({_questions(talk.first_word_n)})"
    if talk.answer_s is not None:
        yield "Time to the answer sent", f"median {sentences.duration(talk.answer_s)} ({_questions(talk.answer_n)})"


def _topic(result: TopicResult, several: bool) -> str:
    if several and result.grader:
        return f"{result.title}, {sentences.SCORED_BY[result.grader]}"
    return result.title


def _unmixed(several: bool) -> str:
    return "Marks of different graders are not put into one mean." if several else ""


def _marked(result: TopicResult) -> str:
    return f"{result.graded} marked" if result.graded == result.asked else f"{result.graded} of {result.asked} marked"


def _scored(label: str, score: int | None, counts: str) -> Row:
    if score is None:
        return Row(label=label, cells=("not marked",))
    return Row(label=label, cells=(f"{score} ({counts})",), stretches=(Stretch(start=0, end=score),))


def _grader(result: GraderResult) -> Row:
    return _scored(sentences.begun_large(sentences.by(result)), result.score, f"{result.graded} marked")


def _timed(turn: TurnResult, of: float) -> Row:
    figures = turn.figures
    fillers = NOT_KNOWN if figures.filler_words is None else str(figures.filler_words)
    return Row(
        label=f"Question {turn.number}",
        cells=(str(figures.words), fillers, _after(figures.first_word_s), _after(figures.answer_s)),
        stretches=tuple(_stretches(figures.floor)),
        of=of,
    )


def _stretches(floor: Iterable[Span]) -> Iterator[Stretch]:
    for span in floor:
        yield Stretch(start=span.start_s, end=span.end_s, name="full" if span.said else "half")


def _end(floor: tuple[Span, ...]) -> float:
    return floor[-1].end_s


def _after(seconds: float | None) -> str:
    return NOT_KNOWN if seconds is None else sentences.duration(seconds)


def _questions(count: int) -> str:
    return f"{count} question" if count == 1 else f"{count} questions"
