"""A turn -> what its bubbles and its feedback card print. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from interviewer import engine
from interviewer.bank import Bank
from interviewer.domain import (
    GraderKind,
    Grading,
    Interview,
    Question,
    SayKind,
    Turn,
    TurnStatus,
    Verdict,
)
from interviewer.scoring import AFTER_PROBE_SHARE, HINT_COST, mean_score, turn_score
from interviewer.web import words
from interviewer.web.markdown import Span, author_html, candidate_html, inline_html


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """A point in the feedback card."""

    sign: str
    word: str
    says: Markup
    quote: str | None
    anchor: str
    reason: str
    weight: int
    after_probe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongView:
    """An asserted misconception in the feedback card."""

    fix: Markup
    quote: str
    anchor: str
    penalty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackView:
    """The feedback card of a turn: marks, what would have made it full, the line to remember, and the folded rest."""

    score: int | None
    summary: str
    who: str
    estimate: bool
    fallback: str | None
    points: tuple[PointView, ...]
    wrong: tuple[WrongView, ...]
    notes: tuple[str, ...]
    improve: tuple[str, ...]
    cost: str | None
    takeaway: Markup
    reference: Markup
    analogy: Markup | None
    example: Markup | None
    sources: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]


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
        feedback=_feedback(turn, question) if due and question else None,
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
        Span(mark.start, mark.end, _anchor(turn, mark.point))
        for mark in turn.grading.marks
        if mark.quote and mark.said == said
    ]
    wrong = [
        Span(asserted.start, asserted.end, _anchor(turn, asserted.id))
        for asserted in turn.grading.misconceptions
        if asserted.said == said
    ]
    return earned + wrong


def _anchor(turn: Turn, name: str) -> str:
    return f"t{turn.number}-{name}"


def _feedback(turn: Turn, question: Question) -> FeedbackView:
    grading = turn.grading
    example = f"```python\n{question.example.code}\n```" if question.example else None
    return FeedbackView(
        score=turn_score(turn),
        summary=_summary(turn, grading),
        who=_who(grading),
        estimate=grading is not None and grading.provenance.grader is GraderKind.FUZZY,
        fallback=_fallback(grading),
        points=_points(turn, question, grading),
        wrong=tuple(
            WrongView(
                fix=inline_html(asserted.fix),
                quote=asserted.quote,
                anchor=_anchor(turn, asserted.id),
                penalty=asserted.penalty,
            )
            for asserted in (grading.misconceptions if grading else ())
        ),
        notes=grading.notes if grading else (),
        improve=_improve(grading),
        cost=_cost(turn, grading),
        takeaway=inline_html(question.takeaway),
        reference=author_html(question.reference),
        analogy=author_html(question.analogy) if question.analogy else None,
        example=author_html(example) if example else None,
        sources=question.sources,
        provenance=tuple(_provenance(grading)) if grading else (),
    )


def _summary(turn: Turn, grading: Grading | None) -> str:
    if grading is None or turn_score(turn) is None:
        return "Skipped: not marked, and not counted as wrong."
    met = sum(mark.verdict is Verdict.MET for mark in grading.marks)
    estimate = grading.provenance.grader is GraderKind.FUZZY
    return words.score_meaning(estimate=estimate, met=met, points=len(grading.marks))


def _who(grading: Grading | None) -> str:
    if grading is None:
        return ""
    if grading.provenance.grader is GraderKind.FUZZY:
        return "marked offline"
    return f"marked by {grading.provenance.model}"


def _fallback(grading: Grading | None) -> str | None:
    reason = grading.provenance.fallback if grading else None
    return words.fallback_words(reason) if reason else None


def _points(turn: Turn, question: Question, grading: Grading | None) -> tuple[PointView, ...]:
    if grading is None:
        return tuple(
            PointView(
                sign="·",
                word="not marked",
                says=inline_html(point.says),
                quote=None,
                anchor="",
                reason="",
                weight=point.weight,
                after_probe=False,
            )
            for point in question.points
        )
    return tuple(
        PointView(
            sign=words.VERDICT_SIGN[mark.verdict],
            word=words.VERDICT_WORD[mark.verdict],
            says=inline_html(mark.says),
            quote=mark.quote,
            anchor=_anchor(turn, mark.point),
            reason=mark.reason,
            weight=mark.weight,
            after_probe=mark.said > 0 and mark.credit > 0,
        )
        for mark in grading.marks
    )


def _improve(grading: Grading | None) -> tuple[str, ...]:
    """What the model said would have made it full; the offline grader's points already say it."""
    if grading is None or grading.provenance.grader is GraderKind.FUZZY:
        return ()
    return grading.improve


def _cost(turn: Turn, grading: Grading | None) -> str | None:
    """What hints and follow-ups took off the score."""
    lines = []
    if grading and any(mark.said > 0 and mark.credit > 0 for mark in grading.marks):
        lines.append(f"A point said only after a follow-up counts {AFTER_PROBE_SHARE:.0%}.")
    if turn.hints_used:
        lines.append(f"{turn.hints_used * HINT_COST} points off for hints.")
    return " ".join(lines) or None


def _provenance(grading: Grading) -> list[tuple[str, str]]:
    made = grading.provenance
    rows = [
        ("Grader", "model" if made.grader is GraderKind.LLM else "offline keyword grader (an estimate)"),
        ("Bank revision", made.bank),
        ("Marked at", f"{grading.graded_at:%Y-%m-%d %H:%M} UTC, in {made.milliseconds} ms"),
    ]
    if made.model:
        rows.append(("Model", made.model))
    if made.prompt:
        rows.append(("Prompt", made.prompt))
    if made.tokens_in is not None:
        rows.append(("Tokens", f"{made.tokens_in} in, {made.tokens_out} out"))
    return rows
