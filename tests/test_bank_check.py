"""What `bank check` measures beyond a question's own samples: other references, evidence, probes, versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer import bank as banks
from interviewer.bank import Bank, check, crosstalk, versions
from interviewer.cli import app
from interviewer.domain import QuestionKind
from interviewer.errors import BankError
from tests.test_bank import CHOICE, QUESTION, write

OTHER = (
    QUESTION.replace("id: q-one", "id: q-other")
    .replace("It is an alpha with a beta, then a gamma with a delta, and an omega with a sigma.", "{reference}")
    .replace("alpha", "zeta")
    .replace("Alpha", "Zeta")
    .replace("beta", "eta")
    .replace("gamma", "theta")
    .replace("delta", "iota")
    .replace("omega", "lambda")
    .replace("sigma", "mu")
    .replace("kappa", "rho")
)
OWN = "A zeta has an eta, a theta has an iota, and the lambda has a mu."


def found(folder: Path, text: str, only: set[str] | None = None) -> list[str]:
    """What the check says of a bank, with the measure in front."""
    return [f"{one.measure}: {one.problem.message}" for one in check.check(banks.load(write(folder, text)), only)]


def test_two_questions_that_say_different_things_are_in_order(tmp_path: Path) -> None:
    """The yardstick for those below."""
    assert found(tmp_path, QUESTION + OTHER.replace("{reference}", OWN)) == []


def test_a_reference_that_earns_marks_on_another_question_is_told_to_both(tmp_path: Path) -> None:
    """Whoever writes the second one learns of the first whose cues are too wide."""
    wide = QUESTION + OTHER.replace("{reference}", f"{OWN} Besides, the alpha comes with a beta.")
    assert found(tmp_path, wide) == ["crosstalk: the reference of q-other scores 33 on it"]
    assert found(tmp_path, wide, {"q-other"}) == ["crosstalk: its reference scores 33 on q-one"]


def test_questions_that_share_points_on_purpose_say_why(tmp_path: Path) -> None:
    """The reason is printed; without need it has to go."""
    near = "  near: {q-one: both speak of alpha}\n"
    wide = QUESTION + OTHER.replace("{reference}", f"{OWN} Besides, the alpha comes with a beta.") + near
    (excused,) = check.check(banks.load(write(tmp_path, wide)))
    assert (excused.excused, excused.is_error) == (True, False)
    assert "near: both speak of alpha" in str(excused)
    needless = QUESTION + OTHER.replace("{reference}", OWN) + near
    assert found(tmp_path, needless) == ["near: near q-one: the two do not share enough to need it, take it out"]
    assert "there is no such question" in found(tmp_path, QUESTION + "  near: {q-none: why}\n")[0]
    with pytest.raises(BankError, match="say why each of them shares points"):
        banks.load(write(tmp_path, QUESTION + "  near: [q-one]\n"))


def test_no_marking_exceeds_the_bound_that_spares_it(bank: Bank) -> None:
    """Else pairs would be passed over in silence."""
    opened = bank.of_kind(QuestionKind.OPEN)
    below = 0
    for other in opened[:: len(opened) // 8]:
        asked = [question for question in opened[::3] if question is not other]
        pairs = crosstalk.crosstalk(asked, [other], score=check.offline_score, score_from=20)
        fast = {(pair.question, pair.score) for pair in pairs}
        slow = {(question.id, check.offline_score(question, other.reference)) for question in asked}
        assert fast == {(question, score) for question, score in slow if score >= 20}
        below += len(slow) - len(fast)
    assert below


def test_a_point_that_survives_the_loss_of_its_sentence_is_named(tmp_path: Path) -> None:
    """Its cues stand somewhere else too, by chance or because the sample says it twice."""
    twice = "An alpha with its beta, a gamma with its delta, and the omega has a sigma. The beta is next to the alpha."
    once = "An alpha with its beta, a gamma with its delta, and the omega has a sigma."
    (message,) = found(tmp_path, QUESTION.replace(once, twice))
    assert message == (
        "evidence: a: sample 1 (strong) earns it with 'alpha with its beta', and without that sentence still, with "
        "'beta is next to the alpha'"
    )


def test_a_probe_with_all_the_cues_of_its_point_gives_it_away(tmp_path: Path) -> None:
    """The candidate would only have to say yes."""
    telling = QUESTION.replace("[beta]]}", "[beta]], probe: Does the alpha have a beta?}")
    assert found(tmp_path, telling) == ["probe: a: the probe gives the point away: all its cues are in it"]
    assert found(tmp_path, telling.replace("Does the alpha have a beta", "What does the alpha have")) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('    - {band: weak, text: "It is a kappa."}\n', "", "it has 3 samples, it must have at least 4"),
        ("It is always a kappa", "Maybe it is always a kappa", "no weak sample is confident"),
        ("whether you look at alpha or at gamma", "whether you look at this or at that", "no weak sample is confident"),
    ],
)
def test_samples_are_four_and_one_is_confident_and_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    """No doubt in it, and the vocabulary of the trade."""
    assert old in QUESTION
    (told,) = found(tmp_path, QUESTION.replace(old, new))
    assert message in told


@pytest.mark.parametrize(
    ("held", "message"),
    [
        ('{fastapi: ">=0.118,<0.119"}', "is installed and out of '>=0.118,<0.119'"),
        ('{no-such-package: ">=1"}', "the package is not installed"),
        ('{fastapi: ">=0.118,rubbish"}', "is no range of versions"),
        ('{fastapi: ">=0.118"}', None),
        ("{fastapi: '>=0.118', pydantic: '>=2,<3'}", None),
    ],
)
def test_a_question_holds_for_versions(tmp_path: Path, held: str, message: str | None) -> None:
    """What is installed decides, for open and for choice questions."""
    for text in (QUESTION, CHOICE):
        told = found(tmp_path, f"{text}  holds_for: {held}\n")
        assert [message in one for one in told] == [True] if message else told == []


def test_the_shipped_bank_holds_for_what_is_installed(bank: Bank) -> None:
    """Whoever raises a version reads the questions that name it."""
    assert [told for question in bank.questions for told in versions.faults(question)] == []


def test_the_command_line_checks_a_question_or_a_topic_alone(tmp_path: Path) -> None:
    """Fast enough to be run after every change of a cue."""
    folder = write(tmp_path, QUESTION.replace("band: partial", "band: weak") + OTHER.replace("{reference}", OWN))
    run = CliRunner().invoke
    alone = run(app, ["bank", "check", "--bank", str(folder), "--only", "q-other"])
    assert (alone.exit_code, alone.output) == (0, "1 questions are in order.\n")
    topic = run(app, ["bank", "check", "--bank", str(folder), "--topic", "basics", "--json"])
    assert topic.exit_code == 1
    said = json.loads(topic.output)
    assert said["questions"] == 2
    assert {(one["measure"], one["question"], one["line"]) for one in said["errors"]} == {("samples", "q-one", 1)}
    nobody = run(app, ["bank", "check", "--bank", str(folder), "--only", "q-none"])
    assert "There is no question 'q-none'" in str(nobody.exception)
    strange = run(app, ["bank", "check", "--bank", str(folder), "--topic", "cooking"])
    assert "Topics: basics" in str(strange.exception)


def test_a_point_that_a_sample_says_twice_is_an_error(tmp_path: Path) -> None:
    """Its cues would be met by chance as well."""
    twice = "An alpha with its beta, a gamma with its delta, and the omega has a sigma. The beta is next to the alpha."
    text = QUESTION.replace("An alpha with its beta, a gamma with its delta, and the omega has a sigma.", twice)
    result = CliRunner().invoke(app, ["bank", "check", "--bank", str(write(tmp_path, text))])
    assert "q-one: a: sample 1" in result.output
    assert result.exit_code == 1


def test_a_broken_bank_is_told_as_json_too(tmp_path: Path) -> None:
    """Programs read it."""
    result = CliRunner().invoke(app, ["bank", "check", "--json", "--bank", str(write(tmp_path, "- 1\n"))])
    (error,) = json.loads(result.output)["errors"]
    assert (result.exit_code, error["measure"]) == (1, "format")
