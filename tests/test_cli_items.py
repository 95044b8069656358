"""`interviewer bank items`: statistics of the questions from a database, for those who keep the bank."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from interviewer.cli import app
from interviewer.conductor.statistics import item_statistics
from interviewer.disputes import contest
from interviewer.domain import Interview
from interviewer.errors import InterviewerError
from interviewer.store import SqlStore
from tests.builders import T0
from tests.test_items import items, population

CANDIDATES = 90


def played() -> list[Interview]:
    """The made-up population, each in an interview of their own, an hour after one another; one in another pack."""
    made = [
        replace(each, id=f"i{number}", created_at=T0 + timedelta(hours=number))
        for number, each in enumerate(population(people=CANDIDATES))
    ]
    return [*made[:-1], replace(made[-1], plan=replace(made[-1].plan, pack="other"))]


async def keep(path: Path, interviews: list[Interview]) -> None:
    """Write them into a database; the first mark of the first is contested."""
    store = SqlStore(path)
    await store.open()
    for interview in interviews:
        await store.add(interview)
    if interviews:
        first = interviews[0]
        await store.disputes.contest(
            first.id,
            first.owner,
            lambda before: contest(first, 1, "p1", "I said it.", before=before, dispute_id="d1", now=T0),
        )
    await store.close()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the population in it."""
    path = tmp_path_factory.mktemp("items") / "interviews.sqlite3"
    asyncio.run(keep(path, played()))
    return path


def run(database: Path, *arguments: str) -> Result:
    """What the command did."""
    command = ["bank", "items", "--database", str(database), *arguments]
    return CliRunner(env={"COLUMNS": "140"}).invoke(app, command)


def test_every_question_has_its_line_with_n_and_what_is_wrong(database: Path) -> None:
    """And the points that are flagged."""
    done = run(database)
    assert done.exit_code == 0, done.output
    rows = [" ".join(line.split()) for line in done.output.splitlines()]
    place = next(
        number for number, row in enumerate(rows) if row.startswith("turned 45 1:00 0% 0% offline 45 0.50 -0.")
    )
    assert rows[place + 1] == "! negative discrimination"
    place = rows.index("· p3 49 0.00 – 0%")
    assert rows[place + 1] == "! a point nobody earns"
    assert "11 questions were met; 4 should be looked at." in rows


def test_only_what_is_flagged_on_request(database: Path) -> None:
    """The rest is in order."""
    done = run(database, "--flagged")
    assert "turned" in done.output
    assert "q5" not in done.output
    assert "4 should be looked at" in done.output
    told = json.loads(run(database, "--flagged", "--json").output)
    assert [item["question"] for item in told] == ["easy", "hard", "q0", "turned"]


def test_json_has_every_figure(database: Path) -> None:
    """As they are calculated from the interviews themselves."""
    told = {item["question"]: item for item in json.loads(run(database, "--json").output)}
    expected = items(played())
    assert told.keys() == expected.keys()
    for name, item in expected.items():
        (marked,), (of_one,) = item.graders, told[name]["graders"]
        assert of_one["grader"] == {"kind": "fuzzy", "model": None}
        assert of_one["n"] == marked.n
        assert of_one["facility"] == pytest.approx(marked.facility)
        assert of_one["discrimination"] == pytest.approx(marked.discrimination)
        assert len(of_one["points"]) == 3
    assert sum(item["graders"][0]["dispute_rate"] > 0 for item in told.values()) == 1
    assert told["turned"]["flags"] == ["negative discrimination"]


def test_nothing_of_the_candidates_is_printed(database: Path) -> None:
    """Neither words nor owners nor interviews."""
    out = run(database).output + run(database, "--json").output
    for private in ("secret", "I said it", '"c1"', "i1", "owner"):
        assert private not in out


def test_packs_are_counted_apart(database: Path) -> None:
    """One answer is too few for a figure."""
    (one, *_) = json.loads(run(database, "--pack", "other", "--json").output)
    assert (one["asked"], one["graders"][0]["n"], one["graders"][0]["facility"], one["flags"]) == (1, 1, None, [])
    assert "6 by fewer than 20 candidates" in run(database, "--pack", "other").output


def test_what_is_not_there_is_named(database: Path, tmp_path: Path) -> None:
    """With what to do."""
    for arguments, says in (
        ((database, "--pack", "cooking"), "There are some in: other, pack."),
        ((tmp_path / "none.sqlite3",), "Name the file with --database"),
    ):
        done = run(*arguments)
        assert isinstance(done.exception, InterviewerError)
        assert says in str(done.exception)


def test_an_empty_database_says_so(tmp_path: Path) -> None:
    """In words, and as an empty list."""
    path = tmp_path / "empty.sqlite3"
    asyncio.run(keep(path, []))
    assert run(path).output == "No question has been answered or skipped yet.\n"
    assert json.loads(run(path, "--json").output) == []


async def test_interviews_are_read_a_few_at_a_time(store: SqlStore) -> None:
    """Candidate by candidate, each one's oldest first, none twice and none left out."""
    made = [replace(each, owner=f"c{number % 4}") for number, each in enumerate(played()[:11])]
    for interview in made:
        await store.add(interview)
    portions = [portion async for portion in store.histories.all(portion=2)]
    assert [len(portion) for portion in portions] == [2, 2, 2, 2, 2, 1]
    found = [interview for portion in portions for interview in portion]
    assert found == sorted(made, key=lambda each: (each.owner, each.created_at))
    assert await store.histories.of("c1") == [each for each in found if each.owner == "c1"]
    assert await store.histories.of("nobody") == []
    assert [item.question for item in await item_statistics(store)]
