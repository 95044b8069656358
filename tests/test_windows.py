"""A sliding window in two counters: it never allows more than it says, and says truly when there is room again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.windows import Hit, Used, is_open, wait_s

MOST = st.integers(1, 500)
WINDOW_S = st.integers(1, 3600)
COUNT = st.integers(0, 500)
SHARE = st.floats(0.001, 1)


def later(hit: Hit, used: Used, seconds: float) -> Used:
    """The counters after some seconds in which nothing came, at most one window's end among them."""
    if seconds < used.left_s:
        return Used(before=used.before, now=used.now, left_s=used.left_s - seconds)
    return Used(before=used.now, now=0, left_s=hit.window_s - (seconds - used.left_s))


@given(MOST, WINDOW_S, COUNT, COUNT, SHARE)
def test_who_waits_as_long_as_told_has_room_and_who_comes_earlier_has_none(
    most: int, window_s: int, before: int, now: int, share: float
) -> None:
    """For all counters that can be: neither counts more than the limit."""
    hit = Hit(key="k", most=most, window_s=window_s)
    used = Used(before=min(before, most), now=min(now, most), left_s=window_s * share)
    wait = wait_s(hit, used)
    assert 0 <= wait <= 2 * window_s
    assert is_open(hit, later(hit, used, wait + 0.001 * window_s))
    if wait > 0.001 * window_s:
        assert not is_open(hit, later(hit, used, wait - 0.001 * window_s))


@given(MOST, WINDOW_S, SHARE)
def test_who_did_nothing_may_do_all_of_it_and_then_nothing(most: int, window_s: int, share: float) -> None:
    """The limit is met exactly, in whatever part of a window."""
    hit = Hit(key="k", most=most, window_s=window_s)
    left_s = window_s * share
    assert is_open(hit, Used(before=0, now=most - 1, left_s=left_s))
    assert not is_open(hit, Used(before=0, now=most, left_s=left_s))
