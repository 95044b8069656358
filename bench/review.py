"""Simulates candidates who learn: how many questions until what they missed is known, with reviews and without.

    python bench/review.py [--learners 20]

The product's own functions draw the questions and fold what comes back; only the candidate and their marks are made up.
Prints the figures, the assumptions, and how long the fold of a long history takes, as Markdown.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from interviewer import bank as banks
from interviewer import engine, picker
from interviewer.bank import Bank
from interviewer.domain import (
    GraderKind,
    Interview,
    Level,
    Mark,
    Pack,
    Plan,
    PointKey,
    Provenance,
    Question,
    QuestionKind,
    Verdict,
)
from interviewer.grading.assemble import assemble
from interviewer.review import draw, due_on, fold

BANK = Path(__file__).resolve().parent.parent / "bank"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIRST_DAYS = 4
"""Days of ordinary practice before the ways part: what is missed in them is what is to be learnt."""
A_DAY = 6
"""Questions a day, at most."""
LAST_DAY = 90
MASTERY = 0.85
"""Mean chance, in the morning, to earn the points missed at first."""
MADE = Provenance(grader=GraderKind.FUZZY, bank="simulated", milliseconds=0)


@dataclass(frozen=True, slots=True)
class World:
    """What is assumed of candidates.

    `known`: share of points that are known and stay so. Of others, `guess` is the chance to earn one all the same, and
    `best` that just after feedback, from where it falls to `guess` exponentially, to the 1/e part in `first_days`.
    Feedback on another day makes that time longer: by 1 + `gain` * sqrt(share forgotten meanwhile). `misread`: chance
    that the grader takes a point for earned that was not, or the other way round.
    """

    known: float = 0.5
    guess: float = 0.1
    best: float = 0.97
    first_days: float = 2.0
    gain: float = 4.0
    misread: float = 0.0


@dataclass
class Learner:
    """A candidate: of each point that is not known, the day it was told last and for how long it stays."""

    world: World
    seed: int
    bank: Bank
    random: Random
    told: dict[PointKey, tuple[int, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, seed: int, bank: Bank) -> Learner:
        """Learner number `seed` of a world, who has been told nothing yet."""
        return cls(world, seed, bank, Random(f"learner {seed}"))

    def chance(self, key: PointKey, day: int) -> float:
        """The chance to earn a point on a day; points that state the same are known alike."""
        name, world = self._name(key), self.world
        if Random(f"{self.seed} {name}").random() < world.known:
            return world.best
        if name not in self.told:
            return world.guess
        return world.guess + (world.best - world.guess) * self._kept(name, day)

    def answer(self, question: Question, day: int) -> tuple[Mark, ...]:
        """The marks of an answer; what was said in the feedback is learnt."""
        marks = []
        for point in question.points:
            key = PointKey(question.id, point.id)
            earned = self.random.random() < self.chance(key, day)
            read = earned != (self.random.random() < self.world.misread)
            credit, verdict = (1.0, Verdict.MET) if read else (0.0, Verdict.MISSED)
            marks.append(Mark(point=point.id, says="", weight=1, verdict=verdict, credit=credit))
            self._learn(self._name(key), day)
        return tuple(marks)

    def _learn(self, name: PointKey, day: int) -> None:
        last, days = self.told.get(name, (day, self.world.first_days))
        self.told[name] = day, days * (1 + self.world.gain * math.sqrt(1 - self._kept(name, day)) if day > last else 1)

    def _kept(self, name: PointKey, day: int) -> float:
        last, days = self.told.get(name, (day, 1.0))
        return math.exp(-(day - last) / days)

    def _name(self, key: PointKey) -> PointKey:
        return self.bank.same_points.group(key)[0]


@dataclass
class Sittings:
    """Everything that was asked of a learner, as the product keeps it."""

    learner: Learner
    pack: Pack
    level: Level
    seed: int
    history: list[Interview] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def practise(self, count: int) -> tuple[str, ...]:
        """What the picker draws for ordinary practice."""
        plan = Plan(pack=self.pack.id, level=self.level, questions=count, seed=self.seed + len(self.asked))
        return picker.draw(self.pack, plan, self.asked) if count else ()

    def review(self, count: int, day: int) -> tuple[str, ...]:
        """What the product draws for a review."""
        bank, today = self.learner.bank, (START + timedelta(days=day)).date()
        due = due_on(fold(self.history, bank.same_points), today)
        seed = self.seed + len(self.asked)
        return draw(due, bank.question, bank.same_points, today=today, count=count, seed=seed)

    def ask(self, question_id: str, day: int) -> None:
        """Ask, mark and keep a question, through the engine."""
        bank = self.learner.bank
        question = bank.question(question_id)
        assert question
        at = START + timedelta(days=day, seconds=len(self.asked))
        plan = Plan(pack=self.pack.id, level=question.level, questions=1)
        begun = engine.start(
            plan, ((question_id,),), interview_id=f"i{len(self.asked)}", owner="", questions=bank.question, now=at
        )
        said = engine.answer(begun, 1, "So it is.", at)
        grading = assemble(self.learner.answer(question, day), (), provenance=MADE, graded_at=at)
        marked = engine.grade(said, 1, replace(grading, acknowledge="."), questions=bank.question, now=at)
        self.history.append(marked if marked.finished_at else engine.finish(marked, at))
        self.asked.append(question_id)


Way = Callable[[Sittings, int, Random], Sequence[str]]
"""How the questions of a day are chosen."""


def reviewing(sittings: Sittings, day: int, _random: Random) -> Sequence[str]:
    """What is due, and new questions for the rest of the day."""
    due = sittings.review(A_DAY, day)
    rest = [each for each in sittings.practise(A_DAY) if each not in due]
    return (*due, *rest[: A_DAY - len(due)])


def reviewing_only(sittings: Sittings, day: int, _random: Random) -> Sequence[str]:
    """What is due, and nothing else."""
    return sittings.review(A_DAY, day)


def at_random(sittings: Sittings, _day: int, random: Random) -> Sequence[str]:
    """Any questions of the level."""
    level = [q.id for q in sittings.pack.by_level[sittings.level] if q.kind is QuestionKind.OPEN]
    return random.sample(level, A_DAY)


def again_at_random(sittings: Sittings, _day: int, random: Random) -> Sequence[str]:
    """Any of the questions that were asked before."""
    return random.sample(sorted(set(sittings.asked)), A_DAY)


def in_turn(sittings: Sittings, _day: int, _random: Random) -> Sequence[str]:
    """Of the questions that were asked before, those asked longest ago."""
    last = {question: place for place, question in enumerate(sittings.asked)}
    return sorted(last, key=lambda question: last[question])[:A_DAY]


def picking(sittings: Sittings, _day: int, _random: Random) -> Sequence[str]:
    """What the picker draws: new questions first, then those asked longest ago."""
    return sittings.practise(A_DAY)


WAYS: dict[str, Way] = {
    "review plan": reviewing_only,
    "random, of those asked before": again_at_random,
    "in turn, of those asked before": in_turn,
    "review plan, then new questions": reviewing,
    "random, of the level": at_random,
    "the picker's default practice": picking,
}
WORLDS = {
    "as assumed": World(),
    "marks misread, 1 in 10": World(misread=0.1),
    "learns for longer at once (8 days)": World(first_days=8.0),
    "a weak spacing effect (gain 1)": World(gain=1.0),
    "knows three quarters before": World(known=0.75),
    "forgets nothing": World(first_days=1e9),
}


def questions_needed(bank: Bank, world: World, way: Way, seed: int, *, last_day: int = LAST_DAY) -> int | None:
    """Questions asked after the first days until what was missed in them is mastered; None when it never is."""
    learner = Learner.of(world, seed, bank)
    sittings, random = Sittings(learner, bank.packs[0], Level.MID, seed), Random(f"way {seed}")
    for day in range(FIRST_DAYS):
        for question in sittings.practise(A_DAY):
            sittings.ask(question, day)
    missed = list(missed_points(sittings.history))
    before = len(sittings.asked)
    for day in range(FIRST_DAYS, last_day):
        if statistics.fmean(learner.chance(key, day) for key in missed) >= MASTERY:
            return len(sittings.asked) - before
        for question in way(sittings, day, random):
            sittings.ask(question, day)
    return None


def missed_points(history: Sequence[Interview]) -> Iterator[PointKey]:
    """The points that were not earned in some interviews."""
    for interview in history:
        for turn in interview.turns:
            marks = turn.grading.marks if turn.grading else ()
            yield from (PointKey(turn.question, mark.point) for mark in marks if mark.verdict is not Verdict.MET)


def mean_interval(figures: Sequence[float]) -> str:
    """Mean with the half width of its 95 % interval (normal, 1.96 standard errors)."""
    if len(figures) < 2:
        return "".join(f"{figure:.0f}" for figure in figures) or "never"
    half = 1.96 * statistics.stdev(figures) / math.sqrt(len(figures))
    return f"{statistics.fmean(figures):.0f} ± {half:.0f}"


def lines(bank: Bank, learners: int) -> Iterator[str]:
    """The figures."""
    yield f"`python bench/review.py --learners {learners}`: questions asked until what was missed at first is known"
    yield f"(mean of {learners} learners ± 95 % interval; “of n” where not all got there in {LAST_DAY} days)."
    yield ""
    yield "| the learner | " + " | ".join(WAYS) + " | saved |"
    yield "| --- |" + " ---: |" * (len(WAYS) + 1)
    for name, world in WORLDS.items():
        found = {
            title: [questions_needed(bank, world, way, seed) for seed in range(learners)] for title, way in WAYS.items()
        }
        cells = [_cell(counts) for counts in found.values()]
        yield f"| {name} | " + " | ".join(cells) + f" | {_saved(*list(found.values())[:2])} |"
    yield ""
    yield (
        "Saved: questions that the review plan takes fewer than the next column, the same learner compared with "
        "themselves; below 0 it takes more."
    )
    yield ""
    yield from assumptions(bank)


def _cell(counts: Sequence[int | None]) -> str:
    done = [float(count) for count in counts if count is not None]
    return mean_interval(done) + (f" ({len(done)} of {len(counts)})" if len(done) < len(counts) else "")


def _saved(plan: Sequence[int | None], other: Sequence[int | None]) -> str:
    pairs = zip(plan, other, strict=True)
    return mean_interval([float(b - a) for a, b in pairs if a is not None and b is not None])


def assumptions(bank: Bank) -> Iterator[str]:
    """What the figures rest on."""
    level = [q for q in bank.packs[0].by_level[Level.MID] if q.kind is QuestionKind.OPEN]
    world = World()
    yield (
        f"Assumed: the {len(level)} open mid questions of the shipped `{bank.packs[0].id}` pack, a sitting a day of at "
        f"most {A_DAY} questions, {FIRST_DAYS} days of practice first. {world.known:.0%} of all points are known; "
        f"others are earned by guessing with a chance of {world.guess:.0%}, just after feedback with {world.best:.0%}, "
        f"from where that falls exponentially, at first to 1/e in {world.first_days:.0f} days; feedback on a later day "
        f"makes that time longer by 1 + {world.gain:.0f}·√(share forgotten). Points that state the same are known "
        f"alike. Known: a mean chance of {MASTERY:.0%}, in the morning, of the points missed in the first days. The "
        "learner is not the model that the plan is made by (FSRS forgets by a power law); how people differ from "
        "either is not known here."
    )


def folding(bank: Bank) -> str:
    """How long the fold of 300 interviews of 6 questions takes."""
    learner = Learner.of(World(), 1, bank)
    sittings, random = Sittings(learner, bank.packs[0], Level.MID, 1), Random(1)
    for day in range(300):
        for question in at_random(sittings, day, random):
            sittings.ask(question, day)
    took = []
    for _ in range(5):
        began = time.process_time()
        found = fold(sittings.history, bank.same_points)
        took.append(1000 * (time.process_time() - began))
    turns = len(sittings.history)
    return (
        f"The fold of {turns} marked turns (300 days of {A_DAY}): {statistics.median(took):.0f} ms of processor time, "
        f"median of 5; {len(found)} points in review."
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=20)
    bank = banks.load(BANK)
    for line in lines(bank, parser.parse_args().learners):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"\n{folding(bank)}\n")


if __name__ == "__main__":
    main()
