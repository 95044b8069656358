"""What another program's file says of a question -> a row of the bank, with placeholders for what it leaves unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from interviewer.bank.skeleton import PLACEHOLDER
from interviewer.domain import Cues, Question, QuestionKind
from interviewer.errors import RowProblem

LONGEST_ID = 60
FEWEST_OPTIONS = 4
_NO_SLUG = re.compile(r"[^a-z0-9]+")

ORDER = (
    "id", "kind", "level", "topic", "ask", "options", "reference", "points", "misconceptions", "hints", "takeaway",
    "analogy", "example", "samples", "sources", "covers", "holds_for", "near",
)  # fmt: skip
"""The keys of a row as people write them."""
Row = dict[str, Any]
"""A question as it stands in a file of the bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a file says of one question: keys of a row, as far as it has them, and the line it begins in.

    `id_is_made` if the id was made from its name and may be changed.
    """

    line: int
    says: Row
    id_is_made: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: questions, what was left out with the reason, and what is wrong with it."""

    drafts: tuple[Draft, ...] = ()
    left_out: tuple[RowProblem, ...] = ()
    problems: tuple[RowProblem, ...] = ()


@dataclass(slots=True)
class Reading:
    """A file while it is read."""

    file: str
    drafts: list[Draft] = field(default_factory=list)
    left_out: list[RowProblem] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        """Note what cannot be used."""
        self.problems.append(RowProblem(self.file, line, message))

    def leave_out(self, line: int, message: str) -> None:
        """Note what this program has no place for."""
        self.left_out.append(RowProblem(self.file, line, message))

    def done(self) -> Read:
        """All of it."""
        return Read(tuple(self.drafts), tuple(self.left_out), tuple(self.problems))


def identity(given: str, *names: str) -> tuple[str, bool]:
    """The id that was given; else one made of it or of the first name that has letters, and that it was made."""
    made = [slug for text in (given, *names) if (slug := _NO_SLUG.sub("-", text.lower()).strip("-"))]
    best = (made or ["question"])[0][:LONGEST_ID].rstrip("-")
    return best, best != given


def row_of(question: Question) -> Row:
    """The row of a file that reads as this question."""
    row: Row = {
        "id": question.id,
        "kind": str(question.kind),
        "level": str(question.level),
        "topic": question.topic,
        "ask": question.ask,
    }
    if question.kind is QuestionKind.CHOICE:
        row["options"] = [asdict(option) for option in question.options]
    else:
        row["reference"] = question.reference
        row["points"] = [
            _filled(id=p.id, says=p.says, weight=p.weight, cues=_lists(p.cues), probe=p.probe) for p in question.points
        ]
        row["misconceptions"] = [
            _filled(id=m.id, says=m.says, cues=_lists(m.cues), penalty=m.penalty, fix=m.fix)
            for m in question.misconceptions
        ]
        row["samples"] = [{"band": str(sample.band), "text": sample.text} for sample in question.samples]
    row |= _filled(
        hints=list(question.hints),
        takeaway=question.takeaway,
        analogy=question.analogy,
        example=asdict(question.example) if question.example else None,
        sources=list(question.sources),
        covers=list(question.covers),
        holds_for={held.package: held.versions for held in question.holds_for},
        near={near.question: near.why for near in question.near},
    )
    return {key: row[key] for key in ORDER if key in row}


def completed(says: Row) -> Row:
    """The row with placeholders for what is needed and was not said."""
    if says["kind"] == QuestionKind.CHOICE:
        needed: Row = {"options": []}
    else:
        needed = {
            "reference": PLACEHOLDER,
            "points": [{"id": f"point-{n}", "says": PLACEHOLDER, "weight": 1} for n in (1, 2, 3)],
            "misconceptions": [{"id": "wrong", "says": PLACEHOLDER, "penalty": 20, "fix": PLACEHOLDER}],
            "samples": [{"band": band, "text": PLACEHOLDER} for band in ("strong", "strong", "partial", "weak")],
            "hints": [PLACEHOLDER],
        }
    needed |= {"takeaway": PLACEHOLDER, "sources": [f"https://example.org/{PLACEHOLDER}"]}
    row = {**says, **{key: value for key, value in needed.items() if not says.get(key)}}
    if says["kind"] == QuestionKind.CHOICE:
        row["options"] = _completed_options(row["options"])
    return {key: row[key] for key in sorted(row, key=ORDER.index)}


def _completed_options(options: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Options with an id of their own and a reason, four of them at least."""
    filled = [
        {
            "id": option.get("id") or f"option-{number}",
            "text": option["text"],
            "correct": option["correct"],
            "why": option.get("why") or f"{PLACEHOLDER} why {number}",
        }
        for number, option in enumerate(options, 1)
    ]
    for number in range(len(filled) + 1, FEWEST_OPTIONS + 1):
        missing = {"text": f"{PLACEHOLDER} option {number}", "correct": False, "why": f"{PLACEHOLDER} why {number}"}
        filled.append({"id": f"option-{number}", **missing})
    return filled


def _filled(**values: Any) -> Row:
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def _lists(cues: Cues) -> list[list[str]]:
    return [list(group) for group in cues]
