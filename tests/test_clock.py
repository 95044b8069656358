"""A clock that is set back an hour in the middle of an interview: nothing is lost, and streams tell all of it once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from tests.playing import answer, sample, started
from tests.test_stream import Sent, received


class Clock:
    """The time, plus what somebody has set it to."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self.ahead


def ended(client: TestClient, interview: dict[str, Any]) -> list[Sent]:
    """All events of an interview that is over."""
    with client.stream("GET", f"/api/interviews/{interview['id']}/events") as reply:
        return list(received(reply))


@pytest.mark.parametrize("hours", [-1, 1], ids=["back", "forward"])
def test_an_interview_goes_on_when_the_clock_is_set(settings: Settings, bank: Bank, hours: int) -> None:
    """What happens later is told later, so whoever resumes a stream after an id misses nothing."""
    clock = Clock()
    app = create_app(settings, bank=bank, clock=clock)
    with TestClient(app, base_url="http://localhost") as client:
        interview = started(client, questions=2)
        first = sample(bank, interview["turns"][0]["question"]["id"], Band.STRONG)
        interview = answer(client, interview, first)
        known = len([say for turn in interview["turns"] for say in turn["says"]])
        clock.ahead = timedelta(hours=hours)
        turn = interview["turns"][-1]
        hinted = client.post(f"/api/interviews/{interview['id']}/hint", json={"turn": turn["number"]}).json()
        interview = answer(client, hinted, sample(bank, turn["question"]["id"], Band.WEAK))
        clock.ahead = timedelta()
        if interview["status"] == "open":
            interview = client.post(f"/api/interviews/{interview['id']}/finish").json()
        told = ended(client, interview)
    says = [(event.data["number"], event.data["say"]) for event in told if event.kind == "turn"]
    assert says == [(t["number"], place) for t in interview["turns"] for place in range(len(t["says"]))]
    assert says[known:], "something was said after the clock was set"
    assert [event.kind for event in told][-1] == "finished"
    assert [event.id for event in told] == [str(number) for number in range(1, len(told) + 1)]
    assert all(t["status"] == "graded" for t in interview["turns"] if any(s["kind"] == "answer" for s in t["says"]))


def test_an_answer_left_behind_by_a_clock_that_was_ahead_is_marked(settings: Settings, bank: Bank) -> None:
    """Its lease ends in an hour, by that clock; a lease that cannot be is none."""
    clock = Clock()
    clock.ahead = timedelta(hours=1)
    with TestClient(create_app(settings, bank=bank, clock=clock), base_url="http://localhost") as client:
        interview = started(client, questions=1)
        asked = answer(client, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.STRONG))
        assert asked["turns"][0]["status"] == "graded"
        clock.ahead = timedelta()
        again = client.post(f"/api/interviews/{interview['id']}/regrade", json={"turn": 1})
        assert again.status_code == 200
        events = ended(client, asked)
    feedback = [event for event in events if event.kind == "feedback"]
    assert len(feedback) == 2
    assert events[-1].kind == "feedback"
