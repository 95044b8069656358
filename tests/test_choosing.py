"""Checks and exams through the public doors: what is chosen is kept, marked by the key, and never told too early."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from interviewer import bank as banks
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.settings import Settings
from tests.conftest import ROOT
from tests.forms import HTML, alert
from tests.graders import Clock
from tests.playing import answer, started


@pytest.fixture
def clock() -> Clock:
    """The server's time, which a test may move."""
    return Clock()


@pytest.fixture
def alice(settings: Settings, bank: Bank, clock: Clock) -> Iterator[TestClient]:
    """Alice's browser, at a server whose clock stands still."""
    with TestClient(create_app(settings, bank=bank, clock=clock), base_url="http://localhost") as client:
        yield client


def right(bank: Bank, turn: dict[str, Any]) -> list[str]:
    """Ids of the right options of a turn's question."""
    question = bank.question(turn["question"]["id"])
    assert question
    return [option.id for option in question.options if option.correct]


def wrong(bank: Bank, turn: dict[str, Any]) -> list[str]:
    """The id of a wrong option."""
    return [next(o["id"] for o in turn["question"]["options"] if o["id"] not in right(bank, turn))]


def choose(client: TestClient, interview: dict[str, Any], turn: int, chosen: list[str]) -> Any:
    """The reply to a choice."""
    return client.post(f"/api/interviews/{interview['id']}/choices", json={"turn": turn, "chosen": chosen})


def exam(client: TestClient, **choice: Any) -> dict[str, Any]:
    """A new exam over the API."""
    return started(client, mode="exam", **{"questions": 5, **choice})


# ---- the quick check


def test_a_check_is_five_questions_with_an_explanation_after_each(alice: TestClient, bank: Bank) -> None:
    """Nothing of what is right is told before; afterwards every option says why."""
    interview = started(alice, mode="check", questions=None)
    assert interview["length"] == 5
    for number in range(1, 6):
        turn = interview["turns"][-1]
        assert turn["number"] == number
        assert all(o["correct"] is None and o["why"] is None for o in turn["question"]["options"])
        chosen = right(bank, turn) if number % 2 else wrong(bank, turn)
        interview = choose(alice, interview, number, chosen).json()
        told = interview["turns"][number - 1]
        assert (told["score"] == 100) is bool(number % 2)
        assert set(told["chosen"]) == set(chosen)
        assert all(option["why"] for option in told["question"]["options"])
        assert told["grading"]["grader"] == "key"
        assert told["grading"]["estimate"] is False
    assert interview["status"] == "finished"


def test_several_right_options_earn_their_share_and_wrong_ones_cost_it(alice: TestClient, bank: Bank) -> None:
    """Half of the right ones is half the marks; with a wrong one beside, nothing."""
    for seed in range(60):
        interview = started(alice, mode="check", questions=1, seed=seed)
        turn = interview["turns"][0]
        if len(right(bank, turn)) == 2:
            break
    half = right(bank, turn)[:1]
    assert choose(alice, interview, 1, half).json()["turns"][0]["score"] == 50
    again = started(alice, mode="check", questions=30, topics=[turn["question"]["topic"]])
    while again["turns"][-1]["question"]["id"] != turn["question"]["id"]:
        again = alice.post(f"/api/interviews/{again['id']}/skip", json={"turn": len(again["turns"])}).json()
    number = len(again["turns"])
    made = choose(alice, again, number, [*half, *wrong(bank, turn)]).json()["turns"][number - 1]
    assert made["score"] == 0
    assert [m["verdict"] for m in made["grading"]["marks"]].count("met") == 1


def test_a_choice_that_cannot_be_is_refused_and_changes_nothing(alice: TestClient, bank: Bank) -> None:
    """Unknown, none, too many, words instead, and a question that is over."""
    interview = started(alice, mode="check")
    turn = interview["turns"][0]
    options = [option["id"] for option in turn["question"]["options"]]
    assert choose(alice, interview, 1, ["cooking"]).status_code == 422
    assert "Nothing is chosen" in choose(alice, interview, 1, []).json()["detail"]
    if not turn["question"]["several"]:
        assert "Choose one" in choose(alice, interview, 1, options).json()["detail"]
    words = alice.post(f"/api/interviews/{interview['id']}/answers", json={"turn": 1, "text": "The first one."})
    assert "by choosing" in words.json()["detail"]
    hint = alice.post(f"/api/interviews/{interview['id']}/hint", json={"turn": 1})
    assert "no hints" in hint.json()["detail"]
    assert alice.get(f"/api/interviews/{interview['id']}").json()["turns"] == interview["turns"]
    choose(alice, interview, 1, right(bank, turn))
    assert choose(alice, interview, 1, wrong(bank, turn)).status_code == 409
    open_one = started(alice, questions=1)
    assert "in your own words" in choose(alice, open_one, 1, ["a"]).json()["detail"]


