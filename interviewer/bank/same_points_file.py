"""The file of a pack that holds which points of different questions state the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.domain import PointKey
from interviewer.errors import BankError, BankProblem

FILE = "same-points.json"
Pair = tuple[PointKey, PointKey]


class _Stored(BaseModel):
    """The file: `question/point` twice for each pair."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: str = ""
    same: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePointsFile:
    """What the file of a pack holds: pairs that state the same, and pairs that an author found do not.

    `questions` is the fingerprint of those the pairs were found among.
    """

    questions: str = ""
    same: tuple[Pair, ...] = ()
    refused: frozenset[Pair] = field(default_factory=frozenset)


def read(pack: Path) -> SamePointsFile:
    """The file in the folder of a pack; empty where there is none.

    Raises:
        BankError: it is not such a file.
    """
    file = pack / FILE
    if not file.exists():
        return SamePointsFile()
    try:
        stored = _Stored.model_validate_json(file.read_bytes())
        return SamePointsFile(
            questions=stored.questions,
            same=tuple(map(_pair, stored.same)),
            refused=frozenset(map(_pair, stored.refused)),
        )
    except (ValidationError, ValueError) as error:
        told = 'it must hold pairs as "question/point". Write it anew with `interviewer bank same-points`'
        raise BankError((BankProblem(f"{pack.name}/{FILE}", 1, None, told),)) from error


def write(pack: Path, found: SamePointsFile) -> None:
    """Keep the pairs, a line each, in order."""
    lines = [f' "questions": {json.dumps(found.questions)}']
    for name, pairs in (("same", found.same), ("refused", sorted(found.refused))):
        lines.append(f' "{name}": [' + ",".join(f"\n  {json.dumps([*map(str, pair)])}" for pair in pairs) + "\n ]")
    (pack / FILE).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _pair(names: tuple[str, str]) -> Pair:
    (one, point), (other, mate) = (name.split("/") for name in names)
    return PointKey(one, point), PointKey(other, mate)
