"""Missed points come back: from an interview to what is due, to a review that asks it again, and on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from tests.forms import HTML, alert, begin
from tests.playing import answer, sample, started

MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Days:
    """A clock that stands at nine in the morning until it is told that days have passed."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=20)
        return self.now

    def sleep(self, days: int = 1) -> None:
        """Some mornings later."""
        self.now = self.now.replace(hour=9, minute=0, second=0) + timedelta(days=days)


@pytest.fixture
def days() -> Days:
    """The time of day."""
    return Days()


@pytest.fixture
def alice(settings: Settings, bank: Bank, days: Days) -> Iterator[TestClient]:
    """Alice's browser, in a world whose days she can count."""
    with TestClient(create_app(settings, bank=bank, clock=days), base_url="http://localhost") as client:
        yield client


def missed(client: TestClient, **choice: Any) -> str:
    """Alice does not know the one question of an interview; its id."""
    interview = answer(client, started(client, questions=1, **choice), "I do not know, sorry.")
    assert interview["status"] == "finished"
    return str(interview["turns"][0]["question"]["id"])


def known(client: TestClient, bank: Bank, interview: dict[str, Any]) -> dict[str, Any]:
    """The interview after its newest question was answered as the reference does."""
    question = bank.question(interview["turns"][-1]["question"]["id"])
    assert question
    return answer(client, interview, question.reference)


def review(client: TestClient, **choice: Any) -> dict[str, Any]:
    """A new review over the API."""
    reply = client.post("/api/reviews", json=choice)
    assert reply.status_code == 201, reply.text
    body: dict[str, Any] = reply.json()
    return body


def test_nothing_is_in_review_before_anything_was_missed(alice: TestClient) -> None:
    """The page teaches the next step, the start page says nothing, and a review cannot be begun."""
    assert "Nothing is in review yet" in alice.get("/review").text
    assert "due today" not in alice.get("/").text
    assert alice.get("/api/review").json()["points"] == []
    refused = alice.post("/reviews", headers=HTML)
    assert refused.status_code == 422
    assert "Nothing is due for review" in alert(refused.text)


def test_a_missed_point_is_due_on_the_next_day_and_not_before(alice: TestClient, bank: Bank, days: Days) -> None:
    """Every point of a question that was not known; the start page says how many."""
    question = bank.question(missed(alice))
    assert question
    today = alice.get("/api/review").json()
    assert today["due"] == 0
    assert {point["point"] for point in today["points"]} == {point.id for point in question.points}
    assert {point["due"] for point in today["points"]} == {"2026-11-03"}
    assert "tomorrow" in alice.get("/review").text
    days.sleep()
    assert alice.get("/api/review").json()["due"] == len(question.points)
    assert f"{len(question.points)} points are due today" in alice.get("/").text
    page = alice.get("/review").text
    assert all(point.says.split("`")[0][:20] in page.replace("<code>", "`") for point in question.points)


def test_a_review_asks_what_is_due_and_what_is_earned_goes_away_for_longer(
    alice: TestClient, bank: Bank, days: Days
) -> None:
    """From the button on the page; the greeting says how many points come back."""
    missed(alice)
    days.sleep()
    due = alice.get("/api/review").json()["due"]
    path = alice.post("/reviews", headers=HTML, follow_redirects=False).headers["location"]
    interview = alice.get(f"/api{path}").json()
    assert interview["mode"] == "review"
    assert f"{due} points that come back" in interview["turns"][0]["says"][0]["text"]
    while interview["status"] == "open":
        interview = known(alice, bank, interview)
    after = alice.get("/api/review").json()
    assert after["due"] == 0
    assert all(point["due"] > "2026-11-03" for point in after["points"])


def test_a_choice_that_was_wrong_comes_back_to_be_chosen_again(alice: TestClient, bank: Bank, days: Days) -> None:
    """As one thing to know; the review's page shows its options, and the right ones put it off for longer."""
    check = started(alice, mode="check", questions=1)
    asked = check["turns"][0]["question"]
    question = bank.question(asked["id"])
    assert question
    by_rightness = {o.correct: [p.id for p in question.options if p.correct is o.correct] for o in question.options}
    path = f"/api/interviews/{check['id']}/choices"
    assert alice.post(path, json={"turn": 1, "chosen": by_rightness[False][:1]}).status_code == 200
    days.sleep()
    assert alice.get("/api/review").json()["due"] == 1
    page = alice.post("/reviews", headers=HTML)
    assert 'class="choosing"' in page.text
    again = alice.get(f"/api{page.url.path}").json()
    assert again["turns"][0]["question"]["id"] == asked["id"]
    done = alice.post(f"{page.url.path}/choices", data={"turn": "1", "option": by_rightness[True]}, headers=HTML)
    assert "Your choice" in done.text
    assert alice.get("/api/review").json()["due"] == 0


def test_a_review_asks_a_different_question_on_the_same_point_where_the_bank_has_one(
    alice: TestClient, bank: Bank, days: Days
) -> None:
    """Of the whole shipped bank: missed here, asked for there; met there, it is not due here any more."""
    interview = begun_with_same(alice, bank)
    key = interview["turns"][0]["question"]["id"]
    answer(alice, interview, "I do not know, sorry.")
    days.sleep()
    before = {point["point"]: point for point in alice.get("/api/review").json()["points"]}
    shared = next(point for point in before.values() if point["same"])
    others = {name.split("/")[0] for name in shared["same"]}
    asked = review(alice, questions=30)
    seen: list[str] = []
    while asked["status"] == "open":
        seen.append(asked["turns"][-1]["question"]["id"])
        asked = known(alice, bank, asked)
    assert others & set(seen)
    now = {point["point"]: point for point in alice.get("/api/review").json()["points"]}
    mine = next(point for point in now.values() if shared["point"] == point["point"])
    assert mine["seen"][0]["question"] == key
    assert {time["question"] for time in mine["seen"][1:]} & others