def test_a_choice_sent_twice_at_once_counts_once(alice: TestClient, bank: Bank) -> None:
    """Both are told the same."""
    interview = started(alice, mode="check")
    chosen = right(bank, interview["turns"][0])
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: choose(alice, interview, 1, chosen), range(8)))
    assert {reply.status_code for reply in replies} == {200}
    turn = alice.get(f"/api/interviews/{interview['id']}").json()["turns"][0]
    assert [say["kind"] for say in turn["says"]].count("answer") == 1


def test_marking_a_choice_again_gives_the_same_mark(alice: TestClient, bank: Bank) -> None:
    """The key does not change its mind."""
    interview = started(alice, mode="check")
    before = choose(alice, interview, 1, right(bank, interview["turns"][0])).json()["turns"][0]
    after = alice.post(f"/api/interviews/{interview['id']}/regrade", json={"turn": 1}).json()["turns"][0]
    assert (after["score"], after["grading"]["marks"]) == (before["score"], before["grading"]["marks"])


def test_a_check_with_too_little_to_choose_from_asks_in_words_and_probes_nothing(alice: TestClient, bank: Bank) -> None:
    """After a partial answer the next question follows."""
    choices = sum(outline.kind == "choice" for outline in bank.packs[1].questions)
    interview = started(alice, mode="check", pack="python", questions=choices + 2)
    while interview["turns"][-1]["question"]["options"]:
        turn = interview["turns"][-1]
        interview = choose(alice, interview, turn["number"], right(bank, turn)).json()
    number = len(interview["turns"])
    after = answer(alice, interview, "It is a thing in Python, and names are bound to objects.")
    assert after["turns"][number - 1]["status"] == "graded"
    assert len(after["turns"]) == number + 1 or after["status"] == "finished"
    assert not [say for turn in after["turns"] for say in turn["says"] if say["kind"] == "probe"]


def test_a_check_begins_with_one_press_on_the_level_of_the_last_interview(alice: TestClient) -> None:
    """From the start page, and on one topic from the page of questions."""
    assert 'formaction="/checks"' in alice.get("/").text
    assert '<input type="hidden" name="topics" value="database">' in alice.get("/bank").text
    alice.post("/checks", data={"pack": "fastapi"})
    assert alice.get("/api/interviews").json()[0]["level"] == "junior"
    started(alice, level="senior")
    assert 'value="senior" checked' in alice.get("/").text
    alice.post("/checks", data={"pack": "fastapi", "topics": "database"})
    newest = alice.get("/api/interviews").json()[0]
    assert (newest["mode"], newest["level"], newest["topics"]) == ("check", "senior", ["database"])
    weak = answer(alice, started(alice, questions=1, seed=3), "It is somehow decided by the server, I believe.")
    report = alice.post(f"/interviews/{weak['id']}/finish").text
    topic = weak["turns"][0]["question"]["topic"]
    assert f'name="topics" value="{topic}">' in report.replace("\n", "")
    assert "Unknown topic" in alert(alice.post("/checks", data={"topics": "cooking"}, headers=HTML).text)
    assert "Choose a level" in alert(alice.post("/exams", data={"level": "guru"}, headers=HTML).text)


def test_a_check_is_called_one(alice: TestClient) -> None:
    """On its page while it is open and when it is over, and where a move comes too late."""
    interview = started(alice, mode="check")
    path = f"/interviews/{interview['id']}"
    assert "End check" in alice.get(path).text
    alice.post(f"/api{path}/finish")
    assert "The check is over." in alice.get(path).text
    late = alice.post(f"/api{path}/skip", json={"turn": 1})
    assert (late.status_code, late.json()["detail"]) == (409, "This check is over. Its report is ready.")


