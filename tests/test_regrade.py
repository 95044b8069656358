"""`interviewer regrade` as an operator meets it: a real process, a real database, a model behind a real socket."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interviewer import engine
from interviewer.bank import Bank
from interviewer.conductor.disputes import Disputes
from interviewer.disputes import Ruling
from interviewer.domain import Band, Grading, Verdict
from interviewer.grading.cascade import Cascade
from interviewer.store import DueTurn, Lease, SqlStore
from tests.builders import T0, a_question, an_interview, at
from tests.conftest import ROOT
from tests.faults.server import environ
from tests.model_interviews import answered, browser, credits_all
from tests.openai_server import Answer, OpenAIServer, Request, fails

Script = Callable[[Request], Answer]


async def regrade(database: Path, *arguments: str, base_url: str | None = None) -> subprocess.CompletedProcess[str]:
    """What `interviewer regrade …` did, in a wide terminal; with an address, by the model behind it."""
    model = {"INTERVIEWER_MODEL": "a-model", "OPENAI_BASE_URL": base_url, "INTERVIEWER_MODEL_RETRIES": "0"}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "interviewer", "regrade", "--database", str(database), *arguments],
        cwd=ROOT,
        env=environ(COLUMNS="200", **(model if base_url else {})),  # type: ignore[arg-type]
        capture_output=True,
        text=True,
        timeout=60,
    )


def gradings(database: Path) -> list[tuple[Any, ...]]:
    """All gradings, oldest first: interview, place in its turn, grader, score."""
    with closing(sqlite3.connect(database)) as connection:
        query = "select interview_id, place, grader, score from grading order by graded_at, place"
        return connection.execute(query).fetchall()


def rows(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """The cells of the table's lines, its head not among them."""
    lines = [line for line in done.stdout.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


@pytest.fixture
async def fallen(tmp_path: Path, bank: Bank) -> Path:
    """A database with two weak answers that the offline grader marked because the model had failed."""
    async with (
        OpenAIServer(lambda _request: fails(500)) as server,
        browser(tmp_path, server.base_url, bank) as client,
    ):
        for _ in range(2):
            await answered(client, bank, Band.WEAK)
    return tmp_path / "interviews.sqlite3"


async def test_what_fell_back_is_marked_by_the_model_and_the_old_gradings_stay(fallen: Path) -> None:
    """With a line for each turn: what it was, what it is, who marked it. A second run finds nothing left to do."""
    before = gradings(fallen)
    async with OpenAIServer(credits_all) as server:
        done = await regrade(fallen, "--fallen-back", base_url=server.base_url)
        assert (done.returncode, done.stderr) == (0, "")
        assert [row[3] for row in rows(done)] == ["fell back: server error"] * 2
        assert [row[4] for row in rows(done)] == [str(score) for *_, score in before]
        assert [row[5:] for row in rows(done)] == [["100", "marked by served-model"]] * 2
        assert done.stdout.endswith("Graded 2 of 2 turns.\n")
        assert len(server.requests) == 2

        again = await regrade(fallen, "--fallen-back", base_url=server.base_url)
        assert again.stdout == "Graded 0 of 0 turns.\n"
        assert len(server.requests) == 2
    after = gradings(fallen)
    assert after[:2] == before
    assert [(place, grader, score) for _, place, grader, score in after[2:]] == [(1, "llm", 100)] * 2


async def test_a_dry_run_prints_the_table_and_does_nothing(fallen: Path) -> None:
    """No request, no byte of the database."""
    before = fallen.read_bytes()
    async with OpenAIServer(credits_all) as server:
        done = await regrade(fallen, "--fallen-back", "--dry-run", base_url=server.base_url)
        assert server.requests == []
    assert [row[5:] for row in rows(done)] == [["–", "would be graded"]] * 2
    assert done.stdout.endswith("2 of 2 turns would be graded. Nothing was changed.\n")
    assert fallen.read_bytes() == before


async def test_without_the_flag_what_fell_back_is_left_as_it_is(fallen: Path) -> None:
    """It has a grade."""
    async with OpenAIServer(credits_all) as server:
        done = await regrade(fallen, base_url=server.base_url)
        assert server.requests == []
    assert done.stdout == "Graded 0 of 0 turns.\n"


async def test_a_model_that_fails_again_adds_nothing(fallen: Path, bank: Bank) -> None:
    """The same estimate a second time would only bury the first; after three failures the rest is not even tried."""
    async with (
        OpenAIServer(lambda _request: fails(500)) as server,
        browser(fallen.parent, server.base_url, bank) as client,
    ):
        for _ in range(2):
            await answered(client, bank, Band.WEAK)
    before = gradings(fallen)
    async with OpenAIServer(lambda _request: fails(503)) as server:
        done = await regrade(fallen, "--fallen-back", base_url=server.base_url)
        assert len(server.requests) == 3
    kept = "kept as it is: the model has failed several times, so it is left alone for a while"
    assert [row[-1] for row in rows(done)] == [*["kept as it is: the model server failed"] * 3, kept]
    assert done.stdout.endswith("Graded 0 of 4 turns.\n")
    assert done.stderr == ""
    assert gradings(fallen) == before
    with closing(sqlite3.connect(fallen)) as connection:
        assert connection.execute("select distinct lease_until from interview").fetchall() == [(None,)]


async def left_behind(database: Path, until: datetime, bank: Bank) -> None:
    """An answer that a killed process was grading: saved, not graded, its lease still held."""
    store = SqlStore(database)
    await store.open()
    question = next(question for question in bank.questions)
    asked = await store.add(an_interview([question]))
    await store.save(asked, engine.answer(asked, 1, "A dependency is called for each request, I think.", T0))
    await store.claim("i1", Lease(holder="a process that died", taken_at=T0, until=until))
    await store.close()


async def test_an_answer_whose_lease_is_still_held_is_named_and_passed_over(tmp_path: Path, bank: Bank) -> None:
    """With the time from which it is free; then it is graded."""
    database, until = tmp_path / "interviews.sqlite3", datetime.now(UTC) + timedelta(seconds=15)
    await left_behind(database, until, bank)
    for arguments in (["--dry-run"], []):
        done = await regrade(database, *arguments)
        ((interview, _, _, why, old, new, outcome),) = rows(done)
        assert (interview, why, old, new) == ("i1", "awaits its grade", "–", "–")
        assert outcome == (
            "passed over: another process is marking it, or died doing so; "
            f"free at {until:%H:%M:%S} UTC, run this again then"
        )
    assert gradings(database) == []
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("update interview set lease_until = '2026-01-01 00:00:00.000000'")  # its time is over
    done = await regrade(database)
    assert rows(done)[0][-1] == "marked offline"
    assert done.stdout.endswith("Graded 1 of 1 turns.\n")
    assert len(gradings(database)) == 1


async def test_a_question_that_has_left_the_bank_is_named(fallen: Path) -> None:
    """There is no rubric to mark by."""
    with closing(sqlite3.connect(fallen)) as connection, connection:
        connection.execute("update turn set question = 'gone'")
    async with OpenAIServer([]) as server:
        done = await regrade(fallen, "--fallen-back", base_url=server.base_url)
    assert [row[-1] for row in rows(done)] == ["passed over: its question has left the bank"] * 2


async def test_what_a_person_decided_is_passed_over_and_said_to_be(fallen: Path) -> None:
    """A person's mark stays; the other turn is marked again."""
    store = SqlStore(fallen)
    disputes = Disputes(store, clock=lambda: datetime.now(UTC))
    first, *_ = await store.due(fallen_back=True)
    turn = (await store.load(first.interview, first.owner)).turns[0]
    assert turn.grading
    point, quote = turn.grading.marks[0].point, " ".join(turn.answers[0].split()[:4])
    made = await disputes.contest(first.interview, first.owner, turn=1, point=point, comment="I said it.")
    await disputes.settle(made.id, Ruling(verdict=Verdict.PARTLY, reason="Half of it.", quote=quote))
    await store.close()
    before = gradings(fallen)
    async with OpenAIServer(credits_all) as server:
        dry = await regrade(fallen, "--fallen-back", "--dry-run", base_url=server.base_url)
        done = await regrade(fallen, "--fallen-back", base_url=server.base_url)
        assert len(server.requests) == 1
    passed = "passed over: a person has decided a mark of it"
    assert [row[-1] for row in rows(dry)] == [passed, "would be graded"]
    assert [row[-1] for row in rows(done)] == [passed, "marked by served-model"]
    assert sorted(gradings(fallen)[: len(before)]) == sorted(before)
    assert [grader for _, _, grader, _ in gradings(fallen)].count("human") == 1


async def test_falling_back_needs_a_model_to_ask_again(fallen: Path) -> None:
    """One line that says what to set."""
    done = await regrade(fallen, "--fallen-back")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("interviewer: --fallen-back asks the model again, and none is set: set INTERVIEWER_MODEL.\n")


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A slip in its name would otherwise look like nothing to do."""
    done = await regrade(tmp_path / "none.sqlite3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--database" in done.stderr
    assert list(tmp_path.iterdir()) == []


# ---- which turns are due, from the store


async def offline(answer: str) -> Grading:
    """An offline grading of an answer, in no model's place."""
    result = await Cascade(None, bank_revision="r", clock=lambda: T0).grade(a_question(), [answer])
    assert isinstance(result, Grading)
    return result


async def test_words_of_an_answer_are_not_taken_for_a_fallback(tmp_path: Path) -> None:
    """A quote may hold the very text that a grading is stored with."""
    text = 'The word1 goes before term1: "fallback":"timed_out", so it is alpha one.'
    grading = replace(await offline(text), notes=(text,))
    store = SqlStore(tmp_path / "interviews.sqlite3")
    await store.open()
    asked = await store.add(an_interview([a_question()]))
    said = await store.save(asked, engine.answer(asked, 1, text, at(1)))
    awaits = DueTurn(interview="i1", owner="alice", turn=1, lease_until=None)
    assert await store.due(fallen_back=False) == [awaits]
    await store.save(said, engine.grade(said, 1, grading, questions=lambda _id: None, now=at(2)))
    assert await store.due(fallen_back=True) == []
    await store.close()
