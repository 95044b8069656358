"""Figures of agreement against values worked out by hand or by other means, and what must hold for any pairs."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interviewer.grading.agreement import (
    Agreement,
    Credits,
    Pair,
    band_of,
    fifth_of,
    isotonic,
    mapped_residuals,
    measure,
    mid_ranks,
    weighted_kappa,
)
from interviewer.grading.agreement.measure import FIGURES, RESAMPLES, SEED


def pairs_of(machine: Sequence[float], human: Sequence[float], groups: str = "") -> list[Pair]:
    """Pairs of two columns; a letter for each group, one group without."""
    letters = groups or "a" * len(machine)
    return [Pair(machine=m, human=h, group=g) for m, h, g in zip(machine, human, letters, strict=True)]


def value(pairs: Sequence[Pair], name: str) -> float | None:
    """A figure's value."""
    return measure(pairs).figures[name].value


def some_pairs(seed: int = 1, n: int = 60, groups: int = 6) -> list[Pair]:
    """Pairs in which a machine follows people with some noise, with points."""
    draw = random.Random(seed)
    pairs = []
    for number in range(n):
        human = draw.choice((0.0, 0.25, 0.5, 0.75, 1.0))
        machine = min(1.0, max(0.0, round(human + draw.gauss(0, 0.3), 2)))
        points = tuple(Credits(draw.random(), draw.choice((0.0, 0.5, 1.0))) for _ in range(3))
        pairs.append(Pair(machine=machine, human=human, group=f"g{number % groups}", points=points, ms=float(number)))
    return pairs


# ---- known values


@pytest.mark.parametrize(
    ("machine", "human", "name", "expected"),
    [
        ((0.0, 0.5, 1.0), (0.0, 0.5, 1.0), "pearson", 1.0),
        ((0.0, 0.5, 1.0), (1.0, 0.5, 0.0), "pearson", -1.0),
        ((0.1, 0.2, 0.3, 0.4), (0.1, 0.3, 0.2, 0.4), "pearson", 0.8),
        ((0.1, 0.2, 0.3, 0.4), (0.1, 0.3, 0.2, 1.0), "spearman", 0.8),  # 1 - 6 * 2 / (4 * 15)
        ((0.1, 0.1, 0.3), (0.2, 0.4, 0.6), "spearman", math.sqrt(3) / 2),  # ranks 1.5 1.5 3 against 1 2 3
        ((0.5, 0.5), (0.2, 0.9), "rmse", math.sqrt((0.09 + 0.16) / 2)),
        ((0.5, 0.5), (0.2, 0.9), "mae", 0.35),
        ((0.5, 0.5), (0.2, 0.9), "leniency", -0.05),
        ((0.0, 1.0, 0.0, 1.0), (0.0, 1.0, 1.0, 0.0), "kappa_fifths", 0.0),
        (
            (0.0, 0.2, 0.4, 0.6),
            (0.0, 0.2, 0.4, 0.8),
            "kappa_fifths",
            1 - 1 / 14,
        ),  # seen 1, by chance (4 * 14 + 4 * 21 - 2 * 6 * 7) / 4
        ((0.8, 0.79, 0.3, 0.29), (1.0, 1.0, 0.0, 0.0), "band_exact", 0.5),
        ((0.8, 0.79, 0.3, 0.29), (1.0, 0.0, 1.0, 1.0), "band_within_one", 0.75),
    ],
)
def test_figures_have_their_known_values(
    machine: Sequence[float], human: Sequence[float], name: str, expected: float
) -> None:
    """Worked out by hand."""
    assert value(pairs_of(machine, human), name) == pytest.approx(expected)


def test_pearson_is_that_of_the_standard_library() -> None:
    """On pairs with noise."""
    pairs = some_pairs()
    expected = statistics.correlation([pair.machine for pair in pairs], [pair.human for pair in pairs])
    assert value(pairs, "pearson") == pytest.approx(expected)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    """Doubled, so that they are whole."""
    assert mid_ranks([30, 10, 20, 10]) == [8, 3, 6, 3]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (((20, 5), (10, 15)), 0.4),  # the textbook example: 0.7 seen, 0.5 by chance
        (((5, 0, 0), (0, 5, 0), (0, 0, 5)), 1.0),
        (((0, 0, 5), (0, 0, 0), (5, 0, 0)), -1.0),
        (((1, 1, 0), (0, 1, 1), (0, 0, 1)), 1 - 5 * 2 / 32),  # by chance 5 * 6 + 5 * 10 - 2 * 4 * 6
        (((7, 0), (0, 0)), None),
        (((0, 0), (0, 0)), None),
    ],
)
def test_kappa_has_its_known_values(table: Sequence[Sequence[int]], expected: float | None) -> None:
    """Not defined where both sides always say the same one thing."""
    assert weighted_kappa(table) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("share", "fifth"), [(0.0, 0), (0.19, 0), (0.2, 1), (0.4, 2), (0.6, 3), (0.7999, 3), (0.8, 4), (1.0, 4)]
)
def test_fifths_are_closed_below(share: float, fifth: int) -> None:
    """And the last on both sides."""
    assert fifth_of(share) == fifth