# ---- the practice exam


def test_an_exam_asks_everything_at_once_and_tells_nothing_before_its_end(alice: TestClient, bank: Bank) -> None:
    """Answers in any order, changed and taken back; the newest counts."""
    interview = exam(alice)
    assert (len(interview["turns"]), interview["minutes"], interview["pass_mark"]) == (5, 8, 70)
    turns = interview["turns"]
    for number in (4, 2):
        interview = choose(alice, interview, number, wrong(bank, turns[number - 1])).json()
    interview = choose(alice, interview, 4, right(bank, turns[3])).json()
    interview = choose(alice, interview, 1, right(bank, turns[0])).json()
    interview = choose(alice, interview, 1, []).json()
    assert [turn["chosen"] != [] for turn in interview["turns"]] == [False, True, False, True, False]
    assert all(turn["grading"] is None and turn["score"] is None for turn in interview["turns"])
    assert not [o for turn in interview["turns"] for o in turn["question"]["options"] if o["why"] or o["correct"]]
    over = alice.post(f"/api/interviews/{interview['id']}/finish").json()
    assert [turn["status"] for turn in over["turns"]] == ["skipped", "graded", "skipped", "graded", "skipped"]
    assert [turn["score"] for turn in over["turns"]] == [None, 0, None, 100, None]
    assert all(option["why"] for turn in over["turns"] for option in turn["question"]["options"])
    assert choose(alice, over, 1, right(bank, turns[0])).status_code == 409


def test_an_exam_of_the_packs_own_length_has_its_minutes(alice: TestClient) -> None:
    """A shorter one has fewer, in proportion."""
    assert exam(alice, questions=None)["minutes"] == 30
    assert exam(alice, questions=20)["minutes"] == 30
    assert exam(alice, questions=1)["minutes"] == 2


def test_a_flag_stays_until_it_is_taken_away(alice: TestClient) -> None:
    """In an exam only."""
    interview = exam(alice)
    path = f"/api/interviews/{interview['id']}/flag"
    assert alice.post(path, json={"turn": 3, "flagged": True}).json()["turns"][2]["flagged"] is True
    assert alice.get(f"/api/interviews/{interview['id']}").json()["turns"][2]["flagged"] is True
    assert alice.post(path, json={"turn": 3, "flagged": False}).json()["turns"][2]["flagged"] is False
    other = started(alice, mode="check")
    assert alice.post(f"/api/interviews/{other['id']}/flag", json={"turn": 1, "flagged": True}).status_code == 409


def test_an_exam_whose_time_is_up_is_handed_in_as_it_stands(alice: TestClient, bank: Bank, clock: Clock) -> None:
    """A choice on its way at the last second counts; a late one does not, and nothing else is lost."""
    interview = exam(alice)
    turns = interview["turns"]
    choose(alice, interview, 1, right(bank, turns[0]))
    clock.now += timedelta(minutes=8, seconds=3)
    assert choose(alice, interview, 2, right(bank, turns[1])).status_code == 200
    clock.now += timedelta(seconds=3)
    late = choose(alice, interview, 3, right(bank, turns[2]))
    assert late.status_code == 409
    assert "over" in late.json()["detail"]
    over = alice.get(f"/api/interviews/{interview['id']}").json()
    assert over["status"] == "finished"
    assert [turn["score"] for turn in over["turns"]] == [100, 100, None, None, None]
    assert over["finished_at"] < (clock.now).isoformat()


def test_an_exam_left_open_is_over_for_everybody_who_looks(alice: TestClient, clock: Clock) -> None:
    """The list of interviews too; its page leads to the report."""
    interview = exam(alice)
    clock.now += timedelta(days=2)
    assert alice.get("/api/interviews").json()[0]["status"] == "finished"
    assert alice.get(f"/interviews/{interview['id']}").url.path.endswith("/report")


def test_no_other_move_ends_an_exam(alice: TestClient, bank: Bank) -> None:
    """Skipping, an answer in words, a request: nothing of what was chosen is lost."""
    interview = exam(alice)
    path = f"/api/interviews/{interview['id']}"
    choose(alice, interview, 2, right(bank, interview["turns"][1]))
    before = alice.get(path).json()
    assert alice.post(f"{path}/skip", json={"turn": 1}).status_code == 409
    assert alice.post(f"{path}/answers", json={"turn": 1, "text": "skip"}).status_code == 409
    assert alice.post(f"/interviews/{interview['id']}/skip", data={"turn": "1"}, headers=HTML).status_code == 409
    assert alice.get(path).json() == before


