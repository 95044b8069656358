"""What a running grading tells: its log, its events' ids, streams that break and resume, and what is never told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer import engine
from interviewer.conductor.live import MOST_EVENTS, Live, LiveGrading, Showing, showing
from interviewer.domain import Interview, Mode, Question, SayKind, TurnStatus, Verdict
from interviewer.web.events import events
from interviewer.web.live_events import Position, Teller, Told, live_data, position_of
from interviewer.web.views.live import live_view
from tests.builders import a_grading, a_mark, a_question, an_interview, at

QUESTION = a_question("q1")
BARE = a_question("q1", probes=False)
BY_ID = {question.id: question for question in (QUESTION, a_question("q2"))}
CREDITS = {"p1": 1.0, "p2": 0.5}


def said(question: Question = QUESTION, *, mode: Mode = Mode.PRACTICE) -> Interview:
    """An interview whose first answer awaits its grade, with a question to come."""
    return engine.answer(an_interview([question, BY_ID["q2"]], mode=mode), 1, "Alpha is one.", at(10))


def left(interview: Interview) -> Interview:
    """The candidate has gone on to the next question meanwhile."""
    return engine.skip(interview, 1, questions=BY_ID.get, now=at(11))


def probed_out(interview: Interview) -> Interview:
    """As if every probe that a turn may have had been asked."""
    turn = interview.turns[0]
    probes = tuple(replace(turn.says[0], kind=SayKind.PROBE, point=point) for point in ("p1", "p2"))
    return replace(interview, turns=(replace(turn, says=(*turn.says, *probes)),))


def running(interview: Interview, question: Question = QUESTION, *, turn: int = 1) -> LiveGrading:
    """A grading of that turn that has told nothing yet."""
    return LiveGrading(interview, interview.turns[turn - 1], question, token="tok", ring=lambda: None)


def told_all(interview: Interview, question: Question = QUESTION) -> LiveGrading:
    """A grading whose quick check found the first point, half of the second, and whose model agreed."""
    live = running(interview, question)
    marks = [
        replace(a_mark(question, number, CREDITS.get(point.id, 0)), quote="Alpha is one")
        for number, point in enumerate(question.points)
    ]
    live.quick(marks)
    for mark in marks:
        live.mark(mark)
    return live


# ---- how much may be seen


@pytest.mark.parametrize(
    ("interview", "question", "shown"),
    [
        (said(), QUESTION, Showing.SAID),
        (said(BARE), BARE, Showing.ALL),
        (probed_out(said()), QUESTION, Showing.ALL),
        (left(said()), QUESTION, Showing.ALL),
        (engine.finish(said(), at(11)), QUESTION, Showing.ALL),
        (said(mode=Mode.MOCK), QUESTION, Showing.COUNTS),
        (said(BARE, mode=Mode.MOCK), BARE, Showing.COUNTS),
        (left(said(mode=Mode.MOCK)), QUESTION, Showing.COUNTS),
        (engine.finish(said(mode=Mode.MOCK), at(11)), QUESTION, Showing.ALL),
    ],
    ids=["probe", "none", "used up", "left", "over", "mock", "mock, none", "mock, left", "mock, over"],
)
def test_how_much_is_shown_follows_from_what_may_come_next(
    interview: Interview, question: Question, shown: Showing
) -> None:
    """A probe, nothing any more, or the end of a mock interview."""
    assert showing(interview, interview.turns[0], question) is shown


def test_a_grading_made_again_while_its_question_is_open_shows_no_sentence() -> None:
    """The probe has been asked, and its answer is still to come."""
    probe = engine.grade(said(), 1, a_grading(QUESTION, {"p1": 1}), questions=BY_ID.get, now=at(12))
    assert probe.turns[0].status is TurnStatus.OPEN
    assert showing(probe, probe.turns[0], QUESTION) is Showing.SAID
    last = probed_out(probe)
    assert last.turns[0].status is TurnStatus.OPEN
    assert showing(last, last.turns[0], QUESTION) is Showing.SAID
    over = engine.skip(probe, 1, questions=BY_ID.get, now=at(13))
    assert showing(over, over.turns[0], QUESTION) is Showing.ALL


def everything_told(live: LiveGrading) -> str:
    """All that leaves the server of a grading: each event's JSON and the card after each."""
    data = [live_data(live, number) for number in range(1, len(live.events) + 1)]
    return json.dumps(data) + str(live_view(live, live.number))


