"""Settings + a listening socket -> one process that serves, or several that share it, until SIGTERM or Ctrl-C.

Told to stop, a process takes no new connection, ends its event streams at once (their pages go on with another process,
or with this one's successor, after the last event they had) and gives requests `shutdown_s` seconds. A grading that is
not done in most of them is given up with its lease: its reply says that the mark is still to come, and another process
makes it.
"""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from interviewer.settings import Settings

log = logging.getLogger(__name__)

SETTLED_S = 60.0
"""What a new worker may take until it has to answer; loading takes one to ten seconds."""
HEADER_BYTES = 32_768
"""Of a request's line and headers together; a browser sends a few thousand."""
PR_SET_PDEATHSIG = 1
"""As in <linux/prctl.h>."""
METRICS = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: Settings, application: FastAPI, listener: socket.socket) -> int:
    """Serve until told to stop; the exit code. With several workers each makes an application of its own."""
    if settings.workers == 1:
        server = uvicorn.Server(_config(settings, application))
        server.run(sockets=[listener])
        return 0 if server.started else STARTUP_FAILURE
    with _metrics_folder():
        config = _config(settings, partial(_application, settings), factory=True)
        supervisor = Supervisor(config, sockets=[listener])
        supervisor.run()
    return supervisor.exit_code


class Supervisor(Multiprocess):
    """Starts workers, and another for each that ends, which the log says. One that fails to start ends them all.

    Whether a worker hangs is asked once it has had `SETTLED_S`: on a busy machine it takes long to begin, and would be
    killed and begun again without end.
    """

    exit_code = 0

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._settles_at: dict[int | None, float] = {}

    def keep_subprocess_alive(self) -> None:
        """Look after each worker once; called twice a second."""
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if not self._is_alive(process):
                self._replace(place, process)

    def _is_alive(self, process: Process) -> bool:
        now = time.monotonic()
        if now < self._settles_at.setdefault(process.pid, now + SETTLED_S):
            return process.process.is_alive()
        return process.is_alive(timeout=self.config.timeout_worker_healthcheck)

    def _replace(self, place: int, process: Process) -> None:
        process.kill()  # it may hang
        process.join()
        self._settles_at.pop(process.pid, None)
        if process.exitcode == STARTUP_FAILURE:
            log.error("a worker could not start, all are stopped", extra={"pid": process.pid})
            self.exit_code = STARTUP_FAILURE
            self.should_exit.set()
            return
        self.processes[place] = Process(self.config, self.sockets)
        self.processes[place].start()
        told = {"pid": process.pid, "exit_code": process.exitcode, "next_pid": self.processes[place].pid}
        log.error("a worker ended, another is started", extra=told)

    def handle_term(self) -> None:
        """Stop all workers."""
        super().handle_term()
        self.exit_code = 128 + signal.SIGTERM


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
    """The application of one of several workers, whose database the process that started it has opened."""
    from interviewer.app import create_app
    from interviewer.watch import logs

    logs.configure(settings.log_format, settings.log_level)
    _end_with_parent()
    return create_app(settings, patient=True)


def _end_with_parent() -> None:
    """Have this process told to stop when the one that started it is killed: nobody else would ever stop it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


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
