"""A turn whose marks may be seen -> its feedback card. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from interviewer.domain import GraderKind, Grading, Question, Turn, Verdict
from interviewer.scoring import AFTER_PROBE_SHARE, HINT_COST, turn_score
from interviewer.web import words
from interviewer.web.markdown import author_html, inline_html


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


def anchor(turn: Turn, name: str) -> str:
    """Where in the page the words stand that a mark or a misconception quotes."""
    return f"t{turn.number}-{name}"


def feedback(turn: Turn, question: Question) -> FeedbackView:
    """The card of a turn whose feedback may be seen."""
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
                anchor=anchor(turn, asserted.id),
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
            anchor=anchor(turn, mark.point),
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
