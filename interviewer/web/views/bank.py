"""The bank page: what can be asked, never the references. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.domain import Level, Pack
from interviewer.web import words
from interviewer.web.markdown import inline_html


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    """A topic in the table of the bank page."""

    topic: str
    title: str
    counts: tuple[int, ...]
    questions: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack on the bank page."""

    id: str
    title: str
    about: str
    rows: tuple[BankRow, ...]
    totals: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPage:
    """`bank.html`."""

    levels: tuple[str, ...]
    packs: tuple[PackView, ...]


def bank_page(bank: Bank) -> BankPage:
    """What the bank holds: questions by pack, topic and level, never their references."""
    return BankPage(levels=tuple(words.LEVEL_TITLE[level] for level in Level), packs=tuple(map(_of_pack, bank.packs)))


def _of_pack(pack: Pack) -> PackView:
    rows = []
    for topic in pack.topics:
        of_topic = [question for question in pack.questions if question.topic == topic.id]
        counts = tuple(sum(q.level is level for q in of_topic) for level in Level)
        asks = tuple((words.LEVEL_TITLE[q.level], inline_html(q.ask.replace("\n", " "))) for q in of_topic)
        rows.append(BankRow(topic=topic.id, title=topic.title, counts=counts, questions=asks))
    totals = tuple(sum(row.counts[at] for row in rows) for at in range(len(Level)))
    return PackView(id=pack.id, title=pack.title, about=pack.about, rows=tuple(rows), totals=totals)
