"""A whole interview with a real model, over HTTP, in the product's own process: every answer ends in a true grading."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band, Mark, Question, UngradedReason, Verdict
from interviewer.grading.checked import CREDITS
from interviewer.scoring import answer_score
from tests.conftest import ROOT
from tests.faults.server import environ, running
from tests.model.conftest import PATIENCE_S
from tests.model.llama import NAME, Llama
from tests.playing import sample

BANDS = (Band.STRONG, Band.PARTIAL, Band.WEAK)


@dataclass(frozen=True)
class Played:
    """A finished interview, the calls of the model for each of its turns, its report page and what /readyz says."""

    interview: dict[str, Any]
    calls: list[list[dict[str, Any]]]
    report: str
    ready: dict[str, Any]

    @property
    def gradings(self) -> list[dict[str, Any]]:
        """Of all turns."""
        return [turn["grading"] for turn in self.interview["turns"]]


def settings(model: Llama) -> dict[str, str]:
    """What an operator sets for this model: time, and little to say."""
    return {
        "INTERVIEWER_MODEL": NAME,
        "INTERVIEWER_MODEL_TEMPERATURE": "0",
        "INTERVIEWER_MODEL_MAX_TOKENS": "200",
        "INTERVIEWER_MODEL_TIMEOUT_S": "120",
        "INTERVIEWER_MODEL_FAILURES": "100",
        "OPENAI_BASE_URL": model.base_url,
    }


@contextmanager
def candidate(url: str) -> Iterator[httpx2.Client]:
    """A browser of one's own."""
    with httpx2.Client(base_url=url, timeout=PATIENCE_S) as client:
        yield client


def begin(client: httpx2.Client, **choice: object) -> dict[str, Any]:
    """A new interview."""
    reply = client.post("/api/interviews", json={"level": "mid", "questions": 3, "seed": 11, **choice})
    assert reply.status_code == 201, reply.text
    body: dict[str, Any] = reply.json()
    return body


def say(client: httpx2.Client, interview: dict[str, Any], text: str) -> dict[str, Any]:
    """The interview after an answer to its newest turn."""
    turn = interview["turns"][-1]
    answer = {"turn": turn["number"], "text": text, "says_seen": len(turn["says"])}
    reply = client.post(f"/api/interviews/{interview['id']}/answers", json=answer)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


