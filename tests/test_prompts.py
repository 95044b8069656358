"""Prompt files: read once, checked against their code, rendered as they stand."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from interviewer import prompts
from interviewer.errors import PromptError
from tests.builders import a_question

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped prompts that a test may break."""
    return Path(shutil.copytree(ROOT / "prompts", tmp_path / "prompts"))


def change(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}{prompts.SUFFIX}"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_prompt_is_known_by_its_name_and_the_hash_of_its_file() -> None:
    loaded = prompts.load(ROOT / "prompts")
    for name in prompts.VARIABLES:
        source = (ROOT / "prompts" / f"{name}.md.jinja").read_bytes()
        assert loaded[name].id == f"{name}@{hashlib.sha256(source).hexdigest()[:12]}"


def test_every_prompt_file_is_declared() -> None:
    assert {path.name.removesuffix(prompts.SUFFIX) for path in (ROOT / "prompts").iterdir()} == set(prompts.VARIABLES)


def test_the_instructions_are_the_same_for_every_question() -> None:
    assert "{{" not in (ROOT / "prompts" / "grade-system.md.jinja").read_text(encoding="utf-8")


def test_nothing_is_escaped_and_a_text_is_never_a_template(folder: Path) -> None:
    change(folder, "grade-answers", "{{ boundary }}|{{ texts[0] }}")
    rendered = prompts.load(folder)["grade-answers"].render(boundary="b", texts=["<b> & {{ boundary }}"])
    assert rendered == "b|<b> & {{ boundary }}"


def test_a_missing_file_stops_the_start(folder: Path) -> None:
    (folder / "grade-rubric.md.jinja").unlink()
    with pytest.raises(PromptError, match=r"grade-rubric.*cannot be read"):
        prompts.load(folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ question }}", "uses question, its code gives language, problem, question"),
        ("{{ question }}{{ language }}{{ problem }}{{ salary }}", "uses language, problem, question, salary"),
        ("{{ question }}{{ language }}{{ problem }}{% include 'other.md' %}", "includes another file"),
        ("{{ question }}\n{{ problem", r"jinja:2: "),
    ],
    ids=["a variable too few", "a variable too many", "an include", "a broken line"],
)
def test_a_file_that_does_not_fit_its_code_stops_the_start(folder: Path, text: str, says: str) -> None:
    path = change(folder, "grade-rubric", text)
    with pytest.raises(PromptError, match=says) as caught:
        prompts.load(folder)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_text_stops_the_start(folder: Path) -> None:
    (folder / "grade-system.md.jinja").write_bytes(b"\xff\xfe")
    with pytest.raises(PromptError, match="cannot be read"):
        prompts.load(folder)


def test_code_that_gives_other_variables_is_told_so() -> None:
    with pytest.raises(PromptError, match="rendered with texts, takes boundary, texts"):
        prompts.load(ROOT / "prompts")["grade-answers"].render(texts=[])


def test_a_field_that_does_not_exist_is_an_error_and_not_a_blank(folder: Path) -> None:
    change(folder, "grade-rubric", "{{ question.salary }}{{ language }}{{ problem }}")
    with pytest.raises(PromptError, match="salary"):
        prompts.load(folder)["grade-rubric"].render(question=a_question(), problem="", language="")
