"""Disputes: a candidate contests a mark, a person settles it, and a grading may follow. Pure.

An objection changes nothing by itself. A decision that differs from the mark in force gives a grading by `human`:
the one in force with that mark exchanged, its score computed as any other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from interviewer import engine
from interviewer.domain import (
    AssertedMisconception,
    Decision,
    Dispute,
    DisputeStatus,
    GraderKind,
    Grading,
    Interview,
    Mark,
    Turn,
    Verdict,
)
from interviewer.errors import (
    AlreadySettled,
    AnswerTooLong,
    EmptyAnswer,
    OutOfTurn,
    QuoteNotFound,
    SettledByPerson,
    UnknownChoice,
    UnusableComment,
)
from interviewer.grading.assemble import assemble
from interviewer.grading.evidence import Found, find_quote

COMMENT_CHARS = 1000
"""Most characters of an objection, and of the reason of a decision."""
NAME_CHARS = 100
CREDIT = {Verdict.MET: 1.0, Verdict.PARTLY: 0.5, Verdict.MISSED: 0.0, Verdict.CONTRADICTED: 0.0}
"""What a person's verdict is worth (DESIGN 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person says of a disputed mark; `quote` are the candidate's words that carry a credit."""

    verdict: Verdict
    reason: str
    quote: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A dispute with its decision, and the grading that follows; None where the mark in force is the one decided."""

    dispute: Dispute
    grading: Grading | None


def contest(
    interview: Interview,
    turn: int,
    point: str,
    comment: str,
    *,
    before: Sequence[Dispute],
    dispute_id: str,
    now: datetime,
) -> Dispute:
    """The candidate's objection to a mark in force; an open one keeps its id and gets the new comment.

    `before` are the disputes of the interview so far, oldest first.

    Raises:
        UnusableComment: it has no words, or more than 1,000 characters.
        UnknownChoice: that turn has no such point and no such misconception was asserted.
        OutOfTurn: its marks may not be seen yet, or there are none.
        AlreadySettled: a person has decided this very mark.
    """
    contested = engine.turn_of(interview, turn)
    grading = contested.grading
    if not engine.feedback_due(interview, contested):
        raise OutOfTurn(f"The marks of question {turn} are not out yet. You can contest them once you see them.")
    if grading is None:
        raise OutOfTurn(f"Question {turn} has no marks that could be contested.")
    verdict = verdict_in_force(grading, point)
    if verdict is None:
        raise UnknownChoice(f"There is no such point among the marks of question {turn}. Look at its feedback again.")
    newest = next((given for given in reversed(before) if (given.turn, given.point) == (turn, point)), None)
    if newest and newest.decision and not may_contest(newest, grading):
        raise AlreadySettled("A person has decided this mark. It can be contested anew when it changes.")
    is_open = newest is not None and newest.status is DisputeStatus.OPEN
    return Dispute(
        id=newest.id if newest and is_open else dispute_id,
        interview=interview.id,
        turn=turn,
        point=point,
        comment=clean_comment(comment, "objection"),
        verdict=verdict,
        grader=grading.provenance.grader,
        model=grading.provenance.model,
        at=now,
    )


def may_contest(newest: Dispute | None, grading: Grading) -> bool:
    """Whether a mark may be contested whose newest dispute is given: not while it is what a person decided."""
    if newest is None or newest.decision is None:
        return True
    return verdict_in_force(grading, newest.point) is not newest.decision.verdict


def settle(turn: Turn, dispute: Dispute, ruling: Ruling, now: datetime) -> Settled:
    """A person's decision: upheld when it differs from the mark that was contested, else rejected.

    Raises:
        AlreadySettled: it has been decided before.
        UnusableComment: there is no reason, or it is too long.
        UnknownChoice: a misconception was or was not asserted; it is not `met` or `partly`.
        QuoteNotFound: credit without words that stand in one of the turn's answers.
    """
    if dispute.decision is not None:
        raise AlreadySettled(_settled_words(dispute.id, dispute.decision))
    ruling = replace(ruling, reason=clean_comment(ruling.reason, "reason"), by=_name(ruling.by))
    decision = Decision(verdict=ruling.verdict, reason=ruling.reason, by=ruling.by, settled_at=now)
    status = DisputeStatus.REJECTED if ruling.verdict is dispute.verdict else DisputeStatus.UPHELD
    settled = replace(dispute, status=status, decision=decision)
    return Settled(settled, _override(turn, dispute.point, ruling, now))


def clean_comment(text: str, name: str) -> str:
    """An objection or a reason fit to be kept, cleaned as answers are.

    Raises:
        UnusableComment: it has no words, or more than 1,000 characters.
    """
    try:
        return engine.clean_answer(text, max_chars=COMMENT_CHARS).text
    except EmptyAnswer:
        raise UnusableComment(f"The {name} has no words. Say in a sentence or two what the mark should be.") from None
    except AnswerTooLong:
        raise UnusableComment(
            f"The {name} has {len(text.strip()):,} characters; at most {COMMENT_CHARS:,} are kept. Shorten it."
        ) from None


