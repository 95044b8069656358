"""Settings -> who is told of what happens: counts unless they are off, spans where they have somewhere to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from opentelemetry.trace import TracerProvider

from interviewer.settings import Settings
from interviewer.watch import traces
from interviewer.watch.metrics import Metrics, metrics
from interviewer.watch.watching import Counts, Spans, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Who is told, and what stands behind: the metrics to show, and the provider of the spans."""

    watch: Watch
    metrics: Metrics | None
    spans: TracerProvider | None
    close: Callable[[], None]
    """Sends what spans are left; it may take some seconds."""


def watching(settings: Settings, *, spans: TracerProvider | None = None) -> Watching:
    """What the settings ask for; `spans` stands in for the provider they would choose.

    Raises:
        SettingError: traces are wanted and cannot be sent, or several processes share a folder that is not there.
    """
    close: Callable[[], None] = _nothing_to_send
    if spans is None and settings.otlp_endpoint:
        spans, close = traces.sending(settings.otlp_endpoint)
    counts = None if settings.metrics == "off" else metrics()
    watch = Watch(counts=counts or Counts(), spans=traces.Traced(spans) if spans else Spans())
    return Watching(watch=watch, metrics=counts, spans=spans, close=close)


def _nothing_to_send() -> None:
    pass
