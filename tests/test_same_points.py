"""Points of different questions that state the same: found by their own texts, read by an author, kept in a file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer import bank as banks
from interviewer.bank import Bank
from interviewer.bank.same_points import fingerprint, same_points
from interviewer.bank.same_points_file import FILE, read
from interviewer.domain import Near, PointKey, Question, QuestionKind, SamePoints
from interviewer.errors import BankError
from tests.conftest import ROOT
from tests.terminal import interviewer

ONE, OTHER = PointKey("api-rate-limit", "answer-429"), PointKey("api-sliding-window-code", "reply-429")


PACKS = sorted(path.parent.name for path in (ROOT / "bank").glob("*/pack.yaml"))


def opened(bank: Bank, pack: str) -> list[Question]:
    """The open questions of a pack."""
    return [question for question in bank.of_kind(QuestionKind.OPEN) if question.pack == pack]


@pytest.mark.parametrize("pack", PACKS)
def test_the_shipped_file_was_made_from_the_questions_as_they_are(bank: Bank, pack: str) -> None:
    """Else run `interviewer bank same-points`, read what is new, and move what is not the same to `refused`."""
    assert read(ROOT / "bank" / pack).questions == fingerprint(opened(bank, pack))


def test_the_shipped_file_is_what_the_bank_says(bank: Bank) -> None:
    """Of the small pack; the large one takes half a minute on a slow machine."""
    kept = read(ROOT / "bank" / "python")
    assert set(same_points(opened(bank, "python"))) == {*kept.same, *kept.refused}


def test_points_that_state_the_same_stand_in_different_questions_that_exist(bank: Bank) -> None:
    """And no group holds two of one question: they would be one memory."""
    for group in set(bank.same_points.groups.values()):
        questions = [bank.question(key.question) for key in group]
        for key, question in zip(group, questions, strict=True):
            assert question, key
            assert key.point in {point.id for point in question.points}
        assert len({key.question for key in group}) == len(group)
        assert len({question.pack for question in questions if question}) == 1


def test_a_question_told_again_in_other_words_states_the_same_and_a_stranger_does_not(bank: Bank) -> None:
    """By the same sentence of the reference, or by the statements; only among questions that are near or of a topic."""
    one = bank.question("api-rate-limit")
    assert one
    twin = replace(one, id="api-twin", topic="basics", near=(Near(question=one.id, why="the same"),))
    pairs = list(same_points([one, twin]))
    assert {(PointKey(one.id, point.id), PointKey(twin.id, point.id)) for point in one.points} <= set(pairs)
    assert list(same_points([one, replace(twin, near=())])) == []
    stranger = bank.question("pydantic-why-fast")
    assert stranger
    assert list(same_points([one, replace(stranger, topic=one.topic)])) == []


def test_the_command_writes_what_it_finds_and_finds_no_refused_pair_again(tmp_path: Path) -> None:
    """New pairs are printed to be read; a second run has nothing to say and changes nothing."""
    pack = tmp_path / "bank" / "fastapi"
    shutil.copytree(ROOT / "bank" / "fastapi", pack)
    for file in pack.glob("*.yaml"):
        if file.name not in ("pack.yaml", "api-patterns.yaml"):
            file.unlink()
    (pack / FILE).write_text(f'{{"refused": [["{ONE}", "{OTHER}"]]}}', encoding="utf-8")
    first = interviewer("bank", "same-points", "--bank", str(pack.parent))
    assert first.returncode == 0, first.stderr
    assert "api-idempotency/replayed = api-idempotency-code/stored-reply" in first.stdout
    assert f"{ONE} = {OTHER}" not in first.stdout
    written = (pack / FILE).read_bytes()
    second = interviewer("bank", "same-points", "--bank", str(pack.parent))
    assert "0 of them new; 1 refused" in second.stdout
    assert (pack / FILE).read_bytes() == written
    assert read(pack).refused == {(ONE, OTHER)}
    assert banks.load(pack.parent).same_points.group(ONE) == (ONE,)


@pytest.mark.parametrize("content", ["", "[]", '{"same": [["a"]]}', '{"same": [["a", "b"]]}', '{"other": []}', "\x00"])
def test_a_broken_file_is_told_by_name(thin_bank: Path, content: str) -> None:
    """As every other file of the bank."""
    (thin_bank / "fastapi" / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(BankError, match=rf"fastapi/{FILE}:1: it must hold pairs"):
        banks.load(thin_bank)


def test_what_is_the_same_as_the_same_is_the_same() -> None:
    """Each point is in its own group; the order of the pairs does not matter."""
    a, b, c, d = (PointKey(name, "p") for name in "abcd")
    same = SamePoints.of([(c, b), (a, b)])
    assert same.group(a) == same.group(c) == (a, b, c)
    assert same == SamePoints.of([(b, a), (b, c)])
    assert same.group(d) == (d,)
