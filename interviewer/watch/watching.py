"""What whoever does the work tells of it: classes that are handed in, which do nothing unless they are made to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from interviewer.domain import Interview, ModelCall, Purpose, UngradedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A request when its reply has ended; `route` is the template of its path, never the path."""

    method: str
    route: str
    status: int
    seconds: float
    is_stream: bool


class Counts:
    """Is told what happened, once for each time; this one counts nothing. It never raises and takes next to no time."""

    def begun(self, interview: Interview) -> None:
        """An interview was kept that was not there before."""

    def moved(self, before: Interview, after: Interview) -> None:
        """`after` was saved on top of `before`."""

    def called(self, call: ModelCall) -> None:
        """A call of the model has ended, however it did."""

    def not_asked(self, purpose: Purpose, reason: UngradedReason) -> None:
        """The model was not asked, for want of budget or of a place."""

    def handled(self, request: Handled) -> None:
        """A request was handled."""

    def stream(self) -> AbstractContextManager[None]:
        """An event stream is open as long as this is held."""
        return nullcontext()

    def circuit(self, state: str) -> None:
        """Where the circuit breaker of this process stands."""


class Span:
    """A piece of work in a trace; this one goes nowhere."""

    def note(self, **attributes: str | int | None) -> None:
        """Add attributes, never words of a candidate: `__` in a name stands for a dot, None is left out."""

    def failed(self, reason: str) -> None:
        """The work failed, for a reason that is a name."""


class Spans:
    """Makes spans, each a child of the one it is made in; these go nowhere."""

    def span(self, name: str, *, leaves: bool = False) -> AbstractContextManager[Span]:
        """A span of that name around a block; `leaves` when the work is another server's."""
        return nullcontext(Span())

    def current(self) -> Span:
        """The span that is open here."""
        return Span()

    def headers(self) -> Mapping[str, str]:
        """What tells another server of the span that is open here."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who is told."""

    counts: Counts = field(default_factory=Counts)
    spans: Spans = field(default_factory=Spans)


UNWATCHED = Watch()
"""Nobody is told: the command line, and most tests."""
