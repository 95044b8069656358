"""Settings + a listening socket -> one process that serves, or several that share it, until SIGTERM or Ctrl-C.

Told to stop, a process takes no new connection, ends its event streams at once (their pages go on with another process,
or with this one's successor, after the last event they had) and gives requests `shutdown_s` seconds. A grading that is
not done by then is given up with its lease, and another process makes it.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from interviewer.settings import Settings

HEADER_BYTES = 32_768
"""Of a request's line and headers together; a browser sends a few thousand."""
METRICS = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: Settings, application: FastAPI, listener: socket.socket) -> int:
    """Serve until told to stop; the exit code. With several workers each makes an application of its own."""
    if settings.workers == 1:
        server = uvicorn.Server(_config(settings, application))
        server.run(sockets=[listener])
        return 0 if server.started else 3
    with _metrics_folder():
        config = _config(settings, partial(_application, settings), factory=True)
        Multiprocess(config, sockets=[listener]).run()
    return 0


def _config(settings: Settings, application: Any, *, factory: bool = False) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=factory,
        workers=settings.workers,
        log_level="warning" if settings.log_level == "info" else settings.log_level,
        log_config=None,
        access_log=False,  # its lines hold whole paths
        timeout_graceful_shutdown=settings.shutdown_s,
        h11_max_incomplete_event_size=HEADER_BYTES,
        server_header=False,
        proxy_headers=False,  # the application reads them itself, from the proxies of the settings only
    )


def _application(settings: Settings) -> FastAPI:
    """The application of one of several workers."""
    from interviewer.app import create_app
    from interviewer.watch import logs

    logs.configure(settings.log_format, settings.log_level)
    return create_app(settings)


@contextmanager
def _metrics_folder() -> Iterator[None]:
    """A folder in which the workers' metrics come together, made here unless the environment names one."""
    if METRICS in os.environ:
        yield
        return
    folder = tempfile.mkdtemp(prefix="interviewer-metrics-")
    os.environ[METRICS] = folder
    try:
        yield
    finally:
        del os.environ[METRICS]
        shutil.rmtree(folder, ignore_errors=True)
