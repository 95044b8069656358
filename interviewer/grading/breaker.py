"""The circuit breaker: how the last calls went + the time -> whether the model may be asked now. Pure.

Closed, calls go through. After some failures in a row it opens and none do, for a pause that doubles each time.
Then it is half-open: one call goes through, whose outcome closes it or opens it again. The methods never wait, so
within one event loop each is one step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_RETRY_AFTER_S = 24 * 3600.0
"""What a server asks for beyond this is taken for a slip."""


class Circuit(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave for one call. By its `round` an outcome is known that comes late, when the circuit has changed."""

    round: int


class Breaker:
    """Opens after `failures` failures in a row, for `pause_s` seconds first and at most `longest_pause_s`.

    A server's wish to be left alone (`retry_after_s`) makes a pause longer, also than `longest_pause_s`. Every permit
    must be settled once, by `succeeded`, `failed` or `abandoned`.
    """

    def __init__(self, *, failures: int, pause_s: float, longest_pause_s: float) -> None:
        self._failures, self._pause_s, self._longest_pause_s = failures, pause_s, longest_pause_s
        self._round = 0
        self._failed = 0
        self._pauses = 0
        self._paused: tuple[datetime, datetime] | None = None
        self._not_before: datetime | None = None
        self._trial_out = False

    def state(self, now: datetime) -> Circuit:
        """Where the circuit stands; half-open from the end of a pause until the trial call has come back."""
        if self._paused is None:
            return Circuit.CLOSED
        since, until = self._paused
        return Circuit.OPEN if since <= now < until else Circuit.HALF_OPEN  # a clock set back ends a pause

    def paused_until(self, now: datetime) -> datetime | None:
        """When the pause ends; None unless the circuit is open."""
        return self._paused[1] if self._paused and self.state(now) is Circuit.OPEN else None

    def permit(self, now: datetime) -> Permit | None:
        """Leave for a call now; None while the circuit is open, or half-open with its one trial out."""
        state = self.state(now)
        if state is Circuit.OPEN or self._trial_out:
            return None
        self._trial_out = state is Circuit.HALF_OPEN
        return Permit(self._round)

    def succeeded(self, permit: Permit) -> bool:
        """Take in that the call came back well; whether that closed the circuit."""
        if permit.round != self._round:
            return False
        closes = self._paused is not None
        self._failed = self._pauses = 0
        self._paused = self._not_before = None
        if closes:
            self._next_round()
        return closes

    def failed(self, permit: Permit, now: datetime, *, retry_after_s: float | None = None) -> datetime | None:
        """Take in that the call failed; until when that opened the circuit, or None when it did not."""
        not_before = now + timedelta(seconds=_asked_s(retry_after_s))
        if permit.round != self._round:
            if self._paused:  # too late to count, but what the server asks for holds
                self._paused = self._paused[0], max(self._paused[1], not_before)
            return None
        self._failed += 1
        self._not_before = max(not_before, self._not_before or not_before)
        if self._paused is None and self._failed < self._failures:
            return None
        self._paused = now, max(now + timedelta(seconds=self._next_pause_s()), self._not_before)
        self._pauses += 1
        self._next_round()
        return self._paused[1]

    def abandoned(self, permit: Permit) -> None:
        """Take in that the call was given up and says nothing about the model: the next one may try."""
        if permit.round == self._round:
            self._trial_out = False

    def _next_pause_s(self) -> float:
        pause_s = self._pause_s
        for _ in range(self._pauses):  # not a power, which would run out of numbers in a long outage
            if pause_s >= self._longest_pause_s:
                break
            pause_s *= 2
        return min(pause_s, self._longest_pause_s)

    def _next_round(self) -> None:
        self._round += 1
        self._failed = 0
        self._not_before = None
        self._trial_out = False


def _asked_s(retry_after_s: float | None) -> float:
    """What the server asked for, in seconds from 0 on; no number is no wish."""
    return min(retry_after_s, LONGEST_RETRY_AFTER_S) if retry_after_s is not None and retry_after_s > 0 else 0.0
