"""What happened -> Prometheus metrics, of one process or of all that share a folder.

Where `PROMETHEUS_MULTIPROC_DIR` names a folder, every process keeps its figures in files there, and whichever is
asked answers for all. Else each `Metrics` has its own. No label holds anything that a client chooses.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from interviewer.domain import (
    CallEnd,
    GraderKind,
    Grading,
    Interview,
    InterviewStatus,
    Mode,
    ModelCall,
    Purpose,
    SayKind,
    UngradedReason,
)
from interviewer.errors import SettingError
from interviewer.watch.watching import Counts, Handled

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NO_FALLBACK = "none"
CIRCUITS = ("closed", "open", "half_open")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_MODEL_S = (0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)
_FIRST_S = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15)
_LIVE = "gauge_live*_*.db"


def metrics() -> Metrics:
    """The metrics of an application: those of the process where several share a folder, else new ones.

    Raises:
        SettingError: the folder is named and not there.
    """
    folder = os.environ.get(FOLDER)
    if folder is None:
        return Metrics(None)
    if not Path(folder).is_dir():
        raise SettingError(f"{FOLDER} names a folder that is not there: make it, empty, or leave the variable out.")
    return _shared(Path(folder))


@cache
def _shared(folder: Path) -> Metrics:
    """One for each process: two would overwrite each other's figures in its files."""
    return Metrics(folder)