@pytest.fixture(scope="module")
def url(model: Llama, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product, asking the model."""
    with running(tmp_path_factory.mktemp("app") / "interviews.sqlite3", **settings(model)) as server:
        yield server.url


@pytest.fixture(scope="module")
def played(url: str, bank: Bank) -> Played:
    """Three questions answered well, partly and badly; whoever is asked more says the same again."""
    with candidate(url) as client:
        interview = begin(client)
        while interview["status"] == "open":
            turn = interview["turns"][-1]
            band = BANDS[(turn["number"] - 1) % len(BANDS)]
            interview = say(client, interview, sample(bank, turn["question"]["id"], band))
        path = f"/api/interviews/{interview['id']}"
        calls = [client.get(f"{path}/turns/{turn['number']}/calls").json() for turn in interview["turns"]]
        report = client.get(f"/interviews/{interview['id']}/report").text
        return Played(interview, calls, report, client.get("/readyz").json())


def rubric(bank: Bank, turn: dict[str, Any]) -> Question:
    """The question of a turn."""
    question = bank.question(turn["question"]["id"])
    assert question
    return question


def test_every_answer_ends_in_a_grading_that_says_who_made_it(played: Played) -> None:
    """The model, or the offline grader with the reason why."""
    assert len(played.gradings) == 3
    for turn in played.interview["turns"]:
        grading = turn["grading"]
        assert turn["status"] == "graded"
        assert grading["grader"] in {"llm", "fuzzy"}
        if grading["grader"] == "llm":
            assert (grading["model"], grading["fallback"], grading["estimate"]) == (NAME, None, False)
        else:
            assert (grading["model"], grading["estimate"]) == (None, True)
            assert grading["fallback"] in {*UngradedReason}
    assert played.interview["score"] is not None
    assert "100" in played.report


def test_the_marks_are_those_of_the_rubric_and_the_quotes_those_of_the_candidate(played: Played, bank: Bank) -> None:
    for turn in played.interview["turns"]:
        points = {point.id: point.weight for point in rubric(bank, turn).points}
        answers = [say["text"] for say in turn["says"] if say["kind"] == "answer"]
        marks = turn["grading"]["marks"]
        assert {mark["point"]: mark["weight"] for mark in marks} == points
        for mark in marks:
            if mark["credit"]:
                assert any(mark["quote"] in answer for answer in answers)


def test_the_score_is_the_one_that_the_marks_add_up_to(played: Played, bank: Bank) -> None:
    """No number of the model's has anything to do with it."""
    for turn in played.interview["turns"]:
        answers = [say["text"] for say in turn["says"] if say["kind"] == "answer"]
        marks = [mark_of(mark, answers) for mark in turn["grading"]["marks"]]
        costs = [wrong for wrong in rubric(bank, turn).misconceptions if wrong.id in asserted(turn)]
        assert len(costs) == len(turn["grading"]["misconceptions"])
        least = answer_score(marks, ()) - sum(wrong.penalty for wrong in costs)
        assert turn["grading"]["score"] == max(0, least)
        if turn["grading"]["grader"] == "llm":
            assert all(mark.credit == CREDITS.get(mark.verdict, 0.0) for mark in marks)


def asserted(turn: dict[str, Any]) -> set[str]:
    """The misconceptions that were found in a turn."""
    return {wrong["id"] for wrong in turn["grading"]["misconceptions"]}


def mark_of(mark: dict[str, Any], answers: list[str]) -> Mark:
    """A mark from its JSON."""
    said = next((number for number, answer in enumerate(answers) if (mark["quote"] or "") in answer), 0)
    kept = {name: mark[name] for name in ("point", "says", "weight", "credit", "quote", "reason")}
    return Mark(**kept, verdict=Verdict(mark["verdict"]), said=said, start=0, end=0)


def test_every_call_is_kept_with_its_tokens_and_its_time(played: Played) -> None:
    """Each answer has been to the model, also where nothing came of it."""
    for turn, calls in zip(played.interview["turns"], played.calls, strict=True):
        marking = [call for call in calls if call["purpose"] == "grade"]
        assert marking, f"the model was not asked about turn {turn['number']}"
        for call in calls:
            assert call["milliseconds"] > 0
            assert call["usage"]["tokens_in"] > 0
        if turn["grading"]["grader"] == "fuzzy":
            assert turn["grading"]["fallback"] in {marking[-1]["outcome"], "unreadable"}
    assert played.interview["usage"]["tokens_in"] > 0


def test_the_model_was_held_to_the_form(played: Played) -> None:
    """Every whole reply is JSON with what was asked for: the server enforces it."""
    for call in (call for calls in played.calls for call in calls if call["outcome"] == "ok"):
        assert json.loads(call["reply"]).keys() == call["reply_schema"]["properties"].keys()


def test_the_model_is_not_paused(played: Played) -> None:
    assert played.ready["model"]["circuit"] == "closed"


def test_an_answer_that_is_too_long_for_the_model_is_marked_offline(url: str, bank: Bank) -> None:
    """20,000 characters do not fit into 4,096 tokens; the candidate is told, and the interview goes on."""
    with candidate(url) as client:
        begun = begin(client, questions=1)
        strong = sample(bank, begun["turns"][0]["question"]["id"], Band.STRONG)
        after = say(client, begun, " ".join([strong] * 100)[:20_000])
        page = client.get(f"/interviews/{begun['id']}").text
    grading = after["turns"][0]["grading"]
    assert (grading["grader"], grading["fallback"]) == ("fuzzy", "rejected")
    assert "The model server did not accept the request." in page


def test_two_candidates_at_once_both_get_their_grading(url: str, bank: Bank) -> None:
    def play(seed: int) -> dict[str, Any]:
        with candidate(url) as client:
            begun = begin(client, questions=1, seed=seed)
            after = say(client, begun, sample(bank, begun["turns"][0]["question"]["id"], Band.STRONG))
            turn: dict[str, Any] = after["turns"][0]
            return turn

    with ThreadPoolExecutor(2) as both:
        for turn in both.map(play, (5, 6)):
            assert turn["grading"]["grader"] in {"llm", "fuzzy"}


def test_doctor_says_what_works(model: Llama) -> None:
    """One real trial; how well it marks is another matter."""
    done = subprocess.run(
        [sys.executable, "-m", "interviewer", "doctor"],
        cwd=ROOT,
        env=environ(COLUMNS="200", **settings(model)),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert any(line.startswith("✓ reachable") for line in lines), done.stdout
    assert any(line.startswith("✓ model name") and NAME in line for line in lines)
    assert any(line.startswith(("✓ structured output", "✕ reply")) for line in lines)
    assert not any(line.startswith("✕") and "reply" not in line for line in lines)
    assert lines[-1].startswith("Interviews work")
