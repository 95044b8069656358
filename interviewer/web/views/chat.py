"""The chat of an interview as it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interviewer import engine
from interviewer.bank import Bank
from interviewer.conductor.live import LiveGrading
from interviewer.domain import Interview, InterviewStatus, Question, SayKind, TurnStatus
from interviewer.talk.tags import tag_of
from interviewer.web import words
from interviewer.web.views.choices import ChoiceView, choice_view
from interviewer.web.views.disputes import NONE, Objections
from interviewer.web.views.turns import TurnView, interview_title, topic_title, turn_view


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """`chat.html`."""

    id: str
    title: str
    sitting: str
    """What the sitting is called: interview, check, exam."""
    is_open: bool
    turns: tuple[TurnView, ...]
    number: int
    length: int
    topic: str
    level: str
    mode: str
    started_at: datetime
    elapsed: str
    whose_turn: str
    """What the tab is called."""
    speech: str
    """Tag of the language that is spoken, for the browser's voice and dictation; empty when it is not known."""
    can_answer: bool
    choice: ChoiceView | None
    """The options of the open question, when it is answered by choosing."""
    talks: bool
    """The interviewer can be asked for hints and repeats."""
    says_seen: int
    draft: str
    hints_left: int
    is_probe: bool
    answer_chars: int
    last_event: str
    """Id of the event up to which the page tells what happened."""
    follows: bool
    """Whether more may happen."""
    is_marking: bool
    """The current answer is being marked here, just now."""
    now_feedback: int
    """Number of the turn whose feedback is the newest thing on the page, or 0: there the page opens."""
    notice: str | None
    error: str | None


def chat_page(
    interview: Interview,
    bank: Bank,
    *,
    now: datetime,
    draft: str,
    answer_chars: int,
    last_event: str,
    live: LiveGrading | None = None,
    objections: Objections = NONE,
    notice: str | None = None,
    error: str | None = None,
) -> ChatPage:
    """The chat of an interview as it stands; `draft` is what the composer holds."""
    current = interview.current
    question = bank.question(current.question)
    is_open = interview.status is InterviewStatus.OPEN
    is_marking = live is not None and live.number == current.number
    return ChatPage(
        id=interview.id,
        title=interview_title(interview, bank),
        sitting=interview.plan.behaviour.called,
        is_open=is_open,
        turns=tuple(turn_view(interview, turn, bank, live=live, objections=objections) for turn in interview.turns),
        number=current.number,
        length=interview.length,
        topic=topic_title(bank, interview, question),
        level=words.LEVEL_TITLE[interview.plan.level],
        mode=words.MODE_TITLE[interview.plan.mode],
        started_at=interview.created_at,
        elapsed=_elapsed(interview, now),
        whose_turn=_whose_turn(interview, is_marking=is_marking),
        speech=tag_of(interview.plan.language),
        can_answer=is_open and current.status is TurnStatus.OPEN,
        choice=choice_view(interview, current, question) if is_open else None,
        talks=interview.plan.behaviour.talks,
        says_seen=len(current.says),
        draft=draft,
        hints_left=_hints_left(interview, question),
        is_probe=bool(current.probed),
        answer_chars=answer_chars,
        last_event=last_event,
        follows=is_open or any(turn.status is TurnStatus.AWAITING_GRADE for turn in interview.turns),
        is_marking=is_marking,
        now_feedback=_now_feedback(interview),
        notice=notice,
        error=error,
    )


def _hints_left(interview: Interview, question: Question | None) -> int:
    if question is None or not interview.plan.behaviour.talks:
        return 0
    return max(0, len(question.hints) - interview.current.hints_used)


def _now_feedback(interview: Interview) -> int:
    last = interview.turns[-1]
    if interview.status is InterviewStatus.FINISHED:
        return last.number if engine.feedback_due(interview, last) else 0
    if last.says[-1].kind is not SayKind.QUESTION or last.number == 1:
        return 0
    before = interview.turns[-2]
    return before.number if engine.feedback_due(interview, before) else 0


def _whose_turn(interview: Interview, *, is_marking: bool) -> str:
    if interview.status is InterviewStatus.FINISHED:
        return f"{interview.plan.behaviour.called.capitalize()} over"
    question = f"question {interview.current.number} of {interview.length}"
    if interview.current.status is TurnStatus.OPEN:
        return f"Your turn: {question}"
    return "Being marked…" if is_marking else f"Not marked yet: {question}"


def _elapsed(interview: Interview, now: datetime) -> str:
    seconds = int(((interview.finished_at or now) - interview.created_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"
