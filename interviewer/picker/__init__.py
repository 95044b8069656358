"""Which questions a sitting asks: behaviour, level, blueprint, history and seed -> question ids. Pure.

The same pack, plan and history always give the same questions in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from interviewer.domain import Level, Outline, Pack, Plan, Rung
from interviewer.errors import NoQuestions, UnknownChoice
from interviewer.picker.by_pull import by_pull
from interviewer.picker.by_quota import by_quota

__all__ = ["MAX_QUESTIONS", "draw", "rungs", "shares_of"]

MAX_QUESTIONS = 30
"""In one sitting."""


def draw(pack: Pack, plan: Plan, asked_before: Sequence[str] = ()) -> tuple[str, ...]:
    """Ids of the questions to ask, in the pack's order of topics.

    `asked_before` holds the ids asked in the candidate's earlier sittings, oldest first. No question comes twice.
    A conversation keeps to its level, and asks none that was asked before while one that was not is left; a check or
    an exam meets the blueprint to within one question and takes from the next level what its own does not have. When
    the plan asks for more questions than there are, all of them are asked.

    Raises:
        UnknownChoice: a topic is not in the pack, or the number of questions is out of range.
        NoQuestions: the level and topics leave nothing to ask.
    """
    _check(pack, plan)
    shares = shares_of(pack, plan)
    kinds, of_level = plan.asks, plan.behaviour.of_level
    levels = (plan.level,) if of_level else tuple(Level)
    left = [
        question
        for level in levels
        for question in pack.by_level[level]
        if question.kind in kinds and question.topic in shares
    ]
    if not left:
        what = f"{plan.level} question" if of_level else "question"
        raise NoQuestions(f"There is no {what} on that choice of topics. Choose more topics.")
    last_asked = {question_id: place for place, question_id in enumerate(asked_before)}
    random = Random(f"{plan.seed}")
    if plan.behaviour.talks:
        drawn = by_pull(left, shares, last_asked, questions=plan.questions, random=random)
    else:
        drawn = by_quota(
            left, shares, last_asked, questions=plan.questions, level=plan.level, kinds=kinds, random=random
        )
    return tuple(question.id for question in _in_order(drawn, pack))


def rungs(pack: Pack, plan: Plan, drawn: Sequence[str], asked_before: Sequence[str] = ()) -> tuple[Rung, ...]:
    """What was drawn, each as a rung; where the level follows the answers, with one question of each other level.

    They are of the same topic where that level has any left, and none comes twice.
    """
    if not plan.adaptive:
        return tuple((question_id,) for question_id in drawn)
    outlines = {outline.id: outline for outline in pack.questions}
    found = [[outlines[question_id]] for question_id in drawn]
    last_asked = {question_id: place for place, question_id in enumerate(asked_before)}
    for level in Level:
        if level is plan.level:
            continue
        random = Random(f"{plan.seed}:{level}")
        left = [q for q in pack.by_level[level] if q.kind in plan.asks]
        random.shuffle(left)
        left.sort(key=lambda q: last_asked.get(q.id, -1))
        for rung in found:
            beside = next((q for q in left if q.topic == rung[0].topic), None)
            if beside:
                left.remove(beside)
                rung.append(beside)
    return tuple(tuple(question.id for question in rung) for rung in found)


def shares_of(pack: Pack, plan: Plan) -> Mapping[str, float]:
    """Topic -> its share of the questions: of the plan's own blueprint or the pack's, for the chosen topics."""
    own = {part.topic: part.share for part in plan.blueprint}
    named = own or {topic.id: topic.share for topic in pack.topics}
    return {topic: share for topic, share in named.items() if not plan.topics or topic in plan.topics}


def _in_order(drawn: Sequence[Outline], pack: Pack) -> list[Outline]:
    order = {topic.id: place for place, topic in enumerate(pack.topics)}
    return sorted(drawn, key=lambda question: order[question.topic])


def _check(pack: Pack, plan: Plan) -> None:
    known = {topic.id for topic in pack.topics}
    named = (*plan.topics, *(part.topic for part in plan.blueprint))
    if unknown := [topic for topic in named if topic not in known]:
        raise UnknownChoice(f"Unknown topic {unknown[0]!r}. Known topics: {', '.join(sorted(known))}.")
    if any(not 0 < part.share <= 1000 for part in plan.blueprint):
        raise UnknownChoice("The shares of a blueprint are numbers above 0, at most 1000.")
    if not plan.asks:
        may = " and ".join(plan.behaviour.kinds)
        raise UnknownChoice(
            f"A sitting of the mode {plan.mode} asks {may} questions. Leave out kinds, or name one of them."
        )
    if not 1 <= plan.questions <= MAX_QUESTIONS:
        raise UnknownChoice(f"An interview has 1 to {MAX_QUESTIONS} questions, not {plan.questions}.")
