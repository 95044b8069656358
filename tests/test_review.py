"""The fold: gradings in time order -> what comes back and when; and the questions that are drawn for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain import (
    AssertedMisconception,
    GraderKind,
    Grading,
    Interview,
    InterviewStatus,
    Level,
    Mode,
    Plan,
    PointKey,
    Provenance,
    Question,
    SamePoints,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
)
from interviewer.review import InReview, draw, due_on, fold, holders
from interviewer.store import SqlStore
from tests.builders import T0, a_grading, a_question

NONE = SamePoints({})
MET, PARTLY, MISSED = 1.0, 0.5, 0.0
QUESTIONS = {
    question.id: question
    for question in (a_question(), a_question("q2", level=Level.SENIOR), a_question("q3", level=Level.MID))
}
SAME = SamePoints.of(
    [(PointKey("q1", "p1"), PointKey("q2", "p3")), (PointKey("q1", "p1"), PointKey("q3", "p2"))],
)


def sitting(
    number: int,
    credits: dict[str, float],
    *,
    question: str = "q1",
    day: int | None = None,
    mode: Mode = Mode.PRACTICE,
    wrong: bool = False,
    hints: int = 0,
    said: int = 0,
) -> Interview:
    """A finished interview of one marked turn, a day after the one before unless `day` is given."""
    at = T0 + timedelta(days=number if day is None else day, seconds=number)
    asked = QUESTIONS[question]
    grading = a_grading(asked, credits, said=said)
    if wrong:
        grading = replace(grading, misconceptions=(an_assertion(asked),))
    says = [Say(who=Speaker.INTERVIEWER, kind=SayKind.QUESTION, text=asked.ask, at=at)]
    says += [Say(who=Speaker.INTERVIEWER, kind=SayKind.HINT, text="A nudge.", at=at)] * hints
    says.append(Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text="So it is.", at=at))
    turn = Turn(number=1, question=question, status=TurnStatus.GRADED, says=tuple(says), gradings=(grading,))
    return Interview(
        id=f"i{number}",
        owner="alice",
        plan=Plan(pack="pack", level=Level.MID, mode=mode, questions=1),
        status=InterviewStatus.FINISHED,
        created_at=at,
        turns=(turn,),
        queue=(),
    )


def an_assertion(question: Question) -> AssertedMisconception:
    """The question's misconception, asserted."""
    wrong = question.misconceptions[0]
    return AssertedMisconception(
        id=wrong.id, says=wrong.says, penalty=wrong.penalty, fix=wrong.fix, quote="So", said=0, start=0, end=2
    )


def regraded(interview: Interview, grading: Grading) -> Interview:
    """The interview with another grading of its turn in force."""
    turn = interview.turns[0]
    return replace(interview, turns=(replace(turn, gradings=(*turn.gradings, grading)),))


def of(points: tuple[InReview, ...], point: str) -> InReview:
    """The point of that id."""
    return next(each for each in points if each.key.point == point)


def day_of(at: datetime, days: int = 0) -> date:
    """The UTC day of a moment, and so many days later."""
    return at.date() + timedelta(days=days)


def test_a_point_that_was_always_met_does_not_come_back_and_one_that_lacked_something_does() -> None:
    """Missed and partly earned alike, on the next day; the met one has nothing to be reviewed."""
    points = fold([sitting(0, {"p1": MET, "p2": PARTLY})], NONE)
    assert {point.key.point for point in points} == {"p2", "p3"}
    assert {point.due for point in points} == {day_of(T0, 1)}


def test_the_time_away_grows_with_each_time_it_is_earned_and_falls_when_it_is_missed() -> None:
    """In days, each review on the day it is due."""
    history, day, gaps = [sitting(0, {}, day=0)], 0, []
    for number in range(1, 6):
        due = (of(fold(history, NONE), "p1").due - day_of(T0)).days
        gaps.append(due - day)
        day = due
        history.append(sitting(number, {"p1": MET}, day=day))
    assert gaps == sorted(gaps)
    assert gaps[-1] > 7 * gaps[0]
    last = of(fold(history, NONE), "p1")
    lost = of(fold([*history, sitting(9, {}, day=day + gaps[-1])], NONE), "p1")
    assert lost.stability_days < last.stability_days


