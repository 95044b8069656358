"""A turn -> what its bubbles and its feedback card print. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from interviewer import engine
from interviewer.bank import Bank
from interviewer.conductor.live import LiveGrading
from interviewer.domain import (
    Interview,
    Question,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
)
from interviewer.scoring import sitting_score
from interviewer.talk.tags import tag_of
from interviewer.web import words
from interviewer.web.markdown import Span, author_html, candidate_html
from interviewer.web.views.choices import choice_view
from interviewer.web.views.disputes import NONE, Objections
from interviewer.web.views.feedback import FeedbackView, anchor, feedback
from interviewer.web.views.live import LiveView, live_view


@dataclass(frozen=True, slots=True, kw_only=True)
class SayView:
    """One bubble; `english` is what was said in another language, as the bank has it."""

    who: str
    kind: str
    html: Markup
    english: Markup | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A turn in the transcript."""

    number: int
    topic: str
    status: str
    says: tuple[SayView, ...]
    feedback: FeedbackView | None
    live: LiveView | None
    lang: str | None
    """Tag of the language the interviewer speaks, where that is another than the page's."""
    is_marking: bool
    """It is being marked in this process, just now."""
    can_mark_now: bool
    marked_later: bool


def turn_view(
    interview: Interview,
    turn: Turn,
    bank: Bank,
    *,
    live: LiveGrading | None = None,
    objections: Objections = NONE,
) -> TurnView:
    """A turn as its candidate may see it now; `live` is the grading that is being made in its interview, if one is."""
    question = bank.question(turn.question)
    due = engine.feedback_due(interview, turn)
    is_marking = live is not None and live.number == turn.number
    return TurnView(
        number=turn.number,
        topic=topic_title(bank, interview, question),
        status=turn.status,
        says=tuple(_says(turn, question if interview.plan.language else None, show_quotes=due)),
        feedback=feedback(turn, question, objections, choice=choice_view(interview, turn, question))
        if due and question
        else None,
        live=live_view(live, turn.number),
        lang=tag_of(interview.plan.language) if interview.plan.language else None,
        is_marking=is_marking,
        can_mark_now=turn.status is TurnStatus.AWAITING_GRADE and not is_marking,
        marked_later=turn.status is TurnStatus.GRADED and not due,
    )


def interview_title(interview: Interview, bank: Bank) -> str:
    """Level and mode of an interview in words, and its subject where there are several."""
    plan = interview.plan
    level, mode = words.LEVEL_TITLE[plan.level], words.MODE_TITLE[plan.mode].lower()
    pack = bank.pack(plan.pack)
    subject = f"{pack.title if pack else plan.pack}: " if len(bank.packs) > 1 or pack is None else ""
    return f"{subject}{level.lower() if subject else level}, {mode}"


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
    due = [turn for turn in interview.turns if engine.feedback_due(interview, turn)]
    return sitting_score(interview, due)


def _says(turn: Turn, translated: Question | None, *, show_quotes: bool) -> list[SayView]:
    """The bubbles of a turn; `translated` is its question when the interviewer speaks another language than English."""
    views: list[SayView] = []
    said = 0
    hints = iter(translated.hints if translated else ())
    for say in turn.says_in_force:
        if say.kind is SayKind.ANSWER:
            spans = _spans(turn, said) if show_quotes else ()
            html = candidate_html(say.text, spans)
            said += 1
        elif say.who is Speaker.CANDIDATE:
            html = candidate_html(say.text, ())
        else:
            html = author_html(say.text)
        original = _in_bank(say, translated, hints) if translated else None
        english = author_html(original) if original and original.strip() != say.text.strip() else None
        views.append(SayView(who=say.who, kind=say.kind, html=html, english=english, at=say.at))
    return views


def _in_bank(say: Say, question: Question, hints: Iterator[str]) -> str | None:
    """What the bank has for something that the interviewer said; `hints` are those still to come."""
    match say.kind:
        case SayKind.QUESTION:
            return question.ask
        case SayKind.PROBE:
            return next((point.probe for point in question.points if point.id == say.point), None)
        case SayKind.HINT:
            return next(hints, None)
        case _:
            return None


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
