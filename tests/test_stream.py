"""Server-sent events: their order, their stable ids, and a stream over a real socket that breaks, resumes and ends."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.domain import BEHAVIOUR, Interview, Mode, TurnStatus
from interviewer.errors import ConflictError
from interviewer.web.events import Event, events
from tests.builders import a_grading, a_question, an_interview, at
from tests.faults.server import running

QUESTIONS = [a_question(f"q{number}") for number in range(1, 4)]
BY_ID = {question.id: question for question in QUESTIONS}


# ---- the list of events, as a pure function


def graded(interview: Interview, turn: int, credits: dict[str, float], seconds: int) -> Interview:
    """The interview with a grading of that turn added."""
    grading = a_grading(BY_ID[interview.turns[turn - 1].question], credits)
    return engine.grade(interview, turn, grading, questions=BY_ID.get, now=at(seconds))


def answered(interview: Interview, credits: dict[str, float], seconds: int) -> Interview:
    """The interview after an answer to its current turn, graded a second later."""
    turn = interview.current.number
    said = engine.answer(interview, turn, f"Said {seconds}.", at(seconds))
    return graded(said, turn, credits, seconds + 1)


def told(interview: Interview) -> list[str]:
    """The events in words: what, of which turn, and the kind of what was said."""
    return [
        " ".join(str(part) for part in (event.kind, event.data.get("number"), event.data.get("kind")) if part)
        for event in events(interview)
    ]


def test_a_practice_interview_tells_marks_as_soon_as_a_turn_is_left() -> None:
    """Question, answer, probe, answer, marks, feedback, next question; a skipped question has no marks."""
    interview = answered(an_interview(QUESTIONS[:2]), {"p1": 1}, 10)
    probed = ["turn 1 remark", "turn 1 question", "turn 1 answer", "turn 1 remark", "turn 1 probe"]
    assert told(interview) == probed
    interview = answered(interview, {"p1": 1, "p2": 1, "p3": 1}, 20)
    marked = ["turn 1 answer", "mark 1", "mark 1", "mark 1", "feedback 1", "turn 2 remark", "turn 2 question"]
    assert told(interview) == [*probed, *marked]
    interview = engine.hint(interview, 2, QUESTIONS[1], at(30))
    over = engine.skip(interview, 2, questions=BY_ID.get, now=at(40))
    assert told(over)[12:] == ["turn 2 hint", "turn 2 remark", "finished"]
    assert events(over)[-1].data == {"score": 100}


def test_a_mock_interview_tells_no_mark_before_its_end_and_all_of_them_then() -> None:
    """In the order of the turns, each with what was said last in it, before `finished`."""
    interview = answered(an_interview(QUESTIONS[:2], mode=Mode.MOCK), {}, 10)
    first = ["turn 1 remark", "turn 1 question", "turn 1 answer", "turn 2 remark", "turn 2 question"]
    assert told(interview) == first
    over = answered(interview, {"p1": 1, "p2": 1, "p3": 1}, 20)
    marks = {turn: [f"{kind} {turn}" for kind in ("mark", "mark", "mark", "feedback")] for turn in (1, 2)}
    assert told(over)[5:] == ["turn 2 answer", *marks[1], "turn 2 remark", *marks[2], "finished"]


def test_an_event_holds_no_answer_and_no_reference() -> None:
    """A candidate's words stand on the page; the stream says that they are in."""
    over = engine.finish(answered(an_interview(QUESTIONS), {"p1": 1}, 10), at(20))
    written = json.dumps([event.data for event in events(over)])
    assert "Said 10." not in written
    assert QUESTIONS[0].reference not in written


def test_a_late_grading_is_told_after_what_happened_meanwhile() -> None:
    """The candidate went on while the grader was away; no event moves."""
    said = engine.answer(an_interview(QUESTIONS), 1, "Said.", at(10))
    left = engine.skip(said, 1, questions=BY_ID.get, now=at(11))
    late = graded(left, 1, {"p1": 1}, 12)
    assert told(late) == [*told(left), "mark 1", "mark 1", "mark 1", "feedback 1"]