def verdict_in_force(grading: Grading, point: str) -> Verdict | None:
    """The verdict on a point; `contradicted` for an asserted misconception; None for anything else."""
    verdicts = {mark.point: mark.verdict for mark in grading.marks}
    if point not in verdicts and any(asserted.id == point for asserted in grading.misconceptions):
        return Verdict.CONTRADICTED
    return verdicts.get(point)


def refuse_if_settled(turn: Turn) -> None:
    """Raise SettledByPerson where a person gave the grading in force: no grader displaces it."""
    if turn.grading and turn.grading.provenance.grader is GraderKind.HUMAN:
        raise SettledByPerson(
            f"A person has decided a mark of question {turn.number}, so it is not marked again. Its marks stay."
        )


def by_people(turn: Turn) -> frozenset[str]:
    """Ids of the points and misconceptions of the grading in force that a person decided otherwise."""
    decided: set[str] = set()
    for before, after in pairwise(turn.gradings):
        if after.provenance.grader is GraderKind.HUMAN:
            decided |= set(_changed(before, after))
        else:
            decided.clear()
    return frozenset(decided)


def made_by(turn: Turn) -> Grading | None:
    """The newest grading that no person gave: where the marks come from that nobody decided."""
    return next((g for g in reversed(turn.gradings) if g.provenance.grader is not GraderKind.HUMAN), None)


def asserted_once(turn: Turn, misconception: str) -> AssertedMisconception | None:
    """A misconception as the newest grading has it that took it for asserted."""
    return next(
        (found for grading in reversed(turn.gradings) for found in grading.misconceptions if found.id == misconception),
        None,
    )


def _changed(before: Grading, after: Grading) -> Iterator[str]:
    known = {mark.point: mark for mark in before.marks}
    yield from (mark.point for mark in after.marks if known.get(mark.point) != mark)
    yield from {wrong.id for wrong in before.misconceptions} ^ {wrong.id for wrong in after.misconceptions}


def _override(turn: Turn, point: str, ruling: Ruling, now: datetime) -> Grading | None:
    """The grading in force with one mark as the person decided; None where it says so already."""
    grading = turn.grading
    if grading is None:
        return None
    marks, wrong = grading.marks, grading.misconceptions
    asserted = asserted_once(turn, point)
    if mark := next((mark for mark in marks if mark.point == point), None):
        new = _decided(mark, turn, ruling)
        marks = tuple(new if each is mark else each for each in marks)
        same = mark.verdict is ruling.verdict
    elif asserted:
        if CREDIT[ruling.verdict]:
            raise UnknownChoice(f"{point} is a misconception: it was asserted (contradicted) or it was not (missed).")
        wrong = tuple(each for each in wrong if each.id != point)
        wrong = (*wrong, asserted) if ruling.verdict is Verdict.CONTRADICTED else wrong
        same = {each.id for each in wrong} == {each.id for each in grading.misconceptions}
    else:
        return None  # the rubric has changed and the turn was marked again: the decision is kept, no mark is left
    return None if same else _by_human(grading, marks, wrong, ruling.by, now)


def _decided(mark: Mark, turn: Turn, ruling: Ruling) -> Mark:
    given = ruling.quote or (mark.quote if mark.credit and CREDIT[ruling.verdict] else None)
    found = _found(given, turn, ruling) if ruling.verdict is not Verdict.MISSED else None
    return Mark(
        point=mark.point,
        says=mark.says,
        weight=mark.weight,
        verdict=ruling.verdict,
        credit=CREDIT[ruling.verdict],
        quote=turn.answers[found.said][found.start : found.end] if found else None,
        said=found.said if found else 0,
        start=found.start if found else 0,
        end=found.end if found else 0,
        reason=ruling.reason,
    )


def _found(quote: str | None, turn: Turn, ruling: Ruling) -> Found | None:
    found = find_quote(quote, turn.answers) if quote else None
    if found is None and quote:
        raise QuoteNotFound("These words do not stand in the candidate's answers. Copy them from there, whole.")
    if found is None and CREDIT[ruling.verdict]:
        raise QuoteNotFound(
            f"A point is {ruling.verdict} only with the candidate's own words. Quote them as they stand in the answer "
            "(on the command line, with --quote)."
        )
    return found


def _by_human(
    grading: Grading,
    marks: Sequence[Mark],
    misconceptions: Sequence[AssertedMisconception],
    by: str | None,
    now: datetime,
) -> Grading:
    made = replace(grading.provenance, grader=GraderKind.HUMAN, by=by, milliseconds=0, tokens_in=None, tokens_out=None)
    settled = assemble(marks, misconceptions, provenance=made, graded_at=now, notes=grading.notes)
    return replace(settled, acknowledge=grading.acknowledge)


def _name(by: str | None) -> str | None:
    """A name on one line; none when nothing of it can be printed."""
    printable = "".join(char if char.isprintable() else " " for char in by or "")
    return " ".join(printable.split())[:NAME_CHARS] or None


def _settled_words(dispute_id: str, decision: Decision) -> str:
    by = f" by {decision.by}" if decision.by else ""
    return f"Dispute {dispute_id} was settled{by} as {decision.verdict} on {decision.settled_at:%Y-%m-%d}. It stays so."
