"""Four workers: what one does the others tell of, what one leaves behind the others take up."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.web.live_events import DONE
from tests.faults.conftest import Fleet
from tests.faults.connections import connected
from tests.faults.rows import answers, awaiting, gradings, leases, logs, rows
from tests.faults.server import Running, running, until
from tests.faults.workers import kill
from tests.playing import sample
from tests.test_stream import Sent, received

pytestmark = pytest.mark.faults

TAKEN_UP_S = 15.0
"""A lease that is over is looked for every five seconds; the rest is for a slow machine."""


class Candidate:
    """Somebody with an interview whose first answer is on its way, and as many streams as they like."""

    def __init__(self, fleet: Fleet, bank: Bank, url: str) -> None:
        self.client = httpx2.Client(base_url=url, timeout=30, limits=httpx2.Limits(max_keepalive_connections=0))
        self.client.get("/")
        begun = self.client.post("/api/interviews", json={"level": "mid", "questions": 2, "seed": 7}).json()
        self.id = begun["id"]
        self.api = f"/api/interviews/{self.id}"
        self.text = sample(bank, begun["turns"][0]["question"]["id"], Band.STRONG)
        self._fleet = fleet

    def answer(self, elsewhere: ThreadPoolExecutor) -> Future[httpx2.Response]:
        """Send the answer; the future is done when it is marked."""
        body = {"turn": 1, "text": self.text, "says_seen": 2}
        return elsewhere.submit(self.client.post, f"{self.api}/answers", json=body)

    @contextmanager
    def stream(self, *, last: str = "", url: str = "") -> Iterator[tuple[httpx2.Response, Iterator[Sent]]]:
        """The events after an id, by whichever worker."""
        headers = {"last-event-id": last} if last else {}
        with self.client.stream("GET", f"{url}{self.api}/events", headers=headers) as reply:
            yield reply, received(reply)

    def streams(self, stack: ExitStack, pids: list[int]) -> dict[int, Iterator[Sent]]:
        """Streams by the worker that sends them, of at least two workers."""
        found: dict[int, Iterator[Sent]] = {}
        until(lambda: len(found) > 1 or self._one_more(stack, pids, found), 20)
        return found

    def _one_more(self, stack: ExitStack, pids: list[int], found: dict[int, Iterator[Sent]]) -> bool:
        reply, events = stack.enter_context(self.stream())
        port = reply.extensions["network_stream"].get_extra_info("client_addr")[1]
        found.setdefault(connected(pids, ours=port)[0], events)
        return False


def marking(fleet: Fleet) -> int:
    """The worker that waits for the model."""
    return connected(fleet.workers.pids(), theirs=fleet.model.requests[-1].port)[0]


def holder(where: Path | str, interview: str) -> object:
    """Who holds the lease of an interview, if anybody does."""
    return rows(where, f"select lease_holder from interview where id = '{interview}'")[0][0]


def age_leases(where: Path | str) -> None:
    """Have every lease be over, as it is when its time has passed."""
    ended = "update interview set lease_until = '2020-01-01 00:00:00.000000' where lease_holder is not null"
    if isinstance(where, Path):
        with sqlite3.connect(where, timeout=30) as connection:
            connection.execute(ended)
    else:
        with psycopg.connect(where) as server:
            server.execute(ended.encode())


def take(events: Iterator[Sent], kind: str, **data: Any) -> list[Sent]:
    """The events up to one of that kind with such data, that one included."""
    found = []
    for event in events:
        found.append(event)
        if event.kind == kind and data.items() <= event.data.items():
            return found
    raise AssertionError(f"the stream ended without {kind}: {found}")


def test_what_one_worker_marks_the_streams_of_the_others_tell(fleet: Fleet, bank: Bank) -> None:
    """Mark by mark while it is being made, and what came of it, within seconds."""
    fleet.model.hold()
    candidate = Candidate(fleet, bank, fleet.url)
    with ThreadPoolExecutor(1) as elsewhere, ExitStack() as stack:
        streams = candidate.streams(stack, fleet.workers.ready())
        sent = candidate.answer(elsewhere)
        for count in (1, 2):
            fleet.model.write()
            written = time.monotonic()
            for events in streams.values():
                assert len([e for e in take(events, "mark", provisional=True) if e.kind == "mark"]) == 1, count
            assert time.monotonic() - written < 5
        fleet.model.finish()
        finished = time.monotonic()
        for events in streams.values():
            told = [event.kind for event in take(events, "feedback")]
            assert "done" in told or [event.kind for event in take(events, "done")]
        assert time.monotonic() - finished < 5
        assert sent.result(20).status_code == 200
    assert gradings(fleet.where, candidate.id, 1) == 1


def test_what_a_killed_worker_was_marking_another_marks_once(fleet: Fleet, bank: Bank) -> None:
    """As soon as its lease is over; a stream of another worker tells of it, and a new worker takes its place."""
    fleet.model.hold()
    candidate, before = Candidate(fleet, bank, fleet.url), fleet.workers.ready()
    with ThreadPoolExecutor(1) as elsewhere, ExitStack() as stack:
        streams = candidate.streams(stack, before)
        asked = len(fleet.model.requests)
        sent = candidate.answer(elsewhere)
        until(lambda: len(fleet.model.requests) > asked)
        killed = marking(fleet)
        kill(killed)
        assert isinstance(sent.exception(20), httpx2.TransportError)
        assert answers(fleet.where, candidate.id, 1) == [candidate.text.strip()]
        assert leases(fleet.where) == 1
        assert candidate.client.get(candidate.api).json()["turns"][0]["status"] == "awaiting_grade"
        fleet.model.finish()
        age_leases(fleet.where)
        over = time.monotonic()
        told = take(next(events for pid, events in streams.items() if pid != killed), "feedback")
        assert time.monotonic() - over < TAKEN_UP_S
        ids = [event.id for event in told if event.kind != DONE]  # the end of a grading stands where its marks began
        assert len(set(ids)) == len(ids)
    assert gradings(fleet.where, candidate.id, 1) == 1
    until(lambda: leases(fleet.where) == 0)
    assert killed not in fleet.workers.ready()
    assert len(fleet.workers.pids()) == 4


@pytest.fixture
def other(fleet: Fleet) -> Iterator[Running]:
    """A server beside the workers, on the same database and with the same model."""
    with running(fleet.where, **fleet.model.settings) as server:
        yield server


def test_a_server_that_is_told_to_stop_hands_over(fleet: Fleet, bank: Bank, other: Running) -> None:
    """Streams end at once and go on elsewhere after the last event they had; the answer is marked elsewhere."""
    fleet.model.hold()
    candidate = Candidate(fleet, bank, other.url)
    asked = len(fleet.model.requests)
    with ThreadPoolExecutor(1) as elsewhere:
        with candidate.stream() as (_, events):
            first = take(events, "turn", say=1)
            sent = candidate.answer(elsewhere)
            until(lambda: len(fleet.model.requests) > asked)
            fleet.model.write()
            first += take(events, "mark", provisional=True)
            held = holder(fleet.where, candidate.id)
            os.kill(other.pid, signal.SIGTERM)
            told = time.monotonic()
            first += list(events)
            assert time.monotonic() - told < 2
        assert other.dies() in (128 + signal.SIGTERM, -signal.SIGTERM)
        assert time.monotonic() - told < 3 + 3
        assert sent.result(20).json()["turns"][0]["status"] == "awaiting_grade"
        assert holder(fleet.where, candidate.id) != held
        fleet.model.finish()
        last = str(first[-1].id)
        with candidate.stream(last=last, url=fleet.url) as (_, events):
            then = take(events, "feedback")
    lasting = [event for event in first + then if event.kind in ("turn", "feedback")]
    whole = [event for event in everything(candidate, fleet.url) if event.kind in ("turn", "feedback")]
    assert [event.data for event in lasting] == [event.data for event in whole][: len(lasting)]
    assert answers(fleet.where, candidate.id, 1) == [candidate.text.strip()]
    assert gradings(fleet.where, candidate.id, 1) == 1
    until(lambda: awaiting(fleet.where) + leases(fleet.where) + logs(fleet.where) == 0)


def everything(candidate: Candidate, url: str) -> list[Sent]:
    """All events of the interview, which is ended for that."""
    assert candidate.client.post(f"{url}{candidate.api}/finish").status_code == 200
    with candidate.stream(url=url) as (_, events):
        return list(events)
