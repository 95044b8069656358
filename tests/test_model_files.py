"""The offline grader's shipped data against what `make train` recorded of it."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from interviewer.grading.opposites import OPPOSITES
from interviewer.grading.related import TABLE, Related
from interviewer.grading.rows import Row
from tests.conftest import ROOT
from tests.test_packaging import read
from training.figures import DATA, FIGURES, SETS, figures_of, own_rows, set_rows, sha256_of

RECORDED = json.loads(FIGURES.read_text(encoding="utf-8"))
ASAG = Path(os.environ.get("INTERVIEWER_ASAG") or ROOT.parent / "shared" / "asag")
TOLERANCE = 0.005
MOST_BYTES = 4 * 1024 * 1024
STEPS = 32
"""Of the stems, every 32nd is looked at."""


@pytest.fixture(scope="module")
def table() -> Related:
    """The shipped table."""
    return Related(TABLE)


@pytest.fixture(scope="module")
def stems() -> list[str]:
    """The stems that have a row."""
    with zipfile.ZipFile(TABLE) as file:
        return [line.split()[0] for line in file.read("stems.txt").decode().splitlines()]


@pytest.mark.parametrize("name", RECORDED["sha256"])
def test_a_shipped_file_is_the_one_whose_figures_are_recorded(name: str) -> None:
    """Who edits terms.txt or credit.json by hand runs `make train`, and looks at what it did to the figures."""
    assert sha256_of(DATA / name) == RECORDED["sha256"][name], "run `make train`"


def test_the_data_are_small_and_each_file_is_accounted_for() -> None:
    """4 MB at most together."""
    files = {path.name: path.stat().st_size for path in DATA.iterdir() if path.is_file()}
    assert set(files) == {*RECORDED["sha256"], FIGURES.name, "MODEL_CARD.md"}
    assert sum(files.values()) <= MOST_BYTES


def test_the_table_is_as_large_as_recorded(stems: list[str], table: Related) -> None:
    assert len(stems) == len(set(stems)) == RECORDED["table"]["stems"]
    assert sum(len(table.to(stem)) for stem in stems) == RECORDED["table"]["neighbours"]


def test_likeness_and_rarity_are_shares(stems: list[str], table: Related) -> None:
    for stem in stems[::STEPS]:
        assert 0 < table.rarity(stem) <= 1
        assert stem not in table.to(stem)
        assert all(0 < like < 1 for like in table.to(stem).values())


def test_where_two_stems_are_near_each_other_both_say_how_near(stems: list[str], table: Related) -> None:
    """Rows are cut to the nearest, so that one side may not know the other; where both do, they agree."""
    both = [
        (like, table.to(other)[stem])
        for stem in stems[::STEPS]
        for other, like in table.to(stem).items()
        if stem in table.to(other)
    ]
    assert len(both) > 1000
    assert max(abs(one - other) for one, other in both) <= 1.01 / 255


def test_no_neighbour_is_an_opposite(table: Related) -> None:
    """What turns a statement must not be heard in its place."""
    assert not [(stem, other) for stem, others in OPPOSITES.items() for other in others if other in table.to(stem)]


def test_the_dates_in_the_table_are_fixed() -> None:
    """So that the same input gives the same bytes."""
    with zipfile.ZipFile(TABLE) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_the_recorded_versions_are_the_locked_ones() -> None:
    """The lock has one version of numpy for each Python; torch is not in it, and pyproject.toml names its version."""
    locked = read("requirements-train.txt") + read("pyproject.toml")
    for package, version in RECORDED["packages"].items():
        assert f"{package}=={version.partition('+')[0]}" in locked


def test_the_grader_does_as_recorded_on_the_half_it_was_fitted_on() -> None:
    _assert_as_recorded("fastapi_fitted", own_rows())


@pytest.mark.parametrize("name", SETS)
def test_the_grader_does_as_recorded_on_human_graded_sets(name: str) -> None:
    """They are not part of the project: INTERVIEWER_ASAG names their folder, else ../shared/asag is looked into."""
    if not ASAG.is_dir() and "INTERVIEWER_ASAG" not in os.environ:
        pytest.skip(f"NO HUMAN-GRADED SETS: {ASAG} is not there. Set INTERVIEWER_ASAG to their folder.")
    _assert_as_recorded(name, set_rows(ASAG, name))


def _assert_as_recorded(name: str, rows: list[Row]) -> None:
    assert figures_of(rows) == pytest.approx(RECORDED["shipped"][name], abs=TOLERANCE), "run `make train`"
