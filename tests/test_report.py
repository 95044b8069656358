"""Interview -> report: what is counted, what is told apart, what comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import engine
from interviewer.domain import GraderKind, InterviewStatus, Level, Mode, Plan, SayKind, TurnStatus, Verdict
from interviewer.report import Missed, TurnFigures, report
from interviewer.report.figures import turn_figures
from interviewer.scoring import Standing
from tests.builders import a_question, at
from tests.reports import TITLES, a_choice, an_exam, chosen, left, marked, over, reported, says

FULL = {"p1": 1.0, "p2": 1.0, "p3": 1.0}
MID = a_question("q1")
OTHER = a_question("q2", topic="testing")
SENIOR = a_question("s1", level=Level.SENIOR)
ADAPTIVE = Plan(pack="pack", level=Level.MID, adaptive=True)


def figures_of(text: str, *, is_english: bool = True) -> TurnFigures:
    """The figures of a turn with that answer."""
    said = says((SayKind.QUESTION, "Why?", 0), (SayKind.ANSWER, text, 60))
    return turn_figures(marked(1, MID, {}, said=said), is_english=is_english, begun_at=None, timed=True)


@pytest.mark.parametrize(
    ("text", "words", "fillers"),
    [
        ("It's cached, isn't it", 4, 0),
        ("Um, it is, like, cached. Ummm, you know.", 8, 5),
        ("I mean it basically, actually, works.", 6, 4),
        ("This kind of cache is kind of slow, and what sort of lock is it", 15, 2),
        ("An ER diagram, something like a table, to err is human", 11, 0),
        ("So:\n```python\nx = f(um, um)\n```\nit works", 3, 0),
        ("```\nnever closed um um", 0, 0),
        ("", 0, 0),
    ],
)
def test_words_and_fillers_are_counted_as_the_report_says(text: str, words: int, fillers: int) -> None:
    """No code, no noun behind "kind of", no ER diagram."""
    found = figures_of(text)
    assert (found.words, found.filler_words) == (words, fillers)


def test_fillers_are_a_matter_of_english() -> None:
    """ "Um" is a German word."""
    assert figures_of("Es geht um den Cache", is_english=False).filler_words is None


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["um", "Ummm,", ", like,", "kind of", "ER", "x", "-", "’"])).map(" ".join)
)
def test_no_text_has_more_fillers_than_words(text: str) -> None:
    """Whatever is typed."""
    found = figures_of(text)
    assert found.filler_words is not None
    assert 0 <= found.filler_words <= found.words


def test_the_first_word_is_dated_by_the_first_draft() -> None:
    """Where there is none it is not known; the answer is dated by when it was sent, follow-ups by theirs."""
    said = says(
        (SayKind.QUESTION, "Why?", 10),
        (SayKind.HINT, "A nudge.", 20),
        (SayKind.ANSWER, "Because.", 70),
        (SayKind.PROBE, "Why that?", 75),
        (SayKind.ANSWER, "So.", 100),
    )
    turn = marked(1, MID, {}, said=said)
    known = turn_figures(turn, is_english=True, begun_at=at(25), timed=True)
    assert (known.first_word_s, known.answer_s) == (15, 60)
    assert [(span.start_s, span.end_s, span.said) for span in known.floor] == [
        (0, 15, False),
        (15, 60, True),
        (65, 90, True),
    ]
    for begun_at in (None, at(80)):
        unknown = turn_figures(turn, is_english=True, begun_at=begun_at, timed=True)
        assert (unknown.first_word_s, unknown.answer_s) == (None, 60)


def test_talk_is_summed_with_its_counts_and_medians() -> None:
    """Only turns with words in them count as answered."""
    turns = [marked(1, MID, FULL), marked(2, OTHER, {}), left(3, MID)]
    made = report(over(turns), {"q1": MID, "q2": OTHER}.get, TITLES, begun_at={1: at(70)})
    assert (made.talk.words, made.talk.answered, made.talk.total_s) == (6, 2, 600)
    assert (made.talk.first_word_s, made.talk.first_word_n) == (10, 1)
    assert (made.talk.answer_s, made.talk.answer_n) == (30, 2)


def test_graded_skipped_waiting_and_never_asked_are_told_apart() -> None:
    """None of them is a wrong answer but the wrong answer."""
    turns = [marked(1, MID, {}), left(2, OTHER), left(3, MID, TurnStatus.AWAITING_GRADE)]
    made = reported(replace(over(turns), plan=Plan(pack="pack", level=Level.MID, questions=5)), MID, OTHER)
    assert (made.graded, made.skipped, made.ungraded, made.not_asked) == (1, 1, 1, 2)
    assert [turn.score for turn in made.turns] == [0, None, None]
    assert made.score == 0


def test_what_was_missed_is_a_line_each_mistakes_first_then_by_weight() -> None:
    """Met points are not in it."""
    made = reported(over([marked(1, MID, {"p2": 1.0, "p1": 0.5})]), MID)
    assert made.turns[0].missed == (
        Missed(verdict=Verdict.MISSED, says="Point 3 of q1"),
        Missed(verdict=Verdict.PARTLY, says="Point 1 of q1"),
    )
    choice = a_choice()
    (turn,) = reported(over([chosen(1, choice, "a", "c")]), choice).turns
    assert [lost.says for lost in turn.missed] == ["Because of c.", "Because of b."]


def test_an_open_mock_interview_shows_nothing_early() -> None:
    """No score, nothing missed, no takeaway, no option."""
    choice = a_choice()
    turns = [marked(1, MID, {}), chosen(2, choice, "a")]
    plan = Plan(pack="pack", level=Level.MID, mode=Mode.MOCK)
    made = reported(over(turns, plan=plan, status=InterviewStatus.OPEN), MID, choice)
    assert (made.score, made.topics, made.study, made.graders) == (None, (), (), ())
    for turn in made.turns:
        assert (turn.score, turn.grader, turn.missed, turn.options, turn.takeaway) == (None, None, (), (), None)


def test_several_graders_make_no_mean_of_a_topic() -> None:
    """Each gets its own, and is named with how many it marked."""
    again = a_question("q3")
    turns = [marked(1, MID, FULL, by=GraderKind.LLM), marked(2, again, {}), marked(3, OTHER, FULL), left(4, MID)]
    made = reported(over(turns), MID, again, OTHER)
    told = [(t.topic, t.grader, t.score, t.graded, t.asked) for t in made.topics]
    assert told == [
        ("basics", GraderKind.LLM, 100, 1, 2),
        ("basics", GraderKind.FUZZY, 0, 1, 1),
        ("testing", GraderKind.FUZZY, 100, 1, 1),
    ]
    assert [(g.grader, g.model, g.score, g.graded) for g in made.graders] == [
        (GraderKind.LLM, "m-1", 100, 1),
        (GraderKind.FUZZY, None, 50, 2),
    ]


def test_a_level_that_follows_the_answers_is_judged_by_its_own_turns() -> None:
    """The highest with three of them; they make the verdict, all turns the score."""
    hard = [replace(SENIOR, id=f"s{number}") for number in range(3)]
    turns = [marked(1, MID, FULL), left(2, MID), *(marked(3 + n, q, {}) for n, q in enumerate(hard))]
    made = reported(over(turns, plan=ADAPTIVE), MID, *hard)
    assert (made.verdict.level, made.verdict.score, made.verdict.graded) == (Level.SENIOR, 0, 3)
    assert made.verdict.standing is Standing.NOT_YET
    assert made.score == 25
    assert [(at_.level, at_.score, at_.graded, at_.asked) for at_ in made.levels] == [
        (Level.MID, 100, 1, 2),
        (Level.SENIOR, 0, 3, 3),
    ]
    assert [(step.turn, step.level) for step in made.route] == [(1, Level.MID), (3, Level.SENIOR)]


def test_harder_answers_count_for_the_level_below_and_two_are_too_few() -> None:
    """Two at each of three levels are four at mid level or above."""
    two = reported(over([marked(1, MID, FULL), marked(2, SENIOR, FULL)], plan=ADAPTIVE), MID, SENIOR)
    assert (two.verdict.level, two.verdict.standing) == (Level.MID, Standing.TOO_LITTLE)
    asked = [a_question(f"{level}{n}", level=level) for level in Level for n in range(2)]
    six = reported(over([marked(n, q, FULL) for n, q in enumerate(asked, 1)], plan=ADAPTIVE), *asked)
    assert (six.verdict.level, six.verdict.standing, six.verdict.graded) == (Level.MID, Standing.AT_LEVEL, 4)


def test_an_interview_at_one_level_has_no_levels_to_tell() -> None:
    """And is judged at its plan's."""
    made = reported(over([marked(1, MID, FULL)]), MID)
    assert (made.levels, made.route, made.verdict.level) == ((), (), Level.MID)