def test_nobody_waits_longer_than_half_a_year() -> None:
    """However often a point was earned."""
    history, day = [sitting(0, {}, day=0)], 0
    for number in range(1, 12):
        day = (of(fold(history, NONE), "p1").due - day_of(T0)).days
        history.append(sitting(number, {"p1": MET}, day=day))
    assert (of(fold(history, NONE), "p1").due - day_of(T0)).days - day == 180


@pytest.mark.parametrize(("hints", "said"), [(1, 0), (0, 1)], ids=["hint", "probe"])
def test_a_point_earned_with_help_comes_back_sooner(hints: int, said: int) -> None:
    """A hint or a probe makes `met` a hard one; alone it brings nothing into review."""
    alone = fold([sitting(0, {}), sitting(1, {"p1": MET})], NONE)
    with_help = fold([sitting(0, {}), sitting(1, {"p1": MET}, hints=hints, said=said)], NONE)
    assert of(with_help, "p1").stability_days < of(alone, "p1").stability_days
    assert fold([sitting(0, {"p1": MET, "p2": MET, "p3": MET}, hints=hints, said=said)], NONE) == ()


def test_days_count_not_hours() -> None:
    """Missed in the evening, it is due on the next morning, and answering then is a day later, not the same day."""
    evening = sitting(0, {})
    turn = evening.turns[0]
    late = tuple(replace(say, at=T0.replace(hour=23)) for say in turn.says)
    evening = replace(evening, turns=(replace(turn, says=late),))
    assert fold([evening], NONE)[0].due == day_of(T0, 1)
    assert of(fold([evening, sitting(1, {"p1": MET})], NONE), "p1").stability_days == pytest.approx(
        of(fold([sitting(0, {}), sitting(1, {"p1": MET})], NONE), "p1").stability_days
    )


def test_a_mark_that_changes_changes_what_comes_back() -> None:
    """A regrade or a person's decision counts from the day of the answer; the old mark leaves no trace."""
    missed = sitting(0, {})
    better = a_grading(QUESTIONS["q1"], {"p1": MET})
    by_person = replace(better, provenance=Provenance(grader=GraderKind.HUMAN, bank="test", milliseconds=0))
    for grading in (better, by_person):
        later = replace(grading, graded_at=T0 + timedelta(days=40))
        points = fold([regraded(missed, later)], NONE)
        assert {point.key.point for point in points} == {"p2", "p3"}
        assert {point.due for point in points} == {day_of(T0, 1)}


def test_an_asserted_misconception_comes_back_until_an_answer_that_earns_something_is_without_it() -> None:
    """Saying nothing asserts nothing, but overcomes nothing either."""
    wrong = [sitting(0, {"p1": MET, "p2": MET, "p3": MET}, wrong=True)]
    assert [point.key.point for point in fold(wrong, NONE)] == ["m1"]
    silent = fold([*wrong, sitting(1, {})], NONE)
    assert len(of(silent, "m1").seen) == 1
    better = fold([*wrong, sitting(1, {"p1": MET})], NONE)
    assert of(better, "m1").due > day_of(T0, 1)
    again = fold([*wrong, sitting(1, {"p1": MET}, wrong=True)], NONE)
    assert of(again, "m1").stability_days < of(better, "m1").stability_days


