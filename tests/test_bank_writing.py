"""What helps whoever writes questions: the editor schema, skeletons, a question as others see it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer import bank as banks
from interviewer.bank import check
from interviewer.bank.findings import Measure
from interviewer.bank.schema import schema_text
from interviewer.cli import app
from interviewer.domain import QuestionKind
from interviewer.errors import SettingError
from tests.conftest import ROOT
from tests.test_bank import CHOICE, QUESTION, write

run = CliRunner().invoke
GUIDE = (ROOT / "docs" / "writing-questions.md").read_text(encoding="utf-8")


def fits_the_schema(*files: Path) -> subprocess.CompletedProcess[str]:
    """What an editor would say of topic files."""
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(ROOT / "bank" / "schema.json")]
    return subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=60, check=False)


def test_the_schema_is_that_of_the_reader() -> None:
    """`interviewer bank schema > bank/schema.json` makes it anew."""
    assert (ROOT / "bank" / "schema.json").read_text(encoding="utf-8") == schema_text()
    assert run(app, ["bank", "schema"]).output == schema_text()


def test_the_shipped_files_fit_the_schema() -> None:
    """So that an editor has nothing to say of them."""
    files = [file for file in sorted(ROOT.glob("bank/*/*.yaml")) if file.name != "pack.yaml"]
    done = fits_the_schema(*files)
    assert done.returncode == 0, done.stdout


def test_the_schema_finds_what_the_reader_finds(tmp_path: Path) -> None:
    """Unknown keys, missing ones, values out of range; and takes what is right."""
    file = write(tmp_path, QUESTION + CHOICE) / "fastapi" / "basics.yaml"
    assert fits_the_schema(file).returncode == 0
    for old, new in (("takeaway", "takeawya"), ("weight: 1", "weight: 9"), ("kind: choice", "kind: spoken")):
        write(tmp_path, (QUESTION + CHOICE).replace(old, new))
        assert fits_the_schema(file).returncode == 1


def test_the_line_that_names_the_schema_is_a_comment_to_the_reader(tmp_path: Path) -> None:
    """As the guide writes it."""
    (line,) = re.findall(r"^# yaml-language-server: .+$", GUIDE, re.MULTILINE)
    assert banks.load(write(tmp_path, f"{line}\n{QUESTION}")).questions


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_a_skeleton_loads_and_is_called_unfinished(tmp_path: Path, kind: QuestionKind) -> None:
    """The rest of the bank can be used and checked while it is written."""
    folder = write(tmp_path, QUESTION)
    command = ["bank", "new", "q-new", "--topic", "basics", "--level", "mid", "--bank", str(folder)]
    done = run(app, [*command, "--kind", kind])
    assert (done.exit_code, done.exception) == (0, None)
    assert "fastapi/basics.yaml:21: q-new is yours to write." in done.output
    loaded = banks.load(folder)
    assert [question.id for question in loaded.questions] == ["q-one", "q-new"]
    assert loaded.lines["q-new"][1] == 21
    assert Measure.DRAFT in {finding.measure for finding in check.check(loaded, {"q-new"})}
    assert "The id 'q-new' is taken: see" in str(run(app, command).exception)
    assert fits_the_schema(folder / "fastapi" / "basics.yaml").returncode == 0


def test_a_skeleton_begins_the_file_of_its_topic_or_is_printed(tmp_path: Path) -> None:
    """A new file names the schema in its first line."""
    folder = write(tmp_path, QUESTION)
    file = folder / "fastapi" / "basics.yaml"
    file.unlink()
    command = ["bank", "new", "q-new", "--topic", "basics", "--level", "mid", "--bank", str(folder)]
    assert run(app, [*command, "--print"]).output.startswith("- id: q-new\n")
    assert not file.exists()
    assert run(app, command).exit_code == 0
    assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../schema.json\n- id: q-new\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Q_new", "--topic", "basics"], "'Q_new' is no id"),
        (["q-new", "--topic", "cooking"], "There is no topic 'cooking'. Topics: basics"),
        (["q-new", "--topic", "basics", "--pack", "python"], "There is no pack 'python'. Packs: fastapi"),
    ],
)
def test_what_cannot_be_begun_is_said_with_the_reason(tmp_path: Path, words: list[str], message: str) -> None:
    """Nothing is written."""
    folder = write(tmp_path, QUESTION)
    result = run(app, ["bank", "new", *words, "--level", "mid", "--bank", str(folder)])
    assert isinstance(result.exception, SettingError)
    assert message in str(result.exception)
    assert (folder / "fastapi" / "basics.yaml").read_text(encoding="utf-8") == QUESTION


def test_a_topic_of_two_packs_needs_the_pack(tmp_path: Path) -> None:
    """Several packs may stand side by side."""
    folder = write(tmp_path, QUESTION)
    other = folder / "python"
    other.mkdir()
    (other / "pack.yaml").write_text((folder / "fastapi" / "pack.yaml").read_text())
    command = ["bank", "new", "q-new", "--topic", "basics", "--level", "mid", "--bank", str(folder)]
    assert "name one with --pack" in str(run(app, command).exception)
    assert run(app, [*command, "--pack", "python"]).exit_code == 0
    assert [question.pack for question in banks.load(folder).questions] == ["fastapi", "python"]


def test_a_candidate_sees_the_question_and_a_grader_what_it_is_marked_by(tmp_path: Path) -> None:
    """Nothing of the rubric is shown to the first."""
    folder = write(tmp_path, QUESTION + CHOICE)
    show = ["bank", "show", "--bank", str(folder)]
    seen = run(app, [*show, "q-one"]).output
    assert "What is it?" in seen
    assert "Alpha has beta" not in seen
    graded = run(app, [*show, "q-one", "--as", "grader"]).output
    for told in ("Alpha has beta", "It is a kappa", "reference", "https://example.org", "100", "strong"):
        assert told in graded
    chosen = run(app, [*show, "q-two"]).output
    assert "☐ The kappa" in chosen
    assert "comes with nothing" not in chosen
    assert "It comes with nothing." in run(app, [*show, "q-two", "--as", "grader"]).output


def test_a_slip_in_an_id_is_answered_with_those_that_are_near(tmp_path: Path) -> None:
    """Ids are long."""
    result = run(app, ["bank", "show", "q-onne", "--bank", str(write(tmp_path, QUESTION))])
    assert str(result.exception) == "There is no question 'q-onne'. Did you mean q-one?"


def test_the_guide_names_every_measure_and_its_choice_example_is_in_order(tmp_path: Path) -> None:
    """The table is what authors look a finding up in."""
    section = GUIDE[GUIDE.index("## What the check measures") : GUIDE.index("## Choice questions")]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(Measure)
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (example,) = [block for block in blocks if "options:" in block]
    pack = "title: T\ntopics:\n  - {id: dependency-injection, title: D, share: 1.0}\n"
    assert check.check(banks.load(write(tmp_path, example, pack))) == ()
