"""The session engine: what may happen next, and what never happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.domain import Interview, InterviewStatus, Mode, SayKind, TurnStatus
from interviewer.errors import AnswerTooLong, ConflictError, EmptyAnswer, NoHintLeft, OutOfTurn
from tests.builders import a_grading, a_question, an_interview, at

QUESTIONS = [a_question(f"q{number}") for number in range(1, 4)]
BY_ID = {question.id: question for question in QUESTIONS}


def answered(interview: Interview, credits: dict[str, float], seconds: int = 10) -> Interview:
    """The interview after an answer to its current turn that earned these credits."""
    turn = interview.current
    said = engine.answer(interview, turn.number, f"Said {seconds}.", at(seconds))
    grading = a_grading(BY_ID[turn.question], credits, said=0)
    return engine.grade(said, turn.number, grading, questions=BY_ID.get, now=at(seconds))


def test_a_new_interview_has_asked_its_first_question() -> None:
    """One turn, open, with a greeting and the question said."""
    interview = an_interview(QUESTIONS)
    assert [turn.question for turn in interview.turns] == ["q1"]
    assert [say.kind for say in interview.current.says] == [SayKind.REMARK, SayKind.QUESTION]
    assert interview.current.last_asked == "What is q1?"
    assert interview.length == 3


def test_a_complete_answer_leads_to_the_next_question() -> None:
    """Nothing is left to probe."""
    interview = answered(an_interview(QUESTIONS), {"p1": 1, "p2": 1, "p3": 1})
    assert interview.turns[0].status is TurnStatus.GRADED
    assert interview.current.question == "q2"


def test_a_partly_right_answer_is_probed_about_the_heaviest_missing_point() -> None:
    """p3 weighs most and is missing."""
    interview = answered(an_interview(QUESTIONS), {"p1": 1})
    assert interview.current.status is TurnStatus.OPEN
    assert interview.current.says[-1].kind is SayKind.PROBE
    assert interview.current.probed == ("p3",)


def test_a_turn_is_probed_at_most_twice() -> None:
    """Even when every probe gains something and points are still missing."""
    interview = answered(an_interview([a_question("q1", points=5), *QUESTIONS[1:]]), {"p1": 1}, 10)
    questions = {**BY_ID, "q1": a_question("q1", points=5)}
    for seconds, credits in ((20, {"p1": 1, "p2": 1}), (30, {"p1": 1, "p2": 1, "p3": 1})):
        said = engine.answer(interview, 1, f"More {seconds}.", at(seconds))
        grading = a_grading(questions["q1"], credits)
        interview = engine.grade(said, 1, grading, questions=questions.get, now=at(seconds))
    assert len(interview.turns[0].probed) <= engine.MAX_PROBES
    assert interview.current.number == 2


def test_a_probe_that_gained_nothing_is_not_followed_by_another() -> None:
    """The interviewer moves on."""
    once = answered(an_interview(QUESTIONS), {"p1": 1}, 10)
    twice = answered(once, {"p1": 1}, 20)
    assert twice.current.number == 2


def test_a_wrong_answer_is_not_probed() -> None:
    """Nothing in it to build on."""
    assert answered(an_interview(QUESTIONS), {}).current.number == 2


def test_skipped_is_not_answered_and_skipping_a_probe_keeps_the_marks() -> None:
    """A turn without an answer is skipped; one with marks stays graded."""
    first = engine.skip(an_interview(QUESTIONS), 1, questions=BY_ID.get, now=at(5))
    assert first.turns[0].status is TurnStatus.SKIPPED
    probed = answered(first, {"p1": 1})
    left = engine.skip(probed, 2, questions=BY_ID.get, now=at(20))
    assert left.turns[1].status is TurnStatus.GRADED
    assert left.turns[1].grading is not None


def test_finishing_ends_the_interview_at_once_and_only_once() -> None:
    """What was open is skipped; the rest is not asked."""
    over = engine.finish(an_interview(QUESTIONS), at(9))
    assert over.status is InterviewStatus.FINISHED
    assert over.turns[0].status is TurnStatus.SKIPPED
    assert over.finished_at == at(9)
    with pytest.raises(OutOfTurn, match="over"):
        engine.finish(over, at(10))


def test_hints_come_in_order_until_there_is_none_left() -> None:
    """Two hints, then a clear refusal."""
    interview = an_interview(QUESTIONS)
    for _ in range(2):
        interview = engine.hint(interview, 1, QUESTIONS[0], at(3))
    assert [say.text for say in interview.current.says[2:]] == ["A nudge.", "A push."]
    with pytest.raises(NoHintLeft):
        engine.hint(interview, 1, QUESTIONS[0], at(4))


@pytest.mark.parametrize("turn", [0, 2, 99, -1])
def test_a_turn_that_is_not_there_takes_no_answer(turn: int) -> None:
    """Closed, future or nonsense numbers alike."""
    with pytest.raises(OutOfTurn):
        engine.answer(an_interview(QUESTIONS), turn, "Hello.", at(1))


def test_an_answer_that_is_being_marked_takes_no_second_answer() -> None:
    """The turn awaits its grade."""
    said = engine.answer(an_interview(QUESTIONS), 1, "Once.", at(1))
    with pytest.raises(OutOfTurn, match="being marked"):
        engine.answer(said, 1, "Twice.", at(2))


def test_a_late_grading_of_a_turn_left_behind_moves_nothing_else() -> None:
    """The candidate went on while the grader was away."""
    said = engine.answer(an_interview(QUESTIONS), 1, "Said.", at(1))
    left = engine.skip(said, 1, questions=BY_ID.get, now=at(2))
    assert left.turns[0].status is TurnStatus.AWAITING_GRADE
    graded = engine.grade(left, 1, a_grading(QUESTIONS[0], {"p1": 1}), questions=BY_ID.get, now=at(3))
    assert graded.turns[0].status is TurnStatus.GRADED
    assert graded.current == left.current


def test_marking_an_open_turn_again_leaves_it_open() -> None:
    """A regrade while a probe waits adds a grading and nothing more."""
    probed = answered(an_interview(QUESTIONS), {"p1": 1})
    again = engine.grade(probed, 1, a_grading(QUESTIONS[0], {"p1": 1}), questions=BY_ID.get, now=at(30))
    assert again.current.status is TurnStatus.OPEN
    assert len(again.current.gradings) == 2
    assert again.current.says == probed.current.says


def test_questions_that_left_the_bank_are_passed_over() -> None:
    """The queue names q2, the bank holds it no more."""
    interview = an_interview(QUESTIONS)
    without = {"q1": QUESTIONS[0], "q3": QUESTIONS[2]}
    assert engine.skip(interview, 1, questions=without.get, now=at(1)).current.question == "q3"


def test_feedback_waits_for_the_end_of_a_mock_interview() -> None:
    """In practice it is due when the turn is closed, never while it is open."""
    practice = answered(an_interview(QUESTIONS), {"p1": 1, "p2": 1, "p3": 1})
    mock = replace(practice, plan=replace(practice.plan, mode=Mode.MOCK))
    assert engine.feedback_due(practice, practice.turns[0])
    assert not engine.feedback_due(practice, practice.current)
    assert not engine.feedback_due(mock, mock.turns[0])
    over = engine.finish(mock, at(40))
    assert engine.feedback_due(over, over.turns[0])


@pytest.mark.parametrize("text", ["", "   \n\t ", "\u200b\u200b", "\x00\x00", "\ud800"])
def test_an_answer_without_words_is_refused(text: str) -> None:
    """With a message that says what to do."""
    with pytest.raises(EmptyAnswer, match=r"skip"):
        engine.clean_answer(text, max_chars=100)


def test_an_answer_that_is_too_long_is_refused_with_both_numbers() -> None:
    """So that the candidate knows how much to cut."""
    with pytest.raises(AnswerTooLong, match=r"101 characters; at most 100"):
        engine.clean_answer("x" * 101, max_chars=100)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_a_clean_answer_can_always_be_stored(text: str) -> None:
    """UTF-8, no NUL, and the same again when cleaned again."""
    try:
        clean = engine.clean_answer(text, max_chars=1000)
    except EmptyAnswer:
        return
    assert "\x00" not in clean.text
    clean.text.encode("utf-8")
    assert engine.clean_answer(clean.text, max_chars=1000).text == clean.text


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.lists(st.sampled_from([0.0, 0.44, 1.0]), min_size=3, max_size=3)),
        st.tuples(st.sampled_from(["hint", "skip", "leave"]), st.just([])),
    ),
    max_size=30,
)


def play(moves: list[tuple[str, list[float]]]) -> Interview:
    """An interview in which each move is made if it is allowed."""
    interview = an_interview(QUESTIONS)
    for step, (move, credits) in enumerate(moves):
        turn = interview.current
        try:
            if move == "answer":
                named = {f"p{number}": credit for number, credit in enumerate(credits, 1)}
                interview = answered(interview, named, step)
            elif move == "hint":
                interview = engine.hint(interview, turn.number, BY_ID[turn.question], at(step))
            elif move == "skip":
                interview = engine.skip(interview, turn.number, questions=BY_ID.get, now=at(step))
        except ConflictError:
            continue
    return interview


@given(MOVES)
def test_no_question_is_ever_asked_twice(moves: list[tuple[str, list[float]]]) -> None:
    """Whatever the candidate does."""
    asked = [turn.question for turn in play(moves).turns]
    assert len(asked) == len(set(asked))


@given(MOVES)
def test_an_interview_always_ends(moves: list[tuple[str, list[float]]]) -> None:
    """From anywhere, three answers a question (one and two probes) are enough."""
    interview = play(moves)
    for step in range(3 * len(QUESTIONS)):
        if interview.status is InterviewStatus.FINISHED:
            break
        interview = answered(interview, {f"p{n}": 0.44 for n in range(1, 2 + step % 3)}, 100 + step)
    assert interview.status is InterviewStatus.FINISHED


@given(MOVES)
def test_the_same_moves_give_the_same_interview(moves: list[tuple[str, list[float]]]) -> None:
    """Nothing but the arguments decides."""
    assert play(moves) == play(moves)


@given(MOVES)
def test_says_and_gradings_are_only_ever_added_to(moves: list[tuple[str, list[float]]]) -> None:
    """Each prefix of the moves gives a prefix of what was said."""
    whole, part = play(moves), play(moves[:-1])
    for before, after in zip(part.turns, whole.turns, strict=False):
        assert after.says[: len(before.says)] == before.says
        assert after.gradings[: len(before.gradings)] == before.gradings
