"""Drawing by a blueprint: each topic gets its share of the questions, to within one. Pure.

The seats of the topics are drawn by systematic sampling (W. G. Madow, 1949): the quotas are laid end to end, in random
order, and every whole number from a random start on falls into one. So a topic gets its quota rounded down or up, and
over many draws exactly its quota, also one whose quota is less than a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor
from random import Random

from interviewer.domain import Level, Outline, QuestionKind


def by_quota(
    left: Sequence[Outline],
    shares: Mapping[str, float],
    last_asked: Mapping[str, int],
    *,
    questions: int,
    level: Level,
    kinds: Sequence[QuestionKind],
    random: Random,
) -> list[Outline]:
    """Up to `questions` of `left`, no two the same, each topic with its share of them to within one.

    A topic with fewer questions than its quota gives all it has, and the others share what is missing. Within a topic
    those of the first of `kinds` come before others, those not asked before before those that were, those of `level`
    before those of the next level, those asked longest ago before later ones; otherwise chance decides.
    """
    found: list[Outline] = []
    for kind in kinds:
        of_kind = [question for question in left if question.kind is kind]
        offered = {topic: [q for q in of_kind if q.topic == topic] for topic in shares}
        seats = _seats({t: len(qs) for t, qs in offered.items()}, shares, questions - len(found), random)
        for topic, count in seats.items():
            shuffled = random.sample(offered[topic], len(offered[topic]))
            shuffled.sort(key=lambda q: (q.id in last_asked, q.level.steps_to(level), last_asked.get(q.id, 0)))
            found += shuffled[:count]
    return found


def quotas(supply: Mapping[str, int], shares: Mapping[str, float], questions: int) -> dict[str, float]:
    """How many questions each topic should give, as fractions; none more than it has.

    They add up to `questions`, or to the whole supply where that is less.
    """
    quota = dict.fromkeys(supply, 0.0)
    free = {topic for topic, count in supply.items() if count and shares[topic] > 0}
    left = float(min(questions, sum(supply[topic] for topic in free)))
    while free:
        total = sum(shares[topic] for topic in free)
        full = {topic for topic in free if left * shares[topic] / total >= supply[topic]}
        if not full:
            return quota | {topic: left * shares[topic] / total for topic in free}
        for topic in full:
            quota[topic] = float(supply[topic])
            left -= supply[topic]
        free -= full
    return quota


def _seats(supply: Mapping[str, int], shares: Mapping[str, float], questions: int, random: Random) -> dict[str, int]:
    wanted = quotas(supply, shares, questions)
    topics = random.sample(sorted(wanted), len(wanted))
    start, reached, seats = random.random(), 0.0, dict[str, int]()
    for topic, end in zip(topics, _running(wanted[topic] for topic in topics), strict=True):
        seats[topic] = floor(end + start) - floor(reached + start)
        reached = end
    return seats


def _running(amounts: Iterable[float]) -> Iterable[float]:
    """Running sums; the last is a whole number, so it is made one."""
    total, sums = 0.0, list[float]()
    for amount in amounts:
        total += amount
        sums.append(total)
    return [*sums[:-1], float(round(total))] if sums else sums
