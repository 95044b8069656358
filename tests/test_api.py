"""The JSON door: whole interviews, and everything that can be wrong with a request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer import bank as banks
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from tests.playing import answer, sample, started


def test_the_level_follows_the_answers_in_practice_unless_told_otherwise(alice: TestClient, bank: Bank) -> None:
    """Two full answers lead a level up; the same seed and answers lead over the same questions."""
    runs = []
    for _ in range(2):
        interview = started(alice, questions=4, seed=5)
        while interview["status"] == "open":
            question = interview["turns"][-1]["question"]
            interview = answer(alice, interview, sample(bank, question["id"], Band.STRONG))
        runs.append(interview)
        alice.delete(f"/api/interviews/{interview['id']}")
    assert [turn["question"]["id"] for turn in runs[0]["turns"]] == [
        turn["question"]["id"] for turn in runs[1]["turns"]
    ]
    assert [turn["question"]["level"] for turn in runs[0]["turns"]] == ["mid", "mid", "senior", "senior"]
    assert runs[0]["adaptive"] is True
    assert started(alice, mode="mock")["adaptive"] is False
    assert started(alice, mode="check", adaptive=True)["adaptive"] is False


def test_kinds_narrow_what_a_mode_asks(alice: TestClient) -> None:
    """What it does not ask is refused, never passed over in silence."""
    reply = alice.post("/api/interviews", json={"level": "mid", "kinds": ["choice"]})
    assert reply.status_code == 422
    assert "asks open questions" in reply.json()["detail"]
    only_open = started(alice, mode="check", kinds=["open"])
    assert only_open["turns"][0]["question"]["kind"] == "open"


@pytest.mark.parametrize("level", ["junior", "mid", "senior"])
@pytest.mark.parametrize("mode", ["practice", "mock"])
def test_a_whole_interview_is_played_at_each_level(alice: TestClient, bank: Bank, level: str, mode: str) -> None:
    """Strong, partial, skipped, weak, …; each turn graded, a report at the end."""
    interview = started(alice, level=level, mode=mode, questions=6, adaptive=False)
    asked = []
    while interview["status"] == "open":
        turn = interview["turns"][-1]
        if turn["question"]["id"] not in asked:
            asked.append(turn["question"]["id"])
        assert turn["question"]["level"] == level
        number = turn["number"]
        if number == 3:
            reply = alice.post(f"/api/interviews/{interview['id']}/skip", json={"turn": 3})
            interview = reply.json()
        else:
            band = (Band.STRONG, Band.PARTIAL, Band.WEAK)[number % 3]
            interview = answer(alice, interview, sample(bank, turn["question"]["id"], band))
    assert len(asked) == len(set(asked)) == 6
    assert [turn["status"] for turn in interview["turns"]] == ["graded"] * 2 + ["skipped"] + ["graded"] * 3
    assert 0 < interview["score"] < 100
    for turn in interview["turns"]:
        check_marks(turn)
    report = alice.get(f"/api/interviews/{interview['id']}/report").json()
    assert report["graded"] == 5
    assert report["skipped"] == 1
    assert report["estimated"] == 5
    assert report["verdict"]["standing"] in ("at_level", "nearly", "not_yet")
    assert report["study"]


def check_marks(turn: dict[str, Any]) -> None:
    """Marks are exactly the rubric's points, and every credit has a quote that stands in the answer."""
    if turn["status"] == "skipped":
        assert turn["grading"] is None
        assert turn["score"] is None
        return
    grading = turn["grading"]
    texts = [say["text"] for say in turn["says"] if say["kind"] == "answer"]
    assert grading["grader"] == "fuzzy"
    assert grading["estimate"] is True
    assert grading["reference"]
    for mark in grading["marks"]:
        assert (mark["credit"] > 0) <= (mark["quote"] is not None)
        if mark["quote"]:
            assert texts[mark["said"]][mark["start"] : mark["end"]] == mark["quote"]


def test_a_strong_answer_scores_high_and_a_confident_wrong_one_low(alice: TestClient, bank: Bank) -> None:
    """The same question, two candidates."""
    scores = {}
    for band in (Band.STRONG, Band.WEAK):
        interview = started(alice, questions=1, seed=3, level="senior", topics=["database"])
        question_id = interview["turns"][0]["question"]["id"]
        interview = answer(alice, interview, sample(bank, question_id, band))
        alice.post(f"/api/interviews/{interview['id']}/finish")
        scores[band] = alice.get(f"/api/interviews/{interview['id']}").json()["turns"][0]["score"]
        alice.delete(f"/api/interviews/{interview['id']}")
    assert scores[Band.STRONG] >= 80
    assert scores[Band.WEAK] < 30