def test_an_exam_counts_what_has_no_answer_as_nothing() -> None:
    """And is passed from its mark."""
    choice, other = a_choice("c1"), a_choice("c2")
    passed = reported(an_exam(chosen(1, choice, "a", "b"), chosen(2, other, "a"), pass_mark=75), choice, other)
    assert passed.exam
    assert (passed.score, passed.exam.passed, passed.exam.unanswered) == (75, True, 0)
    failed = reported(an_exam(chosen(1, choice, "a", "b"), left(2, other)), choice, other)
    assert failed.exam
    assert (failed.score, failed.exam.passed, failed.exam.unanswered) == (50, False, 1)
    assert [item.gain for item in failed.study] == [50]
    assert reported(an_exam(left(1, choice), pass_mark=None), choice).exam == replace(
        failed.exam, score=0, pass_mark=None, passed=None, asked=1, unanswered=1
    )


def test_a_choice_question_is_told_with_its_options_and_why() -> None:
    """Chosen or not, right or not, as they were shown; its time among many open at once says nothing."""
    choice = a_choice()
    sat = an_exam(chosen(1, choice, "a", "c"))
    (turn,) = reported(sat, choice).turns
    assert [o.id for o in turn.options] == [o.id for o in engine.shown_options(sat.plan, choice)]
    assert sorted((o.id, o.chosen, o.correct, o.why) for o in turn.options) == [
        ("a", True, True, "Because of a."),
        ("b", False, True, "Because of b."),
        ("c", True, False, "Because of c."),
        ("d", False, False, "Because of d."),
    ]
    assert (turn.figures.words, turn.figures.answer_s, turn.figures.floor) == (0, None, ())


