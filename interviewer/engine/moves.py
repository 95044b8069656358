"""The moves of a sitting in which one question follows another. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from interviewer.domain import (
    Grading,
    Interview,
    InterviewStatus,
    Plan,
    Point,
    Question,
    Rung,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
    Verdict,
)
from interviewer.engine.climbing import of_rung
from interviewer.engine.state import Questions, added, closed, open_turn, refuse_free, turn_of, with_turn
from interviewer.errors import NoHintLeft, OutOfTurn
from interviewer.grading.content import NoContent, no_content
from interviewer.talk import sentences

MAX_PROBES = 2
"""Probes in one turn."""
COMPLETE_FROM = 90
"""An answer that scores this much is not probed."""


def start(
    plan: Plan, queue: tuple[Rung, ...], *, interview_id: str, owner: str, questions: Questions, now: datetime
) -> Interview:
    """A new interview: the candidate is greeted and its first question has been asked; in a free sitting, all are."""
    blank = Interview(
        id=interview_id,
        owner=owner,
        plan=plan,
        status=InterviewStatus.OPEN,
        created_at=now,
        turns=(),
        queue=queue,
    )
    lead = sentences.greeting(plan)
    if not plan.behaviour.free:
        return _ask_next(blank, questions, now, lead=lead)
    found = [question for rung in queue if (question := of_rung(blank, rung, questions))]
    turns = [_asked(number, question, now, lead="") for number, question in enumerate(found, 1)]
    return replace(blank, turns=(_asked(1, found[0], now, lead=lead), *turns[1:]) if found else (), queue=())


def answer(interview: Interview, turn: int, text: str, now: datetime) -> Interview:
    """The interview with an answer that awaits its grade."""
    refuse_free(interview)
    current = open_turn(interview, turn, TurnStatus.OPEN)
    said = added(current, Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text=text, at=now))
    return with_turn(interview, replace(said, status=TurnStatus.AWAITING_GRADE))


def grade(interview: Interview, turn: int, grading: Grading, *, questions: Questions, now: datetime) -> Interview:
    """The interview with a grading added, and what follows from it: a probe, the next question, or the end.

    The answer is acknowledged in a few words that tell nothing of the marks. A turn that the interview has already
    left gets its grading and nothing else moves.
    """
    before = turn_of(interview, turn)
    if not before.answers:
        raise OutOfTurn("There is no answer to grade in that turn.")
    awaited = before.status is TurnStatus.AWAITING_GRADE
    status = TurnStatus.GRADED if awaited else before.status
    graded = replace(before, gradings=(*before.gradings, replace(grading, graded_at=now)), status=status)
    if not awaited or before is not interview.current or interview.status is InterviewStatus.FINISHED:
        return with_turn(interview, graded)
    question = questions(graded.question)
    point = probe_point(graded, question) if question and interview.plan.behaviour.talks else None
    if point is None:
        goes_on = any(questions(question_id) for rung in interview.queue for question_id in rung)
        lead = _acknowledgement(interview, graded, question, goes_on=goes_on) if interview.plan.behaviour.talks else ""
        return _ask_next(with_turn(interview, graded), questions, now, lead=lead)
    heard = _remark(_acknowledgement(interview, graded, question, goes_on=False), now)
    probe = Say(who=Speaker.INTERVIEWER, kind=SayKind.PROBE, text=point.probe or "", at=now, point=point.id)
    return with_turn(interview, replace(added(graded, heard, probe), status=TurnStatus.OPEN))


def probe_point(turn: Turn, question: Question) -> Point | None:
    """The point to probe next: the heaviest one not fully earned. None when probing is over.

    Only a partly right answer is probed, at most twice, and a second time only when the first probe gained something.
    """
    grading = turn.grading
    if grading is None or not 0 < grading.score < COMPLETE_FROM or len(turn.probed) >= MAX_PROBES:
        return None
    if turn.probed and grading.score <= turn.gradings[-2].score:
        return None
    credits = {mark.point: mark.credit for mark in grading.marks if mark.verdict is not Verdict.MET}
    open_points = [p for p in question.points if p.id in credits and p.probe and p.id not in turn.probed]
    return max(open_points, key=lambda p: p.weight * (1 - credits[p.id]), default=None)


def may_probe(turn: Turn, question: Question) -> bool:
    """Whether a probe may follow the turn's next grading, whatever that says."""
    unasked = any(point.probe and point.id not in turn.probed for point in question.points)
    return unasked and len(turn.probed) < MAX_PROBES


