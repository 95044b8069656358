"""Lines of JSON as people have them: what is taken, and what is said of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import RowProblem, RowsError
from interviewer.grading.ablation import without_cues, without_misconceptions, without_reference
from interviewer.grading.rows import Row, parse_row, read_rows

SECRET = "what the candidate said"
LEAST = {"id": "a", "question": "What is it?", "reference": "It is this. It is that.", "answer": SECRET}
POINTS = [{"id": "p", "says": "It is this"}, {"id": "q", "says": "It is that", "weight": 3, "cues": [["that", "it"]]}]
WRONG = {"id": "m", "says": "It is nothing", "cues": [["nothing"]]}


def row(**more: Any) -> Row:
    """A row with these keys on top of the least one; None takes a key away."""
    return parse_row(json.dumps({key: value for key, value in (LEAST | more).items() if value is not None}))


def refused(**more: Any) -> str:
    """What is said of a row that does not fit; None stays null."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # its text is what the tests look at
        parse_row(json.dumps(LEAST | more))
    assert SECRET not in str(caught.value)
    return str(caught.value)


def read(*lines: str | bytes, scored: bool = False) -> list[Row | RowProblem]:
    """What is read from lines."""
    raw = (line if isinstance(line, bytes) else line.encode() for line in lines)
    return list(read_rows((line + b"\n" for line in raw), "file", scored=scored))


def test_a_reference_without_points_is_cut_into_points() -> None:
    """So that every row can be marked point by point."""
    (question,) = row().questions
    assert [point.says.rstrip(".") for point in question.points] == ["It is this", "It is that"]
    assert question.reference == LEAST["reference"]


def test_each_of_several_references_makes_a_question() -> None:
    """The grader takes the best of them; empty ones are passed over."""
    taken = row(reference=["It is this.", " ", "It is that."])
    assert [question.reference for question in taken.questions] == ["It is this.", "It is that."]


def test_given_points_make_exactly_one_question() -> None:
    """However many references stand beside them."""
    (question,) = row(points=POINTS, reference=["One.", "Two."]).questions
    assert question.reference == "One. Two."
    assert [(point.id, point.weight, point.cues) for point in question.points] == [
        ("p", 1, ()),
        ("q", 3, (("that", "it"),)),
    ]


def test_a_row_can_be_taken_without_its_reference() -> None:
    """As somebody has it who wrote points alone."""
    bare = without_reference(row(points=POINTS, reference="All of it, in other words."))
    assert bare.questions[0].reference == row(points=POINTS, reference=None).questions[0].reference


def test_points_alone_are_their_own_reference() -> None:
    """Their sentences, joined."""
    assert row(points=POINTS, reference=None).questions[0].reference == "It is this. It is that."


def test_weights_with_a_fraction_keep_their_ratio() -> None:
    """The rubric's are whole numbers."""
    (question,) = row(
        points=[{"id": "p", "says": "a", "weight": 0.25}, {"id": "q", "says": "b", "weight": 1}]
    ).questions
    assert [point.weight for point in question.points] == [25, 100]


def test_a_misconception_has_a_penalty_and_a_correction() -> None:
    """Also when the row names neither."""
    (wrong,) = row(misconceptions=[WRONG]).questions[0].misconceptions
    assert (wrong.penalty, wrong.fix) == (20, "This is not so: It is nothing")


def test_human_marks_may_be_an_object_or_a_list() -> None:
    """Both mean the same."""
    as_list = [{"point": "p", "credit": 1}, {"point": "q", "credit": 0.5}]
    assert row(points=POINTS, marks={"p": 1, "q": 0.5}).marks == row(points=POINTS, marks=as_list).marks


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({}, "answers", (SECRET,)),
        ({"answer": ["first", "after a probe"]}, "answers", ("first", "after a probe")),
        ({"answer": ""}, "answers", ("",)),
        ({"answer": []}, "answers", ()),
        ({"id": 17}, "id", "17"),
        ({}, "group", "What is it?"),
        ({"group": 3}, "group", "3"),
        ({"score": 1}, "score", 1.0),
        ({}, "score", None),
        ({"kind": "partial"}, "tier", "partial"),
        ({"tier": "gaming", "kind": "partial"}, "tier", "gaming"),
        ({"level": "senior"}, "level", "senior"),
        ({"level": "grade 4", "label": [1, {}], "grader1": None}, "level", "grade 4"),
    ],
)
def test_a_row_takes_what_stands_in_the_line(more: dict[str, Any], field: str, value: object) -> None:
    """And passes over what it does not know."""
    assert getattr(row(**more), field) == value


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"answer": None}, "answer: must be text or a list of texts"),
        ({"answer": {"text": SECRET}}, "answer: must be text or a list of texts"),
        ({"answer": [SECRET, 5]}, "answer.2: must be text"),
        ({"question": ""}, "question: must not be empty"),
        ({"reference": ""}, "neither reference nor points: give at least one to mark against"),
        ({"reference": "…"}, "reference: holds no sentence to mark against"),
        ({"score": 1.2}, "score: must be less than or equal to 1"),
        ({"score": -0.1}, "score: must be greater than or equal to 0"),
        ({"score": float("nan")}, "score: must be a finite number"),
        ({"score": "0.5"}, "score: must be a number"),
        ({"score": True}, "score: must be a number"),
        ({"points": "It is this"}, "points: must be a list"),
        ({"points": ["It is this"]}, "points.1: must be an object"),
        ({"points": [{"id": "p"}]}, "points.1.says: missing"),
        ({"points": [POINTS[0], POINTS[0]]}, "point id 'p' stands twice: give each its own"),
        ({"points": [{"id": "p", "says": "a", "weight": 0}]}, "points.1.weight: must be greater than 0"),
        ({"points": [{"id": "p", "says": "a", "cues": [[]]}]}, "points.1.cues.1: must not be empty"),
        ({"misconceptions": [WRONG, WRONG]}, "misconception id 'm' stands twice: give each its own"),
        ({"points": POINTS, "marks": {"z": 1}}, "marks: there is no point 'z' in this row"),
        ({"points": POINTS, "marks": {"p": 2}}, "marks.p: must be less than or equal to 1"),
        ({"points": POINTS, "marks": [{"credit": 1}]}, 'marks: each mark must be {"point": id, "credit": 0..1}'),
        ({"points": POINTS, "marks": [{"point": "p", "credit": 1}] * 2}, "marks: a point is marked twice"),
    ],
)
def test_what_does_not_fit_is_named(more: dict[str, Any], says: str) -> None:
    """Field, what is wrong, and never the answer."""
    assert refused(**more) == says