def test_the_reference_is_never_shown_before_the_answer(alice: TestClient, bank: Bank) -> None:
    """Not in the interview, not in the bank, not in the stream, not on the page, not in the report."""
    interview = started(alice)
    question = bank.question(interview["turns"][0]["question"]["id"])
    assert question
    shown = [
        json.dumps(interview),
        alice.get("/api/bank/questions").text,
        alice.get(f"/interviews/{interview['id']}").text,
        alice.get(f"/api/interviews/{interview['id']}/report").text,
        alice.get(f"/api/interviews/{interview['id']}/report.md").text,
        alice.get(f"/interviews/{interview['id']}/report").text,
        alice.get("/bank").text,
    ]
    for text in shown:
        assert question.reference[:40] not in text
        assert question.points[0].says not in text


def test_a_mock_interview_shows_no_mark_before_its_end(alice: TestClient, bank: Bank) -> None:
    """And all of them after it."""
    interview = started(alice, mode="mock", questions=2)
    first = interview["turns"][0]["question"]["id"]
    interview = answer(alice, interview, sample(bank, first, Band.STRONG))
    assert interview["turns"][0]["grading"] is None
    assert interview["score"] is None
    assert "marked" in alice.get(f"/interviews/{interview['id']}").text.lower()
    report = alice.get(f"/api/interviews/{interview['id']}/report").json()
    assert report["verdict"]["score"] is None
    over = alice.post(f"/api/interviews/{interview['id']}/finish").json()
    assert over["turns"][0]["grading"]["marks"]


def test_the_same_seed_and_history_ask_the_same_questions(app: FastAPI, alice: TestClient) -> None:
    """Two people who have never been here."""
    others = [TestClient(app, base_url="http://localhost") for _ in range(2)]
    drawn = []
    for client in others:
        interview = started(client, questions=3, seed=99)
        while interview["status"] == "open":
            turn = interview["turns"][-1]["number"]
            interview = client.post(f"/api/interviews/{interview['id']}/skip", json={"turn": turn}).json()
        drawn.append([turn["question"]["id"] for turn in interview["turns"]])
    assert drawn[0] == drawn[1]


def test_a_second_interview_asks_what_the_first_did_not(alice: TestClient) -> None:
    """Unseen before seen, over a candidate's interviews."""
    seen: list[str] = []
    for _ in range(3):
        interview = started(alice, questions=4, seed=5)
        while interview["status"] == "open":
            turn = interview["turns"][-1]["number"]
            interview = alice.post(f"/api/interviews/{interview['id']}/skip", json={"turn": turn}).json()
        seen += [turn["question"]["id"] for turn in interview["turns"]]
    assert len(seen) == len(set(seen)) == 12


def test_hints_cost_ten_points_each_and_run_out(alice: TestClient, bank: Bank) -> None:
    """Declared, counted, refused when there is none."""
    interview = started(alice, questions=1)
    question = bank.question(interview["turns"][0]["question"]["id"])
    assert question
    path = f"/api/interviews/{interview['id']}"
    for used in range(1, len(question.hints) + 1):
        interview = alice.post(f"{path}/hint", json={"turn": 1}).json()
        assert interview["turns"][0]["hints_used"] == used
    refused = alice.post(f"{path}/hint", json={"turn": 1})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":NoHintLeft")
    answer(alice, interview, sample(bank, question.id, Band.STRONG))
    over = alice.get(path).json()
    if over["status"] == "open":
        over = alice.post(f"{path}/finish").json()
    turn = over["turns"][0]
    assert turn["score"] == turn["grading"]["score"] - 10 * len(question.hints)


def test_marking_again_adds_a_grading_and_replaces_none(alice: TestClient, bank: Bank) -> None:
    """The same answer, the same offline mark, a newer time."""
    interview = started(alice, questions=1)
    answer(alice, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.WEAK))
    alice.post(f"/api/interviews/{interview['id']}/finish")
    interview = alice.get(f"/api/interviews/{interview['id']}").json()
    before = interview["turns"][0]["grading"]
    after = alice.post(f"/api/interviews/{interview['id']}/regrade", json={"turn": 1}).json()["turns"][0]["grading"]
    assert after["score"] == before["score"]
    assert after["graded_at"] > before["graded_at"]


# ---- bad input: a clear message, and nothing lost


