"""Progress: what is compared with what, and that every figure counts the answers it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.domain import (
    GraderKind,
    Grading,
    Interview,
    InterviewStatus,
    Level,
    Mode,
    Provenance,
    Say,
    SayKind,
    Speaker,
    Turn,
    TurnStatus,
)
from interviewer.graders import Grader
from interviewer.progress import Cell, Counts, Sitting, Streak, progress, streak
from tests.builders import T0, a_grading, a_question, an_interview

FUZZY, KEY = Grader(kind=GraderKind.FUZZY), Grader(kind=GraderKind.KEY)
MODEL, OTHER = (Grader(kind=GraderKind.LLM, model=name) for name in ("m1", "m2"))
HUMAN = Grader(kind=GraderKind.HUMAN)
QUESTIONS = {
    "a": a_question("a", topic="basics"),
    "b": a_question("b", topic="testing"),
    "c": a_question("c", topic="basics", level=Level.SENIOR),
}
TODAY = T0.date()
DAYS = st.sets(st.integers(0, 40).map(lambda days: TODAY - timedelta(days=days)))


def by(score: int, *graders: Grader) -> tuple[Grading, ...]:
    """Gradings with that score, by one grader after the other."""
    return tuple(
        replace(
            a_grading(QUESTIONS["a"], {}),
            score=score,
            provenance=Provenance(grader=grader.kind, model=grader.model, bank="test", milliseconds=1),
        )
        for grader in graders
    )


def turn(question: str, *gradings: Grading, status: TurnStatus = TurnStatus.GRADED, at: datetime = T0) -> Turn:
    """A turn that was answered, unless it was skipped."""
    asked = Say(who=Speaker.INTERVIEWER, kind=SayKind.QUESTION, text="?", at=at)
    said = Say(who=Speaker.CANDIDATE, kind=SayKind.ANSWER, text="Words.", at=at)
    says = (asked,) if status is TurnStatus.SKIPPED else (asked, said)
    return Turn(number=1, question=question, status=status, says=says, gradings=gradings)


def sitting(
    *turns: Turn,
    at: datetime = T0,
    mode: Mode = Mode.PRACTICE,
    pack: str = "pack",
    status: InterviewStatus = InterviewStatus.FINISHED,
) -> Interview:
    """An interview with these turns."""
    blank = an_interview([QUESTIONS["a"]], mode=mode)
    numbered = tuple(replace(each, number=number) for number, each in enumerate(turns, 1))
    plan = replace(blank.plan, pack=pack)
    return replace(blank, id=f"{at:%d%H}-{pack}", plan=plan, turns=numbered, created_at=at, status=status)


def lines(
    interviews: Sequence[Interview], topic: str | None = None
) -> list[tuple[Sitting, Level, Grader, list[tuple[int, int]]]]:
    """The lines of the only pack: sitting, level, grader, and (score, n) of each point."""
    (pack,) = progress(interviews, QUESTIONS.get, today=TODAY, topic=topic).packs
    return [
        (each.sitting, each.level, each.grader, [(point.score, point.n) for point in each.points])
        for each in pack.series
    ]


def test_a_line_goes_from_the_oldest_sitting_to_the_newest() -> None:
    """With the mean of each, how many answers that is, the best and the latest."""
    days = [T0 + timedelta(days=number) for number in range(3)]
    played = [
        sitting(turn("b", *by(90, FUZZY)), at=days[1]),
        sitting(turn("a", *by(60, FUZZY)), at=days[2]),
        sitting(turn("a", *by(40, FUZZY)), turn("b", *by(51, FUZZY)), at=days[0]),
    ]
    assert lines(played) == [(Sitting.INTERVIEW, Level.MID, FUZZY, [(46, 2), (90, 1), (60, 1)])]
    (pack,) = progress(played, QUESTIONS.get, today=TODAY).packs
    (line,) = pack.series
    assert (line.best.score, line.latest.score, line.n) == (90, 60, 4)
    assert (line.best.interview, line.best.at) == (played[0].id, days[1])


def test_graders_are_never_in_one_line_nor_in_one_cell() -> None:
    """Also not two models; those who marked the most come first."""
    played = sitting(
        turn("a", *by(10, FUZZY)), turn("a", *by(90, MODEL)), turn("a", *by(70, OTHER)), turn("b", *by(50, MODEL))
    )
    assert lines([played]) == [
        (Sitting.INTERVIEW, Level.MID, FUZZY, [(10, 1)]),
        (Sitting.INTERVIEW, Level.MID, MODEL, [(70, 2)]),
        (Sitting.INTERVIEW, Level.MID, OTHER, [(70, 1)]),
    ]
    (pack,) = progress([played], QUESTIONS.get, today=TODAY).packs
    assert [(count.grader, count.n) for count in pack.graders] == [(MODEL, 2), (FUZZY, 1), (OTHER, 1)]
    assert {(cell.topic, cell.grader, cell.score, cell.n) for cell in pack.cells} == {
        ("basics", FUZZY, 10, 1),
        ("basics", MODEL, 90, 1),
        ("basics", OTHER, 70, 1),
        ("testing", MODEL, 50, 1),
    }


def test_a_mark_that_a_person_decided_counts_with_the_grader_of_the_rest() -> None:
    """At the score it has since."""
    played = sitting(turn("a", *by(40, MODEL), *by(80, HUMAN)))
    assert lines([played]) == [(Sitting.INTERVIEW, Level.MID, MODEL, [(80, 1)])]


def test_the_newest_grading_is_the_one_in_force() -> None:
    """What the offline grader marked and the model then marked again is the model's."""
    assert lines([sitting(turn("a", *by(40, FUZZY), *by(80, MODEL)))]) == [
        (Sitting.INTERVIEW, Level.MID, MODEL, [(80, 1)])
    ]


