"""The picker: level, blueprint, history and seed decide, nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import picker
from interviewer.bank import Bank
from interviewer.domain import Level, Plan
from interviewer.errors import NoQuestions, UnknownChoice
from tests.builders import a_pack

PACK = a_pack()
SEEDS = st.integers(min_value=0, max_value=10**9)


def plan(**choice: object) -> Plan:
    """A plan for the test pack."""
    return Plan(**{"level": Level.MID, "pack": "pack", **choice})  # type: ignore[arg-type]


@given(SEEDS, st.integers(1, 12), st.lists(st.sampled_from([q.id for q in PACK.questions]), max_size=20))
def test_a_draw_never_repeats_and_keeps_to_the_level(seed: int, questions: int, before: list[str]) -> None:
    """Whatever was asked before."""
    drawn = picker.draw(PACK, plan(seed=seed, questions=questions), before)
    assert len(drawn) == len(set(drawn)) == questions
    assert all("-mid-" in question for question in drawn)


@given(SEEDS)
def test_the_same_seed_and_history_draw_the_same_questions(seed: int) -> None:
    """And the history is part of it."""
    before = ("basics-mid-0", "testing-mid-1")
    assert picker.draw(PACK, plan(seed=seed), before) == picker.draw(PACK, plan(seed=seed), before)


def test_different_seeds_draw_different_questions() -> None:
    """Ten seeds give more than one interview."""
    assert len({picker.draw(PACK, plan(seed=seed)) for seed in range(10)}) > 1


@given(SEEDS, st.sets(st.sampled_from([q.id for q in PACK.questions if q.level is Level.MID]), max_size=12))
def test_unseen_questions_come_before_seen_ones(seed: int, seen: set[str]) -> None:
    """A seen question is drawn only when no unseen one is left."""
    drawn = picker.draw(PACK, plan(seed=seed, questions=6), sorted(seen))
    fresh = 12 - len(seen)
    assert sum(question in seen for question in drawn) == max(0, 6 - fresh)


def test_when_all_were_seen_the_oldest_come_first() -> None:
    """History is oldest first."""
    history = [q.id for q in PACK.questions if q.level is Level.MID]
    assert set(picker.draw(PACK, plan(questions=3), history)) == set(history[:3])


def test_topics_narrow_the_draw_and_unknown_ones_are_named() -> None:
    """A choice that leaves nothing says so too."""
    drawn = picker.draw(PACK, plan(topics=("testing",), questions=9))
    assert {question.split("-")[0] for question in drawn} == {"testing"}
    assert len(drawn) == 4
    with pytest.raises(UnknownChoice, match=r"'cooking'.*basics"):
        picker.draw(PACK, plan(topics=("cooking",)))
    empty = a_pack(levels=0)
    with pytest.raises(NoQuestions):
        picker.draw(empty, plan())


@pytest.mark.parametrize("questions", [0, -1, 31])
def test_a_number_of_questions_out_of_range_is_refused(questions: int) -> None:
    """Between 1 and 30."""
    with pytest.raises(UnknownChoice, match="1 to 30"):
        picker.draw(PACK, plan(questions=questions))


def test_topics_follow_the_blueprint_over_many_interviews(bank: Bank) -> None:
    """A topic with four times the share is drawn clearly more often, and a short interview spreads its topics."""
    pack = bank.packs[0]
    share = {topic.id: topic.share for topic in pack.topics}
    drawn: Counter[str] = Counter()
    for seed in range(200):
        topics = [
            question.topic
            for question_id in picker.draw(pack, Plan(pack=pack.id, level=Level.MID, questions=6, seed=seed))
            if (question := bank.question(question_id))
        ]
        assert len(set(topics)) >= 4
        drawn.update(topics)
    heavy = [drawn[topic] for topic in share if share[topic] >= 0.10 and drawn[topic]]
    light = [drawn[topic] for topic in share if share[topic] <= 0.03 and drawn[topic]]
    assert min(heavy) > sum(light) / len(light)
