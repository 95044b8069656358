"""Choice questions -> what gives their right options away, one by one and over a pack. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb
from statistics import mean

from interviewer.bank.findings import Measure
from interviewer.domain import Question

SPREAD_FROM = 20
"""Fewer choice questions than this say nothing about a pack."""
LENGTH_RATIO = (0.9, 1.1)
"""Mean length of the right options over that of the wrong ones."""
LONGEST_SHARE = 0.4
"""The one right option may be the longest in no larger share of the questions."""
CELL_FROM = 5.0
"""Positions expected less often than this are counted together, as the chi-square test needs."""
CHI_SQUARE = {1: 6.635, 2: 9.210, 3: 11.345, 4: 13.277, 5: 15.086}
"""Degrees of freedom -> what chance alone exceeds once in a hundred times."""

Told = tuple[Measure, str]


def faults(question: Question) -> Iterator[Told]:
    """Everything wrong with one choice question."""
    options = question.options
    for what, texts in (("text", [o.text for o in options]), ("why", [o.why for o in options])):
        seen: dict[str, str] = {}
        for option, text in zip(options, texts, strict=True):
            first = seen.setdefault(_folded(text), option.id)
            if first != option.id:
                yield Measure.OPTIONS, f"{option.id}: has the same {what} as {first}"
    for option in options:
        if _folded(option.why) == _folded(option.text):
            yield Measure.OPTIONS, f"{option.id}: its why repeats its text: say why it is {_rightness(option.correct)}"
        if _folded(option.text).startswith(("all of the above", "none of the above", "all of these", "none of these")):
            yield Measure.OPTIONS, f"{option.id}: options may be shown in any order; it speaks of the others"


def spread(questions: Sequence[Question]) -> Iterator[Told]:
    """What the right options of a pack's choice questions have in common; nothing while there are few."""
    if len(questions) < SPREAD_FROM:
        return
    value, bound = _chi_square(questions)
    if value > bound:
        first = [_first_right(question) + 1 for question in questions]
        counts = ", ".join(f"{position}: {first.count(position)}" for position in sorted(set(first)))
        yield (
            Measure.SPREAD,
            f"the first right option stands too often in the same position ({counts}; chi-square {value:.1f}, "
            f"at most {bound:.1f})",
        )
    ratio = _length_ratio(questions)
    low, high = LENGTH_RATIO
    if not low <= ratio <= high:
        yield (
            Measure.SPREAD,
            f"the right options are {ratio:.2f} times as long as the wrong ones, it must be {low} to {high}",
        )
    single = [question for question in questions if len(question.points) == 1]
    longest = sum(_right_is_longest(question) for question in single)
    if len(single) >= SPREAD_FROM and longest > LONGEST_SHARE * len(single):
        yield (
            Measure.SPREAD,
            f"the right option is the longest in {longest} of {len(single)} questions with one right option, it may "
            f"be in {LONGEST_SHARE:.0%}",
        )


def _chi_square(questions: Sequence[Question]) -> tuple[float, float]:
    """How far the positions of the first right option are from chance, and how far they may be."""
    longest = max(len(question.options) for question in questions)
    expected, counted = [0.0] * longest, [0] * longest
    for question in questions:
        options, right = len(question.options), len(question.points)
        for position in range(options):  # of all ways to lay the right ones, those whose first stands here
            expected[position] += comb(options - 1 - position, right - 1) / comb(options, right)
        counted[_first_right(question)] += 1
    while len(expected) > 2 and expected[-1] < CELL_FROM:
        expected[-2:], counted[-2:] = [sum(expected[-2:])], [sum(counted[-2:])]
    value = sum((count - chance) ** 2 / chance for count, chance in zip(counted, expected, strict=True))
    return value, CHI_SQUARE[len(expected) - 1]


def _first_right(question: Question) -> int:
    return next(position for position, option in enumerate(question.options) if option.correct)


def _length_ratio(questions: Sequence[Question]) -> float:
    lengths = {
        right: [len(o.text) for question in questions for o in question.options if o.correct is right]
        for right in (True, False)
    }
    return mean(lengths[True]) / mean(lengths[False])


def _right_is_longest(question: Question) -> bool:
    longest_wrong = max(len(option.text) for option in question.options if not option.correct)
    return any(option.correct and len(option.text) > longest_wrong for option in question.options)


def _folded(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")


def _rightness(correct: bool) -> str:
    return "right" if correct else "wrong"
