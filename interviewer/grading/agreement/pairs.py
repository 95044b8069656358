"""What is compared: one answer's mark by a machine beside the mark that people gave it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Credits(NamedTuple):
    """The credit of one point, 0..1, from both sides."""

    machine: float
    human: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two scores of one answer, 0..1, with the credits of its points where people gave them.

    `group` is what answers share (their question): intervals draw whole groups. `ms` is what the machine took.
    """

    machine: float
    human: float
    group: str
    level: str | None = None
    tier: str | None = None
    points: tuple[Credits, ...] = ()
    ms: float | None = None
