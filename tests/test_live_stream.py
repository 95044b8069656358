"""A grading followed over real sockets: a real server, a model that writes when the test says so, two streams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band, Question
from tests.dictated import DictatedModel
from tests.faults.server import running
from tests.playing import sample
from tests.test_stream import Sent, received


@pytest.fixture(scope="module")
def model(bank: Bank) -> Iterator[DictatedModel]:
    """A model that marks at the test's dictation."""
    with DictatedModel(bank) as dictated:
        yield dictated


@pytest.fixture(scope="module")
def url(model: DictatedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose answers that model marks."""
    with running(tmp_path_factory.mktemp("live") / "interviews.sqlite3", **model.settings) as server:
        yield server.url


class Interview:
    """Alice's interview with its first answer on its way."""

    def __init__(self, url: str, bank: Bank, answering: ThreadPoolExecutor, **choice: Any) -> None:
        self.client = httpx2.Client(base_url=url, timeout=20)
        begun = self.client.post("/api/interviews", json={"level": "mid", "questions": 2, "seed": 7, **choice}).json()
        self.page = f"/interviews/{begun['id']}"
        found = bank.question(begun["turns"][0]["question"]["id"])
        assert found
        self.question: Question = found
        self._text = sample(bank, found.id, Band.PARTIAL)
        self._answering = answering

    def answer(self) -> Future[Any]:
        """Send the answer; the reply comes when it is marked."""
        body = {"turn": 1, "text": self._text}
        return self._answering.submit(self.client.post, f"/api{self.page}/answers", json=body)

    @contextmanager
    def events(self, *, last: str = "", of: str = "/api") -> Iterator[Iterator[Sent]]:
        """The stream from some id on."""
        headers = {"last-event-id": last} if last else {}
        with self.client.stream("GET", f"{of}{self.page}/events", headers=headers) as reply:
            yield received(reply)


@pytest.fixture
def answering(model: DictatedModel) -> Iterator[ThreadPoolExecutor]:
    """Threads in which answers wait for their marks; what a test leaves unwritten is written at its end."""
    with ThreadPoolExecutor(2) as threads:
        yield threads
        model.finish()
    model.hold()


@pytest.fixture
def interview(url: str, bank: Bank, answering: ThreadPoolExecutor) -> Iterator[Interview]:
    """A practice interview."""
    begun = Interview(url, bank, answering)
    yield begun
    begun.client.close()


def until(stream: Iterator[Sent], kind: str) -> list[Sent]:
    """The events up to the first of a kind."""
    got: list[Sent] = []
    for event in stream:
        got.append(event)
        if event.kind == kind:
            return got
    raise AssertionError(f"the stream ended without {kind}: {[event.kind for event in got]}")


def test_marks_are_told_while_the_model_is_writing_and_end_with_what_lasts(
    interview: Interview, model: DictatedModel
) -> None:
    """The quick check before anything is written, each mark when it is, then the lasting events."""
    points = len(interview.question.points)
    with interview.events() as stream:
        reply = interview.answer()
        quick = until(stream, "quick")[-1].data
        assert (quick["by"], quick["provisional"], quick["of"]) == ("fuzzy", True, points)
        assert quick["found"] == sum(mark["verdict"] == "met" for mark in quick["marks"])
        for place in range(1, points + 1):
            model.write()
            mark = next(stream)
            assert (mark.kind, mark.data["by"], mark.data["place"]) == ("mark", "llm", place)
            assert not reply.done()
        model.finish()
        rest = until(stream, "done")
        assert [event.kind for event in rest] == ["done"]
        assert next(stream).kind == "turn"
        assert reply.result().json()["turns"][0]["says"][-1]["kind"] == "probe"


def test_while_a_probe_may_come_nothing_is_given_away(interview: Interview, model: DictatedModel) -> None:
    """Neither in JSON, nor in the page's own stream, nor on a page loaded in the middle."""
    points = interview.question.points
    with interview.events() as stream, interview.events(of="") as cards:
        reply = interview.answer()
        before = until(stream, "quick")
        model.write(len(points))
        marks = [next(stream) for _ in points]
        html = ""
        while f"marked all {len(points)} points" not in html:
            html = next(event.data["html"] for event in cards if event.kind == "live")
        page = interview.client.get(interview.page).text
        assert f"marked all {len(points)} points" in page
        for whole in (page, interview.client.get(f"{interview.page}/report").text):
            assert "being marked" in whole
            assert "Not graded yet" not in whole
        shown = json.dumps([event.data for event in [*before, *marks]]) + html + page
        met = [point for point, mark in zip(points, marks, strict=True) if mark.data["verdict"] == "met"]
        assert 0 < len(met) < len(points)
        for place, point in enumerate(points, 1):
            assert (point.id in shown) is (point in met)
            assert (point.says in shown) is (point in met)
            assert (f"Point {place} of {len(points)}" in html) is (point not in met)
        model.finish()
        assert reply.result().status_code == 200


def test_a_stream_cut_in_the_middle_of_a_grading_goes_on_behind_its_last_event(
    interview: Interview, model: DictatedModel
) -> None:
    """Marks written while nobody listened are told, and none twice."""
    with interview.events() as stream:
        reply = interview.answer()
        model.write(2)
        first = [*until(stream, "quick"), next(stream)]
    points = len(interview.question.points)
    model.write(points - 2)
    with interview.events(last=str(first[-1].id)) as stream, interview.events() as whole:
        rest = [next(stream) for _ in range(points - 1)]
        everything = [next(whole) for _ in range(len(first) + len(rest))]
        assert first + rest == everything
        assert len({event.id for event in everything}) == len(everything)
        model.finish()
        assert [event.kind for event in until(stream, "turn")] == ["done", "turn"]
        reply.result()


def test_a_stream_that_comes_back_when_the_grading_is_over_tells_what_came_of_it(
    interview: Interview, model: DictatedModel
) -> None:
    """`done`, then what lasts from where it had been."""
    with interview.events() as stream:
        reply = interview.answer()
        last = until(stream, "quick")[-1]
    model.finish()
    reply.result()
    with interview.events(last=str(last.id)) as stream:
        assert [next(stream).kind for _ in range(2)] == ["done", "turn"]


def test_a_mock_interview_hears_how_many_points_were_read(
    url: str, bank: Bank, answering: ThreadPoolExecutor, model: DictatedModel, request: pytest.FixtureRequest
) -> None:
    """Nothing else, on the page and in JSON."""
    interview = Interview(url, bank, answering, mode="mock")
    request.addfinalizer(interview.client.close)
    points = len(interview.question.points)
    with interview.events() as stream, interview.events(of="") as cards:
        reply = interview.answer()
        model.write()
        quick, mark = until(stream, "quick")[-1], next(stream)
        html = ""
        while f"1 of {points} points read" not in html:
            html = next(event.data["html"] for event in cards if event.kind == "live")
        assert quick.data == {"number": 1, "provisional": True, "by": "fuzzy", "of": points, "read": 0}
        assert mark.data == {"number": 1, "provisional": True, "by": "llm", "of": points, "read": 1}
        assert not any(word in html for word in ("met", "missed", "partly", "found", "“"))
        model.finish()
        reply.result()


def test_an_answer_the_model_fails_on_ends_its_live_card(interview: Interview, model: DictatedModel) -> None:
    """The quick check was there, the offline marks follow, and the page goes on."""
    model.fails = True
    try:
        with interview.events() as stream:
            reply = interview.answer()
            assert [event.kind for event in until(stream, "done")][-2:] == ["quick", "done"]
            assert reply.result().status_code == 200
    finally:
        model.fails = False


def test_nobody_else_hears_a_grading(url: str, interview: Interview, model: DictatedModel) -> None:
    """A stranger who knows the address, and even an id."""
    with interview.events() as stream:
        reply = interview.answer()
        last = str(until(stream, "quick")[-1].id)
    with httpx2.Client(base_url=url) as bob:
        for path in (f"/api{interview.page}/events", f"{interview.page}/events"):
            with bob.stream("GET", path, headers={"last-event-id": last}) as heard:
                assert heard.status_code == 404
    model.finish()
    reply.result()


@pytest.mark.parametrize("bad", ["x", "-1", "3.1", "1.2.a.b"])
def test_a_place_in_the_stream_that_is_none_is_refused(interview: Interview, bad: str) -> None:
    """In the address; what a browser sends by itself is never the person's fault."""
    reply = interview.client.get(f"/api{interview.page}/events", params={"after": bad})
    assert reply.status_code == 422
    assert "after" in reply.json()["detail"]
