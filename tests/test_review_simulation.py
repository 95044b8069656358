"""A candidate who learns knows what they missed after fewer questions with the review plan than by practising."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import pytest

from bench.review import WAYS, WORLDS, Learner, Sittings, World, missed_points, questions_needed
from interviewer.bank import Bank
from interviewer.domain import Level, PointKey, QuestionKind

LEARNERS = 6
ENOUGH = 40
"""Days after which the others are given up."""


def needed(bank: Bank, world: World, way: str) -> list[int]:
    """Questions that each learner needs; those who do not get there count as if they did on the last day."""
    found = (questions_needed(bank, world, WAYS[way], seed, last_day=ENOUGH) for seed in range(LEARNERS))
    return [6 * ENOUGH if count is None else count for count in found]


@pytest.mark.parametrize(
    ("way", "learner"),
    [
        ("random, of those asked before", "as assumed"),
        ("random, of the level", "as assumed"),
        ("the picker's default practice", "as assumed"),
        ("in turn, of those asked before", "knows three quarters before"),
    ],
)
def test_the_review_plan_needs_fewer_questions_than(bank: Bank, way: str, learner: str) -> None:
    """The same learners, compared one by one: the mean of what is saved is more than two standard errors above 0.

    Going through the questions in turn does as well where nearly every one of them has something to be learnt.
    """
    plan, other = needed(bank, WORLDS[learner], "review plan"), needed(bank, WORLDS[learner], way)
    saved = [b - a for a, b in zip(plan, other, strict=True)]
    assert statistics.fmean(saved) > 2 * _standard_error(saved), saved


def test_it_does_so_when_marks_are_misread(bank: Bank) -> None:
    """An offline estimate is wrong now and then, and the plan must not fall over it."""
    world = WORLDS["marks misread, 1 in 10"]
    plan, other = needed(bank, world, "review plan"), needed(bank, world, "random, of those asked before")
    assert statistics.fmean(plan) < statistics.fmean(other)


def test_a_learner_learns_and_forgets(bank: Bank) -> None:
    """The chance rises after feedback, falls with the days, and more slowly the second time."""
    sittings = Sittings(Learner.of(World(known=0.0), 3, bank), bank.packs[0], Level.MID, 3)
    (question,) = sittings.practise(1)
    sittings.ask(question, 0)
    learner = sittings.learner
    for key in missed_points(sittings.history):
        assert learner.chance(key, 0) == pytest.approx(0.97)
        assert learner.chance(key, 5) < learner.chance(key, 1) < 0.97
    once = {key: learner.chance(key, 4) for key in missed_points(sittings.history)}
    sittings.ask(question, 4)
    assert all(learner.chance(key, 8) > chance for key, chance in once.items())


def test_the_same_seed_gives_the_same_figures(bank: Bank) -> None:
    """Nothing else is drawn by chance."""
    once, again = (questions_needed(bank, World(), WAYS["review plan"], 1) for _ in range(2))
    assert once == again


def test_points_that_state_the_same_are_known_alike(bank: Bank) -> None:
    """As the fold takes them for one."""
    learner = Learner.of(World(), 1, bank)
    one, *others = next(iter(bank.same_points.groups.values()))
    question = bank.question(one.question)
    assert question
    assert question.kind is QuestionKind.OPEN
    before = learner.chance(one, 0)
    learner.answer(question, 0)
    assert {learner.chance(PointKey(*key), 3) for key in (one, *others)} == {learner.chance(one, 3)}
    assert learner.chance(one, 3) >= before


def _standard_error(figures: Sequence[int]) -> float:
    return statistics.stdev(figures) / math.sqrt(len(figures))
