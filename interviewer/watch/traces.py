"""Spans of OpenTelemetry, through its API; without a provider that sends them, they cost next to nothing.

The spans of a request are FastAPI's own. Ours hang below: the grading, and each call of the model, named by the
conventions for generative models (OpenTelemetry semantic conventions, `gen_ai`). They never hold words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from interviewer import __version__
from interviewer.errors import SettingError
from interviewer.watch.watching import Span, Spans

_PARENT = "traceparent"


def sending(endpoint: str) -> tuple[TracerProvider, Callable[[], None]]:
    """What sends spans by OTLP over HTTP to `endpoint`, the address without `/v1/traces`; and how to end that.

    Raises:
        SettingError: the extra is not installed, or the address is none.
    """
    if not endpoint.startswith(("http://", "https://")):
        raise SettingError(
            "OTEL_EXPORTER_OTLP_ENDPOINT does not start with http:// or https://: give the whole address"
        )
    try:
        from interviewer.watch import otlp
    except ImportError as error:
        raise SettingError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends traces is not installed: "
            "pip install 'interviewer[otel]', or leave the setting out."
        ) from error
    made = otlp.provider(endpoint)
    return made, lambda: otlp.close(made)


class Traced(Spans):
    """Spans of a provider."""

    def __init__(self, spans: TracerProvider) -> None:
        self._tracer = spans.get_tracer("interviewer", __version__)

    @contextmanager
    def span(self, name: str, *, leaves: bool = False) -> Iterator[Span]:
        """A span of that name around a block.

        An exception that nobody gave a reason for is noted by its type: its message may hold words.
        """
        kind = SpanKind.CLIENT if leaves else SpanKind.INTERNAL
        with self._tracer.start_as_current_span(
            name, kind=kind, record_exception=False, set_status_on_exception=False
        ) as made:
            span = _Span(made)
            try:
                yield span
            except BaseException as error:
                if not span.has_failed:
                    span.failed(type(error).__name__)
                raise

    def current(self) -> Span:
        """The span that is open here."""
        return _Span(trace.get_current_span())

    def headers(self) -> Mapping[str, str]:
        """`traceparent` alone: what else a client sent for its trace is no business of the model server."""
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier)
        return {_PARENT: carrier[_PARENT]} if _PARENT in carrier else {}


class _Span(Span):
    def __init__(self, made: trace.Span) -> None:
        self._made = made
        self.has_failed = False

    def note(self, **attributes: str | int | None) -> None:
        for name, value in attributes.items():
            if value is not None:
                self._made.set_attribute(name.replace("__", "."), value)

    def failed(self, reason: str) -> None:
        self.has_failed = True
        self._made.set_attribute("error.type", reason)
        self._made.set_status(StatusCode.ERROR)
