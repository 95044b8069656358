"""What the docs say against what the code does: settings, commands, constants, links, statuses."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from interviewer import __version__, errors
from interviewer import bank as banks
from interviewer.bank import check
from interviewer.cli import app
from interviewer.domain import UngradedReason
from interviewer.settings import Settings, setting_names
from interviewer.web.problems import status_of
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\b(?:INTERVIEWER|OPENAI)_[A-Z0-9_]*[A-Z0-9]\b")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read(path: Path) -> str:
    """A page's text."""
    return path.read_text(encoding="utf-8")


def commands(group: typer.Typer, before: str = "interviewer") -> Iterator[str]:
    """Every command with the words that lead to it."""
    for command in group.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        yield f"{before} {name}"
    for below in group.registered_groups:
        assert below.typer_instance
        yield from commands(below.typer_instance, f"{before} {below.name}")


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_has_its_row_with_its_default(name: str) -> None:
    """A setting that nobody can find might as well not be there."""
    rows = [line for line in OPERATING.splitlines() if line.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    field = Settings.model_fields.get(name.removeprefix("INTERVIEWER_").lower())
    if field is not None and field.default_factory is None and field.default not in ("", None):
        assert rows[0].startswith(f"| `{name}` | `{field.default}` |")


@pytest.mark.parametrize(
    "path", [*PAGES, *(ROOT / name for name in ("Makefile", "Dockerfile", "docker-compose.yml"))], ids=lambda p: p.name
)
def test_no_setting_is_named_that_does_not_exist(path: Path) -> None:
    """The program refuses such a name, so the docs must not suggest it."""
    named = {found.removesuffix("_FILE") for found in SETTING.findall(read(path))}
    assert named <= set(setting_names())


def test_every_command_is_in_the_readme() -> None:
    """By its whole name, as one types it."""
    found = list(commands(app))
    assert "interviewer serve" in found
    for command in found:
        assert f"`{command}" in README


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_local_links_lead_somewhere(path: Path) -> None:
    """Files that were moved or never written."""
    for target in LINK.findall(read(path)):
        if not target.startswith(("https://", "#")):
            linked = (path.parent / target.split("#")[0]).resolve()
            assert linked.exists(), target


def test_the_newest_version_of_the_changelog_is_the_package_s() -> None:
    """Unreleased stands above it, and each version has its date."""
    heads = re.findall(r"^## (.+)$", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(__version__)} \(\d{{4}}-\d\d-\d\d\)", heads[1])


def test_the_constants_in_the_grading_page_are_the_code_s() -> None:
    """A number in prose outlives the one it was copied from."""
    rows = re.findall(r"^\| `(\w+)\.([A-Z_]+)` \| ([\d.]+) \|", read(ROOT / "docs" / "grading.md"), re.MULTILINE)
    assert len(rows) >= 9
    for module, name, value in rows:
        assert getattr(importlib.import_module(f"interviewer.{module}"), name) == ast.literal_eval(value), name


def test_the_worked_example_passes_its_own_checks(tmp_path: Path) -> None:
    """Whoever copies it starts from something that works."""
    blocks = re.findall(r"```yaml\n(.*?)```", read(ROOT / "docs" / "writing-questions.md"), re.DOTALL)
    (example,) = [block for block in blocks if "samples:" in block]
    pack = tmp_path / "fastapi"
    pack.mkdir()
    pack_yaml = "title: T\ntopics:\n  - {id: asgi-async, title: A, share: 1.0}\n"
    (pack / "pack.yaml").write_text(pack_yaml, encoding="utf-8")
    (pack / "asgi-async.yaml").write_text(example, encoding="utf-8")
    assert check.check(banks.load(tmp_path)) == ()


def every_error(base: type[errors.InterviewerError]) -> Iterator[type[errors.InterviewerError]]:
    """A class and all below it."""
    yield base
    for below in base.__subclasses__():
        yield from every_error(below)


def test_every_error_that_a_request_can_meet_has_a_status() -> None:
    """500 is for what nobody thought of; the rest says whose move it is."""
    for kind in every_error(errors.InterviewerError):
        if kind in (errors.InterviewerError, errors.ConfigurationError) or issubclass(
            kind, errors.SettingError | errors.BankError | errors.PromptError | errors.ModelError
        ):
            continue
        assert 400 <= status_of(kind("why")) != 500, kind.__name__
    assert status_of(errors.ModelError(UngradedReason.BROKEN, "why")) == 500


def test_every_error_is_in_the_tree_at_the_top_of_its_module() -> None:
    """The drawing is the index."""
    drawn = re.findall(r"── (\w+)", errors.__doc__ or "")
    assert sorted(drawn) == sorted(
        kind.__name__ for kind in every_error(errors.InterviewerError) if kind is not errors.InterviewerError
    )
