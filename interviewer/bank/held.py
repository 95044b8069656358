"""Questions as the bank holds them: an outline of each, and its row, which is read when the question is asked for."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from pydantic import TypeAdapter, ValidationError

from interviewer.bank.format import ChoiceRow, OpenRow, QuestionRow, question
from interviewer.domain import Level, Outline, Question, QuestionKind
from interviewer.errors import BankError, BankProblem

READ_AT_ONCE = 1024
"""Questions that are kept once they were read."""
ONE = TypeAdapter[OpenRow | ChoiceRow](QuestionRow)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A question of a file: what it is drawn by, the line it begins in, and its row, packed, within `source`."""

    id: str
    kind: str
    level: str
    topic: str
    ask: str
    line: int
    start: int
    end: int
    source: bytes

    def outline(self, pack: str) -> Outline:
        """What it is drawn, counted and listed by."""
        return Outline(
            id=self.id,
            pack=pack,
            kind=QuestionKind(self.kind),
            level=Level(self.level),
            topic=self.topic,
            ask=self.ask,
        )

    @property
    def packed(self) -> bytes:
        """Its row as JSON, compressed: a third of the size."""
        return self.source[self.start : self.end]


def held(row: OpenRow | ChoiceRow, line: int) -> HeldRow:
    """A row made ready to be held."""
    packed = zlib.compress(row.model_dump_json(exclude_unset=True).encode(), level=1)
    return HeldRow(row.id, row.kind, row.level, row.topic, row.ask, line, 0, len(packed), packed)


class HeldQuestions(Sequence[Question]):
    """Questions in their order, each read when it is asked for; 20,000 at once would fill a gigabyte."""

    def __init__(self, held: Sequence[tuple[str, HeldRow]]) -> None:
        """`held`: the pack of each question, and its row."""
        self._held = held
        self._read = lru_cache(maxsize=READ_AT_ONCE)(self._parsed)

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, at: int) -> Question: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Question, ...]: ...
    def __getitem__(self, at: int | slice) -> Question | tuple[Question, ...]:
        places = range(len(self._held))[at]
        return self._read(places) if isinstance(places, int) else tuple(map(self._read, places))

    def _parsed(self, at: int) -> Question:
        pack, held = self._held[at]
        try:
            return question(ONE.validate_json(zlib.decompress(held.packed)), pack)
        except (ValidationError, zlib.error) as error:
            problem = BankProblem(pack, held.line, held.id, "its cached row is broken: delete the folder bank-cache")
            raise BankError((problem,)) from error
