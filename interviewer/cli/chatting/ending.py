"""A finished interview -> its report in a terminal: how it went, why, what to learn next."""

from __future__ import annotations

from collections.abc import Iterator

from interviewer.bank import Bank
from interviewer.domain import Interview
from interviewer.report import Report, StudyItem, report
from interviewer.web import words
from interviewer.web.views.turns import topic_titles


def report_markdown(interview: Interview, bank: Bank) -> str:
    """The report without its transcript, which has just been on the screen."""
    titles = topic_titles(bank, interview.plan.pack)
    told = report(interview, bank.question, titles)
    return "\n".join(_lines(told, titles))


def _lines(told: Report, titles: dict[str, str]) -> Iterator[str]:
    verdict, reason = words.verdict_words(told.verdict)
    estimate = ", estimate" if 0 < told.graded == told.estimated else ""
    score = "Not marked." if told.verdict.score is None else f"{told.verdict.score} of 100{estimate}."
    yield f"# Report\n\n**{score} {verdict}** {reason}\n"
    yield f"{'; '.join(_counted(told))}. It is practice, not a hiring verdict.\n"
    if told.topics:
        yield "## Topics\n"
        for topic in told.topics:
            result = "not marked" if topic.score is None else f"{topic.score} of 100, {topic.graded} marked"
            yield f"- {topic.title}: {result}"
        yield ""
    if told.strengths:
        yield "## What you know\n"
        yield from (f"- {strength}" for strength in told.strengths)
        yield ""
    yield "## What to learn next\n"
    if not told.study:
        yield "Nothing stands out. Take the next level, or a longer interview."
    for place, item in enumerate(told.study, 1):
        yield from _study(place, item, titles)


def _counted(told: Report) -> Iterator[str]:
    yield f"{told.graded} marked"
    if told.estimated:
        yield f"{told.estimated} of them offline as an estimate"
    if told.skipped:
        yield f"{told.skipped} skipped, not counted as wrong"
    if told.ungraded:
        yield f"{told.ungraded} not graded yet"
    if told.not_asked:
        yield f"{told.not_asked} not asked"


def _study(place: int, item: StudyItem, titles: dict[str, str]) -> Iterator[str]:
    yield f"{place}. **{titles.get(item.topic, item.topic)}** (question {item.turn}): {item.takeaway}"
    yield from (f"   - {line}" for line in item.learn)
    yield from (f"   - Read: {source}" for source in item.sources)
