"""Points of the whole bank: how one is named, and which of different questions state the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class PointKey(NamedTuple):
    """Where a point or a misconception stands; with an empty `point`, all of a question."""

    question: str
    point: str

    def __str__(self) -> str:
        return f"{self.question}/{self.point}"


@dataclass(frozen=True, slots=True)
class SamePoints:
    """Which points of different questions state the same: each of them -> all of its group, in order."""

    groups: Mapping[PointKey, tuple[PointKey, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[PointKey, PointKey]]) -> SamePoints:
        """The groups that pairs make: what is the same as the same is the same."""
        found: dict[PointKey, set[PointKey]] = {}
        for one, other in pairs:
            both = found.get(one, {one}) | found.get(other, {other})
            found |= dict.fromkeys(both, both)
        return cls({key: tuple(sorted(group)) for key, group in found.items()})

    def group(self, key: PointKey) -> tuple[PointKey, ...]:
        """The point itself and all that state the same, in order."""
        return self.groups.get(key, (key,))