def test_a_page_whose_clock_is_ahead_ends_nothing(alice: TestClient, bank: Bank, clock: Clock) -> None:
    """What it holds is kept; at the deadline it is handed in without waiting for the grace."""
    path = alice.post("/exams").url.path
    chosen = right(bank, alice.get(f"/api{path}").json()["turns"][0])
    early = alice.post(f"{path}/exam", data={"turn": "1", "go": "over", "option": chosen}, headers=HTML)
    assert early.url.path == path
    assert "Question 1 of 20" in early.text
    clock.now += timedelta(minutes=30)
    late = alice.post(f"{path}/exam", data={"turn": "1", "go": "over", "option": chosen}, headers=HTML)
    assert late.url.path.endswith("/report")
    assert alice.get(f"/api{path}").json()["turns"][0]["score"] == 100


def test_the_stream_of_an_exam_tells_each_event_once_and_ends(alice: TestClient, bank: Bank, clock: Clock) -> None:
    """With a choice taken back, and one in the grace after the deadline."""
    interview = exam(alice)
    choose(alice, interview, 1, right(bank, interview["turns"][0]))
    choose(alice, interview, 1, [])
    clock.now += timedelta(minutes=8, seconds=3)
    choose(alice, interview, 2, right(bank, interview["turns"][1]))
    clock.now += timedelta(minutes=1)
    told = alice.get(f"/api/interviews/{interview['id']}/events").text
    kinds = [line.removeprefix("event: ") for line in told.splitlines() if line.startswith("event: ")]
    assert kinds[-1] == "finished"
    first_mark = min(at for at, kind in enumerate(kinds) if kind in ("mark", "feedback", "finished"))
    assert "turn" not in kinds[first_mark:]


@pytest.mark.parametrize("change", ["an option is renamed", "the question is gone", "one option is right now"])
def test_a_bank_that_changes_under_an_exam_locks_nobody_out(
    settings: Settings, tmp_path: Path, clock: Clock, change: str
) -> None:
    """Every page goes on working, the exam is handed in, and what cannot be marked is said to be so."""
    folder = tmp_path / "bank"
    shutil.copytree(ROOT / "bank", folder)
    changing = settings.model_copy(update={"bank_dir": folder})
    with TestClient(create_app(changing, clock=clock), base_url="http://localhost") as client:
        interview = exam(client, topics=["testing"], questions=3)
        turn = next(each for each in interview["turns"] if each["question"]["several"])
        question = banks.load(folder).question(turn["question"]["id"])
        assert question
        ids = [option.id for option in question.options if option.correct]
        assert choose(client, interview, turn["number"], ids).status_code == 200
        cookies = client.cookies
    file = folder / "fastapi" / "testing-choice.yaml"
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    row = next(row for row in rows if row["id"] == question.id)
    if change == "the question is gone":
        rows.remove(row)
    elif change == "an option is renamed":
        next(option for option in row["options"] if option["id"] == ids[0])["id"] = "renamed"
    else:
        next(option for option in row["options"] if option["id"] == ids[0])["correct"] = False
    file.write_text(yaml.safe_dump(rows), encoding="utf-8")
    with TestClient(create_app(changing, clock=clock), base_url="http://localhost", cookies=cookies) as client:
        page = f"/interviews/{interview['id']}"
        moved = client.post(f"{page}/exam", data={"turn": str(turn["number"]), "go": "end"}, headers=HTML)
        assert "Before you hand in" in moved.text or change != "the question is gone"
        clock.now += timedelta(hours=1)
        for path in ("/", "/progress", "/review", f"{page}/report"):
            assert client.get(path).status_code == 200, path
        over = client.get(f"/api{page}").json()
    assert over["status"] == "finished"