def test_a_choice_question_comes_back_as_one() -> None:
    """Its points are its right options; a wrong choice is no misconception to be asked for by itself."""
    by_key = Provenance(grader=GraderKind.KEY, bank="test", milliseconds=0)
    chosen = sitting(0, {"p1": MET})
    grading = replace(chosen.turns[0].gradings[0], provenance=by_key, misconceptions=(an_assertion(QUESTIONS["q1"]),))
    (point,) = fold([regraded(chosen, grading)], NONE)
    assert point.key == PointKey("q1", "")
    right = replace(a_grading(QUESTIONS["q1"], {"p1": MET, "p2": MET, "p3": MET}), provenance=by_key)
    (known,) = fold([regraded(chosen, grading), regraded(sitting(1, {}), right)], NONE)
    assert known.due > day_of(T0, 1)
    assert fold([regraded(chosen, right)], NONE) == ()


def test_points_that_state_the_same_are_one_and_count_for_one_another() -> None:
    """Missed here, met there: it is away for longer, and shown where it was missed."""
    points = fold([sitting(0, {"p2": MET, "p3": MET}), sitting(1, {"p3": MET}, question="q2")], SAME)
    shared = next(point for point in points if point.key == PointKey("q1", "p1"))
    assert [seen.key for seen in shared.seen] == [PointKey("q1", "p1"), PointKey("q2", "p3")]
    assert shared.last_question == "q2"
    assert len(fold([sitting(0, {"p2": MET, "p3": MET}), sitting(1, {"p1": MET, "p2": MET}, question="q2")], SAME)) == 1


def test_an_unfinished_mock_interview_gives_nothing_away() -> None:
    """What may not be seen yet is not in review."""
    mock = sitting(0, {}, mode=Mode.MOCK)
    assert fold([replace(mock, status=InterviewStatus.OPEN)], NONE) == ()
    assert fold([mock], NONE) != ()


HISTORIES = st.lists(
    st.builds(
        lambda number, question, credits, day, wrong, hints: (number, question, credits, day, wrong, hints),
        st.integers(0, 10**6),
        st.sampled_from(sorted(QUESTIONS)),
        st.dictionaries(st.sampled_from(["p1", "p2", "p3"]), st.sampled_from([MET, PARTLY, MISSED])),
        st.integers(0, 400),
        st.booleans(),
        st.integers(0, 2),
    ),
    max_size=8,
    unique_by=lambda each: each[0],
).map(
    lambda rows: [
        sitting(number, credits, question=question, day=day, wrong=wrong, hints=hints)
        for number, question, credits, day, wrong, hints in rows
    ]
)


@given(HISTORIES, st.randoms(use_true_random=False), st.sampled_from([NONE, SAME]))
def test_the_order_of_the_history_does_not_matter(history: list[Interview], random: Random, same: SamePoints) -> None:
    """The same gradings give the same state, however they come and however often it is folded."""
    shuffled = list(history)
    random.shuffle(shuffled)
    assert fold(shuffled, same) == fold(history, same) == fold(tuple(history), same)


@given(HISTORIES, st.sampled_from([NONE, SAME]))
def test_every_point_in_review_lacked_something_first_and_comes_back_within_half_a_year(
    history: list[Interview], same: SamePoints
) -> None:
    """After it was asked for last, and each point once."""
    points = fold(history, same)
    for point in points:
        assert point.seen[0].lacked
        assert [seen.at for seen in point.seen] == sorted(seen.at for seen in point.seen)
        assert 1 <= (point.due - day_of(point.seen[-1].at)).days <= 180
        assert point.stability_days > 0
    names = [same.group(point.key)[0] for point in points]
    assert len(names) == len(set(names))
    assert list(points) == sorted(points, key=lambda point: (point.due, point.key))


@given(HISTORIES, st.data())
def test_a_deleted_interview_leaves_no_trace(history: list[Interview], data: st.DataObject) -> None:
    """What is folded without it is what would be, had it never been."""
    gone = data.draw(st.sampled_from(history)) if history else None
    rest = [interview for interview in history if interview is not gone]
    assert all(seen.interview != (gone.id if gone else "") for point in fold(rest, SAME) for seen in point.seen)


# ---- drawing


