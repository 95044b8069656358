"""Where readings differ the candidate is told so: on the page, over the API and in the report."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band, Mark, Verdict
from interviewer.llm import Asked, ScriptedChat
from interviewer.settings import Settings
from interviewer.web import words
from tests.playing import answer, sample, started
from tests.replies import a_mark_reply, a_reply

MET, PARTLY, MISSED = Verdict.MET, Verdict.PARTLY, Verdict.MISSED


def a_model_of_two_minds() -> ScriptedChat:
    """A model that says this and that about the first point, and of the others always the same."""
    of_the_first = itertools.cycle(("met", "missed", "met"))

    def reads(asked: Asked) -> str:
        schema: Any = json.loads(json.dumps(asked.schema))
        if "marks" not in schema["properties"]:
            return "{}"
        first, *others = schema["properties"]["marks"]["items"]["properties"]["point"]["enum"]
        said = asked.messages[-1].content.split(">", 1)[1].split("</answer", 1)[0].strip()
        verdict = next(of_the_first)
        doubted = a_mark_reply(first, verdict, said if verdict == "met" else "")
        return a_reply(doubted, *(a_mark_reply(point, "met", said) for point in others))

    return ScriptedChat(reads)


@pytest.fixture
def client(tmp_path: Path, bank: Bank) -> Iterator[TestClient]:
    """A browser on an application that asks for three readings."""
    settings = Settings(
        database=tmp_path / "i.sqlite3", model="a-model", openai_base_url="http://127.0.0.1:9/v1", model_votes=3
    )
    app = create_app(settings, bank=bank, chat_model=a_model_of_two_minds())
    with TestClient(app, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def turn(client: TestClient, bank: Bank) -> dict[str, Any]:
    """The only turn of an interview that is over, with its page and its report."""
    begun = started(client, questions=1, topics=["database"])
    played = answer(client, begun, sample(bank, begun["turns"][0]["question"]["id"], Band.STRONG))
    if played["status"] == "open":
        assert client.post(f"/api/interviews/{begun['id']}/finish").status_code == 200
    found: dict[str, Any] = client.get(f"/api/interviews/{begun['id']}").json()["turns"][0]
    found["page"] = client.get(f"/interviews/{begun['id']}").text
    found["text"] = client.get(f"/api/interviews/{begun['id']}/report.md").text
    return found


def test_the_api_has_the_votes_and_whether_they_differ(turn: dict[str, Any]) -> None:
    first, *others = turn["grading"]["marks"]
    assert (first["verdict"], first["votes"], first["unsure"]) == ("met", ["met", "missed", "met"], True)
    assert {(tuple(mark["votes"]), mark["unsure"]) for mark in others} == {(("met",) * 3, False)}
    assert turn["score"] == 100


def test_the_page_says_quietly_how_many_agree_and_shows_the_votes_under_why(turn: dict[str, Any]) -> None:
    assert turn["page"].count('<p class="quiet">unsure: 2 of 3 readings say met</p>') == 1
    why = turn["page"].split("Why this mark?", 1)[1]
    assert "Readings: met, missed, met." in why
    assert "Readings: met, met, met." in why


def test_the_report_says_so_too(turn: dict[str, Any]) -> None:
    lines = [line for line in turn["text"].splitlines() if line.startswith("- ✓ met")]
    assert [line.endswith("(unsure: 2 of 3 readings say met)") for line in lines] == [True, *[False] * (len(lines) - 1)]


@pytest.mark.parametrize(
    ("verdict", "votes", "says"),
    [
        (MET, (), None),
        (MET, (MET, MET, MET), None),
        (MET, (MET, MISSED, MET), "unsure: 2 of 3 readings say met"),
        (PARTLY, (MET, MISSED, PARTLY), "unsure: 1 of 3 readings says partly"),
        (MISSED, (MET, MISSED), "unsure: 1 of 2 readings says missed"),
    ],
)
def test_a_mark_is_unsure_when_its_readings_differ(
    verdict: Verdict, votes: tuple[Verdict, ...], says: str | None
) -> None:
    mark = Mark(point="p", says="P", weight=1, verdict=verdict, credit=0.0, votes=votes)
    assert words.unsure_words(mark) == says
