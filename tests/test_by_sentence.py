"""Marks without cues: the credit map, points by their sentence, misconceptions by theirs; then the whole bank."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.bank import Bank, check
from interviewer.domain import Mark, Question, QuestionKind, Verdict
from interviewer.grading import fuzzy
from interviewer.grading.ablation import sentences_of
from interviewer.grading.by_sentence import shipped
from interviewer.grading.references import points_of
from interviewer.grading.statements import Likeness
from interviewer.grading.words import tokenize
from tests.rubrics import QUESTION, SENTENCES, score

UNRELATED = (
    "Bees dance to tell others where flowers are. The moon pulls at the sea. Bread is made of flour and water. "
    "Chile is a long country. Cats sleep most of the day. Whales sing for hours. The Alps grow by a millimetre a year. "
)
shares = st.floats(0, 1)


@settings(max_examples=80, deadline=None)
@given(st.tuples(shares, shares, shares, shares), st.tuples(shares, shares, shares, shares), st.booleans())
def test_the_credit_never_falls_when_a_measure_rises(
    one: tuple[float, ...], other: tuple[float, ...], cut: bool
) -> None:
    """For points and for cut sentences; nothing for nothing, all of it for all."""
    credit = shipped().cut if cut else shipped().point
    low, high = (like(*(pick(pair) for pair in zip(one, other, strict=True))) for pick in (min, max))
    assert 0 <= credit(low) <= credit(high) <= 1
    assert credit(Likeness()) == 0
    assert credit(like(1, 1, 1, 1)) == 1


def like(recall: float, squared: float, token_set: float, window: float) -> Likeness:
    """A likeness with these measures."""
    return Likeness(recall=recall, squared=squared, token_set=token_set, window=window)


def test_a_point_is_met_by_its_own_sentence() -> None:
    """Of the question here, and nearly always of the bank."""
    for point in SENTENCES.points:
        mark = mark_of(point.id, f"{point.says}.")
        assert mark.verdict is Verdict.MET
        assert mark.credit >= 0.75


def test_nearly_every_point_of_the_bank_is_met_by_its_own_sentence(bank: Bank) -> None:
    """The few that are not are said in the words of the question or of the reference."""
    marks = [
        next(mark for mark in fuzzy.mark(sentences_of(question), [f"{point.says}."]).marks if mark.point == point.id)
        for question in bank.of_kind(QuestionKind.OPEN)
        for point in question.points
    ]
    assert sum(mark.verdict is Verdict.MET for mark in marks) >= 0.9 * len(marks)
    assert sum(mark.credit for mark in marks) >= 0.93 * len(marks)


@pytest.mark.parametrize(
    ("point", "denied"),
    [
        ("validated-first", "The body is not validated by Pydantic before the handler runs."),
        ("status-422", "The client never receives status 422 or a list of the errors and their locations."),
        ("status-422", "The client receives status 500 without any list of the errors and their locations."),
        ("own-handler", "An exception handler for RequestValidationError cannot change the reply."),
    ],
)
def test_a_denied_sentence_earns_less(point: str, denied: str) -> None:
    """Than the sentence as it stands."""
    says = next(each.says for each in SENTENCES.points if each.id == point)
    assert mark_of(point, denied).credit < mark_of(point, f"{says}.").credit


@pytest.mark.parametrize(
    ("answer", "is_asserted"),
    [
        ("An invalid body raises an exception inside the handler and ends as a 500 Internal Server Error.", True),
        ("A body that is invalid raises an exception in the handler and ends in a 500 internal server error.", True),
        (
            "An invalid body does not raise an exception inside the handler or end as a 500 Internal Server Error.",
            False,
        ),
        ("The handler is never called; the reply is a 422.", False),
        ("The body is validated by Pydantic before the handler runs, and the client receives a 422.", False),
        ("Bees dance to tell others where flowers are.", False),
        ("", False),
    ],
)
def test_a_misconception_is_asserted_by_its_sentence_only(answer: str, is_asserted: bool) -> None:
    """Not by its correction, not by its denial, not by what is right."""
    assert [wrong.id for wrong in fuzzy.mark(SENTENCES, [answer]).misconceptions] == ["server-error"] * is_asserted


def test_corrections_of_the_bank_seldom_assert_what_they_correct(bank: Bank) -> None:
    """A correction speaks of the same things; three in a hundred at most are mistaken for the error."""
    found = [
        bool(fuzzy.mark(sentences_of(question), [wrong.fix]).misconceptions)
        for question in bank.of_kind(QuestionKind.OPEN)
        for wrong in question.misconceptions
    ]
    assert sum(found) <= 0.03 * len(found)


def test_nearly_every_misconception_of_the_bank_is_asserted_by_its_sentence(bank: Bank) -> None:
    """Those of two words are not told from harmless sentences."""
    found = [
        any(each.id == wrong.id for each in fuzzy.mark(sentences_of(question), [f"{wrong.says}."]).misconceptions)
        for question in bank.of_kind(QuestionKind.OPEN)
        for wrong in question.misconceptions
    ]
    assert sum(found) >= 0.85 * len(found)


def test_a_reference_is_marked_by_its_own_sentences(bank: Bank) -> None:
    """An imported question without points: its reference is worth nearly all, the question nearly nothing."""
    for question in bank.of_kind(QuestionKind.OPEN)[::6]:
        imported = replace(question, points=points_of(question.reference, question.ask), misconceptions=())
        assert score(imported, question.reference) >= 90
        assert score(imported, question.ask) < 60


# ---- the whole grader on the bank


def test_the_references_of_the_bank_score_high_sentences_of(bank: Bank) -> None:
    """93 on the mean; 80 or more for all but six in a hundred, which say a point as a denial or in code."""
    scores = sorted(
        check.offline_score(sentences_of(question), question.reference) for question in bank.of_kind(QuestionKind.OPEN)
    )
    assert sum(scores) / len(scores) >= 93
    assert scores[0] >= 55
    assert sum(each < 80 for each in scores) <= 0.06 * len(scores)


def test_the_question_said_back_scores_next_to_nothing_sentences_of(bank: Bank) -> None:
    """Under 15."""
    for question in bank.of_kind(QuestionKind.OPEN):
        assert check.offline_score(sentences_of(question), question.ask) < 15, question.id


def test_the_reference_of_another_topic_scores_little_sentences_of(bank: Bank) -> None:
    """Under 30 for nineteen of twenty."""
    questions = bank.of_kind(QuestionKind.OPEN)
    scores = [
        score(sentences_of(question), other.reference)
        for number, question in enumerate(questions)
        for other in questions[number % 30 :: 30]
        if other.topic != question.topic
    ]
    assert sum(each < 30 for each in scores) >= 0.95 * len(scores)


@pytest.mark.parametrize("cues", [True, False])
def test_an_answer_said_three_times_over_gains_less_than_three_points(bank: Bank, cues: bool) -> None:
    """All but a few samples whose end and beginning together are heard as another statement; nothing on the mean."""
    gains = [score(question, "\n\n".join([text] * 3)) - score(question, text) for question, text in answers(bank, cues)]
    assert sum(gain >= 3 for gain in gains) <= 0.02 * len(gains)
    assert sum(gains) / len(gains) < 0.5


@pytest.mark.parametrize(("cues", "some"), [(True, 0.05), (False, 0.2)])
def test_an_answer_padded_to_three_times_its_length_gains_less_than_three_points(
    bank: Bank, cues: bool, some: float
) -> None:
    """All but some samples, padded with true sentences about something else; about one point on average."""
    gains = [
        score(question, f"{text}\n\n{UNRELATED * (1 + 2 * len(text) // len(UNRELATED))}") - score(question, text)
        for question, text in answers(bank, cues)
    ]
    assert sum(gain >= 3 for gain in gains) <= some * len(gains)
    assert sum(gains) / len(gains) < (0.5 if cues else 1.25)


@pytest.mark.parametrize("cues", [True, False])
def test_half_an_answer_loses_only_what_is_missing(bank: Bank, cues: bool) -> None:
    """Every other sentence dropped from references: no more than the whole; points whose words are all left stay."""
    for question in bank.of_kind(QuestionKind.OPEN)[::2]:
        marked = question if cues else sentences_of(question)
        text = question.reference
        kept = every_other_sentence(text)
        whole, half = fuzzy.mark(marked, [text]), fuzzy.mark(marked, [kept])
        assert score(marked, kept) < score(marked, text) + 3, question.id
        for before, after in zip(whole.marks, half.marks, strict=True):
            if before.verdict is Verdict.MET and after.verdict is Verdict.MISSED:
                assert (before.quote or "") not in kept, f"{question.id} {before.point}: {before.quote}"


def answers(bank: Bank, cues: bool) -> list[tuple[Question, str]]:
    """A sample of each question in turn."""
    return [
        (question if cues else sentences_of(question), question.samples[number % len(question.samples)].text)
        for number, question in enumerate(bank.of_kind(QuestionKind.OPEN))
    ]


def every_other_sentence(text: str) -> str:
    """The first, the third, and so on, as they stand."""
    starts: dict[int, int] = {}
    for token in tokenize(text):
        starts.setdefault(token.sentence, token.start)
    ends = [*list(starts.values())[1:], len(text)]
    said = [text[start:end] for start, end in zip(starts.values(), ends, strict=True)]
    return "".join(said[::2])


def mark_of(point: str, answer: str) -> Mark:
    """The mark that an answer gets for a point, without cues."""
    return next(mark for mark in fuzzy.mark(SENTENCES, [answer]).marks if mark.point == point)


def test_the_cues_of_a_question_do_not_change_what_its_sentences_are() -> None:
    """The two ways of marking share the question."""
    assert [point.says for point in QUESTION.points] == [point.says for point in SENTENCES.points]
    assert not any(statement.cues for statement in SENTENCES.statements)
