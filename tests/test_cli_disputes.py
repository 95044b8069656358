"""`interviewer disputes` as an operator meets it: real processes, beside a running server on the same database."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner, Result

from interviewer.bank import Bank
from interviewer.cli import app
from interviewer.domain import Band
from interviewer.errors import InterviewerError
from tests.faults.server import forked
from tests.playing import sample
from tests.terminal import interviewer

CHOICE = {"level": "mid", "questions": 6, "seed": 7}


class Candidate:
    """Somebody with a browser on a running server; the first question is behind them, weakly answered."""

    def __init__(self, url: str, database: Path, bank: Bank) -> None:
        self.database = database
        self._bank = bank
        self.client = httpx2.Client(base_url=url, timeout=30)
        self.path = f"/api/interviews/{self.client.post('/api/interviews', json=CHOICE).json()['id']}"
        self.answer()
        if self.interview()["turns"][-1]["number"] == 1:
            self.client.post(f"{self.path}/skip", json={"turn": 1})

    def interview(self) -> dict[str, Any]:
        """The interview as it stands."""
        found: dict[str, Any] = self.client.get(self.path).json()
        return found

    def answer(self) -> None:
        """Answer the open question, weakly."""
        turn = self.interview()["turns"][-1]
        text = sample(self._bank, turn["question"]["id"], Band.WEAK)
        reply = self.client.post(f"{self.path}/answers", json={"turn": turn["number"], "text": text})
        assert reply.status_code == 200, reply.text

    @property
    def grading(self) -> dict[str, Any]:
        """The grading of the first question."""
        found: dict[str, Any] = self.interview()["turns"][0]["grading"]
        return found

    @property
    def missed(self) -> list[str]:
        """Points of the first question that were missed."""
        return [mark["point"] for mark in self.grading["marks"] if mark["verdict"] == "missed"]

    @property
    def words(self) -> str:
        """Some words of the first answer."""
        says = self.interview()["turns"][0]["says"]
        return " ".join(next(say["text"] for say in says if say["kind"] == "answer").split()[:4])

    def contest(self, point: str, comment: str = "I said it.") -> str:
        """Contest a mark of the first question; the dispute's id."""
        body = {"turn": 1, "point": point, "comment": comment}
        reply = self.client.post(f"{self.path}/disputes", json=body)
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    def disputes(self, *arguments: str) -> Result:
        """What `interviewer disputes …` did on the server's database, in this process, which is not the server's."""
        return invoke("disputes", *arguments, "--database", str(self.database))

    def in_a_process(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same, in a process of its own, as from a terminal."""
        return interviewer("disputes", *arguments, "--database", str(self.database))


def invoke(*arguments: str) -> Result:
    """What `interviewer …` did, in this process."""
    return CliRunner(env={"COLUMNS": "120"}).invoke(app, arguments)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A running server and its database."""
    database = tmp_path_factory.mktemp("disputes") / "interviews.sqlite3"
    with forked(database) as server:
        yield server.url, database


@pytest.fixture
def candidate(url: tuple[str, Path], bank: Bank) -> Iterator[Candidate]:
    """A candidate on that server; nobody else has contested anything."""
    made = Candidate(*url, bank)
    yield made
    made.client.delete(made.path)
    made.client.close()


def lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON Lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_dispute_is_listed_shown_settled_and_exported(candidate: Candidate, tmp_path: Path) -> None:
    """From the objection to figures of `eval` that rest on it, while the server runs."""
    first, second, *_ = candidate.missed
    one, two = candidate.contest(first, "I said it,\nin other words."), candidate.contest(second)

    done = candidate.disputes("list")
    assert (done.exit_code, done.stderr) == (0, "")
    assert one in done.stdout
    assert two in done.stdout
    assert done.stdout.endswith("2 disputes wait for a decision.\n")
    told = json.loads(candidate.disputes("list", "--json").stdout)
    assert [(each["id"], each["point"], each["status"]) for each in told] == [
        (one, first, "open"),
        (two, second, "open"),
    ]

    done = candidate.disputes("show", one[:6])
    mark = next(mark for mark in candidate.grading["marks"] if mark["point"] == first)
    for said in (mark["says"], mark["reason"], candidate.words, "in other words.", f"disputes settle {one}"):
        assert said in done.stdout

    before = candidate.grading["score"]
    words = ("--reason", "Yes.", "--quote", candidate.words, "--by", "Ada")
    decided = candidate.in_a_process("settle", one, "met", *words)
    assert (decided.returncode, decided.stderr) == (0, "")
    assert f"Dispute {one} is upheld" in decided.stdout
    grading = candidate.grading
    assert (grading["grader"], grading["by"]) == ("human", "Ada")
    assert f"was {before} and is {grading['score']}" in decided.stdout
    done = candidate.disputes("settle", two, "missed", "--reason", "Not in it.")
    assert "rejected" in done.stdout
    assert "no grading was added" in done.stdout
    assert candidate.grading == grading
    assert candidate.disputes("list").stdout == "No dispute waits for a decision.\n"
    assert "upheld" in candidate.disputes("list", "--all").stdout
    assert "Decided by Ada" in candidate.disputes("show", one).stdout

    file = tmp_path / "disputes.jsonl"
    done = candidate.disputes("export", str(file))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "interviewer: 1 answer written.\n")
    (row,) = lines(file)
    assert row["marks"] == {first: 1.0, second: 0.0}
    assert row["score"] == grading["score"] / 100
    assert candidate.disputes("export").stdout == file.read_text(encoding="utf-8")
    compared = interviewer("eval", str(file), "--json")
    assert (compared.returncode, compared.stderr) == (0, "")
    (figures,) = json.loads(compared.stdout).values()
    assert (figures["n"], figures["points"]) == (1, 2)
    done = invoke("grade", str(file))
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["id"] == row["id"]


