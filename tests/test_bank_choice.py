"""Choice questions: what a file may hold, how they are read, what gives their right options away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interviewer import bank as banks
from interviewer import picker
from interviewer.bank import choices
from interviewer.domain import Level, Option, Plan, Question, QuestionKind
from interviewer.errors import BankError, NoQuestions
from tests.test_bank import CHOICE, QUESTION, write
from tests.test_bank_check import found


def read(folder: Path, text: str = CHOICE) -> Question:
    """The one question of a bank."""
    (question,) = banks.load(write(folder, text)).questions
    return question


def test_right_options_are_points_and_wrong_ones_are_misconceptions(tmp_path: Path) -> None:
    """So that whatever reads points works for both kinds; one wrong tick costs what a right one earns."""
    question = read(tmp_path)
    assert question.kind is QuestionKind.CHOICE
    assert [(option.id, option.correct) for option in question.options] == [
        ("alpha", True),
        ("kappa", False),
        ("gamma", True),
        ("theta", False),
    ]
    assert [(point.id, point.says, point.weight) for point in question.points] == [
        ("alpha", "The alpha", 1),
        ("gamma", "The gamma", 1),
    ]
    assert [(wrong.id, wrong.penalty, wrong.fix) for wrong in question.misconceptions] == [
        ("kappa", 50, "It comes with nothing."),
        ("theta", 50, "Nobody has seen one."),
    ]
    assert question.reference == "It comes with a beta. It comes with a delta."
    assert (question.hints, question.samples) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("correct: true", "correct: false", "at least one option must be correct"),
        ("correct: false", "correct: true", "and at least one must not"),
        ("    - {id: theta, text: The theta, correct: false, why: Nobody has seen one.}\n", "", "at least 4 items"),
        ("id: theta", "id: kappa", "option id 'kappa' stands twice"),
        (", why: Nobody has seen one.", "", "options.3.why: missing"),
        ("  takeaway", "  reference: No.\n  takeaway", "reference: unknown key"),
        ("correct: false", "correct: perhaps", "options.1.correct: input should be a valid boolean"),
    ],
)
def test_a_broken_choice_question_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """With the question and the path to what is wrong."""
    assert old in CHOICE
    with pytest.raises(BankError, match=rf"basics\.yaml:\d+: q-two: .*{message}"):
        banks.load(write(tmp_path, CHOICE.replace(old, new)))


def test_an_interview_draws_no_choice_question_yet(tmp_path: Path) -> None:
    """They cannot be answered on the page."""
    pack = banks.load(write(tmp_path, QUESTION + CHOICE)).packs[0]
    assert len(pack.questions) == 2
    assert picker.draw(pack, Plan(pack="p", level=Level.JUNIOR, questions=6)) == ("q-one",)
    with pytest.raises(NoQuestions):
        picker.draw(banks.load(write(tmp_path, CHOICE)).packs[0], Plan(pack="p", level=Level.JUNIOR, questions=6))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Nobody has seen one.", "it comes with nothing", "theta: has the same why as kappa"),
        ("text: The theta", "text: the kappa.", "theta: has the same text as kappa"),
        ("Nobody has seen one.", "The theta", "theta: its why repeats its text: say why it is wrong"),
        ("text: The theta", "text: None of the above", "theta: options may be shown in any order"),
    ],
)
def test_options_and_their_reasons_differ(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each has its own, and none leans on the order."""
    assert found(tmp_path, CHOICE) == []
    (told,) = found(tmp_path, CHOICE.replace(old, new))
    assert told.startswith(f"options: {message}")


def questions(*, right_at: list[int], right: str = "x" * 40, wrong: str = "y" * 40, options: int = 4) -> list[Question]:
    """A choice question for each position of its one right option."""
    base = Question(
        id="q",
        pack="p",
        kind=QuestionKind.CHOICE,
        level=Level.MID,
        topic="t",
        ask="?",
        reference="r",
        points=(),
        misconceptions=(),
        hints=(),
        takeaway="t",
        samples=(),
        sources=(),
    )
    made = []
    for at in right_at:
        rows = tuple(
            Option(id=f"o{n}", text=right if n == at else wrong + "y" * (n % 2), correct=n == at, why=f"{n}")
            for n in range(options)
        )
        made.append(replace(base, options=rows, points=banks.format.points_of(rows)))
    return made


@pytest.mark.parametrize(
    ("pack", "message"),
    [
        (questions(right_at=[0, 1, 2, 3] * 6, right="x" * 41), None),
        (questions(right_at=[2] * 20), "stands too often in the same position (3: 20"),
        (questions(right_at=[2] * 19), None),
        (questions(right_at=[0, 1, 2, 3] * 6, right="x" * 60), "times as long as the wrong ones"),
        (questions(right_at=[0, 1, 2, 3] * 6, right="x" * 42), "is the longest in 24 of 24"),
    ],
)
def test_position_and_length_of_right_options_give_nothing_away(pack: list[Question], message: str | None) -> None:
    """Over a pack with twenty or more; chance exceeds the bound once in a hundred times."""
    told = [message for _, message in choices.spread(pack)]
    assert (message is None and not told) or any(message and message in one for one in told)


def test_several_right_options_are_expected_further_up() -> None:
    """The first of three among five stands in front more often than not."""
    made = [
        replace(
            question,
            options=(rows := tuple(replace(o, correct=n in right) for n, o in enumerate(question.options))),
            points=banks.format.points_of(rows),
        )
        for question in questions(right_at=[0] * 4, options=5)
        for right in (
            (0, 1, 2),
            (0, 1, 3),
            (0, 2, 4),
            (0, 3, 4),
            (0, 2, 3),
            (0, 1, 4),
            (1, 2, 3),
            (1, 3, 4),
            (2, 3, 4),
            (1, 2, 4),
        )
    ]
    assert not [message for _, message in choices.spread(made) if "position" in message]
