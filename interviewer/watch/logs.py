"""Log records of the standard library -> lines for people or JSON for machines, each with the id of its request.

Of our own loggers everything is written, of others warnings and worse: at `debug` the SDK would write what a candidate
said, and the database's driver every row. Their messages are held to the first line, and no error's message is
written that may quote words: see `tracebacks`.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from opentelemetry import trace
from structlog.stdlib import ProcessorFormatter

from interviewer.watch.identity import REQUEST_ID
from interviewer.watch.tracebacks import safe_traceback

log = logging.getLogger(__name__)

OURS = "interviewer"
FIRST = ("timestamp", "level", "logger", "event", "request_id")
_SERVER = "uvicorn"
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_PLAIN = str | int | float | bool | None

Line = MutableMapping[str, Any]


def configure(form: str, level: str, stream: TextIO | None = None) -> None:
    """Write all logs of this process to `stream` (stderr), as `text` or `json`, ours from `level` on."""
    out = sys.stderr if stream is None else stream
    renderer: Any = structlog.processors.JSONRenderer()
    if form == "text":
        renderer = structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    handler = _Handler(out)
    handler.addFilter(_is_wanted)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _whose,
                _told,
                _without_words,
            ],
            processors=[ProcessorFormatter.remove_processors_meta, _ordered, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the standard library's name
        """Say that a line is missing; the standard library would print what it was to hold."""
        self.stream.write(f'{{"level": "error", "event": "a log line could not be written", "logger": "{OURS}"}}\n')


def _is_wanted(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in (OURS, _SERVER)


def _whose(_logger: object, _method: str, line: Line) -> Line:
    """Add which request, and which trace, a line belongs to."""
    if request_id := REQUEST_ID.get():
        line["request_id"] = request_id
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = trace.format_trace_id(context.trace_id)
    return line


def _told(_logger: object, _method: str, line: Line) -> Line:
    """Add what our own code says beside the event; hold what others say to its first line."""
    record: logging.LogRecord = line["_record"]
    if record.name.partition(".")[0] != OURS:
        line["event"] = str(line["event"]).partition("\n")[0]
        return line
    for name, value in record.__dict__.items():
        if name not in _USUAL and name not in line:
            line[name] = value if isinstance(value, _PLAIN) else type(value).__name__
    return line


def _without_words(_logger: object, _method: str, line: Line) -> Line:
    """Replace an exception by what a log may hold of it."""
    exc_info = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if exc_info and exc_info[1] is not None:
        line["exception"] = safe_traceback(exc_info[1])
    return line


def _ordered(_logger: object, _method: str, line: Line) -> Line:
    return {name: line[name] for name in FIRST if name in line} | dict(line)


def _crashed(kind: type[BaseException], error: BaseException | None, trace_: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        log.critical("nobody caught an error", exc_info=(kind, error, trace_))
