"""Points in review -> a deck for Anki: one note for each, the same note when it is exported again."""

from __future__ import annotations

import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:  # most servers never make a deck
    import genanki  # type: ignore[import-untyped]  # ships no types

DECK_ID = 1_763_712_401
MODEL_ID = 1_763_712_402
"""Ids once drawn; a deck that is loaded again finds its cards by them and by the guid of each note."""
_FIELDS = ("Question", "Asked", "Point", "Remember", "Sources")
_FRONT = "{{Question}}{{#Asked}}<hr>{{Asked}}{{/Asked}}"
_BACK = (
    "{{FrontSide}}<hr id=answer>{{Point}}{{#Remember}}<p class=remember>{{Remember}}</p>{{/Remember}}"
    "<p class=sources>{{Sources}}</p>"
)
_STYLE = """.card { font: 18px/1.5 system-ui, sans-serif; max-width: 40em; margin: 0 auto; text-align: left; }
pre { white-space: pre-wrap; padding: 8px; border: 1px solid; border-radius: 6px; }
.remember { font-weight: 600; }
.sources { font-size: 14px; }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnkiNote:
    """A card: `question` and `asked` in front, the rest behind. `name` tells it from all others, for good."""

    name: str
    question: Markup
    asked: Markup
    point: Markup
    remember: Markup
    sources: Markup
    tags: tuple[str, ...]


def apkg(notes: Iterable[AnkiNote], *, title: str, at: datetime) -> bytes:
    """An .apkg file. The same notes at the same time give the same bytes."""
    import genanki

    deck = genanki.Deck(DECK_ID, title)
    model = genanki.Model(
        MODEL_ID,
        "Interviewer point",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Point", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    for note in notes:
        fields = [str(part) for part in (note.question, note.asked, note.point, note.remember, note.sources)]
        guid = genanki.guid_for("interviewer", note.name)
        deck.add_note(genanki.Note(model=model, fields=fields, tags=[*note.tags], guid=guid, sort_field=note.name))
    return _packed(genanki.Package(deck), at)


def _packed(package: genanki.Package, at: datetime) -> bytes:
    """As `Package.write_to_file`, which leaves its database in the temporary folder and stamps the time of now."""
    stamp = at.timestamp()
    with closing(sqlite3.connect(":memory:")) as connection:
        package.write_to_db(connection.cursor(), stamp, itertools.count(int(stamp * 1000)))
        connection.commit()
        collection = connection.serialize()
    file, moment = BytesIO(), at.timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (("collection.anki2", collection), ("media", json.dumps({}).encode())):
            packed.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
