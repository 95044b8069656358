"""The door of the application: every request gets an id, is counted, and has one line in the log when it is over.

It stands outside of everything else, so that also a crash, a refusal and an event stream are seen whole. What it
writes of a request is method, route, status and time: never a path, a header or a word of the body.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack

from anyio import BrokenResourceError
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import TracerProvider
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interviewer.watch import REQUEST_ID, Handled, Watch, accepted, fresh_id

log = logging.getLogger("interviewer.access")

HEADER = "x-request-id"
UNMATCHED = "unmatched"
"""Route of a request for which there is none."""
GONE = 499
"""Status of a request whose client went away before the reply began, as nginx has it."""
UNTRACED = ("/static/", "/healthz", "/readyz", "/metrics")
"""What is asked for all the time and tells nothing in a trace."""
_STREAM = "text/event-stream"


def telemetry(spans: TracerProvider | None) -> TelemetryConfig:
    """Spans of requests where they have somewhere to go, and nothing else of FastAPI's: its logs hold messages."""
    return {
        "tracer_provider": spans,
        "tracing": spans is not None,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": lambda scope: str(scope["path"]).startswith(UNTRACED),
    }


class ObservedApp(FastAPI):
    """FastAPI with an observer around all of its middleware; `state.watch` is told."""

    def build_middleware_stack(self) -> ASGIApp:
        """The stack, observed."""
        watch: Watch = self.state.watch
        return Observer(super().build_middleware_stack(), watch)


class Observer:
    """Gives every request its id and tells what came of it."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app = app
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection. The id stays set: the server logs a crash after this is left."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = accepted(Headers(scope=scope).get(HEADER, "")) or fresh_id()
        REQUEST_ID.set(request_id)
        self._watch.spans.current().note(interviewer__request_id=request_id)
        started, status, root = time.perf_counter(), GONE, str(scope.get("root_path", ""))
        streaming = ExitStack()
        is_stream = False

        async def send_observed(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = request_id
                if headers.get("content-type", "").startswith(_STREAM):
                    is_stream = True
                    streaming.enter_context(self._watch.counts.stream())
            await send(message)

        try:
            with streaming:
                await self._app(scope, receive, send_observed)
        except* BrokenResourceError:  # how FastAPI's event streams end whose reader leaves with an event on its way
            if not is_stream:
                raise
        finally:
            seconds = time.perf_counter() - started
            self._tell(
                Handled(
                    method=scope["method"],
                    route=_route(scope, root),
                    status=status,
                    seconds=seconds,
                    is_stream=is_stream,
                )
            )

    def _tell(self, request: Handled) -> None:
        self._watch.counts.handled(request)
        log.log(
            logging.WARNING if request.status >= 500 else logging.INFO,
            "request",
            extra={
                "method": request.method,
                "route": request.route,
                "status": request.status,
                "milliseconds": round(request.seconds * 1000, 1),
            },
        )


def _route(scope: Scope, root: str) -> str:
    """The template of the path that was asked for; of a mounted application, where it is mounted."""
    template = getattr(scope.get("route"), "path_format", None)
    if isinstance(template, str):
        return template
    mounted = str(scope.get("root_path", "")).removeprefix(root)
    return f"{mounted}/{{path}}" if mounted else UNMATCHED