def test_while_a_probe_may_come_only_what_the_model_calls_met_is_spelt_out() -> None:
    """Not the other points' sentences, nor their ids, which speak for themselves; and not the quick check's finds."""
    live = told_all(said())
    written = everything_told(live)
    assert "Point 1 of q1" in written
    for number in (2, 3):
        assert f"Point {number} of q1" not in written
        assert f'"p{number}"' not in written
    assert "Point 1 of q1" not in json.dumps(live_data(live, 1))
    assert "You say so" not in written
    card = live_view(live, 1)
    assert card
    assert [str(row.says) for row in card.rows] == ["Point 1 of q1", "Point 2 of 3", "Point 3 of 3"]
    assert [row.word for row in card.rows] == ["met", "partly", "missed"]
    assert [row.quote for row in card.rows] == ["Alpha is one"] * 3


def test_when_no_probe_can_come_all_points_are_spelt_out_from_the_start() -> None:
    """So that nothing moves when the verdicts come."""
    live = running(said(BARE), BARE)
    live.quick([a_mark(BARE, number, 0) for number in range(3)])
    card = live_view(live, 1)
    assert card
    assert [str(row.says) for row in card.rows] == [f"Point {number} of q1" for number in (1, 2, 3)]


def test_a_mock_interview_is_told_how_many_points_were_read_and_nothing_else() -> None:
    """No verdict, no quote, no point; the whole of it is a number that anybody could count."""
    live = told_all(said(mode=Mode.MOCK))
    assert [live_data(live, number) for number in (1, 2, 4)] == [
        {"number": 1, "provisional": True, "by": "fuzzy", "of": 3, "read": 0},
        {"number": 1, "provisional": True, "by": "llm", "of": 3, "read": 1},
        {"number": 1, "provisional": True, "by": "llm", "of": 3, "read": 3},
    ]
    written = everything_told(live)
    assert "Alpha" not in written
    assert "found" not in written
    assert not any(verdict in written for verdict in Verdict)


# ---- the log and the card


def test_the_card_is_the_quick_check_until_the_model_has_marked_a_point() -> None:
    """Row by row; when the model is asked again its marks fall and the quick check stands once more."""
    live = running(said())
    assert live_view(live, 1) is None
    live.quick([a_mark(QUESTION, number, 1) for number in range(3)])
    live.mark(a_mark(QUESTION, 1, 0))
    card = live_view(live, 1)
    assert card
    assert (
        card.head == card.announce.replace("check:", "check, offline:") == "Quick check, offline: 3 of 3 points found."
    )
    assert card.state == "The model has marked 1 of 3 points."
    assert [(row.word, row.is_final) for row in card.rows] == [("met", False), ("missed", True), ("met", False)]
    live.again()
    card = live_view(live, 1)
    assert card
    assert card.state == "The model's reply could not be used, so it is asked once more."
    assert [row.is_final for row in card.rows] == [False] * 3
    assert live_view(live, 2) is None


def test_a_point_that_the_rubric_does_not_have_is_not_told() -> None:
    """Whatever a grader makes up."""
    live = running(said())
    live.mark(replace(a_mark(QUESTION, 0, 1), point="invented"))
    assert live.events == ()


def test_a_grading_that_never_ends_talking_fills_no_memory() -> None:
    """Its log has an end."""
    live = running(said())
    for _ in range(MOST_EVENTS + 50):
        live.again()
    assert len(live.events) == MOST_EVENTS


