"""A table of what a bank should ask + the bank -> which rows no question covers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interviewer.domain import Question
from interviewer.errors import RowProblem, RowsError

MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A row of the table; all but `id` may be empty."""

    id: str
    level: str = ""
    topic: str = ""
    kind: str = ""
    gist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`missing`: rows that no question covers; `unknown`: question -> ids in its `covers` that the table lacks."""

    rows: int
    missing: tuple[Wanted, ...]
    unknown: dict[str, tuple[str, ...]]

    @property
    def is_whole(self) -> bool:
        """Whether there is no gap either way."""
        return not self.missing and not self.unknown


def coverage(wanted: Iterable[Wanted], questions: Iterable[Question]) -> Coverage:
    """Hold the `covers` of the questions against the table."""
    rows = {row.id: row for row in wanted}
    covered: set[str] = set()
    unknown: dict[str, tuple[str, ...]] = {}
    for question in questions:
        covered.update(question.covers)
        if foreign := tuple(id_ for id_ in question.covers if id_ not in rows):
            unknown[question.id] = foreign
    return Coverage(
        rows=len(rows), missing=tuple(row for id_, row in rows.items() if id_ not in covered), unknown=unknown
    )


def read_wanted(file: Path) -> tuple[Wanted, ...]:
    """The rows of a table with tabs between its columns and their names in the first line; `id` is needed.

    Raises:
        RowsError: it cannot be read, has no `id`, or an id is missing or stands twice.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise RowsError((RowProblem(str(file), 0, f"is larger than {MOST_BYTES:,} bytes"),))
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RowsError((RowProblem(str(file), 0, f"cannot be read ({error.strerror}): check the path"),)) from None
    except UnicodeDecodeError as error:
        raise RowsError((RowProblem(str(file), 0, f"is not UTF-8 text (byte {error.start})"),)) from None
    problems: list[RowProblem] = []
    rows = tuple(_rows(text, str(file), problems))
    if problems:
        raise RowsError(tuple(problems))
    return rows


def _rows(text: str, file: str, problems: list[RowProblem]) -> Iterator[Wanted]:
    table = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if "id" not in (table.fieldnames or ()):
        problems.append(RowProblem(file, 1, "there is no column `id`: names first, tabs between the columns"))
        return
    first: dict[str, int] = {}
    for row in table:
        id_ = (row["id"] or "").strip()
        if not id_:
            problems.append(RowProblem(file, table.line_num, "the id is missing"))
        elif first.setdefault(id_, table.line_num) != table.line_num:
            problems.append(RowProblem(file, table.line_num, f"the id {id_!r} is taken: see line {first[id_]}"))
        else:
            told = {name: (row.get(name) or "").strip() for name in ("level", "topic", "kind", "gist")}
            yield Wanted(id=id_, **told)