def hint(interview: Interview, turn: int, question: Question, now: datetime) -> Interview:
    """The interview with the next hint of the open turn shown."""
    current = open_turn(interview, turn, TurnStatus.OPEN)
    if not interview.plan.behaviour.talks:
        raise NoHintLeft("There are no hints in this sitting. Choose what you think is right, or skip.")
    if current.hints_used >= len(question.hints):
        raise NoHintLeft("There is no further hint for this question. Write what you have, or skip.")
    text = question.hints[current.hints_used]
    return with_turn(interview, added(current, Say(who=Speaker.INTERVIEWER, kind=SayKind.HINT, text=text, at=now)))


def request(interview: Interview, turn: int, text: str, now: datetime) -> Interview:
    """The interview with words of the candidate that are no answer; the turn stays open and nothing is marked."""
    refuse_free(interview)
    current = open_turn(interview, turn, TurnStatus.OPEN)
    said = Say(who=Speaker.CANDIDATE, kind=SayKind.REQUEST, text=text, at=now)
    return with_turn(interview, added(current, said))


def remark(interview: Interview, turn: int, text: str, now: datetime) -> Interview:
    """The interview with words of the interviewer that ask nothing, in its open turn."""
    return with_turn(interview, added(open_turn(interview, turn, TurnStatus.OPEN), _remark(text, now)))


def skip(interview: Interview, turn: int, *, questions: Questions, now: datetime) -> Interview:
    """The interview moved on to its next question.

    A turn with marks keeps them, one whose answer awaits its grade goes on waiting; only a turn without an answer
    is skipped.
    """
    refuse_free(interview)
    current = open_turn(interview, turn, TurnStatus.OPEN, TurnStatus.AWAITING_GRADE)
    lead = sentences.skipped(interview.plan, turn=turn) if interview.plan.behaviour.talks else ""
    return _ask_next(with_turn(interview, _left(current)), questions, now, lead=lead)


def finish(interview: Interview, now: datetime) -> Interview:
    """The interview ended here; the questions still to come are not asked."""
    refuse_free(interview)
    if interview.status is InterviewStatus.FINISHED:
        raise OutOfTurn(f"This {interview.plan.behaviour.called} is over. Its report is ready.")
    left = with_turn(interview, _left(interview.current))
    return _close(left, now, sentences.stopped(interview.plan))


def _ask_next(interview: Interview, questions: Questions, now: datetime, *, lead: str) -> Interview:
    """`lead` is what the interviewer says first: of the start, of the answer, or of the question left behind."""
    queue = interview.queue
    while queue:
        question, queue = of_rung(interview, queue[0], questions), queue[1:]
        if question is None:
            continue
        asked = _asked(len(interview.turns) + 1, question, now, lead=lead)
        return replace(interview, turns=(*interview.turns, asked), queue=queue)
    return _close(interview, now, sentences.last(interview.plan, lead))


def _asked(number: int, question: Question, now: datetime, *, lead: str) -> Turn:
    says = (Say(who=Speaker.INTERVIEWER, kind=SayKind.QUESTION, text=question.ask, at=now),)
    return Turn(
        number=number,
        question=question.id,
        status=TurnStatus.OPEN,
        says=(_remark(lead, now), *says) if lead else says,
    )


def _close(interview: Interview, now: datetime, words: str) -> Interview:
    if interview.turns:
        interview = with_turn(interview, added(interview.current, _remark(words, now)))
    return replace(interview, status=InterviewStatus.FINISHED, finished_at=now, queue=())


def _acknowledgement(interview: Interview, graded: Turn, question: Question | None, *, goes_on: bool) -> str:
    answers = sum(len(turn.answers) for turn in interview.turns)
    if question and no_content(graded.answers[-1], question) is NoContent.DONT_KNOW:
        return sentences.unknown(interview.plan, answers=answers, goes_on=goes_on)
    by_model = graded.grading.acknowledge if graded.grading else None
    return sentences.acknowledgement(interview.plan, answers=answers, by_model=by_model)


def _left(turn: Turn) -> Turn:
    """An abandoned turn: an answer that awaits its grade goes on waiting for it."""
    return turn if turn.status is TurnStatus.AWAITING_GRADE else replace(turn, status=closed(turn))


def _remark(text: str, now: datetime) -> Say:
    return Say(who=Speaker.INTERVIEWER, kind=SayKind.REMARK, text=text, at=now)