def test_what_is_not_settled_is_exported_on_request_and_without_marks(candidate: Candidate, tmp_path: Path) -> None:
    """`grade` takes it; `eval` asks for what is missing."""
    candidate.contest(candidate.missed[0])
    assert candidate.disputes("export").stdout == ""
    file = tmp_path / "open.jsonl"
    assert candidate.disputes("export", str(file), "--open").exit_code == 0
    (row,) = lines(file)
    assert "marks" not in row
    assert "score" not in row
    assert invoke("grade", str(file)).exit_code == 0
    assert "score: missing" in str(invoke("eval", str(file)).exception)


def test_a_question_that_left_the_bank_is_settled_all_the_same(candidate: Candidate, tmp_path: Path) -> None:
    """By the marks that are kept; its row says what it lacks."""
    dispute = candidate.contest(candidate.missed[0])
    words = candidate.words
    with closing(sqlite3.connect(candidate.database)) as connection, connection:
        connection.execute("update turn set question = 'gone' where number = 1")
    assert "Question gone: " in candidate.disputes("show", dispute).stdout
    assert candidate.disputes("settle", dispute, "partly", "--reason", "Half.", "--quote", words).exit_code == 0
    file = tmp_path / "gone.jsonl"
    done = candidate.disputes("export", str(file))
    assert done.stderr == (
        "interviewer: 1 answer written.\ninterviewer: 1 without reference and cues: the question has left the bank.\n"
    )
    assert "reference" not in lines(file)[0]
    assert invoke("eval", str(file), "--json").exit_code == 0


def test_decisions_and_answers_at_the_same_time_do_not_hinder_one_another(candidate: Candidate) -> None:
    """Three people at three terminals, a candidate who goes on answering, one SQLite file."""
    points, words = candidate.missed[:3], candidate.words
    ids = [candidate.contest(point) for point in points]
    with ThreadPoolExecutor(3) as people:
        decisions = [
            people.submit(candidate.in_a_process, "settle", each, "met", "--reason", "Yes.", "--quote", words)
            for each in ids
        ]
        answers = 0
        while not all(decision.done() for decision in decisions) and candidate.interview()["status"] == "open":
            candidate.answer()
            answers += 1
    assert [(done.result().returncode, done.result().stderr) for done in decisions] == [(0, "")] * len(ids)
    assert answers
    after = candidate.interview()
    texts = [say for turn in after["turns"][1:] for say in turn["says"] if say["kind"] == "answer"]
    assert len(texts) == answers
    verdicts = {mark["point"]: mark["verdict"] for mark in after["turns"][0]["grading"]["marks"]}
    assert [verdicts[point] for point in points] == ["met"] * len(points)


# ---- what the operator can mend: one line that says what to do, and nothing changed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["met", "--reason", "Yes."], "--quote"),
        (["met", "--reason", "Yes.", "--quote", "nobody said this"], "do not stand in the candidate's answers"),
        (["missed", "--reason", " "], "The reason has no words"),
        (["missed", "--reason", "x" * 1001], "at most 1,000"),
    ],
    ids=["no-quote", "wrong-quote", "no-reason", "long-reason"],
)
def test_a_decision_that_cannot_stand_says_why(candidate: Candidate, arguments: list[str], says: str) -> None:
    """And the dispute waits on."""
    dispute = candidate.contest(candidate.missed[0])
    done = candidate.disputes("settle", dispute, *arguments)
    assert isinstance(done.exception, InterviewerError)
    assert says in str(done.exception)
    assert candidate.client.get(f"{candidate.path}/disputes").json()[0]["status"] == "open"
    assert candidate.grading["grader"] == "fuzzy"


def test_a_dispute_is_settled_once(candidate: Candidate) -> None:
    """A second decision is told of the first."""
    dispute = candidate.contest(candidate.missed[0])
    candidate.disputes("settle", dispute, "missed", "--reason", "No.", "--by", "Ada")
    done = candidate.in_a_process("settle", dispute, "contradicted", "--reason", "Worse.")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"interviewer: Dispute {dispute} was settled by Ada as missed on 20")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["settle", "zzzz", "missed", "--reason", "No."], "There is no dispute 'zzzz'"),
        (["show", "zzzz"], "disputes list --all"),
        (["list", "--database", "none.sqlite3"], "There is no database"),
    ],
    ids=["settle", "show", "database"],
)
def test_what_is_not_there_is_named(candidate: Candidate, arguments: list[str], says: str) -> None:
    """With what to do."""
    own = [] if "--database" in arguments else ["--database", str(candidate.database)]
    done = invoke("disputes", *arguments, *own)
    assert isinstance(done.exception, InterviewerError)
    assert says in str(done.exception)


def test_an_export_does_not_write_over_the_database(candidate: Candidate) -> None:
    """A slip of the hand."""
    done = candidate.disputes("export", str(candidate.database))
    assert "is the database itself" in str(done.exception)
    assert candidate.interview()["status"] == "open"
