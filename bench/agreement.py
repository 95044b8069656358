"""Compares the offline grader with people and prints the tables of docs/grading.md as Markdown.

    python bench/agreement.py [--asag FOLDER]

FOLDER holds JSON Lines of human-graded answers; a set that is not there is left out and named. The project's own set
(tests/data/fastapi.jsonl) is split by question: on one half things were fitted and tried, the other was only counted.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from interviewer import bank as banks
from interviewer.cli.marking import Marked, marking_by, pair
from interviewer.domain import Band, GraderKind, Question, QuestionKind
from interviewer.grading.ablation import without_cues, without_misconceptions, without_reference
from interviewer.grading.agreement import Agreement, Figure, measure
from interviewer.grading.agreement.pairs import Pair
from interviewer.grading.rows import Row, read_rows

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "tests" / "data" / "fastapi.jsonl"
SETS = {"mohler2011": "Mohler 2011", "saf_comnet_en": "SAF", "scientsbank_train": "SciEntsBank"}
TIERS = ("strong", "good", "partial", "wrong", "empty", "gaming")
FIRST_ANSWER = """
import time
start = time.perf_counter()
from interviewer.grading import fuzzy
from interviewer.grading.rows import parse_row
row = parse_row('{"id": 1, "question": "When?", "reference": "After the reply.", "answer": "Once it is out."}')
fuzzy.mark(row.questions[0], row.answers)
print(time.perf_counter() - start)
"""
BAND_SCORE = {Band.STRONG: 0.9, Band.PARTIAL: 0.55, Band.WEAK: 0.15}
"""A sample has a band and no score: the middle of the band stands for it."""


def rows_of(path: Path, *, half: str | None = None) -> list[Row]:
    """The rows of a file, or those of one half of the own set."""
    lines = path.read_bytes().splitlines()
    kept = [line for line in lines if half is None or json.loads(line)["half"] == half]
    rows = list(read_rows(kept, str(path)))
    if problems := [row for row in rows if not isinstance(row, Row)]:
        raise SystemExit(str(problems[0]))
    return [row for row in rows if isinstance(row, Row)]


def sentences(rows: Iterable[Row]) -> list[Row]:
    """The rows without cues and misconceptions."""
    return [without_misconceptions(without_cues(row)) for row in rows]


def samples() -> list[Row]:
    """The bank's samples as rows."""
    return [
        _row(question, f"{question.id}#{number}", sample.text, BAND_SCORE[sample.band], sample.band)
        for question in banks.load(ROOT / "bank").of_kind(QuestionKind.OPEN)
        for number, sample in enumerate(question.samples, 1)
    ]


def _row(question: Question, name: str, text: str, score: float, tier: str) -> Row:
    return Row(
        id=name,
        group=question.id,
        questions=(replace(question, samples=()),),
        answers=(text,),
        score=score,
        marks=None,
        level=question.level,
        tier=tier,
        line=0,
    )


def agreement(rows: Iterable[Row]) -> Agreement:
    """Mark the rows by the product's offline grader and compare."""
    with marking_by(GraderKind.FUZZY) as mark:
        marked = [(row, mark(row)) for row in rows]
    pairs: list[Pair] = [pair(row, grading) for row, grading in marked if isinstance(grading, Marked)]
    return measure(pairs)


def line(*cells: object) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def shown(figure: Figure) -> str:
    """A figure with its interval."""
    if figure.value is None:
        return "–"
    span = f" ({figure.low:.2f}–{figure.high:.2f})" if figure.low is not None and figure.high is not None else ""
    return f"{figure.value:.3f}{span}"


def figures_table(measured: dict[str, Agreement]) -> list[str]:
    """Correlations and errors, a set to a line."""
    names = ("pearson", "spearman", "rmse", "mapped_rmse_of_5", "kappa_fifths", "point_accuracy", "point_kappa")
    heads = ("Pearson", "Spearman", "RMSE", "RMSE of 5, mapped", "κ, fifths", "points agreed", "κ, points")
    table = [line("answers", "n", *heads, "ms"), line("---", *["---:"] * (len(heads) + 2))]
    for name, of in measured.items():
        ms = f"{of.ms_median:.1f}" if of.ms_median is not None else "–"
        table.append(line(name, of.n, *(shown(of.figures[figure]) for figure in names), ms))
    return table


def tiers_table(measured: dict[str, Agreement]) -> list[str]:
    """Mean score of each kind of answer, a set to a line; people's in brackets."""
    table = [line("answers", *TIERS), line("---", *["---:"] * len(TIERS))]
    for name, of in measured.items():
        cells = (of.by_tier.get(tier) for tier in TIERS)
        shown_cells = (f"{100 * c.mean_machine:.0f} ({100 * c.mean_human:.0f})" if c else "–" for c in cells)
        table.append(line(name, *shown_cells))
    return table


def cost_table() -> list[str]:
    """What the offline grader takes to start, and on the disk beside the product's other packages."""
    packages = sum(
        Path(str(file.locate())).stat().st_size
        for name in ("rapidfuzz", "snowballstemmer")
        for file in importlib.metadata.files(name) or ()
        if Path(str(file.locate())).exists()
    )
    data = sum(file.stat().st_size for file in (ROOT / "interviewer" / "grading" / "data").iterdir())
    starts = sorted(float(subprocess.check_output([sys.executable, "-c", FIRST_ANSWER], cwd=ROOT)) for _ in range(5))
    return [
        line("what", "figure"),
        line("---", "---:"),
        line("import and first answer, new process (median of 5)", f"{starts[2]:.2f} s"),
        line("rapidfuzz and snowballstemmer, installed", f"{packages / 1e6:.1f} MB"),
        line("table, thesaurus and calibration, shipped", f"{data / 1e6:.1f} MB"),
    ]


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asag", type=Path, default=ROOT.parent / "shared" / "asag")
    folder: Path = parser.parse_args().asag
    others: dict[str, Agreement] = {}
    for stem, title in SETS.items():
        if (path := folder / f"{stem}.jsonl").exists():
            others[title] = agreement(rows_of(path))
        else:
            sys.stderr.write(f"{path} is not there; {title} is left out.\n")
    own: dict[str, Agreement] = {}
    for half in ("fitted", "held"):
        rows = rows_of(OWN, half=half)
        own[f"sentences only, no reference, {half} half"] = agreement(map(without_reference, sentences(rows)))
        own[f"sentences only, {half} half"] = agreement(sentences(rows))
        own[f"and misconceptions' sentences, {half} half"] = agreement([without_cues(row) for row in rows])
        own[f"cues and misconceptions, {half} half"] = agreement(rows)
    both = rows_of(OWN)
    own["sentences only, all"] = agreement(sentences(both))
    own["cues and misconceptions, all"] = agreement(both)
    bank = {"bank samples": agreement(samples()), "bank samples, sentences only": agreement(sentences(samples()))}
    for title, table in (
        ("Agreement", figures_table(others | own | bank)),
        ("Mean score by kind of answer (people's in brackets)", tiers_table(own)),
        ("Cost", cost_table()),
    ):
        sys.stdout.write("\n".join((f"### {title}\n", *table, "", "")))


if __name__ == "__main__":
    main()
