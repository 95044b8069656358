"""Texts at hand -> the words that the table of related words knows.

In:  the encoder's own vocabulary, the human-marked answers, the bank, the thesaurus, docstrings of locked packages.
     Only their words are taken, never a mark. The standard library is left out: it differs by Python version.
Out: words in order, each in lower case.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from interviewer.grading.related import TERMS
from interviewer.grading.words import words

PACKAGES = tuple(
    """
    aiosqlite alembic anyio fastapi httpx2 jinja2 openai pydantic pydantic_core python_multipart sqlalchemy sqlmodel
    starlette typer uvicorn
    """.split()
)
"""Packages of the subject, all of them in requirements-train.txt: their docstrings hold its words."""
FEWEST = {"answers": 3, "bank": 1, "docstrings": 4}
"""How often a word must stand in a kind of text: slips of the keyboard are rarer."""
_PLAIN = re.compile(r"[a-z]{2,20}")
_WHOLE_PIECE = re.compile(r"[a-z][a-z']*")


def pieces(vocabulary: Path) -> dict[str, int]:
    """Whole words of a WordPiece vocabulary, each with its line: the commonest come first."""
    lines = vocabulary.read_text(encoding="utf-8").splitlines()
    return {piece: line for line, piece in enumerate(lines) if _WHOLE_PIECE.fullmatch(piece)}


def vocabulary_of(whole: Iterable[str], answers: Sequence[Path], bank: Path) -> list[str]:
    """All words worth a row, in the order of the alphabet."""
    kinds = {"answers": _answers(answers), "bank": _bank(bank), "docstrings": _docstrings(PACKAGES)}
    terms = TERMS.read_text(encoding="utf-8").splitlines()
    found = {*whole, *(word for line in terms if not line.startswith("#") for word in words(line))}
    for kind, texts in kinds.items():
        counts = Counter(word for text in texts for word in words(text))
        found.update(word for word, count in counts.items() if count >= FEWEST[kind] and _PLAIN.fullmatch(word))
    return sorted(found)


def _answers(files: Sequence[Path]) -> set[str]:
    """Every text once: a question stands beside each of its answers."""
    rows = (json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return {row[part] for row in rows for part in ("question", "reference", "answer")}


def _bank(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.yaml"))]


def _docstrings(packages: Iterable[str]) -> set[str]:
    return {text for package in packages for file in _modules(package) for text in _docstrings_of(file)}


def _modules(package: str) -> Iterator[Path]:
    spec = find_spec(package)
    if spec is None:
        raise SystemExit(f"{package} is not installed: run `make train`, which installs requirements-train.txt.")
    for folder in spec.submodule_search_locations or ():
        yield from sorted(Path(folder).rglob("*.py"))


def _docstrings_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node, clean=False) or ""
