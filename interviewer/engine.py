"""The session engine: whose turn it is and what may happen next. Pure.

Every function takes an Interview and gives a new one, or raises because the move is not allowed now. Clock and
questions are arguments. Says and gradings are only ever added.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from interviewer.domain import (
    Grading,
    Interview,
    InterviewStatus,
    Mode,
    Plan,
    Point,
    Question,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
    Verdict,
)
from interviewer.errors import AnswerTooLong, EmptyAnswer, NoHintLeft, OutOfTurn
from interviewer.grading.content import NoContent, no_content
from interviewer.talk import sentences

Questions = Callable[[str], Question | None]
"""Question id -> question, or None when it has left the bank."""

MAX_PROBES = 2
"""Probes in one turn."""
COMPLETE_FROM = 90
"""An answer that scores this much is not probed."""


@dataclass(frozen=True, slots=True)
class CleanAnswer:
    """An answer fit to be kept; `replaced` counts the characters that no database and no page can hold."""

    text: str
    replaced: int


def clean_answer(text: str, *, max_chars: int) -> CleanAnswer:
    """The answer with line ends made uniform and unusable characters (NUL, lone surrogates) shown as �.

    Raises:
        EmptyAnswer: no letter, digit or sign is left.
        AnswerTooLong: more than `max_chars` characters.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(unicodedata.category(char)[0] in "LNSP" for char in text):
        raise EmptyAnswer("There are no words in the answer. Write what you know, ask for a hint, or skip.")
    if len(text) > max_chars:
        raise AnswerTooLong(
            f"The answer has {len(text):,} characters; at most {max_chars:,} can be marked. Shorten it and send again."
        )
    return CleanAnswer(_storable(text), sum(map(_unusable, text)))


def clean_draft(text: str, *, max_chars: int) -> str:
    """An unsent text fit to be kept, cut where it is longer than an answer may be by far."""
    return _storable(text.replace("\r\n", "\n"))[: 2 * max_chars]


def start(
    plan: Plan, queue: tuple[str, ...], *, interview_id: str, owner: str, questions: Questions, now: datetime
) -> Interview:
    """A new interview: the candidate is greeted and its first question has been asked."""
    blank = Interview(
        id=interview_id,
        owner=owner,
        plan=plan,
        status=InterviewStatus.OPEN,
        created_at=now,
        turns=(),
        queue=queue,
    )
    return _ask_next(blank, questions, now, lead=sentences.greeting(plan))


def answer(interview: Interview, turn: int, text: str, now: datetime) -> Interview:
    """The interview with an answer that awaits its grade."""
    current = _current(interview, turn, TurnStatus.OPEN)
    said = _add(current, Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text=text, at=now))
    return _replace_turn(interview, replace(said, status=TurnStatus.AWAITING_GRADE))


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
        return _replace_turn(interview, graded)
    question = questions(graded.question)
    point = probe_point(graded, question) if question else None
    if point is None:
        lead = _acknowledgement(interview, graded, question, goes_on=any(map(questions, interview.queue)))
        return _ask_next(_replace_turn(interview, graded), questions, now, lead=lead)
    heard = _remark(_acknowledgement(interview, graded, question, goes_on=False), now)
    probe = Say(who=Speaker.INTERVIEWER, kind=SayKind.PROBE, text=point.probe or "", at=now, point=point.id)
    return _replace_turn(interview, replace(_add(graded, heard, probe), status=TurnStatus.OPEN))


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
    current = _current(interview, turn, TurnStatus.OPEN)
    if current.hints_used >= len(question.hints):
        raise NoHintLeft("There is no further hint for this question. Write what you have, or skip.")
    text = question.hints[current.hints_used]
    return _replace_turn(interview, _add(current, Say(who=Speaker.INTERVIEWER, kind=SayKind.HINT, text=text, at=now)))


def request(interview: Interview, turn: int, text: str, now: datetime) -> Interview:
    """The interview with words of the candidate that are no answer; the turn stays open and nothing is marked."""
    current = _current(interview, turn, TurnStatus.OPEN)
    said = Say(who=Speaker.CANDIDATE, kind=SayKind.REQUEST, text=text, at=now)
    return _replace_turn(interview, _add(current, said))


def remark(interview: Interview, turn: int, text: str, now: datetime) -> Interview:
    """The interview with words of the interviewer that ask nothing, in its open turn."""
    return _replace_turn(interview, _add(_current(interview, turn, TurnStatus.OPEN), _remark(text, now)))


def skip(interview: Interview, turn: int, *, questions: Questions, now: datetime) -> Interview:
    """The interview moved on to its next question.

    A turn with marks keeps them, one whose answer awaits its grade goes on waiting; only a turn without an answer
    is skipped.
    """
    current = _current(interview, turn, TurnStatus.OPEN, TurnStatus.AWAITING_GRADE)
    lead = sentences.skipped(interview.plan, turn=turn)
    return _ask_next(_replace_turn(interview, _left(current)), questions, now, lead=lead)


