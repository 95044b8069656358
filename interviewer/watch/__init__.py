"""What is watched of the product while it runs: logs with the id of their request, counts, spans of a trace.

Who does the work tells a `Watch` what happened, in the words of the domain. Only the modules behind it know what
measures, writes and sends: `metrics` (Prometheus), `logs` (structlog), `traces` (OpenTelemetry).
"""

from __future__ import annotations

from interviewer.watch.identity import REQUEST_ID, accepted, background_id, fresh_id
from interviewer.watch.watching import UNWATCHED, Counts, Handled, Span, Spans, Watch

__all__ = [
    "REQUEST_ID",
    "UNWATCHED",
    "Counts",
    "Handled",
    "Span",
    "Spans",
    "Watch",
    "accepted",
    "background_id",
    "fresh_id",
]
