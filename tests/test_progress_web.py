"""Progress through the public door: the page and the JSON of one's own interviews, and of nobody else's."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from interviewer.web.line_chart import SHAPES, Dot, Trend, line_chart
from tests.builders import T0
from tests.forms import HTML
from tests.playing import answer, sample, started


def play(client: TestClient, bank: Bank, band: Band = Band.STRONG, **choice: Any) -> dict[str, Any]:
    """A whole interview with the samples of a band; follow-up questions are not answered."""
    interview = started(client, **{"adaptive": False, **choice})
    path = f"/api/interviews/{interview['id']}"
    while interview["status"] == "open":
        turn = interview["turns"][-1]
        if any(say["kind"] == "answer" for say in turn["says"]):
            interview = client.post(f"{path}/skip", json={"turn": turn["number"]}).json()
        else:
            interview = answer(client, interview, sample(bank, turn["question"]["id"], band))
    return interview


def told(client: TestClient, **query: str) -> dict[str, Any]:
    """The progress as JSON."""
    reply = client.get("/api/progress", params=query)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def text_of(html: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_without_an_interview_the_page_says_where_to_start(alice: TestClient) -> None:
    """And no figure is shown."""
    page = alice.get("/progress")
    assert page.status_code == 200
    assert "with your first marked answer" in page.text
    assert "<table" not in page.text
    assert told(alice) == {"streak": {"current": 0, "longest": 0, "days": 0, "last": None}, "packs": []}


def test_what_was_marked_is_on_the_page_and_in_the_json(alice: TestClient, bank: Bank) -> None:
    """The same scores as in the reports, with their grader and n."""
    weak = play(alice, bank, Band.WEAK, seed=1)
    strong = play(alice, bank, Band.STRONG, seed=2)
    (pack,) = told(alice)["packs"]
    (line,) = pack["series"]
    assert (line["sitting"], line["level"], line["grader"]["kind"]) == ("interview", "mid", "fuzzy")
    assert [(p["interview"], p["score"], p["n"]) for p in line["points"]] == [
        (weak["id"], weak["score"], 3),
        (strong["id"], strong["score"], 3),
    ]
    assert (line["best"]["score"], line["latest"]["score"]) == (strong["score"], strong["score"])
    assert sum(cell["n"] for cell in pack["cells"]) == 6
    words = text_of(alice.get("/progress").text)
    assert f"Mid 2 {strong['score']} n 3" in words
    assert "Marked by: Offline grader, estimates" in words
    assert "6 marked" in words
    assert "percentile" not in words


def test_nobody_sees_the_progress_of_another(alice: TestClient, bob: TestClient, bank: Bank) -> None:
    """Not even that there is any."""
    play(alice, bank, questions=1)
    assert told(bob)["packs"] == []
    assert "with your first marked answer" in bob.get("/progress").text


def test_marks_of_an_open_mock_interview_show_nothing_yet(alice: TestClient, bank: Bank) -> None:
    """The page says that they will come."""
    interview = started(alice, mode="mock")
    question = interview["turns"][0]["question"]["id"]
    interview = answer(alice, interview, sample(bank, question, Band.STRONG))
    alice.post(f"/api/interviews/{interview['id']}/skip", json={"turn": 1})
    (pack,) = told(alice)["packs"]
    assert (pack["series"], pack["cells"], pack["counts"]["later"]) == ([], [], 1)
    page = alice.get("/progress").text
    assert "1 in an open interview whose marks come at its end" in page
    assert "<svg" not in page


def test_lines_can_be_chosen_by_topic(alice: TestClient, bank: Bank) -> None:
    """By the address, which the form and the map make."""
    play(alice, bank, questions=4)
    (pack,) = told(alice)["packs"]
    topic = pack["cells"][0]["topic"]
    marked = sum(cell["n"] for cell in pack["cells"] if cell["topic"] == topic)
    assert told(alice, topic=topic)["packs"][0]["series"][0]["n"] == marked
    page = alice.get("/progress", params={"pack": "fastapi", "topic": topic, "grader": "fuzzy"})
    assert f'<option value="{topic}" selected' in page.text
    assert 'aria-current="true"' in page.text
    nothing = alice.get("/progress", params={"topic": "websockets", "grader": "fuzzy"}).text
    assert "Nothing on this topic was marked by this grader yet" in nothing


def test_subjects_are_never_mixed(alice: TestClient, bank: Bank) -> None:
    """The page shows the last one first; a topic of the other means all."""
    fastapi = play(alice, bank, Band.WEAK, questions=2)
    python = play(alice, bank, Band.STRONG, pack="python", questions=2)
    packs = told(alice)["packs"]
    assert [(p["pack"], p["series"][0]["latest"]["interview"]) for p in packs] == [
        ("python", python["id"]),
        ("fastapi", fastapi["id"]),
    ]
    assert '<option value="python" selected' in alice.get("/progress").text
    other = alice.get("/progress", params={"pack": "fastapi", "topic": "running-python"}).text
    assert '<option value="fastapi" selected' in other
    assert "FastAPI, all topics" in other


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"topic": "cooking"}, "Unknown topic"),
        ({"pack": "cooking"}, "You have no interview in"),
        ({"pack": "<script>alert(1)</script>" * 50}, "You have no interview in"),
    ],
    ids=["topic", "pack", "script"],
)
def test_a_choice_that_is_not_there_says_what_is(
    alice: TestClient, bank: Bank, query: dict[str, str], says: str
) -> None:
    """Escaped and cut short."""
    play(alice, bank, questions=1)
    reply = alice.get("/progress", params=query, headers=HTML)
    assert reply.status_code == 422
    assert says in reply.text
    assert "<script>alert" not in reply.text
    assert len(reply.text) < 4000


def test_a_grader_that_marked_nothing_leaves_the_one_that_marked_most(alice: TestClient, bank: Bank) -> None:
    """An old address still works."""
    play(alice, bank, questions=1)
    assert '<option value="fuzzy" selected' in alice.get("/progress", params={"grader": "llm:gone"}).text


def test_a_question_that_left_the_bank_has_its_own_row(alice: TestClient, bank: Bank, settings: Settings) -> None:
    """Its scores are not lost."""
    play(alice, bank, questions=1)
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        connection.execute("update turn set question = 'gone'")
    assert "Questions that have left the bank" in alice.get("/progress").text


@pytest.fixture
def days(settings: Settings, bank: Bank) -> Iterator[tuple[TestClient, list[datetime]]]:
    """A candidate, and the clock of the application: the last of a list of times."""
    times = [datetime(2026, 11, 20, 23, 59, tzinfo=UTC)]
    app: FastAPI = create_app(settings, bank=bank, clock=lambda: times[-1])
    with TestClient(app, base_url="http://localhost") as client:
        yield client, times


def test_days_in_a_row_are_counted_to_today(days: tuple[TestClient, list[datetime]], bank: Bank) -> None:
    """Over midnight UTC, and not beyond a day without an answer."""
    client, times = days
    play(client, bank, questions=1)
    assert told(client)["streak"]["current"] == 1
    times.append(times[-1] + timedelta(minutes=2))
    play(client, bank, questions=1)
    assert told(client)["streak"] == {"current": 2, "longest": 2, "days": 2, "last": "2026-11-21"}
    times.append(times[-1] + timedelta(days=2))
    assert told(client)["streak"] == {"current": 0, "longest": 2, "days": 2, "last": "2026-11-21"}


# ---- the drawing


def drawn(*dots: tuple[timedelta, int]) -> str:
    """A line through scores at times after T0."""
    line = Trend(name="mid", shape="square", dots=tuple(Dot(at=T0 + at, score=score, title="x") for at, score in dots))
    return str(line_chart([line], id_="c", title="Scores <1>", desc="Mid: two."))


def test_a_line_chart_is_an_image_with_words() -> None:
    """Escaped; without a style of its own."""
    svg = drawn((timedelta(0), 0), (timedelta(days=3), 100))
    assert 'role="img" aria-labelledby="c-title c-desc"' in svg
    assert '<title id="c-title">Scores &lt;1&gt;</title><desc id="c-desc">Mid: two.</desc>' in svg
    assert "style" not in svg


def test_time_goes_from_left_to_right_and_more_is_higher() -> None:
    """In proportion."""
    svg = drawn((timedelta(0), 0), (timedelta(days=1), 50), (timedelta(days=4), 100))
    found = re.search(r'<polyline class="trend mid" points="([^"]+)"', svg)
    assert found
    (x1, y1), (x2, y2), (x3, y3) = ([float(part) for part in pair.split(",")] for pair in found[1].split())
    assert (x2 - x1) * 3 == pytest.approx(x3 - x2, abs=1)
    assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)
    assert ">21 Nov 2026<" in svg
    assert ">25 Nov 2026<" in svg


def test_a_single_score_stands_in_the_middle() -> None:
    """And scores of one day are told apart by the hour."""
    svg = drawn((timedelta(0), 50))
    assert svg.count("<polygon") == 1
    assert ">21 Nov 2026, 12:00 UTC<" in svg
    svg = drawn((timedelta(0), 50), (timedelta(hours=2), 60))
    assert ">21 Nov 2026, 12:00<" in svg
    assert ">14:00 UTC<" in svg


def test_lines_differ_in_the_shape_of_their_dots() -> None:
    """Not by colour alone."""
    shapes = set()
    for shape in SHAPES:
        line = Trend(name="mid", shape=shape, dots=(Dot(at=T0, score=50, title=""),))
        found = re.search(r'<(circle|polygon) class="dot [^>]+', str(line_chart([line], id_="c", title="", desc="")))
        assert found
        shapes.add(found[0])
    assert len(shapes) == len(SHAPES)
