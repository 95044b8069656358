"""Rows marked by people + the shipped grader -> the figures recorded beside its data, which a test checks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from interviewer.cli.marking import Marked, marking_by, pair
from interviewer.domain import GraderKind
from interviewer.grading.ablation import without_cues, without_misconceptions
from interviewer.grading.agreement import measure
from interviewer.grading.rows import Row, parse_row, read_rows

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "interviewer" / "grading" / "data"
FIGURES = DATA / "figures.json"
OWN = ROOT / "tests" / "data" / "fastapi.jsonl"
FILES = ("related.zip", "terms.txt", "credit.json")
SETS = ("mohler2011", "saf_comnet_en", "scientsbank_train")
RECORDED = ("pearson", "rmse", "leniency", "mapped_rmse_of_5")


def own_rows() -> list[Row]:
    """The fitted half of the project's own set, by sentences alone; the other half is not even parsed as rows."""
    lines = OWN.read_text(encoding="utf-8").splitlines()
    fitted = [parse_row(line) for line in lines if json.loads(line)["half"] == "fitted"]
    return [without_misconceptions(without_cues(row)) for row in fitted]


def set_rows(asag: Path, name: str) -> list[Row]:
    """A human-graded set.

    Raises:
        ValueError: a line does not fit.
    """
    rows: list[Row] = []
    for row in read_rows((asag / f"{name}.jsonl").read_bytes().splitlines(), name, scored=True):
        if not isinstance(row, Row):
            raise ValueError(str(row))
        rows.append(row)
    return rows


def figures_of(rows: Iterable[Row]) -> dict[str, float]:
    """How the product's offline grader agrees with people on rows; `mean_<tier>` where there are tiers."""
    with marking_by(GraderKind.FUZZY) as mark:
        pairs = [pair(row, marked) for row in rows if isinstance(marked := mark(row), Marked)]
    found = measure(pairs)
    figures = {name: found.figures[name].value for name in RECORDED}
    means = {f"mean_{tier}": part.mean_machine for tier, part in found.by_tier.items()}
    return {name: round(value, 4) for name, value in {**figures, **means}.items() if value is not None}


def sha256_of(path: Path) -> str:
    """In hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
