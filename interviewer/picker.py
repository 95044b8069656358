"""Which questions an interview asks: level, topic blueprint, history and seed -> question ids. Pure.

The same pack, plan and history always give the same questions in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from interviewer.domain import Outline, Pack, Plan, QuestionKind
from interviewer.errors import NoQuestions, UnknownChoice

MAX_QUESTIONS = 30
DRAWN = frozenset({QuestionKind.OPEN})
"""The kinds that an interview can ask."""


def draw(pack: Pack, plan: Plan, asked_before: Sequence[str] = ()) -> tuple[str, ...]:
    """Ids of the questions to ask, in the pack's order of topics.

    `asked_before` holds the ids asked in the candidate's earlier interviews, oldest first. No question comes twice;
    none that was asked before comes while one that was not is left; then those asked longest ago come first. Topics
    are drawn by their share of the blueprint, each time a topic is drawn its pull falls. When the plan asks for more
    questions than there are, all of them are asked.

    Raises:
        UnknownChoice: a topic is not in the pack, or the number of questions is out of range.
        NoQuestions: the level and topics leave nothing to ask.
    """
    _check(pack, plan)
    last_asked = {question_id: place for place, question_id in enumerate(asked_before)}
    left = [
        question
        for question in pack.by_level[plan.level]
        if question.kind in DRAWN and (not plan.topics or question.topic in plan.topics)
    ]
    if not left:
        raise NoQuestions(f"There is no {plan.level} question on that choice of topics. Choose more topics.")
    shares = {topic.id: topic.share for topic in pack.topics}
    random = Random(f"{plan.seed}")
    unseen = _by_topic(question for question in left if question.id not in last_asked)
    seen = sorted((q for q in left if q.id in last_asked), key=lambda q: last_asked[q.id], reverse=True)
    drawn: list[Outline] = []
    while (unseen or seen) and len(drawn) < plan.questions:
        offered = unseen or _by_topic([seen.pop()])  # the one seen longest ago
        topic = _draw_topic(offered, drawn, shares, random)
        question = random.choice(offered[topic])
        offered[topic].remove(question)
        if not offered[topic]:
            del offered[topic]
        drawn.append(question)
    order = {topic_id: place for place, topic_id in enumerate(shares)}
    return tuple(q.id for q in sorted(drawn, key=lambda q: order[q.topic]))


def _check(pack: Pack, plan: Plan) -> None:
    known = {topic.id for topic in pack.topics}
    if unknown := [topic for topic in plan.topics if topic not in known]:
        raise UnknownChoice(f"Unknown topic {unknown[0]!r}. Known topics: {', '.join(sorted(known))}.")
    if not 1 <= plan.questions <= MAX_QUESTIONS:
        raise UnknownChoice(f"An interview has 1 to {MAX_QUESTIONS} questions, not {plan.questions}.")


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