def test_a_retake_draws_anew_and_shows_options_in_another_order(alice: TestClient) -> None:
    """Fresh questions while there are any; the same seed and history are the same exam."""
    first = exam(alice, questions=10, seed=1)
    second = exam(alice, questions=10, seed=1)
    asked = [{turn["question"]["id"] for turn in each["turns"]} for each in (first, second)]
    assert not asked[0] & asked[1]
    orders = set()
    for seed in range(12):
        check = started(alice, mode="check", questions=30, topics=["websockets"], seed=seed)
        orders.add(tuple(option["id"] for option in check["turns"][0]["question"]["options"]))
    assert len(orders) > 2


# ---- the pages without JavaScript


def fields(html: str) -> dict[str, str]:
    """The hidden turn of an exam's page."""
    found = re.search(r'name="turn" value="(\d+)"', html)
    assert found
    return {"turn": found[1]}


def test_an_exam_is_taken_with_forms_alone(alice: TestClient, bank: Bank) -> None:
    """Each press keeps what is chosen; the last look names what is open and what is flagged."""
    page = alice.post("/exams", data={"pack": "fastapi", "level": "mid"})
    path = page.url.path
    interview = alice.get(f"/api{path}").json()
    assert "Question 1 of 20" in page.text
    assert "Time left" in page.text
    for number in (1, 2, 3):
        sent = {**fields(page.text), "go": str(number + 1), "flagged": "true" if number == 2 else ""}
        sent = {name: value for name, value in sent.items() if value}
        chosen = right(bank, interview["turns"][number - 1])
        page = alice.post(f"{path}/exam", data={**sent, "option": chosen}, headers=HTML)
        assert f"Question {number + 1} of 20" in page.text
    page = alice.post(f"{path}/exam", data={"turn": "4", "go": "end"}, headers=HTML)
    assert "3 of 20 answered" in page.text
    assert f'Flagged: <a href="{path}?question=2">' in page.text
    back = alice.get(f"{path}?question=2").text
    assert back.count(" checked") == len(right(bank, interview["turns"][1])) + 1
    report = alice.post(f"{path}/finish", headers=HTML)
    assert report.url.path.endswith("/report")
    assert "Your choice" in report.text


def test_a_page_of_an_exam_with_a_choice_that_cannot_be_says_so(alice: TestClient) -> None:
    """The question comes back."""
    path = alice.post("/exams").url.path
    reply = alice.post(f"{path}/exam", data={"turn": "1", "go": "2", "option": "cooking"}, headers=HTML)
    assert reply.status_code == 422
    assert "Unknown option" in alert(reply.text)
    assert "Question 1 of 20" in reply.text
    assert alice.post(f"{path}/exam", data={"turn": "99", "go": "2"}, headers=HTML).status_code in (404, 409)
    for odd in ("../../etc", "9" * 5000, "0", "21", "\u0663"):
        assert "Before you hand in" in alice.get(path, params={"question": odd}).text


def test_a_check_with_nothing_chosen_comes_back_with_what_to_do(alice: TestClient, bank: Bank) -> None:
    """And goes on when something is."""
    path = alice.post("/checks").url.path
    reply = alice.post(f"{path}/choices", data={"turn": "1"}, headers=HTML)
    assert reply.status_code == 422
    assert "Choose what is right, or skip" in alert(reply.text)
    interview = alice.get(f"/api{path}").json()
    done = alice.post(f"{path}/choices", data={"turn": "1", "option": right(bank, interview["turns"][0])}, headers=HTML)
    assert "Your choice" in done.text
    assert "Question 2" in done.text


def test_anothers_exam_is_not_there(alice: TestClient, settings: Settings, bank: Bank) -> None:
    """Neither to read nor to change."""
    interview = exam(alice)
    with TestClient(alice.app, base_url="http://localhost") as bob:
        assert choose(bob, interview, 1, right(bank, interview["turns"][0])).status_code == 404
        assert bob.post(f"/interviews/{interview['id']}/exam", data={"turn": "1"}).status_code == 404
        assert bob.post(f"/interviews/{interview['id']}/choices", data={"turn": "1"}).status_code == 404
        path = f"/api/interviews/{interview['id']}/flag"
        assert bob.post(path, json={"turn": 1, "flagged": True}).status_code == 404


def test_a_review_is_not_begun_like_an_interview(alice: TestClient) -> None:
    """It asks what is due."""
    reply = alice.post("/api/interviews", json={"level": "mid", "mode": "review"})
    assert reply.status_code == 422
    assert "review page" in reply.json()["detail"]