@pytest.mark.parametrize("field", ["id", "question", "answer"])
def test_a_missing_field_is_named(field: str) -> None:
    """Without it there is nothing to mark."""
    with pytest.raises(ValueError, match=f"^{field}: missing$"):
        parse_row(json.dumps({key: value for key, value in LEAST.items() if key != field}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'{{"answer": "{SECRET}', "not valid JSON (column 12): Unterminated string starting at"),
        ("[1]", "must be a JSON object in braces, is a list"),
        ("null", "must be a JSON object in braces, is null"),
        ("[" * 100_000, "not valid JSON: nested too deeply"),
        (f'{{"score": {"9" * 5000}}}', "not valid JSON: a number is too long"),
    ],
)
def test_a_line_that_is_no_object_is_refused(text: str, says: str) -> None:
    """With the column where reading stopped."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_row(text)
    assert str(caught.value) == says


def test_a_bad_line_takes_no_good_one_with_it() -> None:
    """Each problem stands where its line stood, with its number; empty lines are passed over."""
    good, other = json.dumps(LEAST), json.dumps(LEAST | {"id": "b"})
    found = read(f"\ufeff{good}", "", "nonsense", good, b"\xff\xfe", b"{}\0", other + "\r")
    assert [each.id if isinstance(each, Row) else str(each) for each in found] == [
        "a",
        "file:3: not valid JSON (column 1): Expecting value",
        "file:4: id 'a' is taken by line 1: give each row its own",
        "file:5: not UTF-8 text (byte 1 of the line): save the file as UTF-8",
        "file:6: not text: it holds zero bytes; give a file of JSON Lines in UTF-8",
        "b",
    ]


@pytest.mark.parametrize("lines", [(), ("", "  ")])
def test_an_empty_file_is_a_problem(lines: tuple[str, ...]) -> None:
    """Of the file as a whole."""
    assert [str(each) for each in read(*lines)] == ["file: there are no rows in it: write one JSON object on each line"]


def test_a_comparison_asks_for_a_score_on_every_row() -> None:
    """Marking alone does not."""
    line = json.dumps(LEAST)
    (problem,) = read(line, scored=True)
    assert str(problem).startswith("file:1: score: missing")
    assert isinstance(read(line)[0], Row)


def test_a_long_list_of_problems_is_cut_short() -> None:
    """Nobody reads the hundredth."""
    error = RowsError(tuple(RowProblem("file", line, "wrong") for line in range(1, 101)))
    assert len(error.problems) == 100
    assert str(error).splitlines()[-1] == "and 90 more lines that do not fit"


def test_cues_and_misconceptions_can_be_left_out() -> None:
    """To see what the sentences alone are worth."""
    full = row(points=POINTS, misconceptions=[WRONG])
    (bare,) = without_cues(full).questions
    assert [point.cues for point in bare.points] == [(), ()]
    assert [(wrong.says, wrong.cues) for wrong in bare.misconceptions] == [("It is nothing", ())]
    (lenient,) = without_misconceptions(full).questions
    assert (lenient.misconceptions, lenient.points) == ((), full.questions[0].points)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
KEYS = [*LEAST, "group", "points", "misconceptions", "score", "marks", "level", "tier", "kind"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4))
def test_any_json_is_a_row_or_a_problem(more: dict[str, Any]) -> None:
    """Nothing that people send ends in anything else."""
    (found,) = read(json.dumps(LEAST | more))
    assert isinstance(found, Row | RowProblem)
