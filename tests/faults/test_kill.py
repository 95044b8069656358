"""`kill -9` of the real server at every write of a turn: nothing acknowledged is lost, nothing is graded twice.

The killed process is a real one on a real file; what is checked is what the product's own server finds after it.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band
from tests.faults.server import Hit, forked, running, until
from tests.playing import sample

pytestmark = pytest.mark.faults

WRITES = ("start", "draft", "answer", "grading")
"""The writes of a turn in their order, the lease together with the answer; write number 0 is the migration."""
LEASE_S = 2.0
"""How long the lease of the first of two servers lasts to the second."""
DRAFT = "What I had typed so far"
KILLS = [(write, moment) for write in WRITES for moment in ("before", "after")]
KILLS += [(write, "within") for write in ("start", "answer", "grading")]


@dataclass
class Candidate:
    """Plays the first turn of an interview and remembers what the server acknowledged."""

    bank: Bank
    cookies: httpx2.Cookies = field(default_factory=httpx2.Cookies)
    interview: dict[str, Any] | None = None
    draft_kept: bool = False
    answered: bool = False

    def browser(self, url: str) -> httpx2.Client:
        """The candidate's browser on a server."""
        return httpx2.Client(base_url=url, cookies=self.cookies, timeout=30)

    def play(self, url: str) -> None:
        """Start, autosave, answer; until the server is gone."""
        with self.browser(url) as client:
            self.cookies = httpx2.Cookies({"interviewer_guest": client.get("/").cookies["interviewer_guest"]})
            self.start(client)
            path = f"/api/interviews/{self.id}/draft"
            self.draft_kept = client.put(path, json={"turn": 1, "text": DRAFT, "sequence": 1}).json()["kept"]
            self.send(client)

    def start(self, client: httpx2.Client) -> None:
        """Start an interview of two questions."""
        reply = client.post("/api/interviews", json={"level": "mid", "questions": 2, "seed": 7})
        assert reply.status_code == 201
        self.interview = reply.json()

    def send(self, client: httpx2.Client) -> dict[str, Any]:
        """Send the answer to the question; the same one again when it is called again."""
        body = {"turn": 1, "text": self.answer, "says_seen": 1}
        reply = client.post(f"/api/interviews/{self.id}/answers", json=body)
        assert reply.status_code == 200, reply.text
        self.answered = True
        answered: dict[str, Any] = reply.json()
        return answered

    @property
    def id(self) -> str:
        """The interview's id."""
        assert self.interview
        return str(self.interview["id"])

    @property
    def answer(self) -> str:
        """A good answer to the first question."""
        assert self.interview
        return sample(self.bank, self.interview["turns"][0]["question"]["id"], Band.STRONG)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file that both servers use."""
    return tmp_path / "interviews.sqlite3"


@pytest.fixture
def candidate(bank: Bank) -> Candidate:
    """Somebody with an answer."""
    return Candidate(bank)


def count(database: Path, query: str) -> int:
    """A number from the database, read behind the servers' backs."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(query).fetchone()[0])


def gradings(database: Path) -> int:
    """How often the first turn was graded."""
    return count(database, "select count(*) from grading where turn = 1")


def answers(database: Path) -> int:
    """How many answers the first turn holds."""
    return count(database, "select count(*) from say where turn = 1 and kind = 'answer'")


def kill_at(database: Path, candidate: Candidate, write: str, moment: str) -> None:
    """Play on a server until it kills itself at that write."""
    with forked(database, Hit(signal.SIGKILL, WRITES.index(write) + 1, moment)) as server:
        with pytest.raises(httpx2.TransportError):
            candidate.play(server.url)
        assert server.dies() == -signal.SIGKILL
    assert not candidate.answered


@pytest.mark.parametrize(("write", "moment"), KILLS, ids=[f"{moment}-{write}" for write, moment in KILLS])
def test_a_server_killed_at_a_write_loses_nothing_and_grades_once(
    database: Path, candidate: Candidate, write: str, moment: str
) -> None:
    """Each write is wholly there once it is done and wholly absent before; the turn goes on from there."""
    kill_at(database, candidate, write, moment)
    done = WRITES[: WRITES.index(write) + (moment == "after")]
    with forked(database) as server, candidate.browser(server.url) as client:
        found = client.get("/api/interviews").json()
        assert len(found) == ("start" in done)
        if not found:
            candidate.start(client)
        elif candidate.interview is None:
            candidate.interview = found[0]
        page = client.get(f"/interviews/{candidate.id}").text
        assert (DRAFT in page) == ("draft" in done and "answer" not in done)
        assert answers(database) == ("answer" in done)
        if "answer" in done:
            until(lambda: client.get(f"/interviews/{candidate.id}").is_success and gradings(database) == 1)
        after = candidate.send(client)  # as a browser does whose reply got lost
        assert [say["text"] for say in after["turns"][0]["says"] if say["kind"] == "answer"] == [candidate.answer]
        assert (answers(database), gradings(database)) == (1, 1)
        over = client.post(f"/api/interviews/{candidate.id}/finish").json()
        assert (over["status"], over["turns"][0]["status"]) == ("finished", "graded")
        assert over["turns"][0]["score"] >= 80
        assert client.get(f"/api/interviews/{candidate.id}/report").json()["graded"] == 1


def test_a_restarted_server_grades_what_was_left_without_being_asked(database: Path, candidate: Candidate) -> None:
    """Nobody opens the page."""
    kill_at(database, candidate, "answer", "after")
    assert (answers(database), gradings(database)) == (1, 0)
    with running(database):
        until(lambda: gradings(database) == 1)


@pytest.mark.parametrize("hit", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_second_server_takes_a_grading_over_only_when_the_lease_is_over(
    database: Path, candidate: Candidate, hit: signal.Signals
) -> None:
    """One grading, whether the first server is dead or wakes up with a grading of its own in hand."""
    with (
        running(database) as second,
        forked(database, Hit(hit, WRITES.index("grading") + 1, "before", LEASE_S)) as first,
        ThreadPoolExecutor(1) as elsewhere,
        candidate.browser(second.url) as client,
    ):
        playing = elsewhere.submit(candidate.play, first.url)
        until(lambda: count(database, "select count(*) from interview where lease_until is not null") == 1)
        leased = time.monotonic()
        client.cookies = candidate.cookies
        page = f"/interviews/{candidate.id}"
        assert "Not graded yet" in client.get(page).text
        assert gradings(database) == 0
        until(lambda: client.get(page).is_success and gradings(database) == 1)
        assert time.monotonic() - leased > LEASE_S / 2
        if hit is signal.SIGSTOP:
            os.kill(first.pid, signal.SIGCONT)
            playing.result(timeout=10)
        else:
            assert isinstance(playing.exception(timeout=10), httpx2.TransportError)
        assert (answers(database), gradings(database)) == (1, 1)
        assert client.post(f"/api{page}/finish").json()["turns"][0]["status"] == "graded"
