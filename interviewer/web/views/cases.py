"""Disputes for those who decide them: the contested answer and its mark, and not whose it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from interviewer.conductor.disputes import Case
from interviewer.disputes import COMMENT_CHARS, asserted_once, verdict_in_force
from interviewer.domain import SayKind, Verdict
from interviewer.scoring import turn_score
from interviewer.web import words
from interviewer.web.markdown import author_html


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A dispute in the list."""

    id: str
    at: datetime
    question: str
    point: str
    verdict: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """`disputes.html`; the oldest come first, `more` wait beyond those shown."""

    cases: tuple[CaseLine, ...]
    more: int
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChoice:
    """What the mark could be."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """`dispute.html`: all it takes to decide. `settled` says what was decided; then there is no form."""

    id: str
    at: datetime
    question: str
    asked: Markup
    answers: tuple[str, ...]
    statement: str
    verdict: str
    marked_by: str
    reason: str
    mark_quote: str
    comment: str
    score: int | None
    verdicts: tuple[VerdictChoice, ...]
    is_mistake: bool
    quote: str
    why: str
    comment_chars: int
    settled: str
    error: str | None


def cases_page(cases: Sequence[Case], *, waiting: int, done: str) -> CasesPage:
    """The disputes that wait; `done` is the id of one just settled."""
    lines = tuple(
        CaseLine(
            id=case.dispute.id,
            at=case.dispute.at,
            question=case.turn.question,
            point=case.dispute.point,
            verdict=words.VERDICT_WORD[case.dispute.verdict],
            comment=" ".join(case.dispute.comment.split()),
        )
        for case in cases
    )
    return CasesPage(cases=lines, more=max(0, waiting - len(lines)), done=done)


def case_page(case: Case, *, verdict: str = "", quote: str = "", why: str = "", error: str | None = None) -> CasePage:
    """One dispute; what was typed comes back where a decision was refused."""
    given, turn = case.dispute, case.turn
    grading = turn.grading
    mark = next((mark for mark in grading.marks if mark.point == given.point), None) if grading else None
    wrong = asserted_once(turn, given.point)
    is_mistake = mark is None and wrong is not None
    now = verdict_in_force(grading, given.point) if grading else None
    choices = (Verdict.CONTRADICTED, Verdict.MISSED) if is_mistake else tuple(Verdict)
    return CasePage(
        id=given.id,
        at=given.at,
        question=turn.question,
        asked=author_html(next((say.text for say in turn.says if say.kind is SayKind.QUESTION), "")),
        answers=turn.answers,
        statement=mark.says if mark else wrong.says if wrong else given.point,
        verdict=words.VERDICT_WORD[now] if now else "none any more",
        marked_by=words.marked_by(turn),
        reason=mark.reason if mark else "",
        mark_quote=(mark.quote if mark else wrong.quote if wrong else None) or "",
        comment=given.comment,
        score=turn_score(turn),
        verdicts=tuple(
            VerdictChoice(value=each, title=_title(each, is_mistake=is_mistake), chosen=each == verdict)
            for each in choices
        ),
        is_mistake=is_mistake,
        quote=quote,
        why=why,
        comment_chars=COMMENT_CHARS,
        settled=_settled(case),
        error=error,
    )


def _title(verdict: Verdict, *, is_mistake: bool) -> str:
    if is_mistake:
        return "it was said, the mistake stays" if verdict is Verdict.CONTRADICTED else "it was not said"
    return words.VERDICT_WORD[verdict]


def _settled(case: Case) -> str:
    made = case.dispute.decision
    return f"Decided on {made.settled_at:%Y-%m-%d}: {words.VERDICT_WORD[made.verdict]}. {made.reason}" if made else ""