@pytest.mark.parametrize("fails", [False, True])
def test_a_log_is_gone_when_its_grading_is_over(fails: bool) -> None:
    """However it ended; a younger grading of the same interview keeps its own."""
    live, interview = Live(lambda _interview: None, process="p"), said()

    def graded() -> None:
        with live.grading(interview, interview.turns[0], QUESTION):
            assert live.of(interview.id)
            if fails:
                raise RuntimeError

    if fails:
        with pytest.raises(RuntimeError):
            graded()
    else:
        graded()
    assert live.of(interview.id) is None
    older = live.grading(interview, interview.turns[0], QUESTION)
    with ExitStack() as stack:
        stack.enter_context(older)
        younger = live.grading(interview, interview.turns[0], QUESTION)
        now = younger.__enter__()
        stack.close()
        assert live.of(interview.id) is now
        younger.__exit__(None, None, None)


def test_a_question_that_left_the_bank_has_no_log() -> None:
    """There is nothing to mark it by."""
    live, interview = Live(lambda _interview: None, process="p"), said()
    with live.grading(interview, interview.turns[0], None) as watcher:
        assert watcher is None


# ---- ids, and streams that break


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("0", Position()),
        ("12", Position(12)),
        ("12.3.a-B_9", Position(12, 3, "a-B_9")),
        *((bad, None) for bad in ("", "12.3", "x", "-1", "12.3.", "12.3.a.b", "١٢", "1" * 10, "12.3.a\n")),
    ],
)
def test_an_id_is_read_as_it_was_written(text: str, position: Position | None) -> None:
    """And anything else is none."""
    assert Position.read(text) == position
    if position:
        assert str(position) == text


@dataclass
class World:
    """An interview, its running grading, and streams that look at both after each thing that happens."""

    interview: Interview = field(default_factory=said)
    live: Live = field(default_factory=lambda: Live(lambda _interview: None, process="p"))
    open: AbstractContextManager[LiveGrading | None] | None = None
    seconds: Iterator[int] = field(default_factory=lambda: count(20))
    logs: dict[str, LiveGrading] = field(default_factory=dict)

    @property
    def now(self) -> LiveGrading | None:
        """The grading that is running."""
        return self.live.of(self.interview.id)

    def happen(self, what: str) -> None:
        """One thing more, where it is possible."""
        grading, turn = self.now, self.interview.turns[0]
        if what == "begin" and grading is None:
            self.open = self.live.grading(self.interview, turn, QUESTION)
            begun = self.open.__enter__()
            assert begun
            self.logs[begun.token] = begun
        elif what == "skip" and len(self.interview.turns) == 1 and turn.status is TurnStatus.AWAITING_GRADE:
            self.interview = engine.skip(self.interview, 1, questions=BY_ID.get, now=at(next(self.seconds)))
        elif grading and self.open:
            self._tell(grading, self.open, what)

    def _tell(self, grading: LiveGrading, context: AbstractContextManager[LiveGrading | None], what: str) -> None:
        if what == "quick":
            grading.quick([a_mark(QUESTION, number, 1) for number in range(3)])
        elif what == "mark":
            grading.mark(a_mark(QUESTION, len(grading.events) % 3, 1))
        elif what == "again":
            grading.again()
        elif what in ("saved", "failed"):
            if what == "saved":
                marks = a_grading(QUESTION, {"p1": 1, "p2": 1, "p3": 1})
                self.interview = engine.grade(self.interview, 1, marks, questions=BY_ID.get, now=at(next(self.seconds)))
            context.__exit__(None, None, None)


HAPPENING = st.sampled_from(["begin", "quick", "mark", "mark", "again", "skip", "saved", "failed"])
STEPS = st.lists(st.tuples(HAPPENING, st.sampled_from(["listen", "cut", "away"]), st.integers(1, 5)), max_size=30)


