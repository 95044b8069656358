"""Disputes: a candidate contests a mark, a person settles it, and a grading may follow. Core, store and conductor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from interviewer import disputes, engine
from interviewer.disputes import COMMENT_CHARS, Ruling, by_people, made_by
from interviewer.domain import (
    AssertedMisconception,
    Dispute,
    DisputeStatus,
    GraderKind,
    Grading,
    Interview,
    Mark,
    Mode,
    Provenance,
    SayKind,
    UngradedReason,
    Verdict,
)
from interviewer.errors import (
    AlreadySettled,
    OutOfTurn,
    QuoteNotFound,
    UnknownChoice,
    UnusableComment,
)
from interviewer.grading import calibration
from interviewer.grading.assemble import assemble
from interviewer.grading.rows import parse_row
from interviewer.report import report
from interviewer.scoring import turn_score
from interviewer.web import words
from tests.builders import T0, a_question, an_interview, at

QUESTION = a_question("q1")
ANSWER = "The first word is alpha one. The second is beta two. It is wrongly done, as I wrote."
MADE = Provenance(
    grader=GraderKind.LLM,
    bank="r7",
    milliseconds=90,
    model="a-model",
    prompt="grade@1",
    tokens_in=900,
    tokens_out=80,
)
MET, PARTLY, MISSED, CONTRADICTED = Verdict.MET, Verdict.PARTLY, Verdict.MISSED, Verdict.CONTRADICTED


def graded(*, mode: Mode = Mode.PRACTICE, made: Provenance = MADE) -> Interview:
    """An interview that is over: p1 met by a quote, p2 and p3 missed, m1 asserted."""
    marks = [Mark(point=p.id, says=p.says, weight=p.weight, verdict=MISSED, credit=0.0) for p in QUESTION.points]
    marks[0] = replace(marks[0], verdict=MET, credit=1.0, quote="alpha one", start=18, end=27, reason="You name it.")
    wrong = AssertedMisconception(
        id="m1", says="It is wrong", penalty=20, fix="It is right.", quote="wrongly done", said=0, start=60, end=72
    )
    grading = assemble(marks, [wrong], provenance=made, graded_at=T0, notes=("A note.",))
    said = engine.answer(an_interview([QUESTION], mode=mode), 1, ANSWER, at(1))
    marked = engine.grade(said, 1, grading, questions=lambda _id: None, now=at(2))
    return marked if marked.finished_at else engine.finish(marked, at(3))


def contested(
    interview: Interview, point: str = "p2", comment: str = "I said it.", *, before: Sequence[Dispute] = ()
) -> Dispute:
    """An objection to a mark of the first turn."""
    return disputes.contest(interview, 1, point, comment, before=before, dispute_id=f"d{len(before) + 1}", now=at(10))


def settled(interview: Interview, dispute: Dispute, ruling: Ruling) -> tuple[Interview, Dispute]:
    """The interview and the dispute after a person's decision."""
    made = disputes.settle(interview.turns[0], dispute, ruling, at(20))
    if made.grading is None:
        return interview, made.dispute
    return engine.grade(interview, 1, made.grading, questions=lambda _id: None, now=at(20)), made.dispute


def in_force(interview: Interview) -> Grading:
    """The grading of the first turn."""
    grading = interview.turns[0].grading
    assert grading
    return grading


# ---- contesting


def test_an_objection_remembers_whose_mark_it_contests_and_changes_nothing() -> None:
    """Point or mistake."""
    interview = graded()
    assert contested(interview) == Dispute(
        id="d1",
        interview="i1",
        turn=1,
        point="p2",
        comment="I said it.",
        verdict=MISSED,
        grader=GraderKind.LLM,
        model="a-model",
        at=at(10),
        status=DisputeStatus.OPEN,
        decision=None,
    )
    assert contested(interview, "m1").verdict is CONTRADICTED
    assert interview == graded()


def test_an_open_objection_gets_the_new_comment_and_keeps_its_id() -> None:
    """One open dispute for a point; another point has its own."""
    first = contested(graded())
    again = contested(graded(), comment="Better words.", before=[first])
    assert (again.id, again.comment) == ("d1", "Better words.")
    assert contested(graded(), "p3", before=[first]).id == "d2"


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("", "no words"),
        (" \n\t ", "no words"),
        ("\u200b", "no words"),
        ("x" * (COMMENT_CHARS + 1), "1,001 characters; at most 1,000"),
    ],
    ids=["empty", "blank", "invisible", "long"],
)
def test_an_objection_has_words_and_not_too_many(comment: str, says: str) -> None:
    """From 1 to 1,000 characters."""
    with pytest.raises(UnusableComment, match=says):
        contested(graded(), comment=comment)
    assert len(contested(graded(), comment="x" * COMMENT_CHARS).comment) == COMMENT_CHARS