def begun_with_same(client: TestClient, bank: Bank) -> dict[str, Any]:
    """An interview whose first question has a point that another question states too."""
    names = {key.question for key in bank.same_points.groups}
    for seed in range(200):
        interview = started(client, questions=1, seed=seed)
        if interview["turns"][0]["question"]["id"] in names:
            return interview
    raise AssertionError("no such question was drawn")


def test_a_review_begun_twice_is_one(alice: TestClient, days: Days) -> None:
    """The second press goes on with it; so does the page."""
    missed(alice)
    days.sleep()
    first = alice.post("/reviews", headers=HTML, follow_redirects=False).headers["location"]
    assert alice.post("/reviews", headers=HTML, follow_redirects=False).headers["location"] == first
    assert f'href="{first}">Continue the review' in alice.get("/review").text
    assert f'href="{first}">Continue the review' in alice.get("/").text


def test_a_review_begun_from_two_tabs_at_once_is_one(alice: TestClient, days: Days) -> None:
    """Both are led to it."""
    missed(alice)
    days.sleep()
    with ThreadPoolExecutor(4) as tabs:
        begun = list(tabs.map(lambda _: review(alice)["id"], range(4)))
    assert len(set(begun)) == 1
    assert alice.get("/api/review").json()["open"] == begun[:1]


def test_the_same_seed_and_history_give_the_same_review(alice: TestClient, bank: Bank, days: Days) -> None:
    """And never more questions than it takes, or than were asked for."""
    for seed in range(4):
        missed(alice, seed=seed)
    days.sleep()
    first, ids = review(alice, questions=2, seed=5), []
    for interview in (first, None):
        begun = interview or review(alice, questions=2, seed=5)
        assert len(begun["turns"]) == 1
        ids.append(begun["turns"][0]["question"]["id"])
        alice.delete(f"/api/interviews/{begun['id']}")
    assert ids[0] == ids[1]


def test_a_deleted_interview_takes_its_points_out_of_review(alice: TestClient) -> None:
    """Nothing of the state is stored, so nothing is left behind."""
    missed(alice)
    (interview,) = alice.get("/api/interviews").json()
    alice.delete(f"/api/interviews/{interview['id']}")
    assert alice.get("/api/review").json()["points"] == []


def test_what_a_mock_interview_lacked_comes_back_only_when_its_feedback_is_seen(alice: TestClient) -> None:
    """Else the list would give the marks away."""
    interview = answer(alice, started(alice, questions=2, mode="mock"), "I do not know, sorry.")
    assert alice.get("/api/review").json()["points"] == []
    alice.post(f"/api/interviews/{interview['id']}/finish")
    assert alice.get("/api/review").json()["points"] != []


def test_a_skipped_question_of_a_review_stays_due(alice: TestClient, days: Days) -> None:
    """Nothing was said, so nothing is known of it."""
    missed(alice)
    days.sleep()
    due = alice.get("/api/review").json()["due"]
    begun = review(alice)
    while begun["status"] == "open":
        turn = begun["turns"][-1]["number"]
        begun = alice.post(f"/api/interviews/{begun['id']}/skip", json={"turn": turn}).json()
    assert alice.get("/api/review").json()["due"] == due


def test_a_stranger_has_nothing_in_review(alice: TestClient, days: Days) -> None:
    """Each browser has its own."""
    missed(alice)
    days.sleep()
    alice.cookies.clear()
    assert alice.get("/api/review").json()["points"] == []


@pytest.mark.parametrize("choice", [{"pack": "cooking"}, {"questions": 0}, {"questions": 31}, {"seed": -1}, {"x": 1}])
def test_a_review_that_cannot_be_had_is_refused_in_words(alice: TestClient, days: Days, choice: dict[str, Any]) -> None:
    """And nothing is begun."""
    missed(alice)
    days.sleep()
    assert alice.post("/api/reviews", json=choice).status_code == 422
    assert alice.post("/reviews", data={"pack": "\x00" * 9000}, headers=HTML).status_code == 422
    assert alice.get("/api/review").json()["open"] == []


def test_a_review_is_not_drawn_like_another_interview(alice: TestClient) -> None:
    """The message says where it begins."""
    reply = alice.post("/api/interviews", json={"level": "mid", "mode": "review"})
    assert reply.status_code == 422
    assert "/api/reviews" in reply.text


def test_tone_of_the_last_interview_is_kept(alice: TestClient, bank: Bank, days: Days) -> None:
    """A review speaks as the interview before it did."""
    missed(alice, tone="tough")
    days.sleep()
    greeting = review(alice)["turns"][0]["says"][0]["text"]
    assert not greeting.startswith("Hello")
    assert re.search(r"\d points? that come", greeting)


def test_a_partly_right_answer_brings_back_only_what_it_lacked(alice: TestClient, bank: Bank) -> None:
    """What was met does not come back."""
    path = begin(alice, level="mid", questions="1", seed="7")
    interview = alice.get(f"/api{path}").json()
    interview = answer(alice, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.PARTIAL))
    interview = alice.post(f"/api{path}/finish").json()
    marks = {mark["point"]: mark["verdict"] for mark in interview["turns"][0]["grading"]["marks"]}
    back = {point["point"] for point in alice.get("/api/review").json()["points"]}
    assert {point for point, verdict in marks.items() if verdict != "met"} <= back
    assert not {point for point, verdict in marks.items() if verdict == "met"} & back
