"""A candidate's history -> the points in review, with the day on which each comes back. Pure.

The day is set by FSRS 6 (J. Ye et al., github.com/open-spaced-repetition): from how a point went each time and how long
ago that was, it estimates for how many days the chance to know it stays above a wanted share. It counts whole days, so
everything is put on its UTC day; there are no steps of minutes, because a candidate comes back on another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from fsrs import Card, Rating, Scheduler, State

from interviewer.domain import Interview, PointKey, SamePoints
from interviewer.review.seen import Seen, SeenTurn, seen_in

RETENTION = 0.9
"""A point comes back when the chance that it is still known has fallen to this."""
LONGEST_DAYS = 180
"""A point comes back after this many days at the latest: nobody prepares for longer."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What FSRS knows of a point: for how long it is known, how hard it is (1 to 10), when to ask again."""

    stability_days: float | None = None
    difficulty: float | None = None
    interval_days: int = 0


_NEW = _Memory()


@dataclass(frozen=True, slots=True, kw_only=True)
class InReview:
    """A point that comes back, or a misconception, or a choice question as a whole.

    `key` is where it lacked something last; points of other questions that state the same count for it. `seen` are
    all times since it lacked something first, oldest first. `stability_days`: for how long it is known with a chance of
    90 %, as FSRS estimates it.
    """

    key: PointKey
    due: date
    seen: tuple[Seen, ...]
    stability_days: float

    @property
    def last_question(self) -> str:
        """The question that asked for it last."""
        return self.seen[-1].key.question

    @property
    def lacked(self) -> tuple[Seen, ...]:
        """The times it was not fully earned, oldest first."""
        return tuple(seen for seen in self.seen if seen.lacked)


def fold(history: Iterable[Interview], same: SamePoints) -> tuple[InReview, ...]:
    """The points in review, those that are due first in front. The order of `history` does not matter.

    A point enters when it was missed, contradicted or partly earned in a turn whose feedback may be seen; one that was
    always met does not. Points that state the same are one.
    """
    turns = sorted(
        (turn for interview in history for turn in seen_in(interview)),
        key=lambda turn: (turn.at, turn.interview, turn.number),
    )
    seen: dict[PointKey, list[Seen]] = {}
    wrong: dict[str, set[PointKey]] = {}
    for turn in turns:
        beliefs = wrong.setdefault(turn.question, set())
        for one in _told(turn, seen, beliefs, same):
            seen.setdefault(same.group(one.key)[0], []).append(one)
        beliefs |= turn.asserted
    found = (_scheduled(times) for times in seen.values())
    return tuple(sorted(found, key=lambda point: (point.due, point.key)))


def due_on(points: Iterable[InReview], day: date) -> tuple[InReview, ...]:
    """Those that come back on that day or should have come back before."""
    return tuple(point for point in points if point.due <= day)


def _told(
    turn: SeenTurn, seen: Mapping[PointKey, Sequence[Seen]], beliefs: Set[PointKey], same: SamePoints
) -> Iterator[Seen]:
    """What a turn says of points in review, of each only the worst; `beliefs` were asserted before in its question.

    Who says nothing asserts nothing: a misconception is overcome only where the answer earned something.
    """
    worst: dict[PointKey, Seen] = {}
    for one in turn.points:
        name = same.group(one.key)[0]
        if (one.lacked or name in seen) and (name not in worst or one.rating < worst[name].rating):
            worst[name] = one
    yield from worst.values()
    if turn.earned:
        yield from (turn.overcome(belief) for belief in sorted(beliefs - turn.asserted) if belief in seen)


def _scheduled(times: Sequence[Seen]) -> InReview:
    memory, before = _NEW, _day(times[0])
    for seen in times:
        memory, before = _recalled(memory, seen.rating, (_day(seen) - before).days), _day(seen)
    return InReview(
        key=next(seen.key for seen in reversed(times) if seen.lacked),
        due=before + timedelta(days=memory.interval_days),
        seen=tuple(times),
        stability_days=memory.stability_days or 0.0,
    )


def _day(seen: Seen) -> date:
    return seen.at.astimezone(UTC).date()


@lru_cache(maxsize=1 << 15)
def _recalled(before: _Memory, rating: Rating, days: int) -> _Memory:
    """The memory of a point after it went so, that many days after the last time. Few ways lead to most memories."""
    card = Card(
        card_id=0,
        state=State.Learning if before is _NEW else State.Review,
        stability=before.stability_days,
        difficulty=before.difficulty,
        due=_EPOCH,
        last_review=None if before is _NEW else _EPOCH,
    )
    at = _EPOCH + timedelta(days=days)
    after, _ = _scheduler().review_card(card, rating, at)
    return _Memory(after.stability, after.difficulty, (after.due - at).days)


@cache
def _scheduler() -> Scheduler:
    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_DAYS,
        enable_fuzzing=False,
    )
