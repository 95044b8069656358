"""Points in review -> the cards of the deck. Pure but for the sanitiser."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.domain import PointKey, Question, QuestionKind
from interviewer.review import InReview
from interviewer.web.anki import AnkiNote
from interviewer.web.markdown import author_html, inline_html
from interviewer.web.views.review import point_html


def anki_notes(points: Iterable[InReview], bank: Bank) -> list[AnkiNote]:
    """A card for each point that the bank still has; points that state the same are one card, in any order."""
    found = (
        (bank.same_points.group(point.key)[0], point.key, question)
        for point in points
        if (question := bank.question(point.key.question))
    )
    return [_note(name, key, question) for name, key, question in sorted(found, key=lambda each: each[0])]


def _note(name: PointKey, key: PointKey, question: Question) -> AnkiNote:
    is_choice = question.kind is QuestionKind.CHOICE
    return AnkiNote(
        name=str(name),
        question=author_html(question.ask),
        asked=_options(question) if is_choice else _asked(key, question),
        point=_right(question) if is_choice else point_html(key, question),
        remember=inline_html(question.takeaway),
        sources=Markup("<br>").join(_link(source) for source in question.sources),
        tags=("interviewer", f"pack::{question.pack}", f"topic::{question.topic}", f"level::{question.level}"),
    )


def _asked(key: PointKey, question: Question) -> Markup:
    """What leads to the point: its probe, or the wrong belief to be corrected."""
    if wrong := next((wrong for wrong in question.misconceptions if wrong.id == key.point), None):
        return Markup("Is this so? {}").format(inline_html(wrong.says))
    point = next(point for point in question.points if point.id == key.point)
    return inline_html(point.probe) if point.probe else Markup("")


def _options(question: Question) -> Markup:
    return _listed(option.text for option in question.options)


def _right(question: Question) -> Markup:
    return _listed(f"{option.text} ({option.why})" for option in question.options if option.correct)


def _listed(lines: Iterable[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(inline_html(s)) for s in lines))


def _link(source: str) -> Markup:
    return Markup(f'<a href="{escape(source)}">{escape(source)}</a>')
