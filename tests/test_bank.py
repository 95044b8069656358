"""The bank: what a broken file says, and that the shipped one is in order."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer import bank as banks
from interviewer.bank import Bank, check
from interviewer.cli import app
from interviewer.domain import Level, QuestionKind
from interviewer.errors import BankError
from tests.conftest import ROOT

BELIEFS = ROOT / "tests" / "data" / "beliefs.tsv"
PACK = "title: T\ntopics:\n  - {id: basics, title: Basics, share: 1.0}\n"
QUESTION = """\
- id: q-one
  kind: open
  level: junior
  topic: basics
  ask: What is it?
  reference: It is an alpha with a beta, then a gamma with a delta, and an omega with a sigma.
  points:
    - {id: a, says: Alpha has beta, weight: 1, cues: [[alpha], [beta]]}
    - {id: b, says: Gamma has delta, weight: 1, cues: [[gamma], [delta]]}
    - {id: c, says: Omega has sigma, weight: 1, cues: [[omega], [sigma]]}
  misconceptions:
    - {id: m, says: It is a kappa, cues: [[kappa]], penalty: 20, fix: It is not.}
  hints: [Think.]
  takeaway: Alpha has beta.
  samples:
    - {band: strong, text: "An alpha with its beta, a gamma with its delta, and the omega has a sigma."}
    - {band: partial, text: "It is the alpha that comes with a beta."}
    - {band: weak, text: "It is always a kappa with nothing around it, whether you look at alpha or at gamma."}
    - {band: weak, text: "It is a kappa."}
  sources: [https://example.org]
"""
CHOICE = """\
- id: q-two
  kind: choice
  level: junior
  topic: basics
  ask: Which of these come with something?
  options:
    - {id: alpha, text: The alpha, correct: true, why: It comes with a beta.}
    - {id: kappa, text: The kappa, correct: false, why: It comes with nothing.}
    - {id: gamma, text: The gamma, correct: true, why: It comes with a delta.}
    - {id: theta, text: The theta, correct: false, why: Nobody has seen one.}
  takeaway: Alpha and gamma do.
  sources: [https://example.org]
"""


def write(folder: Path, question: str = QUESTION, pack: str = PACK) -> Path:
    """A bank with one pack."""
    (folder / "fastapi").mkdir(exist_ok=True)
    (folder / "fastapi" / "pack.yaml").write_text(pack, encoding="utf-8")
    (folder / "fastapi" / "basics.yaml").write_text(question, encoding="utf-8")
    return folder


def test_a_good_bank_has_nothing_to_report(tmp_path: Path) -> None:
    """The yardstick for the broken ones below."""
    loaded = banks.load(write(tmp_path))
    assert [question.id for question in loaded.questions] == ["q-one"]
    assert check.check(loaded) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("  takeaway: A", "  takeawya: A", 14, "takeawya: unknown key"),
        ("  takeaway: Alpha has beta.\n", "", 1, "takeaway: missing"),
        ("weight: 1, cues: [[gamma]", "weight: 9, cues: [[gamma]", 9, "less than or equal to 5"),
        ("id: b,", "id: a,", 1, "point id 'a' stands twice"),
        ("level: junior", "level: principal", 3, "level"),
        ("topic: basics", "topic: cooking", 1, "topic 'cooking' is not in pack.yaml"),
        ("  hints: [Think.]", "  hints: [Think.]\n  hints: [Again.]", 14, "'hints' stands twice"),
        ("  hints: [Think.]", "  hints: [Think.", 14, "not valid YAML"),
        ("https://example.org", "http://example.org", 20, "pattern"),
        ("kind: open", "kind: spoken", 1, "kind is 'spoken': it must be open or choice"),
        ("  kind: open\n", "", 1, "kind is missing: open or choice"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    """File, line, question where there is one, and what is wrong."""
    assert old in QUESTION
    with pytest.raises(BankError) as caught:
        banks.load(write(tmp_path, QUESTION.replace(old, new, 1)))
    text = str(caught.value)
    assert "fastapi/basics.yaml:" in text
    assert message in text
    assert f"basics.yaml:{line}:" in text


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    """An author mends them in one go."""
    broken = QUESTION.replace("weight: 1", "weight: 0").replace("level: junior", "level: x")
    with pytest.raises(BankError) as caught:
        banks.load(write(tmp_path, broken))
    assert len(caught.value.problems) == 4


def test_the_same_id_twice_names_both_places(tmp_path: Path) -> None:
    """In one file or in two."""
    with pytest.raises(BankError, match=r"q-one: the id is taken: see .*basics.yaml:1"):
        banks.load(write(tmp_path, QUESTION + QUESTION))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"just text", b"{}", b"- 1", b"null"])
def test_a_file_that_is_no_list_of_questions_is_refused(tmp_path: Path, content: bytes) -> None:
    """Binary, empty, or something else."""
    (write(tmp_path) / "fastapi" / "basics.yaml").write_bytes(content)
    with pytest.raises(BankError, match=r"basics\.yaml"):
        banks.load(tmp_path)


def test_a_folder_without_packs_is_refused(tmp_path: Path) -> None:
    """With the setting to look at."""
    with pytest.raises(BankError, match="no pack"):
        banks.load(tmp_path)


def test_shares_of_a_blueprint_add_up_to_one(tmp_path: Path) -> None:
    """Else topics would be drawn wrongly in silence."""
    with pytest.raises(BankError, match=r"add up to 0\.500"):
        banks.load(write(tmp_path, pack=PACK.replace("1.0", "0.5")))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("band: partial", "band: weak", r"sample 2 \(weak\) scores 33, its band is 0..29"),
        ("[alpha], [beta]", "[alpha], [beta], [zeta]", r"a: no sample uses the cue \[zeta\]"),
        ("[gamma], [delta]", "[gamma], [delta], [eta]", "the reference scores"),
        ("{band: partial, text", "{band: strong, text", "there is no partial sample"),
        ("ask: What is it?", "ask: Is alpha with beta and gamma with delta what omega is to sigma?", "said back"),
    ],
)
def test_check_finds_what_the_samples_say_against_a_question(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Bands, dead cues, weak references, questions that give their answer away."""
    assert old in QUESTION
    problems = "\n".join(map(str, check.check(banks.load(write(tmp_path, QUESTION.replace(old, new, 1))))))
    assert "basics.yaml:1: q-one: " in problems
    assert re.search(message, problems), problems


def test_a_draft_without_cues_is_marked_from_its_sentences_and_called_unfinished(tmp_path: Path) -> None:
    """An author can try a question in the product before the cues are written."""
    draft = re.sub(r", cues: \[(\[\w+\](, )?)+\]", "", QUESTION)
    loaded = banks.load(write(tmp_path, draft))
    (question,) = loaded.questions
    assert not any(statement.cues for statement in question.statements)
    assert check.offline_score(question, question.reference) >= 90
    assert check.offline_score(question, "I once read about a kite on a beach.") == 0
    assert [p for p in map(str, check.check(loaded)) if "a: has no cues yet" in p]


def test_the_command_line_fails_on_a_broken_bank_and_names_the_place(tmp_path: Path) -> None:
    """Exit 1 and the line to look at."""
    broken = write(tmp_path, QUESTION.replace("band: partial", "band: weak"))
    result = CliRunner().invoke(app, ["bank", "check", "--bank", str(broken)])
    assert result.exit_code == 1
    assert "basics.yaml:1: q-one: sample 2" in result.output


def test_the_revision_changes_with_the_content_and_only_then(tmp_path: Path) -> None:
    """It is kept with every grading."""
    first = banks.load(write(tmp_path)).revision
    assert banks.load(tmp_path).revision == first
    assert banks.load(write(tmp_path, QUESTION + "\n# more\n")).revision != first


# ---- the shipped bank


TOPICS = [(pack.id, topic.id) for pack in banks.load(ROOT / "bank").packs for topic in pack.topics]


@pytest.mark.parametrize(("pack", "topic"), TOPICS)
def test_every_shipped_question_of_a_topic_is_in_order(bank: Bank, pack: str, topic: str) -> None:
    """Samples in their bands, references at 90 or more, no dead cue."""
    of_topic = [outline.id for outline in bank.outlines if (outline.pack, outline.topic) == (pack, topic)]
    assert [str(finding) for finding in check.by_themselves(bank, of_topic) if finding.is_error] == []


def test_the_right_options_of_the_shipped_packs_are_not_given_away() -> None:
    """By their position or length."""
    assert [str(finding) for finding in check.by_packs(banks.load(ROOT / "bank")) if finding.is_error] == []


@pytest.mark.timeout(300)  # the whole bank against itself
def test_the_references_of_the_shipped_bank_are_no_answers_to_its_other_questions(bank: Bank) -> None:
    """Less than 30 of 100, or the question says why; and no sample earns a point twice."""
    found = check.by_one_another(bank, [outline.id for outline in bank.outlines])
    assert [str(finding) for finding in found if finding.is_error] == []


def test_the_shipped_bank_is_large_enough_for_each_level(bank: Bank) -> None:
    """200 open and 120 choice questions, 90 of each level, 90 with code that runs."""
    kinds = Counter(outline.kind for outline in bank.outlines)
    assert kinds[QuestionKind.OPEN] >= 200
    assert kinds[QuestionKind.CHOICE] >= 120
    levels = Counter(outline.level for outline in bank.outlines)
    assert min(levels[level] for level in Level) >= 90
    assert sum(question.example is not None for question in bank.questions) >= 90


@pytest.mark.parametrize(("pack", "topic"), TOPICS)
def test_every_topic_has_something_to_ask_at_every_level(bank: Bank, pack: str, topic: str) -> None:
    """Three questions at least, one of them open: an interview asks no others."""
    of_topic = [outline for outline in bank.outlines if (outline.pack, outline.topic) == (pack, topic)]
    for level in Level:
        of_level = [outline for outline in of_topic if outline.level is level]
        assert len(of_level) >= 3, level
        assert any(outline.kind is QuestionKind.OPEN for outline in of_level), level


def test_a_question_covers_each_of_the_questions_that_others_ask(bank: Bank) -> None:
    """The 141 that our sources ask, Q001 to Q141."""
    covered = {row for question in bank.questions for row in question.covers}
    assert covered == {f"Q{number:03}" for number in range(1, 142)}


def test_each_belief_that_published_lists_get_wrong_is_somewhere_in_the_bank(bank: Bank) -> None:
    """As a misconception, as a wrong option, or as the fault in a piece of code: 71 beliefs."""
    rows = [line.split("\t") for line in BELIEFS.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert len({belief for belief, *_ in rows}) == 71
    for belief, question_id, kind, place in rows:
        question = bank.question(question_id)
        assert question, f"{belief}: {question_id}"
        places = {
            "misconception": [wrong.id for wrong in question.misconceptions if not question.options],
            "option": [option.id for option in question.options if not option.correct],
            "debug": [point.id for point in question.points if "```" in question.ask],
        }
        assert place in places[kind], f"{belief}: {question_id} {place}"


def test_every_point_can_be_probed(bank: Bank) -> None:
    """A probe for each point of an open question, and no probe is the point itself."""
    for question in bank.of_kind(QuestionKind.OPEN):
        for point in question.points:
            assert point.probe, f"{question.id} {point.id}"
            assert point.probe != point.says


@pytest.mark.parametrize("question_id", [q.id for q in banks.load(ROOT / "bank").questions if q.example])
def test_every_example_does_what_its_question_claims(bank: Bank, question_id: str, tmp_path: Path) -> None:
    """Code and test run together, in a process of their own, warnings being errors."""
    question = bank.question(question_id)
    assert question
    assert question.example
    script = tmp_path / "example.py"
    script.write_text(f"{question.example.code}\n\n{question.example.test}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-I", str(script)], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert done.returncode == 0, done.stderr
