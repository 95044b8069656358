"""What a grading tells while it is being made: kept in this process until it is over, told to others by `telling`.

Each grading has a log that only grows, so an event's place in it is its id beside the grading's token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import TypeAdapter

from interviewer import engine
from interviewer.domain import Interview, InterviewStatus, Mark, Question, Turn, TurnStatus
from interviewer.store import Log

MOST_EVENTS = 200
"""A grading that tells more than this is not followed further: a log must not grow without end."""


class LiveKind(StrEnum):
    """What a grading tells."""

    QUICK = "quick"
    """The offline grader's marks, one for each point."""
    MARK = "mark"
    """The model's mark on one point."""
    AGAIN = "again"
    """The model's marks so far fall, it is asked once more."""


class Showing(StrEnum):
    """How much of a grading its candidate may see before it is there."""

    COUNTS = "counts"
    """How many points were read: a mock interview has no marks before its end."""
    SAID = "said"
    """Verdicts and the candidate's own words, and a point's sentence once the model says that it was said."""
    ALL = "all"
    """The sentence of every point: nothing can be asked about them any more."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something a running grading told, with the marks it is about."""

    kind: LiveKind
    marks: tuple[Mark, ...] = ()


def showing(interview: Interview, turn: Turn, question: Question) -> Showing:
    """What may be seen of a grading of that turn while it is being made."""
    if engine.feedback_due(interview, turn):
        return Showing.ALL
    if not engine.feedback_due(interview, replace(turn, status=TurnStatus.GRADED)):
        return Showing.COUNTS
    is_left = turn is not interview.current or interview.status is InterviewStatus.FINISHED
    closes = turn.status is TurnStatus.AWAITING_GRADE and (is_left or not engine.may_probe(turn, question))
    return Showing.ALL if closes else Showing.SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A log as it is written down."""

    number: int
    version: int
    question: str
    showing: Showing
    events: tuple[LiveEvent, ...]


_WRITTEN = TypeAdapter(_Written)


class LiveGrading:
    """A grading that is being made: the watcher of its run, and its log."""

    def __init__(
        self, interview: Interview, turn: Turn, question: Question, *, token: str, ring: Callable[[], None]
    ) -> None:
        self.number = turn.number
        self.version = interview.version
        self.points = question.points
        self.showing = showing(interview, turn, question)
        self.token = token
        self.events: tuple[LiveEvent, ...] = ()
        self._question = question.id
        self._places = {point.id: place for place, point in enumerate(question.points, 1)}
        self._ring = ring

    @classmethod
    def read(cls, kept: Log, interview: Interview, questions: Callable[[str], Question | None]) -> LiveGrading | None:
        """A grading that another process makes, as far as it has told; None when its question has left the bank."""
        written = _WRITTEN.validate_json(kept.body)
        question = questions(written.question)
        if question is None or written.number > len(interview.turns):
            return None
        turn = engine.turn_of(interview, written.number)
        read = cls(interview, turn, question, token=kept.token, ring=lambda: None)
        read.version, read.showing, read.events = written.version, written.showing, written.events
        return read

    def written(self) -> Log:
        """The log so far, for other processes."""
        whole = _Written(
            number=self.number,
            version=self.version,
            question=self._question,
            showing=self.showing,
            events=self.events,
        )
        return Log(token=self.token, told=len(self.events), body=_WRITTEN.dump_json(whole).decode())

    def place(self, mark: Mark) -> int:
        """The place of a mark's point in the rubric, from 1."""
        return self._places[mark.point]

    def quick(self, marks: Sequence[Mark]) -> None:
        """The offline grader's marks."""
        self._told(LiveEvent(LiveKind.QUICK, tuple(mark for mark in marks if mark.point in self._places)))

    def mark(self, mark: Mark) -> None:
        """The model's mark on one point."""
        if mark.point in self._places:
            self._told(LiveEvent(LiveKind.MARK, (mark,)))

    def again(self) -> None:
        """The model is asked once more."""
        self._told(LiveEvent(LiveKind.AGAIN))

    def _told(self, event: LiveEvent) -> None:
        if len(self.events) < MOST_EVENTS:
            self.events += (event,)
            self._ring()


class Live:
    """The gradings that are being made in this process; `ring` is told the interview whose grading said something."""

    def __init__(self, ring: Callable[[str], None], *, process: str) -> None:
        self._ring = ring
        self._process = process
        self._running: dict[str, LiveGrading] = {}
        self._begun = 0

    def of(self, interview_id: str) -> LiveGrading | None:
        """The grading of an interview that is being made here, if one is."""
        return self._running.get(interview_id)

    @contextmanager
    def grading(self, interview: Interview, turn: Turn, question: Question | None) -> Iterator[LiveGrading | None]:
        """Follow a grading as long as it takes, however it ends; None for a question that has left the bank."""
        if question is None:
            yield None
            return
        self._begun += 1
        token = f"{self._process}{self._begun}"
        running = LiveGrading(interview, turn, question, token=token, ring=lambda: self._ring(interview.id))
        self._running[interview.id] = running
        try:
            yield running
        finally:
            if self._running.get(interview.id) is running:
                del self._running[interview.id]
            self._ring(interview.id)