def listened(world: World, teller: Teller, cut_after: int | None) -> tuple[list[Told], bool]:
    """What a stream tells of the world as it stands, until it is cut; and whether it was."""
    got = list(islice(teller.next(world.interview, world.now), cut_after))
    return got, len(got) == cut_after


@settings(deadline=None)
@given(STEPS)
def test_a_stream_that_breaks_anywhere_repeats_nothing_and_loses_nothing(steps: list[tuple[str, str, int]]) -> None:
    """Cut after any event, away for any time: what lasts comes once, and so does what a running grading tells."""
    world, got, last, teller = World(), list[Told](), "0", Teller(Position())
    for happening, how, place in [*steps, ("", "listen", 0)]:
        world.happen(happening)
        if how == "away":
            teller = Teller(Position.read(last) or Position())
            continue
        heard, was_cut = listened(world, teller, place if how == "cut" else None)
        got += heard
        last = got[-1].id if got else last
        if was_cut:
            teller = Teller(Position.read(last) or Position())
    lasting = [(told.kind, told.data) for told in got if told.live is None and told.kind != "done"]
    assert lasting == [(event.kind, event.data) for event in events(world.interview)]
    for token, log in world.logs.items():
        heard_of = [told.id.split(".")[1] for told in got if told.live is log]
        assert heard_of == [str(number) for number in range(1, len(heard_of) + 1)]
        if world.now is log:
            assert len(heard_of) == len(log.events)
        assert all(told.id.endswith(token) for told in got if told.live is log)


@settings(deadline=None)
@given(st.lists(HAPPENING, max_size=30), st.integers(0, 60))
def test_a_stream_that_comes_back_at_once_goes_on_as_if_nothing_had_been(happenings: list[str], place: int) -> None:
    """The same events with the same ids, as long as the grading goes on."""
    world, whole, cut, last = World(), list[Told](), list[Told](), "0"
    unbroken, broken = Teller(Position()), Teller(Position())
    for happening in happenings:
        world.happen("begin" if happening in ("saved", "failed") else happening)
        whole += unbroken.next(world.interview, world.now)
        heard, was_cut = listened(world, broken, place - len(cut) if place > len(cut) else None)
        cut += heard
        if was_cut:
            last = cut[-1].id
            broken = Teller(Position.read(last) or Position())
            cut += broken.next(world.interview, world.now)
    assert cut == whole


def test_a_grading_that_is_over_is_said_to_be_over_once() -> None:
    """To who heard it out, to who comes back later, and, in another process, to who heard it elsewhere."""
    world = World()
    for happening in ("begin", "quick", "mark"):
        world.happen(happening)
    teller = Teller(Position())
    heard = list(teller.next(world.interview, world.now))
    world.happen("mark")
    world.happen("failed")
    rest = list(teller.next(world.interview, world.now))
    assert [told.kind for told in rest] == ["mark", "done"]
    assert list(teller.next(world.interview, world.now)) == []
    for last in (heard[-1].id, rest[0].id, f"{len(events(world.interview))}.7.elsewhere"):
        resumed = Teller(Position.read(last) or Position())
        assert [told.kind for told in resumed.next(world.interview, None)] == ["done"]
    assert list(Teller(Position.read(rest[-1].id) or Position()).next(world.interview, None)) == []


def test_a_page_made_in_the_middle_goes_on_where_it_stands() -> None:
    """Its stream tells what comes after what it shows."""
    world = World()
    for happening in ("begin", "quick", "mark"):
        world.happen(happening)
    shown = position_of(world.interview, world.now)
    assert list(Teller(shown).next(world.interview, world.now)) == []
    world.happen("mark")
    assert [told.kind for told in Teller(shown).next(world.interview, world.now)] == ["mark"]


def test_a_grading_of_words_not_heard_of_yet_waits_until_they_were_told() -> None:
    """A stream that looked a moment too early tells the answer first."""
    interview = said()
    live = told_all(replace(interview, version=interview.version + 1))
    assert [told.kind for told in Teller(Position()).next(interview, live)] == [e.kind for e in events(interview)]
