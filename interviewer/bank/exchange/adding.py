"""What another program's file holds -> rows that fit into a topic of a pack, or why they do not."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from interviewer.bank import Bank
from interviewer.bank.exchange.drafts import LONGEST_ID, Draft, Read, Row, completed
from interviewer.bank.format import ChoiceRow, OpenRow
from interviewer.bank.held import ONE
from interviewer.bank.yaml_file import message
from interviewer.domain import Level, Pack
from interviewer.errors import RowProblem, RowsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where questions go that do not say it themselves."""

    pack: Pack
    topic: str | None
    level: Level | None


def rows_for(read: Read, place: Place, bank: Bank, file: str) -> tuple[Row, ...]:
    """The rows to be written, each checked against the format; ids made from names are made unlike all others.

    Raises:
        RowsError: a question does not fit; it carries every problem found, and nothing should be written.
    """
    taken = dict.fromkeys(bank.lines, "the bank")
    rows: list[Row] = []
    problems: list[RowProblem] = []
    for draft in read.drafts:
        row = completed(_placed(draft, place, taken))
        faults = list(_faults(row, draft, place, taken))
        problems += [RowProblem(file, draft.line, fault) for fault in faults]
        taken.setdefault(row["id"], f"line {draft.line}")
        rows.append(row)
    if problems:
        raise RowsError(tuple(problems))
    return tuple(rows)


def _placed(draft: Draft, place: Place, taken: Container[str]) -> Row:
    """What the draft says, in the order of the format, with level, topic and id."""
    known = {topic.id for topic in place.pack.topics}
    topic = draft.says.get("topic")
    says = {
        "id": _free(draft.says["id"] or "question", taken) if draft.id_is_made else draft.says["id"],
        "kind": draft.says["kind"],
        "level": draft.says.get("level") or (place.level and str(place.level)),
        "topic": topic if topic in known or place.topic is None else place.topic,
    }
    return says | {key: value for key, value in draft.says.items() if key not in says}


def _free(id_: str, taken: Container[str]) -> str:
    """The id, or the first with a number behind it that nobody has."""
    number, free = 1, id_
    while free in taken:
        number += 1
        free = f"{id_[: LONGEST_ID - 6]}-{number}"
    return free


def _faults(row: Row, draft: Draft, place: Place, taken: dict[str, str]) -> Iterator[str]:
    if row["level"] is None:
        yield "it does not say its level: give one with --level"
        return
    if row["topic"] not in {topic.id for topic in place.pack.topics}:
        yield (
            f"topic {row['topic']!r} is not in the pack: give one with --topic"
            if row["topic"]
            else ("it does not say its topic: give one with --topic")
        )
        return
    if row["id"] in taken:
        yield f"the id {row['id']!r} is taken in {taken[row['id']]}"
    try:
        read: OpenRow | ChoiceRow = ONE.validate_python(row)
    except ValidationError as error:
        yield from (message(fault) for fault in error.errors(include_url=False))
        return
    for kind, ids in read.ids.items():
        yield from (f"{kind} id {twice!r} stands twice" for twice in sorted({i for i in ids if ids.count(i) > 1}))


def by_topic(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each topic, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["topic"], []).append(row)
    return found
