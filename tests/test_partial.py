"""A reply that is still being written: each point is given once, as soon as nothing of it can grow any more."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain import Verdict
from interviewer.grading.partial import PartialReply
from interviewer.grading.reply import PointReply, parse
from tests.builders import a_question
from tests.replies import a_mark_reply, a_reply

QUESTION = a_question()
POINTS = [point.id for point in QUESTION.points]
NASTY = st.text(st.sampled_from('{}[]",\\:\n é"}]'), max_size=12) | st.text(max_size=12)
"""Words that look like the ends of things."""


def fed(text: str, *, piece: int = 1) -> list[tuple[int, PointReply]]:
    """What comes of a text that grows by `piece` characters: how long it was then, and the point."""
    partial = PartialReply(QUESTION)
    ends = [*range(piece, len(text), piece), len(text)]
    return [(end, point) for end in ends for point in partial.read(text[:end])]


def points(found: Iterable[tuple[int, PointReply]]) -> list[PointReply]:
    """The points alone."""
    return [point for _, point in found]


@st.composite
def replies(draw: st.DrawFn) -> str:
    """Any reply that can be read: points in any order, keys in any order, anything in its texts and around it."""
    marks = []
    for point in draw(st.permutations(POINTS)):
        mark = {
            "point": point,
            "reason": draw(NASTY),
            "quote": draw(st.none() | NASTY),
            "verdict": draw(st.sampled_from([*Verdict, " Met ", "PARTLY"])),
        }
        keys = draw(st.permutations(list(mark)))
        marks.append({key: mark[key] for key in keys if key != "quote" or mark[key] is not None})
    whole = {
        "strengths": draw(st.lists(NASTY, max_size=2)),
        "marks": marks,
        "misconceptions": [{"id": "m1", "quote": draw(NASTY)}],
        "acknowledge": draw(NASTY),
    }
    keys = draw(st.permutations(list(whole)))
    text = json.dumps(
        {key: whole[key] for key in keys}, indent=draw(st.none() | st.just(2)), ensure_ascii=draw(st.booleans())
    )
    around = draw(st.sampled_from(["{}", "```json\n{}\n```", '<think>{{"marks": [{{</think>\n{}', "Here:\n{} "]))
    return around.replace("{}", "\0").replace("{{", "{").replace("\0", text)


@settings(max_examples=60, deadline=None)
@given(text=replies(), piece=st.integers(1, 40))
def test_fed_character_by_character_each_point_of_a_reply_is_given_once_and_in_order(text: str, piece: int) -> None:
    assert points(fed(text, piece=piece)) == list(parse(text, QUESTION).marks)


@settings(max_examples=60, deadline=None)
@given(text=replies())
def test_a_point_is_given_with_its_closing_brace_and_not_later(text: str) -> None:
    for end, _ in fed(text):
        assert text[end - 1] == "}"


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from('{}[]",:\\ p123"marks"') | st.characters(), max_size=60))
def test_nothing_that_a_model_writes_breaks_it(text: str) -> None:
    assert points(fed(text)) == []


def test_a_quote_that_is_still_growing_is_not_taken_for_a_whole_one() -> None:
    """A parser that closes what is open would give this point without its quote."""
    text = '{"marks": [{"point": "p1", "reason": "r", "verdict": "met", "quote": "a {dict} and }'
    assert fed(text) == []
    assert points(fed(text + '"}'))[0].quote == "a {dict} and }"


@pytest.mark.parametrize(
    ("marks", "given"),
    [
        ([a_mark_reply("p9"), a_mark_reply("p1")], ["p1"]),
        ([a_mark_reply("p1"), a_mark_reply("p1", "met", "twice"), a_mark_reply("p2")], ["p1", "p2"]),
        ([{"point": "p1"}, a_mark_reply("p2")], ["p2"]),
        ([{**a_mark_reply("p1"), "credit": 1}, a_mark_reply("p2")], ["p2"]),
        ([{**a_mark_reply("p1"), "more": {"point": "p3"}}, a_mark_reply("p2")], ["p2"]),
        ([a_mark_reply("p1", "excellent"), a_mark_reply("p2")], ["p2"]),
        ([[a_mark_reply("p1")], a_mark_reply("p2")], ["p2"]),
    ],
    ids=["unknown", "twice", "cut short", "a field too many", "an object inside", "no such verdict", "a list inside"],
)
def test_what_cannot_be_a_mark_is_passed_over(marks: list[dict[str, object]], given: list[str]) -> None:
    assert [point.point for point in points(fed(a_reply(*marks)))] == given


def test_marks_elsewhere_in_the_reply_are_no_marks() -> None:
    text = json.dumps({"notes": [a_mark_reply("p1")], "deep": {"marks": [a_mark_reply("p2")]}})
    assert fed(text) == []


def test_after_brackets_that_do_not_fit_nothing_more_is_given() -> None:
    assert fed('{"marks": [{"point": "p1"]}' + a_reply(a_mark_reply("p2"))) == []


def test_what_stands_in_thoughts_is_not_given() -> None:
    thoughts = f"<think>maybe {a_reply(a_mark_reply('p1', 'met', 'a quote'))}"
    assert fed(thoughts) == []
    assert [point.verdict for point in points(fed(f"{thoughts}</think>{a_reply(a_mark_reply('p1'))}"))] == ["missed"]