def finish(interview: Interview, now: datetime) -> Interview:
    """The interview ended here; the questions still to come are not asked."""
    if interview.status is InterviewStatus.FINISHED:
        raise OutOfTurn("This interview is over. Its report is ready.")
    left = _replace_turn(interview, _left(interview.current))
    return _close(left, now, sentences.stopped(interview.plan))


def feedback_due(interview: Interview, turn: Turn) -> bool:
    """Whether the turn's marks and reference may be shown.

    Not while its question is open, and in a mock interview not before the interview is over.
    """
    if turn.status in (TurnStatus.OPEN, TurnStatus.AWAITING_GRADE):
        return False
    return interview.plan.mode is Mode.PRACTICE or interview.status is InterviewStatus.FINISHED


def turn_of(interview: Interview, number: int) -> Turn:
    """The turn of that number (from 1); OutOfTurn when there is none."""
    if not 1 <= number <= len(interview.turns):
        raise OutOfTurn(f"This interview has no question {number} yet.")
    return interview.turns[number - 1]


def moved_since(turn: Turn, says_seen: int) -> bool:
    """Whether more has happened in a turn than somebody had seen who had seen that many of its says.

    The question itself and remarks change nothing about an answer.
    """
    unseen = turn.says[says_seen:]
    return says_seen > len(turn.says) or any(say.kind not in (SayKind.QUESTION, SayKind.REMARK) for say in unseen)


def _current(interview: Interview, number: int, *allowed: TurnStatus) -> Turn:
    turn = turn_of(interview, number)
    if interview.status is InterviewStatus.FINISHED:
        raise OutOfTurn("This interview is over. Its report is ready.")
    if turn is not interview.current:
        raise OutOfTurn(f"The interview has moved on to question {interview.current.number}.")
    if turn.status not in allowed:
        raise OutOfTurn("This answer is already in and is being marked.")
    return turn


def _ask_next(interview: Interview, questions: Questions, now: datetime, *, lead: str) -> Interview:
    """`lead` is what the interviewer says first: of the start, of the answer, or of the question left behind."""
    queue = interview.queue
    while queue:
        question, queue = questions(queue[0]), queue[1:]
        if question is None:
            continue
        asked = Turn(
            number=len(interview.turns) + 1,
            question=question.id,
            status=TurnStatus.OPEN,
            says=(
                _remark(lead, now),
                Say(who=Speaker.INTERVIEWER, kind=SayKind.QUESTION, text=question.ask, at=now),
            ),
        )
        return replace(interview, turns=(*interview.turns, asked), queue=queue)
    return _close(interview, now, sentences.last(interview.plan, lead))


def _close(interview: Interview, now: datetime, words: str) -> Interview:
    if interview.turns:
        interview = _replace_turn(interview, _add(interview.current, _remark(words, now)))
    return replace(interview, status=InterviewStatus.FINISHED, finished_at=now, queue=())


def _acknowledgement(interview: Interview, graded: Turn, question: Question | None, *, goes_on: bool) -> str:
    answers = sum(len(turn.answers) for turn in interview.turns)
    if question and no_content(graded.answers[-1], question) is NoContent.DONT_KNOW:
        return sentences.unknown(interview.plan, answers=answers, goes_on=goes_on)
    by_model = graded.grading.acknowledge if graded.grading else None
    return sentences.acknowledgement(interview.plan, answers=answers, by_model=by_model)


def _left(turn: Turn) -> Turn:
    """An abandoned turn: an answer that awaits its grade goes on waiting for it."""
    return turn if turn.status is TurnStatus.AWAITING_GRADE else replace(turn, status=_closed(turn))


def _closed(turn: Turn) -> TurnStatus:
    return TurnStatus.GRADED if turn.answers else TurnStatus.SKIPPED


def _add(turn: Turn, *says: Say) -> Turn:
    return replace(turn, says=(*turn.says, *says))


def _remark(text: str, now: datetime) -> Say:
    return Say(who=Speaker.INTERVIEWER, kind=SayKind.REMARK, text=text, at=now)


def _replace_turn(interview: Interview, turn: Turn) -> Interview:
    turns = tuple(turn if old.number == turn.number else old for old in interview.turns)
    return replace(interview, turns=turns)


def _storable(text: str) -> str:
    return "".join("\ufffd" if _unusable(char) else char for char in text)


def _unusable(char: str) -> bool:
    category = unicodedata.category(char)
    return category == "Cs" or (category == "Cc" and char not in "\n\t")
