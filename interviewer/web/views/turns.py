"""A turn -> what its bubbles and its feedback card print. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from interviewer import engine
from interviewer.bank import Bank
from interviewer.domain import (
    Interview,
    Question,
    SayKind,
    Turn,
    TurnStatus,
)
from interviewer.scoring import mean_score
from interviewer.web import words
from interviewer.web.markdown import Span, author_html, candidate_html
from interviewer.web.views.feedback import FeedbackView, anchor, feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class SayView:
    """One bubble."""

    who: str
    kind: str
    html: Markup
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A turn in the transcript."""

    number: int
    topic: str
    status: str
    says: tuple[SayView, ...]
    feedback: FeedbackView | None
    can_mark_now: bool
    marked_later: bool


def turn_view(interview: Interview, turn: Turn, bank: Bank) -> TurnView:
    """A turn as its candidate may see it now."""
    question = bank.question(turn.question)
    due = engine.feedback_due(interview, turn)
    return TurnView(
        number=turn.number,
        topic=topic_title(bank, interview, question),
        status=turn.status,
        says=tuple(_says(turn, show_quotes=due)),
        feedback=feedback(turn, question) if due and question else None,
        can_mark_now=turn.status is TurnStatus.AWAITING_GRADE,
        marked_later=turn.status is TurnStatus.GRADED and not due,
    )


def interview_title(interview: Interview) -> str:
    """Level and mode of an interview in words."""
    plan = interview.plan
    return f"{words.LEVEL_TITLE[plan.level]}, {words.MODE_TITLE[plan.mode].lower()}"


def topic_title(bank: Bank, interview: Interview, question: Question | None) -> str:
    """The title of a question's topic."""
    if question is None:
        return "A question that has left the bank"
    return topic_titles(bank, interview.plan.pack).get(question.topic, question.topic)


def topic_titles(bank: Bank, pack_id: str) -> dict[str, str]:
    """Topic id -> title of a pack."""
    pack = bank.pack(pack_id)
    return {topic.id: topic.title for topic in pack.topics} if pack else {}


def overall(interview: Interview) -> int | None:
    """The interview's score as far as its candidate may see it."""
    return mean_score(turn for turn in interview.turns if engine.feedback_due(interview, turn))


def _says(turn: Turn, *, show_quotes: bool) -> list[SayView]:
    views: list[SayView] = []
    said = 0
    for say in turn.says:
        if say.kind is SayKind.ANSWER:
            spans = _spans(turn, said) if show_quotes else ()
            html = candidate_html(say.text, spans)
            said += 1
        else:
            html = author_html(say.text)
        views.append(SayView(who=say.who, kind=say.kind, html=html, at=say.at))
    return views


def _spans(turn: Turn, said: int) -> list[Span]:
    if turn.grading is None:
        return []
    earned = [
        Span(mark.start, mark.end, anchor(turn, mark.point))
        for mark in turn.grading.marks
        if mark.quote and mark.said == said
    ]
    wrong = [
        Span(asserted.start, asserted.end, anchor(turn, asserted.id))
        for asserted in turn.grading.misconceptions
        if asserted.said == said
    ]
    return earned + wrong
