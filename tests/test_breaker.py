"""The circuit breaker as a state machine: examples first, then anything that may happen to it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from interviewer.grading.breaker import LONGEST_RETRY_AFTER_S, Breaker, Circuit, Permit
from tests.builders import T0, at

FAILURES, PAUSE_S, LONGEST_S = 3, 30.0, 600.0


@pytest.fixture
def breaker() -> Breaker:
    """One with the defaults."""
    return Breaker(failures=FAILURES, pause_s=PAUSE_S, longest_pause_s=LONGEST_S)


def given_leave(breaker: Breaker, now: datetime) -> Permit:
    """A permit that there must be."""
    permit = breaker.permit(now)
    assert permit
    return permit


def fail(breaker: Breaker, now: datetime, retry_after_s: float | None = None) -> datetime | None:
    """One call that fails at once."""
    return breaker.failed(given_leave(breaker, now), now, retry_after_s=retry_after_s)


def opened(breaker: Breaker) -> Breaker:
    """The breaker after enough failures at T0."""
    assert [fail(breaker, T0) for _ in range(FAILURES)] == [None, None, at(30)]
    return breaker


def test_it_opens_at_the_third_failure_in_a_row(breaker: Breaker) -> None:
    assert breaker.state(T0) is Circuit.CLOSED
    opened(breaker)
    assert breaker.state(at(29)) is Circuit.OPEN
    assert breaker.paused_until(at(29)) == at(30)
    assert breaker.permit(at(29)) is None


def test_a_success_between_failures_starts_the_count_anew(breaker: Breaker) -> None:
    for _ in range(5):
        assert fail(breaker, T0) is None
        assert fail(breaker, T0) is None
        assert not breaker.succeeded(given_leave(breaker, T0))
    assert breaker.state(T0) is Circuit.CLOSED


def test_after_the_pause_one_call_goes_through_and_no_second(breaker: Breaker) -> None:
    opened(breaker)
    assert breaker.state(at(30)) is Circuit.HALF_OPEN
    trial = given_leave(breaker, at(30))
    assert breaker.permit(at(30)) is None
    assert breaker.permit(at(3000)) is None
    assert breaker.succeeded(trial)
    assert breaker.state(at(31)) is Circuit.CLOSED
    assert breaker.paused_until(at(31)) is None


def test_each_failed_trial_doubles_the_pause_up_to_the_longest(breaker: Breaker) -> None:
    opened(breaker)
    now, pauses = at(30), []
    for _ in range(7):
        until = fail(breaker, now)
        assert until
        pauses.append((until - now).total_seconds())
        now = until
    assert pauses == [60, 120, 240, 480, 600, 600, 600]


def test_a_success_makes_pauses_short_again(breaker: Breaker) -> None:
    opened(breaker)
    fail(breaker, at(30))
    assert breaker.succeeded(given_leave(breaker, at(90)))
    assert [fail(breaker, at(100)) for _ in range(FAILURES)][-1] == at(130)


@pytest.mark.parametrize(
    ("wishes", "pause_s"),
    [
        ((None, None, 100), 100),
        ((100, None, None), 100),
        ((None, None, 5), 30),
        ((None, None, 0), 30),
        ((None, None, -7), 30),
        ((None, None, float("nan")), 30),
        ((None, None, 7200), 7200),
        ((None, None, float("inf")), LONGEST_RETRY_AFTER_S),
        ((None, None, 1e300), LONGEST_RETRY_AFTER_S),
    ],
)
def test_a_server_is_left_alone_for_at_least_as_long_as_it_asks(
    breaker: Breaker, wishes: tuple[float | None, ...], pause_s: float
) -> None:
    """Also when it asked in an earlier failure of the row, and for longer than our longest pause."""
    assert [fail(breaker, T0, wish) for wish in wishes][-1] == T0 + timedelta(seconds=pause_s)


def test_a_success_forgets_what_the_server_had_asked_for(breaker: Breaker) -> None:
    fail(breaker, T0, 500)
    breaker.succeeded(given_leave(breaker, T0))
    assert [fail(breaker, T0) for _ in range(FAILURES)][-1] == at(30)


def test_outcomes_from_before_a_pause_come_too_late_to_count(breaker: Breaker) -> None:
    """Calls that were out when it opened: neither longer pauses nor an early end."""
    late = [given_leave(breaker, T0) for _ in range(4)]
    opened(breaker)
    assert breaker.failed(late[0], at(1)) is None
    assert not breaker.succeeded(late[1])
    assert breaker.paused_until(at(2)) == at(30)
    trial = given_leave(breaker, at(30))
    assert breaker.failed(late[2], at(31)) is None
    breaker.abandoned(late[3])
    assert breaker.permit(at(31)) is None
    assert breaker.succeeded(trial)


def test_what_a_late_failure_was_told_to_wait_still_holds(breaker: Breaker) -> None:
    late = given_leave(breaker, T0)
    opened(breaker)
    breaker.failed(late, at(10), retry_after_s=100)
    assert breaker.paused_until(at(11)) == at(110)


def test_a_trial_that_is_given_up_makes_room_for_the_next(breaker: Breaker) -> None:
    opened(breaker)
    breaker.abandoned(given_leave(breaker, at(30)))
    assert breaker.state(at(30)) is Circuit.HALF_OPEN
    assert breaker.succeeded(given_leave(breaker, at(30)))


def test_a_clock_that_is_set_back_does_not_lengthen_a_pause(breaker: Breaker) -> None:
    opened(breaker)
    assert breaker.state(at(-3600)) is Circuit.HALF_OPEN
    assert breaker.permit(at(-3600))


class Anything(RuleBasedStateMachine):
    """Calls start and end in any order, at any time; beside the breaker, what must be true of it in plain words."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker(failures=FAILURES, pause_s=PAUSE_S, longest_pause_s=LONGEST_S)
        self.now = T0
        self.fresh: list[Permit] = []
        self.late: list[Permit] = []
        self.in_a_row = 0
        self.pauses = 0
        self.until: datetime | None = None

    @property
    def expected(self) -> Circuit:
        """Where it must stand."""
        if self.until is None:
            return Circuit.CLOSED
        return Circuit.OPEN if self.now < self.until else Circuit.HALF_OPEN

    def turn_over(self) -> None:
        """Calls that are out belong to the past from now on."""
        self.late += self.fresh
        self.fresh, self.in_a_row = [], 0

    @rule(seconds=st.one_of(st.integers(0, 40), st.sampled_from([60, 600, 100_000])))
    def time_passes(self, seconds: int) -> None:
        """Seconds or a day."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def a_call_wants_to_start(self) -> None:
        """Always when closed, never when open, one at a time when half-open."""
        permit = self.breaker.permit(self.now)
        free = {Circuit.CLOSED: True, Circuit.OPEN: False, Circuit.HALF_OPEN: not self.fresh}[self.expected]
        assert (permit is not None) is free
        if permit:
            self.fresh.append(permit)

    @precondition(lambda self: self.fresh)
    @rule(data=st.data())
    def a_call_succeeds(self, data: st.DataObject) -> None:
        """Closed afterwards, whatever was."""
        permit = self.fresh.pop(data.draw(st.integers(0, len(self.fresh) - 1)))
        assert self.breaker.succeeded(permit) is (self.until is not None)
        if self.until is not None:
            self.turn_over()
        self.in_a_row, self.pauses, self.until = 0, 0, None

    @precondition(lambda self: self.fresh)
    @rule(data=st.data(), wish=st.one_of(st.none(), st.integers(0, 2000)))
    def a_call_fails(self, data: st.DataObject, wish: int | None) -> None:
        """Opens at the third in a row and whenever it was the trial, for at least the pause and the wish."""
        permit = self.fresh.pop(data.draw(st.integers(0, len(self.fresh) - 1)))
        until = self.breaker.failed(permit, self.now, retry_after_s=wish)
        self.in_a_row += 1
        assert (until is not None) is (self.until is not None or self.in_a_row == FAILURES)
        if until is not None:
            pause_s = min(PAUSE_S * 2 ** min(self.pauses, 20), LONGEST_S)
            assert until >= self.now + timedelta(seconds=max(pause_s, wish or 0))
            self.pauses, self.until = self.pauses + 1, until
            self.turn_over()

    @precondition(lambda self: self.fresh)
    @rule(data=st.data())
    def a_call_is_given_up(self, data: st.DataObject) -> None:
        """Counts for nothing."""
        self.breaker.abandoned(self.fresh.pop(data.draw(st.integers(0, len(self.fresh) - 1))))

    @precondition(lambda self: self.late)
    @rule(how=st.sampled_from(["succeeded", "failed", "abandoned"]))
    def a_call_of_the_past_ends(self, how: str) -> None:
        """Counts for nothing."""
        permit = self.late.pop()
        if how == "failed":
            assert self.breaker.failed(permit, self.now) is None
        elif how == "succeeded":
            assert not self.breaker.succeeded(permit)
        else:
            self.breaker.abandoned(permit)

    @invariant()
    def it_stands_where_it_must(self) -> None:
        """And names the end of its pause exactly while there is one."""
        assert self.breaker.state(self.now) is self.expected
        assert self.breaker.paused_until(self.now) == (self.until if self.expected is Circuit.OPEN else None)


Anything.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnything = Anything.TestCase