def test_an_objection_is_cleaned_as_answers_are() -> None:
    """Ends trimmed, line ends made uniform, what no page can hold replaced."""
    assert contested(graded(), comment="  a\r\nb\0c\ud800 ").comment == "a\nb�c�"


def test_only_marks_that_may_be_seen_and_are_there_can_be_contested() -> None:
    """Not of an open question, not in a mock interview that goes on, not of another rubric."""
    asked = an_interview([QUESTION])
    with pytest.raises(OutOfTurn, match="not out yet"):
        contested(engine.answer(asked, 1, ANSWER, at(1)))
    mock = replace(graded(mode=Mode.MOCK), status=asked.status, finished_at=None)
    with pytest.raises(OutOfTurn, match="not out yet"):
        contested(mock)
    with pytest.raises(OutOfTurn, match="no marks"):
        contested(engine.finish(asked, at(1)))
    with pytest.raises(UnknownChoice, match="no such point"):
        contested(graded(), "p9")
    with pytest.raises(OutOfTurn, match="no question 7"):
        disputes.contest(graded(), 7, "p1", "Yes.", before=(), dispute_id="d1", now=T0)


def test_what_a_person_decided_is_contested_anew_only_once_the_mark_has_changed() -> None:
    """Otherwise it would never end."""
    interview, first = settled(graded(), contested(graded()), Ruling(verdict=MISSED, reason="Not in it."))
    with pytest.raises(AlreadySettled, match="when it changes"):
        contested(interview, before=[first])
    marks = [replace(mark, verdict=CONTRADICTED) if mark.point == "p2" else mark for mark in in_force(interview).marks]
    again = replace(in_force(interview), marks=tuple(marks))
    changed = engine.grade(interview, 1, again, questions=lambda _id: None, now=at(30))
    assert contested(changed, before=[first]).id == "d2"


# ---- settling


def test_a_decision_against_the_mark_gives_a_grading_by_a_person() -> None:
    """All else as it was: other marks, mistakes, notes, bank revision; the score is computed, the old grading stays."""
    before = graded()
    after, dispute = settled(
        before, contested(before), Ruling(verdict=MET, reason="He names it.", quote="BETA  two", by="Ada\n")
    )
    assert dispute.status is DisputeStatus.UPHELD
    grading = in_force(after)
    assert after.turns[0].gradings[0] == in_force(before)
    assert grading.marks[1] == replace(
        in_force(before).marks[1], verdict=MET, credit=1.0, quote="beta two", start=43, end=51, reason="He names it."
    )
    assert (grading.marks[0], grading.marks[2]) == (in_force(before).marks[0], in_force(before).marks[2])
    assert (grading.misconceptions, grading.notes) == (in_force(before).misconceptions, ("A note.",))
    assert (in_force(before).score, grading.score) == (0, 30)  # (1 + 2) of 6, less 20
    assert grading.strengths == ("Point 1 of q1", "Point 2 of q1")
    assert grading.improve == ("It is right.", "Point 3 of q1")
    made = grading.provenance
    assert (made.grader, made.by, made.bank, made.model, made.milliseconds) == (
        GraderKind.HUMAN,
        "Ada",
        "r7",
        "a-model",
        0,
    )
    assert (made.tokens_in, made.tokens_out) == (None, None)


@pytest.mark.parametrize(
    ("verdict", "credit", "score"), [(MET, 1.0, 30), (PARTLY, 0.5, 13), (MISSED, 0.0, 0), (CONTRADICTED, 0.0, 0)]
)
def test_a_verdict_by_a_person_is_worth_what_a_model_s_is(verdict: Verdict, credit: float, score: int) -> None:
    """1, a half, nothing, nothing; `missed` again changes nothing."""
    after, dispute = settled(graded(), contested(graded()), Ruling(verdict=verdict, reason="So.", quote="beta two"))
    assert (in_force(after).marks[1].credit, in_force(after).score) == (credit, score)
    assert dispute.status is (DisputeStatus.REJECTED if verdict is MISSED else DisputeStatus.UPHELD)
    assert len(after.turns[0].gradings) == (1 if verdict is MISSED else 2)


