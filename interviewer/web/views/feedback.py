"""A turn whose marks may be seen -> its feedback card. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from interviewer.disputes import asserted_once, made_by
from interviewer.domain import GraderKind, Grading, Question, Turn, Verdict
from interviewer.scoring import AFTER_PROBE_SHARE, HINT_COST, turn_score
from interviewer.web import words
from interviewer.web.markdown import author_html, inline_html
from interviewer.web.views.choices import ChoiceView
from interviewer.web.views.disputes import NONE, Objections, ObjectionView, elsewhere, objection_view

GRADER = {
    GraderKind.LLM: "model",
    GraderKind.FUZZY: "offline keyword grader (an estimate)",
    GraderKind.KEY: "the bank's key: each option is right or wrong there",
    GraderKind.HUMAN: "a person",
}


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
    objection: ObjectionView | None = None
    unsure: str | None = None
    votes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongView:
    """An asserted misconception in the feedback card."""

    fix: Markup
    quote: str
    anchor: str
    penalty: int
    objection: ObjectionView


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneView:
    """Something contested that is no longer among the marks."""

    says: Markup | None
    objection: ObjectionView


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
    gone: tuple[GoneView, ...]
    choice: ChoiceView | None
    """The options, for a question that has some: they stand in the place of points and reference."""
    notes: tuple[str, ...]
    improve: tuple[str, ...]
    cost: str | None
    takeaway: Markup
    reference: Markup
    analogy: Markup | None
    example: Markup | None
    sources: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    can_mark_again: bool
    was_asked: bool
    """A model was asked to mark it, or would have been."""


def anchor(turn: Turn, name: str) -> str:
    """Where in the page the words stand that a mark or a misconception quotes."""
    return f"t{turn.number}-{name}"


def feedback(
    turn: Turn, question: Question, objections: Objections = NONE, *, choice: ChoiceView | None = None
) -> FeedbackView:
    """The card of a turn whose feedback may be seen; `choice` are the options of its question."""
    grading = turn.grading
    example = f"```python\n{question.example.code}\n```" if question.example else None
    return FeedbackView(
        score=turn_score(turn),
        summary=_summary(turn, grading),
        who=words.marked_by(turn),
        estimate=grading is not None and grading.provenance.grader is GraderKind.FUZZY,
        fallback=_fallback(grading),
        points=_points(turn, grading, objections) if grading else _unmarked(question),
        wrong=_wrong(turn, grading, objections) if grading else (),
        gone=_gone(turn, grading, objections) if grading else (),
        choice=choice,
        notes=grading.notes if grading else (),
        improve=_improve(grading),
        cost=_cost(turn, grading),
        takeaway=inline_html(question.takeaway),
        reference=author_html(question.reference),
        analogy=author_html(question.analogy) if question.analogy else None,
        example=author_html(example) if example else None,
        sources=question.sources,
        provenance=tuple(_provenance(turn, grading)) if grading else (),
        can_mark_again=grading is not None and grading.provenance.grader in (GraderKind.LLM, GraderKind.FUZZY),
        was_asked=any(made.provenance.calls or made.provenance.fallback for made in turn.gradings),
    )


def _summary(turn: Turn, grading: Grading | None) -> str:
    if grading is None or turn_score(turn) is None:
        return "Skipped: not marked, and not counted as wrong."
    met = sum(mark.verdict is Verdict.MET for mark in grading.marks)
    if grading.provenance.grader is GraderKind.KEY:
        return words.choice_meaning(right=met, of=len(grading.marks), wrong=len(grading.misconceptions))
    estimate = grading.provenance.grader is GraderKind.FUZZY
    return words.score_meaning(estimate=estimate, met=met, points=len(grading.marks))


def _fallback(grading: Grading | None) -> str | None:
    made = grading.provenance if grading else None
    if made is None or made.fallback is None or made.grader is GraderKind.HUMAN:
        return None
    return words.fallback_words(made.fallback)


def _unmarked(question: Question) -> tuple[PointView, ...]:
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


def _wrong(turn: Turn, grading: Grading, objections: Objections) -> tuple[WrongView, ...]:
    return tuple(
        WrongView(
            fix=inline_html(asserted.fix),
            quote=asserted.quote,
            anchor=anchor(turn, asserted.id),
            penalty=asserted.penalty,
            objection=objection_view(objections, turn, grading, asserted.id, label=f"mistake {place}"),
        )
        for place, asserted in enumerate(grading.misconceptions, 1)
    )


def _gone(turn: Turn, grading: Grading, objections: Objections) -> tuple[GoneView, ...]:
    views = []
    for point in elsewhere(objections, turn, grading):
        asserted = asserted_once(turn, point)
        view = objection_view(objections, turn, grading, point, label="")
        views.append(GoneView(says=inline_html(asserted.says) if asserted else None, objection=view))
    return tuple(views)


def _points(turn: Turn, grading: Grading, objections: Objections) -> tuple[PointView, ...]:
    return tuple(
        PointView(
            sign=words.VERDICT_SIGN[mark.verdict],
            word=words.VERDICT_WORD[mark.verdict],
            says=inline_html(mark.says),
            quote=mark.quote,
            anchor=anchor(turn, mark.point),
            reason=mark.reason,
            weight=mark.weight,
            after_probe=mark.said > 0 and mark.credit > 0,
            objection=objection_view(objections, turn, grading, mark.point, label=f"point {place}"),
            unsure=words.unsure_words(mark),
            votes=words.votes_words(mark),
        )
        for place, mark in enumerate(grading.marks, 1)
    )


def _improve(grading: Grading | None) -> tuple[str, ...]:
    """What the model said would have made it full; in other gradings the points already say it."""
    if grading is None or grading.provenance.grader is not GraderKind.LLM:
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


def _provenance(turn: Turn, grading: Grading) -> list[tuple[str, str]]:
    marked = made_by(turn) or grading
    made = marked.provenance
    rows = [
        ("Grader", GRADER[made.grader]),
        ("Bank revision", made.bank),
        ("Marked at", f"{marked.graded_at:%Y-%m-%d %H:%M} UTC, in {made.milliseconds} ms"),
    ]
    if marked is not grading:
        by = f" ({grading.provenance.by})" if grading.provenance.by else ""
        rows.append(("Decided", f"{words.decided_words(turn)}{by}, {grading.graded_at:%Y-%m-%d %H:%M} UTC"))
    if made.model:
        rows.append(("Model", made.model))
    if made.prompt:
        rows.append(("Prompt", made.prompt))
    if made.tokens_in is not None:
        rows.append(("Tokens", f"{made.tokens_in} in, {made.tokens_out} out"))
    return rows
