"""How much of a limit is used up, and how long to wait for more: a sliding window kept as two counters. Pure.

Time is cut into windows of one length. What happened in the window before counts by the share of it that the last
`window_s` seconds still cover, as if it had been spread evenly; the error is small, and two numbers are all to keep.
https://blog.cloudflare.com/counting-things-a-lot-of-different-things/
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One more of what `key` counts, of which there may be `most` in any `window_s` seconds."""

    key: str
    most: int
    window_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Counts of the window before and of the one that runs, which ends in `left_s` seconds, 0 < left_s <= window_s."""

    before: int
    now: int
    left_s: float


def is_open(hit: Hit, used: Used) -> bool:
    """Whether there is room for one more."""
    return used.before * used.left_s / hit.window_s + used.now + 1 <= hit.most


def wait_s(hit: Hit, used: Used) -> float:
    """Seconds until there is room if nothing else comes; 0 where there is room now."""
    if is_open(hit, used):
        return 0.0
    if used.now < hit.most:  # within this window, once the one before weighs less
        return used.left_s - (hit.most - 1 - used.now) * hit.window_s / used.before
    return used.left_s + hit.window_s * (1 - (hit.most - 1) / used.now)  # in the next, when this one weighs less