def problem(reply: Any, status: int, name: str) -> str:
    """The detail of a problem document of that status and name."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert body["type"].endswith(f":{name}")
    assert body["status"] == status
    return str(body["detail"])


@pytest.mark.parametrize(
    ("text", "status", "name", "says"),
    [
        ("", 422, "EmptyAnswer", "skip"),
        (" \n\t ", 422, "EmptyAnswer", "skip"),
        ("\x00", 422, "EmptyAnswer", "skip"),
        ("word " * 200_000, 413, "AnswerTooLong", "20,000"),
    ],
    ids=["empty", "blank", "nul", "1 MB"],
)
def test_an_answer_that_cannot_be_taken_changes_nothing(
    alice: TestClient, text: str, status: int, name: str, says: str
) -> None:
    """The turn stays open."""
    interview = started(alice)
    reply = alice.post(f"/api/interviews/{interview['id']}/answers", json={"turn": 1, "text": text})
    assert says in problem(reply, status, name)
    assert alice.get(f"/api/interviews/{interview['id']}").json() == interview


@pytest.mark.parametrize(
    "text",
    [
        "null \\u0000 in the middle of it",
        "lone \\ud83d surrogate in the middle",
        "bell \\u0007 and escape \\u001b[31m",
    ],
)
def test_characters_that_cannot_be_kept_are_replaced_and_counted(alice: TestClient, text: str) -> None:
    """The answer itself is taken."""
    interview = started(alice)
    raw = '{"turn": 1, "text": "' + text + '"}'
    reply = alice.post(
        f"/api/interviews/{interview['id']}/answers", content=raw, headers={"content-type": "application/json"}
    )
    assert reply.status_code == 200, reply.text
    assert reply.json()["replaced"] >= 1
    assert "\ufffd" in reply.json()["turns"][0]["says"][2]["text"]


@pytest.mark.parametrize("turn", [0, 2, -1, 10**9])
def test_an_answer_to_a_turn_that_is_not_open_is_refused(alice: TestClient, turn: int) -> None:
    """Closed or unknown."""
    interview = started(alice)
    reply = alice.post(f"/api/interviews/{interview['id']}/answers", json={"turn": turn, "text": "Hello there."})
    problem(reply, 409, "OutOfTurn")


def test_a_finished_interview_takes_no_more(alice: TestClient) -> None:
    """Each move says so."""
    interview = started(alice)
    path = f"/api/interviews/{interview['id']}"
    alice.post(f"{path}/finish")
    for move, body in (
        ("answers", {"turn": 1, "text": "Late words."}),
        ("hint", {"turn": 1}),
        ("skip", {"turn": 1}),
        ("finish", {}),
    ):
        assert "over" in problem(alice.post(f"{path}/{move}", json=body), 409, "OutOfTurn")


def test_the_same_answer_sent_twice_counts_once(alice: TestClient, bank: Bank) -> None:
    """A double click, a retry after a lost reply."""
    interview = started(alice)
    text = sample(bank, interview["turns"][0]["question"]["id"], Band.PARTIAL)
    body = {"turn": 1, "text": text, "says_seen": 1}
    first = alice.post(f"/api/interviews/{interview['id']}/answers", json=body)
    second = alice.post(f"/api/interviews/{interview['id']}/answers", json=body)
    assert first.status_code == second.status_code == 200
    said = [say for say in second.json()["turns"][0]["says"] if say["kind"] == "answer"]
    assert len(said) == 1


def test_an_answer_from_a_stale_tab_is_not_taken_for_an_answer_to_the_probe(alice: TestClient, bank: Bank) -> None:
    """The other tab has moved the interview on."""
    interview = started(alice)
    answer(alice, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.PARTIAL))
    stale = {"turn": 1, "text": "Something else from the other tab.", "says_seen": 1}
    problem(alice.post(f"/api/interviews/{interview['id']}/answers", json=stale), 409, "OutOfTurn")


@pytest.mark.parametrize("path", ["", "/report", "/report.md", "/events"])
def test_somebody_elses_interview_is_not_there(alice: TestClient, bob: TestClient, path: str) -> None:
    """404 for reading, whatever the representation."""
    interview = started(alice)
    reply = bob.get(f"/api/interviews/{interview['id']}{path}")
    if path == "/events":
        assert "NotFound" in reply.text
        assert interview["turns"][0]["question"]["ask"][:20] not in reply.text
    else:
        problem(reply, 404, "NotFound")


def test_somebody_elses_interview_takes_no_move(alice: TestClient, bob: TestClient) -> None:
    """Nor does it appear in a list."""
    interview = started(alice)
    path = f"/api/interviews/{interview['id']}"
    for reply in (
        bob.post(f"{path}/answers", json={"turn": 1, "text": "Mine now."}),
        bob.put(f"{path}/draft", json={"turn": 1, "text": "Mine", "sequence": 1}),
        bob.post(f"{path}/hint", json={"turn": 1}),
        bob.post(f"{path}/skip", json={"turn": 1}),
        bob.post(f"{path}/finish"),
        bob.post(f"{path}/regrade"),
        bob.delete(path),
    ):
        problem(reply, 404, "NotFound")
    assert bob.get("/api/interviews").json() == []
    assert alice.get(path).json() == interview


@pytest.mark.parametrize(
    ("choice", "name", "says"),
    [
        ({"level": "principal"}, "InvalidRequest", "junior"),
        ({"level": "mid", "topics": ["cooking"]}, "UnknownChoice", "cooking"),
        ({"level": "mid", "questions": 0}, "InvalidRequest", "questions"),
        ({"level": "mid", "questions": 10**6}, "InvalidRequest", "questions"),
        ({"level": "mid", "pack": "cobol"}, "UnknownChoice", "fastapi"),
        ({"level": "mid", "nonsense": 1}, "InvalidRequest", "nonsense"),
        ({}, "InvalidRequest", "level"),
    ],
)
def test_a_choice_that_does_not_exist_is_explained(
    alice: TestClient, choice: dict[str, Any], name: str, says: str
) -> None:
    """With what there is, and nothing is kept."""
    assert says in problem(alice.post("/api/interviews", json=choice), 422, name)
    assert alice.get("/api/interviews").json() == []


def test_a_choice_that_leaves_nothing_to_ask_is_explained(settings: Settings, thin_bank: Path) -> None:
    """A bank need not have every topic at every level."""
    with TestClient(create_app(settings, bank=banks.load(thin_bank)), base_url="http://localhost") as client:
        choice = {"level": "junior", "topics": ["api-patterns"]}
        assert "Choose more topics" in problem(client.post("/api/interviews", json=choice), 422, "NoQuestions")
        assert client.get("/api/interviews").json() == []


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[]", b'"x"', b"null"])
def test_a_body_that_is_no_json_object_is_a_problem_not_a_crash(alice: TestClient, raw: bytes) -> None:
    """Binary, cut off, of another shape."""
    reply = alice.post("/api/interviews", content=raw, headers={"content-type": "application/json"})
    problem(reply, 422, "InvalidRequest")


def test_a_body_beyond_the_limit_is_refused(alice: TestClient) -> None:
    """Before it is read into memory."""
    interview = started(alice)
    reply = alice.post(f"/api/interviews/{interview['id']}/answers", json={"turn": 1, "text": "x" * 5_000_000})
    assert reply.status_code == 413
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_request_from_another_site_changes_nothing(alice: TestClient) -> None:
    """By Sec-Fetch-Site where the browser says it, else by Origin."""
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ):
        problem(alice.post("/api/interviews", json={"level": "mid"}, headers=headers), 403, "CrossSite")
    assert alice.get("/api/interviews").json() == []
    ok = alice.post("/api/interviews", json={"level": "mid"}, headers={"origin": "http://localhost"})
    assert ok.status_code == 201


def test_an_unknown_host_name_is_refused(alice: TestClient) -> None:
    """Another site's name that resolves to us opens nothing."""
    assert alice.get("/", headers={"host": "evil.example"}).status_code == 400


