"""What whoever does the work tells of it: an interface that is handed in, with parts that do nothing to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

from interviewer.domain import Interview, ModelCall, Purpose, UngradedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A request when its reply has ended; `route` is the template of its path, never the path."""

    method: str
    route: str
    status: int
    seconds: float
    is_stream: bool


class Counts(Protocol):
    """Is told what happened, once for each time. It never raises and takes no time worth speaking of."""

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

    def circuit(self, state: str) -> None:
        """Where the circuit breaker of this process stands."""


class Span(Protocol):
    """A piece of work in a trace."""

    def note(self, **attributes: str | int | None) -> None:
        """Add attributes, never words of a candidate: `__` in a name stands for a dot, None is left out."""

    def failed(self, reason: str) -> None:
        """The work failed, for a reason that is a name."""


class Spans(Protocol):
    """Makes spans, each a child of the one it is made in."""

    def span(self, name: str, *, leaves: bool = False) -> AbstractContextManager[Span]:
        """A span of that name around a block; `leaves` when the work is another server's."""

    def current(self) -> Span:
        """The span that is open here."""

    def headers(self) -> Mapping[str, str]:
        """What tells another server of the span that is open here."""


class Uncounted:
    """Counts nothing."""

    def begun(self, interview: Interview) -> None:
        """Nothing."""

    def moved(self, before: Interview, after: Interview) -> None:
        """Nothing."""

    def called(self, call: ModelCall) -> None:
        """Nothing."""

    def not_asked(self, purpose: Purpose, reason: UngradedReason) -> None:
        """Nothing."""

    def handled(self, request: Handled) -> None:
        """Nothing."""

    def stream(self) -> AbstractContextManager[None]:
        """Nothing."""
        return nullcontext()

    def circuit(self, state: str) -> None:
        """Nothing."""


class Untraced:
    """Makes spans that go nowhere, and is one."""

    def span(self, name: str, *, leaves: bool = False) -> AbstractContextManager[Span]:
        """Itself."""
        return nullcontext(self)

    def current(self) -> Span:
        """Itself."""
        return self

    def headers(self) -> Mapping[str, str]:
        """None."""
        return {}

    def note(self, **attributes: str | int | None) -> None:
        """Nothing."""

    def failed(self, reason: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who is told."""

    counts: Counts = field(default_factory=Uncounted)
    spans: Spans = field(default_factory=Untraced)


UNWATCHED = Watch()
"""Nobody is told: the command line, and most tests."""
