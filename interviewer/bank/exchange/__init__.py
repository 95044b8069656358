"""Questions <-> the formats of other programs: GIFT, Moodle XML and CSV.

CSV holds everything. Moodle XML holds all of an open question (its rubric as YAML in the grader's information) and,
of a choice question, all but `sources`, `analogy`, `example`, `holds_for`, `near` and the ids of its options. GIFT
holds id, level, topic, `covers` and the question; of an open one its reference, of a choice question options and
takeaway. What a file lacks is read as a placeholder, so that the question can be finished in the bank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from interviewer.bank.exchange import csv_file, gift, moodle
from interviewer.bank.exchange.drafts import Read
from interviewer.domain import Question
from interviewer.errors import RowProblem, RowsError

MOST_BYTES = 20_000_000
"""A larger file is not read."""


class Format(StrEnum):
    """A format of other programs."""

    GIFT = "gift"
    MOODLE_XML = "moodle-xml"
    CSV = "csv"


_WRITERS: Mapping[Format, Callable[[Iterable[Question]], str]] = {
    Format.GIFT: gift.written,
    Format.MOODLE_XML: moodle.written,
    Format.CSV: csv_file.written,
}
_READERS: Mapping[Format, Callable[[bytes, str], Read]] = {
    Format.GIFT: gift.read,
    Format.MOODLE_XML: moodle.read,
    Format.CSV: csv_file.read,
}


def written(questions: Iterable[Question], form: Format) -> str:
    """The questions as the text of a file."""
    return _WRITERS[form](questions)


def read(file: Path, form: Format) -> Read:
    """What a file holds.

    Raises:
        RowsError: it cannot be read, or something in it does not fit; it carries every problem found.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise RowsError((RowProblem(str(file), 0, f"is larger than {MOST_BYTES:,} bytes: import it in parts"),))
        content = file.read_bytes()
    except OSError as error:
        raise RowsError((RowProblem(str(file), 0, f"cannot be read ({error.strerror}): check the path"),)) from None
    found = _READERS[form](content, str(file))
    if found.problems:
        raise RowsError(found.problems)
    return found