def test_kinds_of_sittings_have_lines_of_their_own() -> None:
    """Practice and mock interviews go on in one."""
    played = [
        sitting(turn("a", *by(50, KEY if mode in (Mode.CHECK, Mode.EXAM) else FUZZY)), mode=mode) for mode in Mode
    ]
    found = lines([replace(each, id=each.plan.mode) for each in played])
    assert [(kind, by_whom, len(points)) for kind, _, by_whom, points in found] == [
        (Sitting.INTERVIEW, FUZZY, 2),
        (Sitting.REVIEW, FUZZY, 1),
        (Sitting.CHECK, KEY, 1),
        (Sitting.EXAM, KEY, 1),
    ]


def test_packs_are_never_mixed() -> None:
    """The one that was practised last comes first."""
    played = [
        sitting(turn("a", *by(10, FUZZY)), pack="one"),
        sitting(turn("a", *by(90, FUZZY)), pack="two", at=T0 + timedelta(days=1)),
    ]
    found = progress(played, QUESTIONS.get, today=TODAY).packs
    assert [(pack.pack, pack.series[0].latest.score) for pack in found] == [("two", 90), ("one", 10)]


def test_an_answer_counts_at_the_level_of_its_question() -> None:
    """Where the level followed the answers, one sitting has a point in several lines."""
    played = sitting(turn("a", *by(40, FUZZY)), turn("c", *by(80, FUZZY)))
    assert [(each[1], each[3]) for each in lines([played])] == [(Level.MID, [(40, 1)]), (Level.SENIOR, [(80, 1)])]


def test_lines_can_be_of_one_topic() -> None:
    """The map and the graders stay those of all."""
    played = sitting(turn("a", *by(40, FUZZY)), turn("b", *by(80, FUZZY)), turn("b", status=TurnStatus.SKIPPED))
    assert lines([played], "testing") == [(Sitting.INTERVIEW, Level.MID, FUZZY, [(80, 1)])]
    (pack,) = progress([played], QUESTIONS.get, today=TODAY, topic="testing").packs
    assert pack.counts == Counts(graded=1, skipped=1)
    assert len(pack.cells) == 2
    assert pack.graders[0].n == 2
    assert lines([played], "database") == []


def test_a_question_that_left_the_bank_keeps_its_score() -> None:
    """At the level that was chosen, under no topic."""
    played = sitting(turn("gone", *by(40, FUZZY)))
    assert lines([played]) == [(Sitting.INTERVIEW, Level.MID, FUZZY, [(40, 1)])]
    (pack,) = progress([played], QUESTIONS.get, today=TODAY).packs
    assert pack.cells == (Cell(topic=None, level=Level.MID, grader=FUZZY, score=40, n=1),)


def test_hints_are_taken_off_as_in_the_report() -> None:
    """Ten points each."""
    with_hint = turn("a", *by(60, FUZZY))
    hint = Say(who=Speaker.INTERVIEWER, kind=SayKind.HINT, text="A nudge.", at=T0)
    assert lines([sitting(replace(with_hint, says=(*with_hint.says, hint)))])[0][3] == [(50, 1)]


@pytest.mark.parametrize("mode", [Mode.MOCK, Mode.EXAM])
def test_marks_that_may_not_be_seen_yet_are_in_nothing_but_a_count(mode: Mode) -> None:
    """They come when the sitting is over."""
    played = sitting(turn("a", *by(40, FUZZY)), mode=mode, status=InterviewStatus.OPEN)
    (pack,) = progress([played], QUESTIONS.get, today=TODAY).packs
    assert (pack.series, pack.cells, pack.graders, pack.counts) == ((), (), (), Counts(later=1))
    (pack,) = progress([replace(played, status=InterviewStatus.FINISHED)], QUESTIONS.get, today=TODAY).packs
    assert pack.counts == Counts(graded=1)


