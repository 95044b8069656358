"""Marks of one or several readings, as they come -> what the watcher of the grading is told, each point once.

With several readings a point is told as soon as its verdict is settled: a majority agrees, or all are in.
"""

from __future__ import annotations

from collections import Counter

from interviewer.domain import Mark
from interviewer.grading.run import Watcher
from interviewer.grading.votes import majority, median


class Telling:
    """Tells a watcher of the marks of so many `readings`, which are numbered from 0."""

    def __init__(self, watcher: Watcher, readings: int) -> None:
        self._watcher = watcher
        self._heard: list[dict[str, Mark]] = [{} for _ in range(readings)]
        self._out: set[int] = set()
        self._told: set[str] = set()

    def mark(self, reading: int, mark: Mark) -> None:
        """Take in a reading's mark on one point."""
        self._heard[reading][mark.point] = mark
        self._tell(mark.point)

    def asked_again(self, reading: int) -> None:
        """Take in that a reading's reply could not be used, and another is asked for."""
        self._drop(reading, is_all_there_was=len(self._heard) == 1)

    def failed(self, reading: int) -> None:
        """Take in that a reading will not come: the others decide."""
        self._out.add(reading)
        if len(self._out) <= len(self._heard) - majority(len(self._heard)):
            self._drop(reading)

    def _drop(self, reading: int, *, is_all_there_was: bool = False) -> None:
        fallen, self._heard[reading] = self._heard[reading], {}
        if is_all_there_was or fallen.keys() & self._told:
            self._told.clear()
            self._watcher.again()
        for point in dict.fromkeys(point for heard in self._heard for point in heard):
            self._tell(point)

    def _tell(self, point: str) -> None:
        if point in self._told:
            return
        marks = [heard[point] for heard in self._heard if point in heard]
        agreed = max(Counter(mark.verdict for mark in marks).values())
        if agreed >= majority(len(self._heard)) or len(marks) == len(self._heard) - len(self._out):
            self._told.add(point)
            self._watcher.mark(median(marks))