@pytest.mark.parametrize(("score", "band"), [(0, 0), (29, 0), (30, 1), (79, 1), (80, 2), (100, 2)])
def test_bands_are_those_of_the_bank(score: int, band: int) -> None:
    """Weak below 30, strong from 80."""
    assert band_of(score / 100) == band


def test_points_are_compared_where_people_marked_them() -> None:
    """Credited from a half on; the thirds tell a half from a whole."""
    points = (Credits(0.5, 1.0), Credits(0.49, 0.0), Credits(1.0, 0.0), Credits(0.0, 0.0))
    found = measure([Pair(machine=0.5, human=0.5, group="a", points=points), *pairs_of((0.5,), (0.5,))])
    assert found.points == 4
    assert found.figures["point_accuracy"].value == 0.75
    assert found.figures["point_kappa"].value == pytest.approx(0.5)  # 0.75 seen, 0.5 by chance
    assert found.figures["point_kappa_thirds"].value == pytest.approx(1 - 4 * 6 / 24)


def test_times_are_told_by_median_and_99th_percentile() -> None:
    """Rows without a time do not count."""
    pairs = [replace(pair, ms=float(ms)) for ms, pair in enumerate(some_pairs(n=101))]
    found = measure([*pairs, *pairs_of((0.5,), (0.5,))])
    assert (found.ms_median, found.ms_p99) == (50.0, 99.0)


# ---- the monotone map


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3), (1, 2, 3)),
        ((3, 2, 1), (2, 2, 2)),
        ((1, 3, 2, 4), (1, 2.5, 2.5, 4)),
        ((4, 1, 2, 6, 5), (7 / 3, 7 / 3, 7 / 3, 5.5, 5.5)),
        ((), ()),
    ],
)
def test_violators_are_pooled(values: Sequence[float], expected: Sequence[float]) -> None:
    """Into the mean of their block."""
    assert isotonic(values) == pytest.approx(list(expected))


def test_a_map_is_learnt_from_the_other_groups_only() -> None:
    """For `b` from the three of `a`: level below 0.2, straight between, level above 0.8."""
    others = pairs_of((0.2, 0.4, 0.8), (0.1, 0.3, 0.5), "aaa")
    asked = pairs_of((0.0, 0.3, 0.6, 1.0), (0.0, 0.0, 0.0, 0.0), "bbbb")
    residuals = mapped_residuals([*others, *asked])
    assert residuals is not None
    assert residuals[3:] == pytest.approx([0.1, 0.2, 0.4, 0.5])
    assert residuals[:3] == pytest.approx([-0.1, -0.3, -0.5])


def test_a_map_puts_right_a_machine_that_is_only_too_strict() -> None:
    """The error that is left is none; of 5 it is five times as large."""
    human = [number / 10 for number in range(11)] * 3
    found = measure(pairs_of([share / 2 for share in human], human, "a" * 11 + "b" * 11 + "c" * 11)).figures
    assert found["mapped_rmse"].value == pytest.approx(0, abs=1e-9)
    assert found["rmse"].value == pytest.approx(math.sqrt(sum(share**2 for share in human) / 33) / 2)
    noisy = measure(some_pairs()).figures
    assert noisy["mapped_rmse_of_5"].value == pytest.approx(5 * (noisy["mapped_rmse"].value or 0))


numbers = st.lists(st.integers(0, 20).map(lambda whole: whole / 20), min_size=1, max_size=30)


@given(numbers)
def test_the_isotonic_fit_is_monotone_idempotent_and_keeps_the_mean(values: list[float]) -> None:
    """Whatever it is given."""
    fitted = isotonic(values)
    assert all(before <= after + 1e-12 for before, after in pairwise(fitted))
    assert isotonic(fitted) == pytest.approx(fitted)
    assert sum(fitted) == pytest.approx(sum(values))


# ---- intervals


def test_an_interval_is_that_of_a_plain_bootstrap_over_groups() -> None:
    """Rows drawn group by group and everything computed anew."""
    pairs = some_pairs()
    names = sorted({pair.group for pair in pairs})
    draw = random.Random(SEED)
    drawn = []
    for _ in range(RESAMPLES):
        rows = [pair for name in draw.choices(names, k=len(names)) for pair in pairs if pair.group == name]
        drawn.append(statistics.correlation([row.machine for row in rows], [row.human for row in rows]))
    ends = statistics.quantiles(drawn, n=40, method="inclusive")
    found = measure(pairs).figures["pearson"]
    assert found.low == pytest.approx(ends[0])
    assert found.high == pytest.approx(ends[-1])


