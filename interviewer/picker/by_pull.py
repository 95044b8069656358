"""Drawing for a conversation: each time a topic is drawn, its pull falls. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from interviewer.domain import Outline


def by_pull(
    left: Sequence[Outline],
    shares: Mapping[str, float],
    last_asked: Mapping[str, int],
    *,
    questions: int,
    random: Random,
) -> list[Outline]:
    """Up to `questions` of `left`, no two the same; `last_asked` holds the place of each that was asked before.

    None that was asked before comes while one that was not is left; then those asked longest ago come first.
    """
    unseen = _by_topic(question for question in left if question.id not in last_asked)
    seen = sorted((q for q in left if q.id in last_asked), key=lambda q: last_asked[q.id], reverse=True)
    drawn: list[Outline] = []
    while (unseen or seen) and len(drawn) < questions:
        offered = unseen or _by_topic([seen.pop()])  # the one seen longest ago
        topic = _draw_topic(offered, drawn, shares, random)
        question = random.choice(offered[topic])
        offered[topic].remove(question)
        if not offered[topic]:
            del offered[topic]
        drawn.append(question)
    return drawn


def _by_topic(questions: Iterable[Outline]) -> dict[str, list[Outline]]:
    found: dict[str, list[Outline]] = {}
    for question in questions:
        found.setdefault(question.topic, []).append(question)
    return found


def _draw_topic(offered: Iterable[str], drawn: Sequence[Outline], shares: Mapping[str, float], random: Random) -> str:
    topics = sorted(offered)
    taken = [question.topic for question in drawn]
    pulls = [shares[topic] / (1 + taken.count(topic)) ** 3 for topic in topics]
    return random.choices(topics, pulls)[0]
