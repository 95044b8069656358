"""Questions <-> CSV: one a line, names of the columns in the first.

Options stand in columns of their own, `right` has the numbers of the right ones. Lists and objects are JSON. A text
that a spreadsheet would take for a formula has an apostrophe in front, which is taken away again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from interviewer.bank.exchange.drafts import Draft, Read, Reading, Row, identity, row_of
from interviewer.domain import Question

PLAIN = ("id", "kind", "level", "topic", "ask", "reference", "takeaway", "analogy")
HINTS = 3
OPTIONS = 6
AS_JSON = ("points", "misconceptions", "samples", "example", "sources", "covers", "holds_for", "near")
COLUMNS = (
    *PLAIN[:5],
    *(f"option_{n}" for n in range(1, OPTIONS + 1)),
    "right",
    *(f"why_{n}" for n in range(1, OPTIONS + 1)),
    "option_ids",
    *PLAIN[5:],
    *(f"hint_{n}" for n in range(1, HINTS + 1)),
    *AS_JSON,
)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def written(questions: Iterable[Question]) -> str:
    """The questions as CSV with lines that end as the standard has it."""
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, COLUMNS, restval="")
    table.writeheader()
    for question in questions:
        table.writerow({name: _guarded(cell) for name, cell in _cells(row_of(question)).items()})
    return file.getvalue()


def read(content: bytes, file: str) -> Read:
    """The questions of a CSV; `ask` is the one column that is needed."""
    reading = Reading(file)
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        columns = table.fieldnames or ()
        if "ask" not in columns:
            reading.wrong(1, "there is no column `ask`: the first line has the names of the columns")
        elif unknown := [name for name in columns if name not in COLUMNS]:
            reading.wrong(1, f"unknown column {unknown[0]!r}. Known: {', '.join(COLUMNS)}")
        else:
            line = table.line_num + 1
            for cells in table:
                _read_row(cells, line, reading)
                line = table.line_num + 1
    except UnicodeDecodeError as error:
        reading.wrong(0, f"is not UTF-8 text (byte {error.start})")
    except csv.Error as error:
        reading.wrong(table.line_num, f"not valid CSV: {error}")
    return reading.done()


def _cells(row: Row) -> dict[str, str]:
    cells = {name: row[name] for name in PLAIN if name in row}
    cells |= {name: json.dumps(row[name], ensure_ascii=False) for name in AS_JSON if name in row}
    cells |= {f"hint_{n}": hint for n, hint in enumerate(row.get("hints", ()), 1)}
    options = row.get("options", ())
    for number, option in enumerate(options, 1):
        cells[f"option_{number}"], cells[f"why_{number}"] = option["text"], option["why"]
    if options:
        cells["right"] = " ".join(str(number) for number, option in enumerate(options, 1) if option["correct"])
        cells["option_ids"] = " ".join(option["id"] for option in options)
    return cells


def _read_row(cells: Mapping[str | None, Any], line: int, reading: Reading) -> None:
    if None in cells:
        reading.wrong(line, f"there are more cells than columns ({len(cells) - 1})")
        return
    told = {str(name): _bare(cell) for name, cell in cells.items() if cell}
    if not told:
        return
    says: Row = {name: told[name] for name in PLAIN if name in told}
    if "ask" not in says:
        reading.wrong(line, "`ask` is empty")
        return
    for name in AS_JSON:
        if name in told:
            try:
                says[name] = json.loads(told[name])
            except (ValueError, RecursionError) as error:
                reading.wrong(line, f"{name}: not valid JSON ({getattr(error, 'msg', 'too deep')})")
    if hints := [told[f"hint_{n}"] for n in range(1, HINTS + 1) if f"hint_{n}" in told]:
        says["hints"] = hints
    _read_options(told, says, line, reading)
    says.setdefault("kind", "choice" if "options" in says else "open")
    says["id"], id_is_made = identity(says.get("id", ""), says["ask"])
    reading.drafts.append(Draft(line=line, says=says, id_is_made=id_is_made))


def _read_options(told: Mapping[str, str], says: Row, line: int, reading: Reading) -> None:
    numbers = [n for n in range(1, OPTIONS + 1) if f"option_{n}" in told]
    if not numbers:
        return
    right = set(re.findall(r"[^\s,;]+", told.get("right", "")))
    if strange := right - {str(n) for n in numbers}:
        reading.wrong(line, f"right: there is no option {min(strange)!r}; write the numbers of the right ones")
    ids = told.get("option_ids", "").split()
    if ids and len(ids) != len(numbers):
        reading.wrong(line, f"option_ids: {len(ids)} ids for {len(numbers)} options")
    says["options"] = [
        {
            "id": ids[place] if place < len(ids) else None,
            "text": told[f"option_{n}"],
            "correct": str(n) in right,
            "why": told.get(f"why_{n}"),
        }
        for place, n in enumerate(numbers)
    ]


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _bare(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