def test_an_older_draft_is_ignored(alice: TestClient) -> None:
    """And a draft for a closed turn is refused."""
    interview = started(alice)
    path = f"/api/interviews/{interview['id']}/draft"
    assert alice.put(path, json={"turn": 1, "text": "new", "sequence": 2}).json() == {"kept": True}
    assert alice.put(path, json={"turn": 1, "text": "old", "sequence": 1}).json() == {"kept": False}
    assert ">\nnew</textarea>" in alice.get(f"/interviews/{interview['id']}").text
    problem(alice.put(path, json={"turn": 2, "text": "x", "sequence": 9}), 409, "OutOfTurn")


def test_the_guest_cookie_is_not_readable_by_scripts_and_is_not_the_owner_id(alice: TestClient) -> None:
    """A copied database opens no interview."""
    reply = alice.get("/")
    assert "HttpOnly" in reply.headers["set-cookie"]
    assert "SameSite=Lax" in reply.headers["set-cookie"]
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "microphone=(self)" in reply.headers["permissions-policy"]  # the browser's own dictation needs it


def test_health_and_readiness_answer(alice: TestClient) -> None:
    """Live, and ready with bank and grader."""
    assert alice.get("/healthz").json()["status"] == "ok"
    ready = alice.get("/readyz").json()
    assert ready["questions"] >= 48
    assert "offline" in ready["grader"]


def test_the_report_can_be_kept_as_markdown(alice: TestClient, bank: Bank) -> None:
    """With the words that earned each point."""
    interview = started(alice, questions=1)
    question_id = interview["turns"][0]["question"]["id"]
    interview = answer(alice, interview, sample(bank, question_id, Band.STRONG))
    alice.post(f"/api/interviews/{interview['id']}/finish")
    reply = alice.get(f"/api/interviews/{interview['id']}/report.md")
    assert reply.headers["content-type"].startswith("text/markdown")
    assert "✓ met" in reply.text
    assert "not a hiring verdict" in reply.text
