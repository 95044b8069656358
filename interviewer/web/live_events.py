"""A running grading's log -> its events on a stream, beside the lasting ones of `events.py`.

`quick`, `mark` with `"provisional": true`, `again`, `done`. They hold no more than the candidate may see by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from interviewer.conductor.live import LiveEvent, LiveGrading, LiveKind, Showing
from interviewer.domain import Interview, Mark, Verdict
from interviewer.web.events import events

_POSITION = re.compile(r"(\d{1,9})(?:\.(\d{1,9})\.([\w-]{1,40}))?", re.ASCII)
DONE = "done"
"""The grading whose events were told is over: what came of it stands in the lasting events, or it came to nothing."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a stream has been told: lasting events, and those of one running grading. Written down, an event's id."""

    lasting: int = 0
    live: int = 0
    token: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """`12`, or `12.3.token`: after 12 lasting events and 3 of that grading; None for anything else."""
        found = _POSITION.fullmatch(text)
        return cls(int(found[1]), int(found[2] or 0), found[3] or "") if found else None

    def __str__(self) -> str:
        return f"{self.lasting}.{self.live}.{self.token}" if self.token else f"{self.lasting}"


def position_of(interview: Interview, live: LiveGrading | None) -> Position:
    """Where a page of the interview as it stands has got to, with what the running grading has told so far."""
    lasting = len(events(interview))
    return Position(lasting, len(live.events), live.token) if live and live.events else Position(lasting)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a stream; `live` is the grading that told it, `more` says that its next event follows at once."""

    id: str
    kind: str
    data: dict[str, object]
    live: LiveGrading | None = None
    more: bool = False


class Teller:
    """What a stream has told and what it has to tell next.

    An id says how much of both kinds was told, so whoever resumes after it is told each event once, in its order. A
    grading's events end with `done`, also for who comes back when it is over.
    """

    def __init__(self, position: Position) -> None:
        self._at = position
        self._live: LiveGrading | None = None

    def next(self, interview: Interview, running: LiveGrading | None) -> Iterator[Told]:
        """What is new in the interview as it stands and in the grading that is `running`."""
        if self._live and (running is None or running.token != self._live.token):
            yield from self._rest()  # what was told before its end comes before what came of it
        if self._at.token and (running is None or running.token != self._at.token):
            self._at = Position(self._at.lasting)
            yield Told(str(self._at), DONE, {})
        self._live = None
        happened = events(interview)
        for number, event in enumerate(happened[self._at.lasting :], self._at.lasting + 1):
            self._at = Position(number, self._at.live, self._at.token)
            yield Told(str(self._at), event.kind, event.data)
        if running and running.version <= interview.version:
            self._live = running
            yield from self._rest()

    def _rest(self) -> Iterator[Told]:
        live = self._live
        if live is None:
            return
        done = self._at.live if self._at.token == live.token else 0
        for count in range(done + 1, len(live.events) + 1):
            self._at = Position(self._at.lasting, count, live.token)
            more = count < len(live.events)
            yield Told(str(self._at), live.events[count - 1].kind, live_data(live, count), live, more)


def read_count(told: tuple[LiveEvent, ...]) -> int:
    """How many points the model has marked since it was last asked."""
    points: set[str] = set()
    for event in told:
        if event.kind is LiveKind.AGAIN:
            points.clear()
        if event.kind is LiveKind.MARK:
            points.update(mark.point for mark in event.marks)
    return len(points)


def found_count(event: LiveEvent) -> int:
    """How many points a quick check found."""
    return sum(mark.verdict is Verdict.MET for mark in event.marks)


def live_data(live: LiveGrading, count: int) -> dict[str, object]:
    """What a client may know of a grading's event number `count`."""
    event = live.events[count - 1]
    if event.kind is LiveKind.AGAIN:
        return {"number": live.number}
    by = "fuzzy" if event.kind is LiveKind.QUICK else "llm"
    data: dict[str, object] = {"number": live.number, "provisional": True, "by": by, "of": len(live.points)}
    if live.showing is Showing.COUNTS:
        return data | {"read": read_count(live.events[:count])}
    marks = [_mark_data(live, event, mark) for mark in event.marks]
    if event.kind is LiveKind.QUICK:
        return data | {"found": found_count(event), "marks": marks}
    return data | marks[0]


def _mark_data(live: LiveGrading, event: LiveEvent, mark: Mark) -> dict[str, object]:
    shown = says_shown(live, event.kind, mark)
    return {
        "place": live.place(mark),
        "point": mark.point if shown else None,
        "says": mark.says if shown else None,
        "verdict": mark.verdict,
        "quote": mark.quote,
    }


def says_shown(live: LiveGrading, kind: LiveKind, mark: Mark) -> bool:
    """Whether a point's sentence may be shown with a mark on it.

    While a probe may come only one that the model calls met: a quick check that is mistaken would give it away.
    """
    by_model = kind is LiveKind.MARK and mark.verdict is Verdict.MET
    return live.showing is Showing.ALL or (live.showing is Showing.SAID and by_model)