@pytest.mark.parametrize("mode", [mode for mode in Mode if BEHAVIOUR[mode].talks])
def test_a_late_grading_of_a_probed_turn_does_not_slip_its_first_marks_in_before(mode: Mode) -> None:
    """Graded, probed, answered, left before the second grading came: ids already given stay what they were."""
    probed = answered(an_interview(QUESTIONS, mode=mode), {"p1": 1}, 10)
    said = engine.answer(probed, 1, "More.", at(20))
    left = engine.finish(said, at(30))
    late = graded(left, 1, {"p1": 1, "p2": 1}, 40)
    assert told(late) == [*told(left), "mark 1", "mark 1", "mark 1", "feedback 1"]


NAMES = ["answer"] * 4 + ["grade"] * 4 + ["skip", "hint", "regrade", "finish"]
CREDITS = st.sampled_from([(1, 0, 0), (1, 0.44, 0), (1, 1, 0), (1, 1, 1), (0, 0, 0)])
MOVES = st.lists(st.tuples(st.sampled_from(NAMES), CREDITS), max_size=25)


def moved(interview: Interview, move: str, credits: Sequence[float], seconds: int) -> Interview:
    """The interview after a move; graders may come late, and again."""
    current = interview.current
    named = {f"p{number}": credit for number, credit in enumerate(credits, 1)}
    if move == "answer":
        return engine.answer(interview, current.number, f"Said {seconds}.", at(seconds))
    if move == "hint":
        return engine.hint(interview, current.number, BY_ID[current.question], at(seconds))
    if move == "skip":
        return engine.skip(interview, current.number, questions=BY_ID.get, now=at(seconds))
    if move == "finish":
        return engine.finish(interview, at(seconds))
    waiting = [turn for turn in interview.turns if turn.status is TurnStatus.AWAITING_GRADE]
    turns = waiting if move == "grade" else [turn for turn in interview.turns if turn.gradings]
    return graded(interview, turns[0].number, named, seconds) if turns else interview


def states(moves: Sequence[tuple[str, Sequence[float]]], mode: Mode) -> Iterator[Interview]:
    """The interview before the moves and after each that was allowed."""
    interview = an_interview(QUESTIONS, mode=mode)
    yield interview
    for step, (move, credits) in enumerate(moves, 1):
        try:
            interview = moved(interview, move, credits, step)
        except ConflictError:
            continue
        yield interview


def lasting(event: Event) -> Event:
    """What of an event never changes: the score in `finished` is the one known now, as on the page."""
    return replace(event, data={}) if event.kind == "finished" else event


@given(MOVES, st.sampled_from(Mode))
def test_events_are_only_ever_added_at_the_end(moves: list[tuple[str, tuple[float, ...]]], mode: Mode) -> None:
    """Whatever happens, so that the place of an event is its id for good."""
    for before, after in pairwise(states(moves, mode)):
        known = [lasting(event) for event in events(before)]
        assert [lasting(event) for event in events(after)][: len(known)] == known


# ---- over a real socket


@dataclass(frozen=True)
class Sent:
    """An event as it came over the wire."""

    id: str | None
    kind: str
    data: dict[str, Any]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server."""
    with running(tmp_path_factory.mktemp("stream") / "interviews.sqlite3") as server:
        yield server.url


@pytest.fixture
def alice(url: str) -> Iterator[httpx2.Client]:
    """Alice's connection."""
    with httpx2.Client(base_url=url, timeout=20) as client:
        yield client


@pytest.fixture
def interview(alice: httpx2.Client) -> str:
    """The path of an interview of two questions, the first of them answered."""
    begun = alice.post("/api/interviews", json={"level": "mid", "questions": 2, "seed": 1}).json()
    path = f"/api/interviews/{begun['id']}"
    answer(alice, path, turn=1)
    return path


def answer(client: httpx2.Client, path: str, *, turn: int) -> None:
    """An answer that earns nothing and is not probed."""
    sent = client.post(f"{path}/answers", json={"turn": turn, "text": "Something with semicolons, I suppose."})
    assert sent.status_code == 200