def test_what_was_skipped_or_is_not_graded_is_counted_apart() -> None:
    """It is in no mean; an open question is in nothing."""
    played = sitting(
        turn("a", *by(40, FUZZY)),
        turn("a", status=TurnStatus.SKIPPED),
        turn("a", status=TurnStatus.AWAITING_GRADE),
        turn("a", *by(90, FUZZY), status=TurnStatus.AWAITING_GRADE),
        turn("a", *by(90, FUZZY), status=TurnStatus.OPEN),
    )
    assert lines([played]) == [(Sitting.INTERVIEW, Level.MID, FUZZY, [(40, 1)])]
    (pack,) = progress([played], QUESTIONS.get, today=TODAY).packs
    assert pack.counts == Counts(graded=1, skipped=1, ungraded=2)


def test_a_real_interview_shows_its_score() -> None:
    """Through the engine's own moves."""
    question = QUESTIONS["a"]
    said = engine.answer(an_interview([question]), 1, "word1 word2 word3", T0)
    graded = engine.grade(said, 1, a_grading(question, {"p3": 1.0}), questions=QUESTIONS.get, now=T0)
    done = graded if graded.status is InterviewStatus.FINISHED else engine.finish(graded, T0)
    assert lines([done]) == [(Sitting.INTERVIEW, Level.MID, FUZZY, [(50, 1)])]


# ---- the streak


def answered(*times: datetime) -> Streak:
    """The streak of answers given at these times, on the day of T0."""
    return progress([sitting(*(turn("a", at=at) for at in times))], QUESTIONS.get, today=TODAY).streak


def test_a_minute_around_midnight_is_two_days_in_utc() -> None:
    """Whatever the clock on the wall says: the day of an answer is that in UTC."""
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    late, early = midnight - timedelta(microseconds=1), midnight
    assert answered(late, early) == Streak(current=2, longest=2, days=2, last=date(2026, 11, 21))
    assert answered(early, midnight + timedelta(hours=23, minutes=59)).days == 1
    in_kolkata = midnight.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert answered(in_kolkata - timedelta(minutes=1)).last == date(2026, 11, 20)


def test_a_streak_waits_for_today() -> None:
    """It is broken when a whole day had no answer."""
    yesterday, before = T0 - timedelta(days=1), T0 - timedelta(days=2)
    assert answered(before, yesterday).current == 2
    assert answered(before, yesterday, T0).current == 3
    assert answered(before, T0).current == 1
    assert answered(before) == Streak(current=0, longest=1, days=1, last=before.date())


def test_the_night_the_clocks_change_is_a_day_like_another() -> None:
    """UTC has no summer time."""
    days = [datetime(2026, 10, 24 + number, 0, 30, tzinfo=UTC) for number in range(3)]
    assert answered(*days).longest == 3


def test_only_answers_make_a_day() -> None:
    """Not a question that was skipped."""
    skipped = sitting(turn("a", status=TurnStatus.SKIPPED))
    assert progress([skipped], QUESTIONS.get, today=TODAY).streak == Streak(current=0, longest=0, days=0, last=None)


def test_without_interviews_there_is_nothing() -> None:
    """No figure is made up."""
    nothing = progress([], QUESTIONS.get, today=TODAY)
    assert (nothing.packs, nothing.streak) == ((), Streak(current=0, longest=0, days=0, last=None))


@given(DAYS)
def test_a_streak_is_what_counting_day_by_day_gives(days: set[date]) -> None:
    """The longest row, and the one that ends today or yesterday."""
    runs, row = [0], 0
    for back in range(41, -1, -1):
        row = row + 1 if TODAY - timedelta(days=back) in days else 0
        runs.append(row)
    found = streak(days, TODAY)
    assert found.longest == max(runs)
    assert found.current == (runs[-1] or runs[-2])
    assert found.days == len(days)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 100), st.sampled_from([FUZZY, KEY, MODEL, OTHER]))))
def test_every_marked_answer_is_in_one_line_and_one_cell(answers: list[tuple[str, int, Grader]]) -> None:
    """And the means lie between the scores they are of."""
    played = [
        sitting(turn(question, *by(score, grader)), at=T0 + timedelta(hours=number))
        for number, (question, score, grader) in enumerate(answers)
    ]
    for pack in progress(played, QUESTIONS.get, today=TODAY).packs:
        assert sum(line.n for line in pack.series) == sum(cell.n for cell in pack.cells) == pack.counts.graded
        assert pack.counts.graded == len(answers)
        for cell in pack.cells:
            scores = [
                score
                for question, score, grader in answers
                if (QUESTIONS[question].topic, QUESTIONS[question].level, grader)
                == (cell.topic, cell.level, cell.grader)
            ]
            assert len(scores) == cell.n
            assert min(scores) <= cell.score <= max(scores)
