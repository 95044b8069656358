"""Evidence per topic + a pack's blueprint -> shares. Pure.

The blueprint is taken for what was expected before the text was read, worth `PRIOR` terms; the share of a topic is

    (PRIOR * share in the blueprint + evidence) / (PRIOR + all evidence)

the mean of a Dirichlet posterior (additive smoothing; Gelman et al., Bayesian Data Analysis, 3rd ed., 3.4). One topic's
evidence counts up to `MOST_EVIDENCE`. Where `ENOUGH_TOPICS` or more are named, the text is taken at its word: the
others get nothing. Shares are then rounded to steps of 5 in 100 that add up to 100, by largest remainder (Hamilton); a
topic that is named has one step at least.
"""

from __future__ import annotations

from collections.abc import Mapping

from interviewer.domain import Pack

PRIOR = 3.0
ENOUGH_TOPICS = 4
MOST_EVIDENCE = 4.0
STEPS = 20
"""Of 5 in 100 each."""


def shares_of(pack: Pack, evidence: Mapping[str, float]) -> Mapping[str, float]:
    """Topic -> its share, for every topic of the pack; they add up to 1."""
    found = {topic: min(amount, MOST_EVIDENCE) for topic, amount in evidence.items() if amount > 0}
    if len(found) >= ENOUGH_TOPICS:
        raw = {topic.id: (PRIOR * topic.share + found[topic.id]) if topic.id in found else 0.0 for topic in pack.topics}
    else:
        raw = {topic.id: PRIOR * topic.share + found.get(topic.id, 0.0) for topic in pack.topics}
    total = sum(raw.values())
    steps = _in_steps({topic: amount / total for topic, amount in raw.items()}, least=found)
    return {topic: count / STEPS for topic, count in steps.items()}


def _in_steps(shares: Mapping[str, float], *, least: Mapping[str, float]) -> dict[str, int]:
    exact = {topic: share * STEPS for topic, share in shares.items()}
    steps = {topic: max(int(amount), topic in least) for topic, amount in exact.items()}
    while sum(steps.values()) < STEPS:
        topic = max(exact, key=lambda each: exact[each] - steps[each])
        steps[topic] += 1
    while sum(steps.values()) > STEPS:
        topic = max(steps, key=lambda each: steps[each] - exact[each] if steps[each] > (each in least) else -STEPS)
        steps[topic] -= 1
    return steps