def test_a_point_said_after_a_follow_up_counts_less_for_a_person_too() -> None:
    """The quote tells where it was said."""
    interview = graded()
    (answer,) = (say for say in interview.turns[0].says if say.kind is SayKind.ANSWER)
    says = (*interview.turns[0].says, replace(answer, text="Later: gamma three."))
    interview = replace(interview, turns=(replace(interview.turns[0], says=says),))
    after, _ = settled(interview, contested(interview, "p3"), Ruling(verdict=MET, reason="Yes.", quote="gamma three"))
    assert in_force(after).marks[2].said == 1
    assert in_force(after).score == 34  # (1 + 3 x 0.75) of 6, less 20


@pytest.mark.parametrize("verdict", [MET, PARTLY])
@pytest.mark.parametrize(
    ("quote", "says"), [(None, "only with the candidate's own words"), ("gamma three", "do not stand"), ("a", "stand")]
)
def test_a_person_credits_nothing_without_words_that_stand_in_the_answer(
    verdict: Verdict, quote: str | None, says: str
) -> None:
    """Promise 1 holds for people too."""
    with pytest.raises(QuoteNotFound, match=says):
        settled(graded(), contested(graded()), Ruling(verdict=verdict, reason="I know him.", quote=quote))


def test_a_credit_that_is_only_cut_keeps_its_quote() -> None:
    """Met to partly: the words are still those."""
    after, _ = settled(graded(), contested(graded(), "p1"), Ruling(verdict=PARTLY, reason="Half of it."))
    assert in_force(after).marks[0].quote == "alpha one"


def test_a_mistake_that_was_none_is_taken_back_with_its_penalty() -> None:
    """And left where a person finds it asserted; it is not a point that could be met."""
    interview = graded()
    dispute = contested(interview, "m1")
    after, upheld = settled(interview, dispute, Ruling(verdict=MISSED, reason="He reports it."))
    assert (upheld.status, in_force(after).misconceptions, in_force(after).score) == (DisputeStatus.UPHELD, (), 17)
    kept, rejected = settled(interview, dispute, Ruling(verdict=CONTRADICTED, reason="He says so."))
    assert (rejected.status, kept) == (DisputeStatus.REJECTED, interview)
    with pytest.raises(UnknownChoice, match="asserted"):
        settled(interview, dispute, Ruling(verdict=MET, reason="No.", quote="wrongly done"))


def test_a_decision_holds_whatever_a_grader_made_of_it_in_the_meantime() -> None:
    """Marked again since it was contested: the mark in force counts, the words are about the one contested."""
    interview = graded()
    dispute, wrong = contested(interview), contested(interview, "m1", before=[])
    marks = [replace(mark, verdict=MET, credit=1.0, quote="beta two") for mark in in_force(interview).marks]
    again = assemble(marks, (), provenance=MADE, graded_at=T0)
    moved = engine.grade(interview, 1, again, questions=lambda _id: None, now=at(15))
    after, upheld = settled(moved, dispute, Ruling(verdict=MET, reason="Yes."))
    assert (upheld.status, after) == (DisputeStatus.UPHELD, moved)
    after, rejected = settled(moved, dispute, Ruling(verdict=MISSED, reason="No."))
    assert (rejected.status, in_force(after).marks[1].verdict) == (DisputeStatus.REJECTED, MISSED)
    after, rejected = settled(moved, wrong, Ruling(verdict=CONTRADICTED, reason="He does say it."))
    assert in_force(after).misconceptions == in_force(interview).misconceptions


def test_a_decision_needs_a_reason_and_is_made_once() -> None:
    """The candidate reads it."""
    with pytest.raises(UnusableComment, match="reason has no words"):
        settled(graded(), contested(graded()), Ruling(verdict=MISSED, reason=" "))
    after, dispute = settled(graded(), contested(graded()), Ruling(verdict=MISSED, reason="No.", by="Ada"))
    with pytest.raises(AlreadySettled, match="by Ada as missed on 2026-11-21"):
        settled(after, dispute, Ruling(verdict=MET, reason="Yes.", quote="beta two"))


# ---- what is said of it