def test_the_study_plan_begins_with_what_would_raise_the_score_most() -> None:
    """With the analogy; what was skipped comes last, what is full not at all."""
    worst = replace(OTHER, analogy="As with a library card.")
    turns = [marked(1, MID, {"p3": 1.0}), left(2, SENIOR), marked(3, worst, {}), marked(4, a_question("q4"), FULL)]
    made = reported(over(turns), MID, SENIOR, worst, a_question("q4"))
    assert [(item.turn, round(item.gain)) for item in made.study] == [(3, 33), (1, 17), (2, 0)]
    assert made.study[0].analogy == "As with a library card."
    assert made.study[0].learn == ("Point 3 of q2", "Point 2 of q2", "Point 1 of q2")


def test_a_question_that_has_left_the_bank_keeps_its_score() -> None:
    """Without topic, level and kind."""
    made = reported(over([marked(1, MID, FULL)], plan=ADAPTIVE))
    assert (made.score, made.topics[0].topic, made.turns[0].level, made.levels) == (100, "other", None, ())


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in (Mode.PRACTICE, Mode.MOCK)])
def test_what_draws_from_all_levels_is_judged_against_none(mode: Mode) -> None:
    """Not even where all of it was answered well; the score stands alone, as an exam's does beside its pass mark."""
    questions = [a_question(f"q{n}", level=level) for n, level in enumerate(Level)]
    turns = [marked(n, question, FULL) for n, question in enumerate(questions, 1)]
    made = reported(over(turns, plan=Plan(pack="pack", level=Level.MID, mode=mode)), *questions)
    assert (made.score, made.verdict.standing, made.verdict.score) == (100, Standing.NOT_JUDGED, None)
    assert (made.verdict.graded, made.verdict.asked) == (3, 3)
