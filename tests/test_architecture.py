"""Rules in prose leak, so these are programs: imports run one way, files stay small, nothing happens on import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "interviewer"
FILES = sorted(PACKAGE.rglob("*.py"))
PURE = {
    "domain": set(),
    "aim.elsewhere": set(),
    "aim.level": set(),
    "aim.offline": set(),
    "aim.proposal": set(),
    "aim.set_aside": set(),
    "aim.shares": set(),
    "aim.terms": {"rapidfuzz"},
    "aim.words": set(),
    "engine": set(),
    "picker": set(),
    "scoring": set(),
    "report": set(),
    "review": {"fsrs"},
    "progress": set(),
    "items": set(),
    "graders": set(),
    "disputes": set(),
    "people": set(),
    "errors": set(),
    "grading.evidence": {"rapidfuzz"},
    "grading.fuzzy": set(),
    "grading.key": set(),
    "grading.cues": {"rapidfuzz"},
    "grading.appeals": set(),
    "grading.asked": set(),
    "grading.breaker": set(),
    "grading.by_cues": set(),
    "grading.by_sentence": set(),
    "grading.calibration": set(),
    "grading.disguises": set(),
    "grading.doubt": set(),
    "grading.found": set(),
    "grading.gate": set(),
    "grading.giveaway": set(),
    "grading.opposites": set(),
    "grading.reading": set(),
    "grading.references": set(),
    "grading.related": set(),
    "grading.statements": {"rapidfuzz"},
    "grading.polarity": set(),
    "grading.rejected": set(),
    "grading.code": set(),
    "grading.content": set(),
    "grading.assemble": set(),
    "grading.agreement": set(),
    "grading.plot": set(),
    "grading.languages": set(),
    "grading.lists": set(),
    "grading.fence": set(),
    "grading.votes": set(),
    "grading.words": {"snowballstemmer"},
    "talk.clarified": set(),
    "talk.fitting": set(),
    "talk.languages": set(),
    "talk.moves": set(),
    "talk.phrases": set(),
    "talk.requests": set(),
    "talk.sentences": set(),
    "talk.tags": set(),
    "llm.capabilities": set(),
    "meter.amounts": set(),
    "money": set(),
    "meter.budget": set(),
    "watch.tracebacks": set(),
    "web.line_chart": {"markupsafe"},
    "web.charts": {"markupsafe"},
    "web.events": set(),
    "web.report.sentences": set(),
    "web.report.tables": set(),
    "web.report.turns": set(),
    "web.limits.rules": set(),
    "web.words": set(),
    "windows": set(),
}
"""Pure modules and the packages each may import beyond the standard library and other pure modules."""
LAYERS = (
    ("web", "cli", "app", "serving", "stopping", "__main__"),
    ("assembly",),
    ("conductor",),
    (
        "aim",
        "engine",
        "disputes",
        "grading",
        "bank",
        "store",
        "picker",
        "report",
        "review",
        "progress",
        "items",
        "graders",
        "prompts",
        "llm",
        "meter",
        "money",
        "talk",
        "watch",
        "migrations",
        "passwords",
        "people",
        "settings",
        "tokens",
    ),
    ("domain", "errors", "scoring", "windows"),
)
"""Each layer may import from its own and from those below it."""
ONLY_IN = {
    "fsrs": {"review"},
    "genanki": {"web.anki"},
    "httpx2": {"llm"},
    "pypdf": {"aim"},
    "openai": {"llm"},
    "pwdlib": {"passwords"},
    "opentelemetry": {"watch", "web.observer", "app"},
    "prometheus_client": {"watch.metrics"},
    "structlog": {"watch.logs"},
    "sqlalchemy": {"store", "migrations"},
    "sqlmodel": {"store", "migrations"},
    "alembic": {"migrations"},
    "jinja2": {"prompts", "app"},
    "limits": {"web.limits"},
    "fastapi": {"web", "app", "serving"},
    "fpdf": {"web.report"},
    "starlette": {"web", "app"},
    "uvicorn": {"serving", "app"},
    "typer": {"cli"},
}


def module_of(path: Path) -> str:
    """`grading.fuzzy` for interviewer/grading/fuzzy.py."""
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    """Full names of everything a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(module: str) -> int:
    """Index of the layer of a module."""
    top = module.split(".")[0]
    return next(index for index, layer in enumerate(LAYERS) if top in layer)