def drawn(history: list[Interview], same: SamePoints = NONE, *, count: int = 5, seed: int = 0) -> tuple[str, ...]:
    """Questions for all that is in review, on the day the first of it is due."""
    points = fold(history, same)
    today = min((point.due for point in points), default=day_of(T0))
    return draw(points, QUESTIONS.get, same, today=today, count=count, seed=seed)


def test_the_question_that_asks_most_of_what_is_due_comes_first() -> None:
    """And no more than it takes, or than were asked for."""
    history = [sitting(0, {"p1": MET, "p2": MET}), sitting(1, {"p1": MET}, question="q2")]
    assert drawn(history) == ("q2", "q1")
    assert drawn(history, count=1) == ("q2",)
    assert drawn([]) == ()


def test_what_has_waited_longest_is_not_put_off_by_what_is_more() -> None:
    """One point that is due for five days comes before three that are due today."""
    history = [sitting(0, {"p1": MET, "p2": MET}), sitting(5, {}, question="q2")]
    points = fold(history, NONE)
    today = draw(points, QUESTIONS.get, NONE, today=day_of(T0, 6), count=1, seed=0)
    assert today == ("q1",)
    assert draw(points, QUESTIONS.get, NONE, today=day_of(T0, 1), count=1, seed=0) == ("q2",)


def test_a_different_question_is_drawn_for_the_same_point_the_nearest_in_level_first() -> None:
    """Missed in q1 (mid): q3 (mid) before q2 (senior); asked there, another again."""
    history = [sitting(0, {"p2": MET, "p3": MET})]
    assert {drawn(history, SAME, seed=seed) for seed in range(20)} == {("q3",)}
    after = [*history, sitting(1, {"p1": MET, "p3": MET, "p2": PARTLY}, question="q3")]
    assert {drawn(after, SAME, seed=seed) for seed in range(20)} == {("q1",)}


def test_the_same_question_comes_again_where_there_is_no_other() -> None:
    """Also where the other has left the bank, or its point has."""
    history = [sitting(0, {"p2": MET, "p3": MET})]
    assert drawn(history) == ("q1",)
    (point,) = fold(history, SAME)
    assert [q.id for q in holders(point, {"q1": QUESTIONS["q1"]}.get, SAME)] == ["q1"]
    thin = {"q1": QUESTIONS["q1"], "q3": a_question("q3", points=1)}
    assert [q.id for q in holders(point, thin.get, SAME)] == ["q1"]
    nothing: dict[str, Question] = {}
    assert holders(point, nothing.get, SAME) == ()


@given(HISTORIES, st.integers(1, 6), st.integers())
def test_a_draw_is_determined_by_seed_and_history_and_asks_only_what_is_in_review(
    history: list[Interview], count: int, seed: int
) -> None:
    """No question twice, none in vain."""
    questions = drawn(history, SAME, count=count, seed=seed)
    assert questions == drawn(history, SAME, count=count, seed=seed)
    assert len(set(questions)) == len(questions) <= count
    points = fold(history, SAME)
    held = [{q.id for q in holders(point, QUESTIONS.get, SAME)} for point in points]
    assert all(any(question in each for each in held) for question in questions)
    if len(questions) < count:
        assert all(each & set(questions) for each in held)


def test_due_is_what_comes_back_on_a_day_or_should_have_before() -> None:
    """Late ones stay due."""
    points = fold([sitting(0, {})], NONE)
    assert due_on(points, day_of(T0)) == ()
    assert due_on(points, day_of(T0, 1)) == due_on(points, day_of(T0, 90)) == points


async def test_the_history_is_all_of_it_oldest_first_and_nobody_elses(store: SqlStore) -> None:
    """Not only what the start page lists."""
    mine = [sitting(number, {}) for number in range(60)]
    for interview in reversed(mine):
        await store.add(interview)
    await store.add(replace(sitting(99, {}), owner="bob"))
    assert await store.histories.of("alice") == mine
    assert await store.histories.of("nobody") == []