def test_the_words_say_which_marks_are_a_person_s() -> None:
    """Of two decisions both; where nothing was decided, only who marked."""
    interview = graded()
    assert words.marked_by(interview.turns[0]) == "marked by a-model"
    one, _ = settled(interview, contested(interview), Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    assert words.marked_by(one.turns[0]) == "marked by a-model, point 2 by a person"
    two, _ = settled(one, contested(one, "m1"), Ruling(verdict=MISSED, reason="Yes."))
    assert words.marked_by(two.turns[0]) == "marked by a-model, point 2 and a mistake by a person"
    three, _ = settled(two, contested(two, "p3"), Ruling(verdict=PARTLY, reason="Yes.", quote="beta two"))
    assert words.decided_words(three.turns[0]) == "points 2 and 3 and a mistake by a person"
    assert by_people(three.turns[0]) == {"p2", "p3", "m1"}
    assert made_by(three.turns[0]) == in_force(interview)


def test_the_words_of_an_estimate_with_a_decision_say_both() -> None:
    """A model that was not reached does not come into it any more."""
    made = replace(MADE, grader=GraderKind.FUZZY, model=None, fallback=UngradedReason.TIMED_OUT)
    interview = graded(made=made)
    after, _ = settled(interview, contested(interview), Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    assert words.marked_by(after.turns[0]) == "marked offline, point 2 by a person"


def test_the_report_counts_it_neither_as_an_estimate_nor_as_the_model_s_alone() -> None:
    """It has a count of its own."""
    interview = graded(made=replace(MADE, grader=GraderKind.FUZZY, model=None))
    before = report(interview, {"q1": QUESTION}.get, {})
    assert (before.graded, before.estimated, before.decided) == (1, 1, 0)
    after, _ = settled(interview, contested(interview), Ruling(verdict=MET, reason="Yes.", quote="beta two"))
    made = report(after, {"q1": QUESTION}.get, {})
    assert (made.graded, made.estimated, made.decided) == (1, 0, 1)
    assert made.verdict.score == turn_score(after.turns[0]) == 30


# ---- the calibration set


def test_a_row_holds_the_person_s_marks_and_the_score_they_make() -> None:
    """Rubric, answer and misconceptions as the graders take them; whose answer it was is not said."""
    interview = graded()
    first, mistake = contested(interview), contested(interview, "m1", before=[contested(interview)])
    after, first = settled(interview, first, Ruling(verdict=PARTLY, reason="Half.", quote="beta two", by="Ada"))
    after, mistake = settled(after, mistake, Ruling(verdict=MISSED, reason="He reports it."))
    made = calibration.row(after.turns[0], [first, mistake], QUESTION, after.plan.level)
    row = parse_row(_json(made))
    assert (row.id, row.group, row.level, row.answers) == ("d1", "q1", "mid", (ANSWER,))
    assert (row.score, row.marks) == (0.33, {"p2": 0.5})
    (question,) = row.questions
    assert (question.ask, question.reference) == (QUESTION.ask, QUESTION.reference)
    assert [(p.id, p.says, p.weight, p.cues) for p in question.points] == [
        (p.id, p.says, p.weight, p.cues) for p in QUESTION.points
    ]
    assert question.misconceptions == QUESTION.misconceptions
    text = _json(made)
    assert "alice" not in text
    assert "i1" not in text.replace('"id": "', "")
    assert [given["status"] for given in _list(made["disputes"])] == ["upheld", "upheld"]
    assert _list(made["disputes"])[0]["decision"]["by"] == "Ada"


def test_a_row_of_a_question_that_left_the_bank_rests_on_its_marks() -> None:
    """What only the bank knows is left out."""
    interview = graded()
    _, dispute = settled(interview, contested(interview), Ruling(verdict=MISSED, reason="No."))
    made = calibration.row(interview.turns[0], [dispute], None, interview.plan.level)
    assert "reference" not in made
    row = parse_row(_json(made))
    assert (row.score, row.marks, row.questions[0].ask) == (0.0, {"p2": 0.0}, QUESTION.ask)
    assert [point.says for point in row.questions[0].points] == [point.says for point in QUESTION.points]


def test_a_row_without_a_decision_has_neither_marks_nor_score() -> None:
    """It is there to be decided."""
    made = calibration.row(graded().turns[0], [contested(graded())], QUESTION, graded().plan.level)
    row = parse_row(_json(made))
    assert (row.score, row.marks) == (None, None)


def _json(value: object) -> str:
    return json.dumps(value)


def _list(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, list)
    return value