def within(module: str, allowed: set[str] | dict[str, set[str]]) -> bool:
    """Whether a module is one of those named, or inside one."""
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_run_one_way(path: Path) -> None:
    """web, cli -> conductor -> engine, grading, bank, store -> domain, errors."""
    module = module_of(path)
    if module == "":
        return
    for imported in imports_of(path):
        if imported.startswith("interviewer."):
            target = imported.removeprefix("interviewer.")
            if target == "__version__":
                continue
            assert layer_of(target) >= layer_of(module), f"{module} imports {imported}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_each_library_stays_behind_its_door(path: Path) -> None:
    """`openai` only in llm/, the database only in the store, HTTP only in web."""
    module = module_of(path)
    for imported in imports_of(path):
        library = imported.split(".")[0]
        if library in ONLY_IN:
            assert within(module, ONLY_IN[library]), f"{module} imports {imported}"


@pytest.mark.parametrize("path", [path for path in FILES if within(module_of(path), PURE)], ids=module_of)
def test_pure_files_import_only_the_standard_library_and_one_another(path: Path) -> None:
    """No clock, no randomness but what is handed in, no I/O."""
    module = module_of(path)
    extra = next(allowed for name, allowed in PURE.items() if within(module, {name}))
    for imported in imports_of(path):
        top = imported.split(".")[0]
        if top == "interviewer":
            target = imported.removeprefix("interviewer.")
            assert target == "interviewer" or within(target, PURE) or target in PURE, f"{module} imports {imported}"
        else:
            assert top in sys.stdlib_module_names or top in extra, f"{module} imports {imported}"
            assert imported not in {"time.time", "datetime.datetime.now", "os", "pathlib"}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    """300 lines a file, 40 lines a function's code (its docstring not counted)."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in path.parts:
            doc = node.body[0].end_lineno if ast.get_docstring(node) else None
            length = (node.end_lineno or 0) - (doc or node.lineno)
            assert length <= 40, f"{node.name} has {length} lines"


def test_importing_the_product_creates_nothing() -> None:
    """No engine, client, settings or app at module level: no file, no thread, no environment needed.

    What takes long to load and few servers need is not loaded either.
    """
    code = (
        "import threading, os, sys; os.environ['INTERVIEWER_NONSENSE'] = '1'\n"
        "import interviewer.app, interviewer.cli\n"
        "assert threading.active_count() == 1\n"
        "assert not {'fpdf', 'genanki', 'openai', 'pypdf'} & sys.modules.keys()\n"
        "from fastapi import FastAPI\n"
        "assert not [v for v in vars(interviewer.app).values() if isinstance(v, FastAPI)]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_page_templates_end_in_html() -> None:
    """Other suffixes are not escaped."""
    assert {path.suffix for path in (PACKAGE / "web" / "templates").iterdir()} == {".html"}


def test_scripts_and_styles_stay_small_and_come_from_here() -> None:
    """300 lines a file, as for Python; a module imports its neighbours only."""
    for path in (PACKAGE / "web" / "static").iterdir():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300, path.name
        if path.suffix == ".js":
            imported = re.findall(r'\bfrom "([^"]+)"', text)
            assert all((path.parent / name).is_file() and name.startswith("./") for name in imported), path.name


def test_no_template_switches_escaping_off() -> None:
    """What strangers type is printed by these."""
    for path in (PACKAGE / "web" / "templates").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
        assert "style=" not in text
        assert "onclick" not in text
