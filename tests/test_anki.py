"""The deck for Anki: opened as Anki opens it, a zip with a SQLite collection in it."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markupsafe import Markup

from interviewer.bank import Bank
from interviewer.domain import PointKey, QuestionKind
from interviewer.review import InReview
from interviewer.web.anki import AnkiNote, apkg
from interviewer.web.views.anki import anki_notes
from tests.playing import answer, started

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Deck:
    """What Anki reads of an .apkg: (guid, tags, fields) of each note, names of the decks, ids of the models."""

    notes: list[tuple[str, list[str], list[str]]]
    decks: dict[str, str]
    models: set[str]
    cards: int


def opened(content: bytes, folder: Path) -> Deck:
    """The deck of an .apkg."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        assert set(packed.namelist()) == {"collection.anki2", "media"}
        assert json.loads(packed.read("media")) == {}
        file = Path(packed.extract("collection.anki2", folder))
    with closing(sqlite3.connect(file)) as collection:
        assert collection.execute("pragma integrity_check").fetchone() == ("ok",)
        rows = collection.execute("select guid, tags, flds from notes").fetchall()
        decks, models = (json.loads(text) for text in collection.execute("select decks, models from col").fetchone())
        (cards,) = collection.execute("select count(*) from cards").fetchone()
    notes = [(guid, tags.split(), fields.split("\x1f")) for guid, tags, fields in rows]
    return Deck(notes, {id_: deck["name"] for id_, deck in decks.items()}, set(models), cards)


def in_review(question: str, point: str) -> InReview:
    """A point in review, by its name alone: the deck needs no more."""
    return InReview(key=PointKey(question, point), due=NOW.date(), seen=(), stability_days=1.0)


def test_what_was_missed_comes_as_a_deck_over_the_pages_and_the_api(
    alice: TestClient, bank: Bank, tmp_path: Path
) -> None:
    """A card for each point: the question in front, the point with takeaway and sources behind, tags to sort by."""
    done = answer(alice, started(alice, questions=1), "I do not know, sorry.")
    question = bank.question(done["turns"][0]["question"]["id"])
    assert question
    for path in ("/review.apkg", "/api/review.apkg"):
        reply = alice.get(path)
        assert reply.status_code == 200
        assert re.fullmatch(
            r'attachment; filename="interviewer-\d{4}-\d\d-\d\d\.apkg"', reply.headers["content-disposition"]
        )
        deck = opened(reply.content, tmp_path)
        assert len(deck.notes) == deck.cards == len(question.points)
        assert "Interviewer: points in review" in deck.decks.values()
        for _, tags, fields in deck.notes:
            assert {f"topic::{question.topic}", f"level::{question.level}", f"pack::{question.pack}"} <= set(tags)
            assert question.sources[0] in fields[4]
        backs = {re.sub(r"<[^>]+>", "", fields[2]) for _, _, fields in deck.notes}
        assert len(backs) == len(question.points)


def test_an_empty_review_gives_an_empty_deck(alice: TestClient, tmp_path: Path) -> None:
    """And no error."""
    assert opened(alice.get("/review.apkg").content, tmp_path).notes == []


def test_every_point_mistake_and_choice_of_the_bank_becomes_a_card_of_clean_html(bank: Bank, tmp_path: Path) -> None:
    """No card without a front or a back, and no note twice: points that state the same are one."""
    points = [in_review(q.id, "") for q in bank.of_kind(QuestionKind.CHOICE)]
    opened_questions = bank.of_kind(QuestionKind.OPEN)
    points += [in_review(q.id, statement.id) for q in opened_questions for statement in q.statements]
    names = {bank.same_points.group(point.key)[0]: point for point in points}
    notes = anki_notes(names.values(), bank)
    deck = opened(apkg(notes, title="All", at=NOW), tmp_path)
    assert len({guid for guid, _, _ in deck.notes}) == len(deck.notes) == len(names)
    for _, tags, fields in deck.notes:
        assert fields[0].strip()
        assert fields[2].strip()
        assert all(" " not in tag for tag in tags)
        for field in fields:
            assert "<script" not in field
            assert field.count("<p>") == field.count("</p>")


def test_a_deck_made_again_is_the_same_deck_and_the_same_notes(bank: Bank, tmp_path: Path) -> None:
    """Byte for byte at the same time; at another time with the ids by which Anki knows deck, form and notes again."""
    question = bank.of_kind(QuestionKind.OPEN)[0]
    points = [in_review(question.id, point.id) for point in question.points]
    first = apkg(anki_notes(points, bank), title="Mine", at=NOW)
    assert apkg(anki_notes(reversed(points), bank), title="Mine", at=NOW) == first
    one = opened(first, tmp_path)
    other = opened(apkg(anki_notes(points[:2], bank), title="Mine", at=NOW.replace(month=12)), tmp_path)
    assert one.models == other.models
    assert one.decks == other.decks
    assert {guid for guid, _, _ in other.notes} < {guid for guid, _, _ in one.notes}


@pytest.mark.filterwarnings("error")
def test_what_looks_like_html_or_a_template_in_a_text_is_shown_as_it_is(tmp_path: Path) -> None:
    """Fields are HTML to Anki: what comes as text is escaped before it gets there."""
    nasty = Markup("{}").format("<script>alert(1)</script> {{Point}} & <b")
    blank = Markup("")
    note = AnkiNote(name="a/b", question=nasty, asked=blank, point=nasty, remember=blank, sources=blank, tags=())
    ((_, _, fields),) = opened(apkg([note], title="Mine", at=NOW), tmp_path).notes
    assert fields[0] == "&lt;script&gt;alert(1)&lt;/script&gt; {{Point}} &amp; &lt;b"