def received(reply: httpx2.Response) -> Iterator[Sent]:
    """The events of a reply as they come."""
    fields: dict[str, str] = {}
    for line in reply.iter_lines():
        name, _, value = line.partition(": ")
        if name and line:
            fields[name] = value
        elif fields.get("event"):
            yield Sent(fields.get("id"), fields["event"], json.loads(fields["data"]))
            fields = {}


def whole(client: httpx2.Client, path: str, *, params: dict[str, int] | None = None, last: str = "") -> list[Sent]:
    """All events of a stream that ends by itself."""
    headers = {"last-event-id": last} if last else {}
    with client.stream("GET", f"{path}/events", params=params, headers=headers) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        return list(received(reply))


def test_a_broken_stream_resumes_without_repeating_or_losing(alice: httpx2.Client, interview: str) -> None:
    """Cut in the middle of the marks; more happens while nobody listens."""
    with alice.stream("GET", f"{interview}/events") as reply:
        stream = received(reply)
        first = [next(stream) for _ in range(5)]
    assert [event.kind for event in first] == ["turn", "turn", "turn", "mark", "mark"]
    answer(alice, interview, turn=2)
    rest = whole(alice, interview, last=str(first[-1].id))
    everything = whole(alice, interview)
    assert first + rest == everything
    assert [event.id for event in everything] == [str(number) for number in range(1, len(everything) + 1)]
    assert everything[-1].kind == "finished"
    assert whole(alice, interview, params={"after": 5}) == rest


def test_a_stream_tells_what_happens_while_it_is_open_and_ends_with_the_interview(
    url: str, alice: httpx2.Client, interview: str
) -> None:
    """At once, not at the next look."""
    with alice.stream("GET", f"{interview}/events") as reply:
        stream = received(reply)
        while (sent := next(stream).data).get("number") != 2 or sent.get("kind") != "question":
            pass
        began = time.monotonic()
        with httpx2.Client(base_url=url, cookies=alice.cookies) as other_tab:
            other_tab.post(f"{interview}/hint", json={"turn": 2})
            assert next(stream).data["kind"] == "hint"
            assert time.monotonic() - began < 1.5
            other_tab.post(f"{interview}/finish")
        assert [event.data.get("kind", event.kind) for event in stream] == ["remark", "finished"]
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("last", ["", "3", "nonsense", "99999999"])
def test_another_persons_stream_is_not_found(url: str, interview: str, last: str) -> None:
    """Whatever id the stranger names; for programs and for pages."""
    with httpx2.Client(base_url=url) as bob:
        for path in (interview, interview.removeprefix("/api")):
            reply = bob.get(f"{path}/events", headers={"last-event-id": last} if last else {})
            assert (reply.status_code, reply.json()["title"]) == (404, "NotFound")


def test_a_stream_whose_interview_is_deleted_says_so_and_ends(url: str, alice: httpx2.Client, interview: str) -> None:
    """The status was sent long ago; the error is an event."""
    with alice.stream("GET", f"{interview}/events", params={"after": 1000}) as reply:
        with httpx2.Client(base_url=url, cookies=alice.cookies) as other_tab:
            assert other_tab.delete(interview).status_code == 204
        assert [(event.kind, event.data["name"]) for event in received(reply)] == [("error", "NotFound")]


def test_an_open_stream_does_not_keep_the_server_from_stopping(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SIGTERM, and the process is gone within the time for open requests and a little more."""
    database = tmp_path_factory.mktemp("stop") / "interviews.sqlite3"
    with running(database, INTERVIEWER_SHUTDOWN_S="1") as server, httpx2.Client(base_url=server.url) as client:
        begun = client.post("/api/interviews", json={"level": "mid", "questions": 1}).json()
        with client.stream("GET", f"/api/interviews/{begun['id']}/events") as reply:
            assert next(received(reply)).kind == "turn"
            asked = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            server.dies(8)
            assert time.monotonic() - asked < 5
