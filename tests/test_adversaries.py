"""The made-up adversaries, on a few questions: they are what they say, and the figures are stable."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import adversaries
from bench.adversaries import KINDS, Tried
from interviewer.bank import Bank
from interviewer.domain import QuestionKind
from interviewer.grading.opposites import OPPOSITES
from interviewer.grading.words import stem, words

EVERY = 12


def test_each_kind_makes_something_of_the_bank_and_the_same_each_time(bank: Bank) -> None:
    """No chance in it."""
    for kind, make in KINDS.items():
        made = [list(make(question, bank)) for question in bank.of_kind(QuestionKind.OPEN)]
        assert any(made), kind
        assert made[::9] == [list(make(question, bank)) for question in bank.of_kind(QuestionKind.OPEN)[::9]]
        assert all(text.strip() for texts in made for text in texts)


def test_denials_and_opposites_turn_the_reference_round(bank: Bank) -> None:
    """In the words one would expect."""
    question = bank.of_kind(QuestionKind.OPEN)[0]
    (denied,) = adversaries.negated_inside(question, bank)
    assert " not " in denied
    assert all(
        " not true that " in text or " not " not in text for text in adversaries.negated_in_front(question, bank)
    )
    (swapped,) = adversaries.opposites_swapped(question, bank)
    said = {stem(word) for word in words(question.reference)}
    assert any(OPPOSITES.get(stem(word), frozenset()) & said for word in words(swapped))


@pytest.mark.parametrize(("number", "other"), [("422", "200"), ("200", "404"), ("8000", "3444"), ("12", "56")])
def test_another_number_has_as_many_digits(number: str, other: str) -> None:
    """And is another."""
    assert adversaries._other_number(number) == other


def test_stuffed_shuffled_and_empty_words_earn_little(bank: Bank) -> None:
    """On every twelfth question, with cues and with sentences only."""
    kinds = ("points' words shuffled", "reference shuffled", "reference of another topic", "question said back")
    for each in adversaries.tried(bank, bank.of_kind(QuestionKind.OPEN)[::EVERY], kinds):
        assert adversaries.caught(each.with_cues) >= 0.9, each.kind
        assert adversaries.caught(each.sentences) >= 0.9, each.kind


def test_the_table_has_a_line_for_each_kind_and_one_for_all() -> None:
    """With shares and means."""
    found = [Tried("a", (0, 50), (10, 20)), Tried("b", (100,), (39,))]
    *_, last = lines = list(adversaries.table_of(found))
    assert len(lines) == 5
    assert last == "| all | 3 | 33.3% | 50.0 | 100.0% | 23.0 |"


def test_answers_of_the_held_half_are_never_read(tmp_path: Path) -> None:
    """Nor those that do not try to answer."""
    row = '{{"id": "{0}", "half": "{1}", "tier": "{2}", "question": "Why?", "reference": "So.", "answer": "{0} is"}}'
    rows = [("a", "held", "good"), ("b", "fitted", "good"), ("c", "fitted", "gaming"), ("d", "fitted", "wrong")]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(row.format(*each) for each in rows), encoding="utf-8")
    assert [answer for _, answer in adversaries.honest_of(path)] == ["b is", "d is"]


def test_hardly_an_honest_answer_of_the_bank_or_of_the_own_set_is_flagged(bank: Bank) -> None:
    """The floor is two of a hundred; here at most one."""
    own = adversaries.honest_of(Path(__file__).parent / "data" / "fastapi.jsonl")
    pairs = [*own, *list(adversaries.honest_of_bank(bank))[::4]]
    flags = [adversaries.flagged(question, text) for question, text in pairs]
    assert sum(flags) <= 0.01 * len(flags)