def test_groups_that_are_all_alike_leave_no_width() -> None:
    """Whichever are drawn."""
    pairs = pairs_of((0.1, 0.5, 0.9) * 3, (0.2, 0.4, 0.9) * 3, "aaabbbccc")
    figures = measure(pairs).figures
    for name in ("pearson", "rmse", "kappa_fifths", "band_exact", "leniency"):
        assert figures[name].low == pytest.approx(figures[name].value)
        assert figures[name].high == pytest.approx(figures[name].value)


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        pairs_of((0.5,), (0.7,)),
        pairs_of((0.5, 0.5), (0.5, 0.5)),
        pairs_of((0.5, 0.5), (0.2, 0.9), "ab"),
        pairs_of((0.0, 1.0), (1.0, 1.0), "ab"),
    ],
    ids=["none", "one", "no variance", "no variance of the machine", "no variance of people"],
)
def test_what_is_not_defined_is_none(pairs: list[Pair]) -> None:
    """Never an error, and never a number."""
    found = measure(pairs)
    assert found.figures["pearson"].value is None
    assert found.figures["spearman"].value is None
    assert found.figures["point_accuracy"].value is None
    assert (found.ms_median, found.ms_p99) == (None, None)
    assert all((figure.low is None) == (figure.high is None) for figure in found.figures.values())


def test_one_group_has_figures_but_no_interval_and_no_map() -> None:
    """There is nothing to draw from, and nothing else to learn from."""
    figures = measure(some_pairs(groups=1)).figures
    assert figures["pearson"].value is not None
    assert all(figure.low is None for figure in figures.values())
    assert figures["mapped_rmse"].value is None


# ---- breakdowns


def test_parts_are_told_by_level_tier_and_group() -> None:
    """Rows without a level are in none."""
    pairs = [
        Pair(machine=0.9, human=1.0, group="q1", level="mid", tier="strong"),
        Pair(machine=0.5, human=0.1, group="q1", level="mid", tier="weak"),
        Pair(machine=0.3, human=0.3, group="q2", tier="weak"),
    ]
    found = measure(pairs)
    assert set(found.by_level) == {"mid"}
    assert list(found.by_tier) == ["strong", "weak"]
    weak = found.by_tier["weak"]
    assert weak.n == found.by_group["q1"].n == 2
    assert [weak.mean_machine, weak.mean_human, weak.leniency] == pytest.approx([0.4, 0.2, 0.2])
    assert weak.rmse == pytest.approx(math.sqrt(0.08))
    assert found.by_group["q1"].pearson == pytest.approx(1.0)
    assert found.by_group["q2"].pearson is None


# ---- what holds for any pairs

shares = st.integers(0, 100).map(lambda whole: whole / 100)
points = st.lists(st.builds(Credits, shares, st.sampled_from((0.0, 0.5, 1.0))), max_size=3).map(tuple)
some = st.lists(
    st.builds(Pair, machine=shares, human=shares, group=st.sampled_from("abcd"), points=points), min_size=1, max_size=25
)
few = settings(max_examples=25, deadline=None)


def rounded(found: Agreement) -> dict[str, tuple[float | None, ...]]:
    """All figures to nine places."""
    return {
        name: tuple(None if end is None else round(end, 9) for end in (figure.value, figure.low, figure.high))
        for name, figure in found.figures.items()
    }


@few
@given(some, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(pairs: list[Pair], draw: random.Random) -> None:
    """Down to the ends of the intervals."""
    mixed = list(pairs)
    draw.shuffle(mixed)
    assert rounded(measure(mixed)) == rounded(measure(pairs))


@few
@given(some)
def test_correlations_and_kappas_lie_between_minus_one_and_one(pairs: list[Pair]) -> None:
    """And shares between nothing and all, ends of intervals included."""
    figures = measure(pairs).figures
    assert set(figures) == set(FIGURES)
    for name, figure in figures.items():
        for end in (figure.value, figure.low, figure.high):
            if end is not None and name != "mapped_rmse_of_5":
                assert (0 if "rmse" in name or "band" in name else -1) - 1e-9 <= end <= 1 + 1e-9


@few
@given(some)
def test_perfect_agreement_is_one(pairs: list[Pair]) -> None:
    """Wherever it is defined."""
    same = [replace(p, machine=p.human, points=tuple(Credits(c.human, c.human) for c in p.points)) for p in pairs]
    figures = measure(same).figures
    for name in ("pearson", "spearman", "kappa_fifths", "point_kappa", "point_kappa_thirds", "point_accuracy"):
        found = figures[name].value
        assert found is None or found == pytest.approx(1)
    assert (figures["rmse"].value, figures["mae"].value, figures["leniency"].value) == (0, 0, 0)
    assert figures["band_exact"].value == 1


@few
@given(some)
def test_correlations_do_not_change_with_the_scale(pairs: list[Pair]) -> None:
    """A machine that gives half of everything orders the answers as before."""
    before = measure(pairs).figures
    assume(before["pearson"].value is not None)
    after = measure([replace(pair, machine=pair.machine / 2 + 0.25) for pair in pairs]).figures
    assert after["pearson"].value == pytest.approx(before["pearson"].value)
    assert after["spearman"].value == pytest.approx(before["spearman"].value)