class Metrics(Counts):
    """Counts in the words of Prometheus; `folder` is where the figures of several processes are, if they share one."""

    def __init__(self, folder: Path | None) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # has no types
        self._folder = folder
        self._registry = own = CollectorRegistry()
        self._answers = Counter("interviewer_answers", "Answers taken from candidates.", ["mode"], registry=own)
        self._begun = Counter("interviewer_interviews_begun", "Interviews begun.", ["mode"], registry=own)
        self._finished = Counter("interviewer_interviews_finished", "Interviews finished.", ["mode"], registry=own)
        self._gradings = Counter(
            "interviewer_gradings",
            "Gradings saved, by who marked, and why that was not the model.",
            ["grader", "fallback"],
            registry=own,
        )
        self._calls = Counter(
            "interviewer_model_calls", "Calls of the model, by how they ended.", ["purpose", "outcome"], registry=own
        )
        self._not_asked = Counter(
            "interviewer_model_not_asked", "Calls that were not made, and why.", ["purpose", "reason"], registry=own
        )
        self._tokens = Counter(
            "interviewer_model_tokens", "Tokens of the model.", ["purpose", "direction"], registry=own
        )
        self._requests = Counter(
            "interviewer_http_requests", "Requests handled.", ["method", "route", "status"], registry=own
        )
        self._add_times()
        self._add_gauges()
        self._begin()

    def _add_times(self) -> None:
        own = self._registry
        self._call_s = Histogram(
            "interviewer_model_call_seconds", "A call of the model.", ["purpose"], buckets=_MODEL_S, registry=own
        )
        self._first_s = Histogram(
            "interviewer_model_first_token_seconds",
            "From asking the model to the first piece of its reply.",
            ["purpose"],
            buckets=_FIRST_S,
            registry=own,
        )
        self._request_s = Histogram(
            "interviewer_http_request_seconds",
            "A request that is no event stream.",
            ["method", "route"],
            buckets=_REQUEST_S,
            registry=own,
        )

    def _add_gauges(self) -> None:
        """What is so now; of a process that is gone it vanishes."""
        live: Literal["livesum"] = "livesum"
        own = self._registry
        self._streams = Gauge(
            "interviewer_event_streams_open", "Event streams open.", multiprocess_mode=live, registry=own
        )
        self._circuit = Gauge(
            "interviewer_model_circuit",
            "Processes whose circuit breaker stands there.",
            ["state"],
            multiprocess_mode=live,
            registry=own,
        )
        self._processes = Gauge("interviewer_processes", "Processes that serve.", multiprocess_mode=live, registry=own)
        self._started = Gauge(
            "interviewer_last_start_time_seconds",
            "When the newest process began, in seconds since 1970.",
            multiprocess_mode="livemax",
            registry=own,
        )

    def _begin(self) -> None:
        """Begin what has few labels at 0: a rate needs a first value."""
        for mode in Mode:
            for counter in (self._answers, self._begun, self._finished):
                counter.labels(mode.value)
        for grader in (GraderKind.LLM, GraderKind.FUZZY, GraderKind.KEY):
            self._gradings.labels(grader.value, NO_FALLBACK)
        for reason in UngradedReason:
            self._gradings.labels(GraderKind.FUZZY.value, reason.value)
        for purpose in Purpose:
            for outcome in CallEnd.OK, CallEnd.CANCELLED:
                self._calls.labels(purpose.value, outcome.value)
        self._streams.set(0)
        self._processes.set(1)
        self._started.set(time.time())

    def begun(self, interview: Interview) -> None:
        """Count an interview."""
        self._begun.labels(interview.plan.mode.value).inc()

    def moved(self, before: Interview, after: Interview) -> None:
        """Count the answers, the gradings and the end that a save brought."""
        mode = after.plan.mode.value
        if gained := _answers(after) - _answers(before):
            self._answers.labels(mode).inc(gained)
        for grading in _new_gradings(before, after):
            made = grading.provenance
            self._gradings.labels(made.grader.value, made.fallback.value if made.fallback else NO_FALLBACK).inc()
        if before.status is InterviewStatus.OPEN and after.status is InterviewStatus.FINISHED:
            self._finished.labels(mode).inc()

    def called(self, call: ModelCall) -> None:
        """Count a call with its tokens and times."""
        purpose = call.purpose.value
        self._calls.labels(purpose, call.outcome.value).inc()
        self._tokens.labels(purpose, "in").inc(call.amount.tokens_in)
        self._tokens.labels(purpose, "out").inc(call.amount.tokens_out)
        if call.milliseconds is not None:
            self._call_s.labels(purpose).observe(call.milliseconds / 1000)
        if call.first_ms is not None:
            self._first_s.labels(purpose).observe(call.first_ms / 1000)

    def not_asked(self, purpose: Purpose, reason: UngradedReason) -> None:
        """Count a call that was not made."""
        self._not_asked.labels(purpose.value, reason.value).inc()

    def handled(self, request: Handled) -> None:
        """Count a request; the time of an event stream is its reader's."""
        method = request.method if request.method in METHODS else OTHER_METHOD
        self._requests.labels(method, request.route, str(request.status)).inc()
        if not request.is_stream:
            self._request_s.labels(method, request.route).observe(request.seconds)

    @contextmanager
    def stream(self) -> Iterator[None]:
        """Count an event stream as open."""
        self._streams.inc()
        try:
            yield
        finally:
            self._streams.dec()

    def circuit(self, state: str) -> None:
        """Take down where the breaker of this process stands."""
        for each in CIRCUITS:
            self._circuit.labels(each).set(each == state)

    def exposed(self, everywhere: Mapping[str, tuple[str, float]]) -> bytes:
        """All metrics as text; `everywhere` adds gauges by name, with help and value, one for all processes."""
        shared = CollectorRegistry()
        shared.register(_Everywhere(everywhere))
        return self._of_processes() + generate_latest(shared)

    def _of_processes(self) -> bytes:
        if self._folder is None:
            return generate_latest(self._registry)
        _forget_the_dead(self._folder)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._folder))  # type: ignore[no-untyped-call]  # has no types
        return generate_latest(together)


class _Everywhere(Collector):
    """Gauges of the moment, kept by no process."""

    def __init__(self, values: Mapping[str, tuple[str, float]]) -> None:
        self._values = values

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (said, value) in self._values.items():
            yield GaugeMetricFamily(name, said, value=value)


def _answers(interview: Interview) -> int:
    return sum(say.kind is SayKind.ANSWER for turn in interview.turns for say in turn.says)


def _new_gradings(before: Interview, after: Interview) -> Iterator[Grading]:
    known = {turn.number: len(turn.gradings) for turn in before.turns}
    for turn in after.turns:
        yield from turn.gradings[known.get(turn.number, 0) :]


def _forget_the_dead(folder: Path) -> None:
    """Let go of the gauges of processes that are gone; what they counted stays."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in folder.glob(_LIVE)}:
        if not _lives(pid):
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # has no types


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's now, or ours under another user
        return True
    return True
