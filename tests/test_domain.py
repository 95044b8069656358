"""What the nouns say of themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain import Level

LEVELS = st.sampled_from(list(Level))


def test_levels_rank_from_the_easiest() -> None:
    """By what they expect, not by their names in the alphabet."""
    assert sorted(Level, key=lambda level: level.rank) == [Level.JUNIOR, Level.MID, Level.SENIOR]


@given(LEVELS, LEVELS)
def test_the_distance_of_two_levels_is_the_same_both_ways(one: Level, other: Level) -> None:
    """And nothing from a level to itself."""
    assert one.steps_to(other) == other.steps_to(one)
    assert (one.steps_to(other) == 0) is (one is other)


@given(LEVELS, st.integers(-9, 9))
def test_a_level_moves_as_far_as_the_ladder_goes(level: Level, steps: int) -> None:
    """Further down than junior or up than senior nothing leads."""
    assert level.moved(steps).rank == max(Level.JUNIOR.rank, min(Level.SENIOR.rank, level.rank + steps))
