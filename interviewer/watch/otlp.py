"""The SDK's half of tracing: only imported when traces are wanted, since it comes with the extra `otel`."""

from __future__ import annotations

import os
import threading

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

LONGEST_END_S = 2.0
REDACTED = "REDACTED"
_ADDRESSES = ("url.path", "url.query")


class Redacting(SpanProcessor):
    """Takes the path and the query out of the spans of requests: a link to a report is a secret in a path."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Overwrite them; `http.route` says which route it was."""
        for name in _ADDRESSES:
            if span.attributes and name in span.attributes:
                span.set_attribute(name, REDACTED)


def redacting_provider() -> TracerProvider:
    """A provider that sends nothing anywhere yet, with the service's name unless the environment has one."""
    named = "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    resource = Resource.create({} if named else {SERVICE_NAME: "interviewer"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(Redacting())
    return provider


def provider(endpoint: str) -> TracerProvider:
    """One that sends its spans to `endpoint`, some at a time, in a thread of its own."""
    made = redacting_provider()
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    return made


def close(provider: TracerProvider) -> None:
    """Send what is left, and end; a collector that is not there holds nobody up (the SDK would try for ten seconds)."""
    ending = threading.Thread(target=provider.shutdown, daemon=True)
    ending.start()
    ending.join(LONGEST_END_S)
