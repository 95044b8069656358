"""Several readings of one answer: the median counts, disagreement is shown, and nothing hangs when one fails."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer import prompts
from interviewer.domain import Grading, Mark, Ungraded, UngradedReason, Verdict
from interviewer.errors import ModelError, SettingError
from interviewer.grading.rubric import RubricGrader
from interviewer.grading.run import GradingRun
from interviewer.grading.votes import ORDER, median
from interviewer.llm import Chat, ChatModel, ModelReply, OnText, OpenAIChat, Schema, Scripted, ScriptedChat
from interviewer.settings import load_settings
from tests.builders import T0, a_question
from tests.openai_server import Answer, OpenAIServer, Request, fails, says
from tests.replies import a_mark_reply, a_reply
from tests.watching import Heard, told

PROMPTS = prompts.load(Path(__file__).parent.parent / "prompts")
ANSWER = "I believe it is alpha one. Then it is beta two, wrongly."
QUOTES = {"p1": "it is alpha one", "p2": "it is beta two", "p3": "it is beta two, wrongly"}
POINTS = tuple(QUOTES)
MET, PARTLY, MISSED, CONTRADICTED = Verdict.MET, Verdict.PARTLY, Verdict.MISSED, Verdict.CONTRADICTED


def a_vote(*verdicts: Verdict, **more: object) -> str:
    """A reply with these verdicts of the points, those not named missed."""
    given = dict(zip(POINTS, [*verdicts, *[MISSED] * 3], strict=False))
    marks = [a_mark_reply(p, v, QUOTES[p] if v is not MISSED else "") for p, v in given.items()]
    return a_reply(*marks, **more)  # type: ignore[arg-type]  # whatever a_reply takes


def a_grader(model: ChatModel, votes: int = 3) -> RubricGrader:
    """A grader whose boundaries are numbered."""
    numbers = count()
    return RubricGrader(
        model,
        PROMPTS,
        bank_revision="rev",
        clock=lambda: T0,
        boundary=lambda: f"b{next(numbers)}",
        deadline_s=5.0,
        votes=votes,
    )


async def graded(*script: Scripted, votes: int = 3, run: GradingRun | None = None) -> Grading:
    result = await a_grader(ScriptedChat(script), votes).grade(a_question(), (ANSWER,), run or GradingRun())
    assert isinstance(result, Grading), result
    return result


def a_mark(verdict: Verdict, quote: str | None = None) -> Mark:
    credit = {MET: 1.0, PARTLY: 0.5}.get(verdict, 0.0)
    return Mark(point="p1", says="P", weight=1, verdict=verdict, credit=credit, quote=quote)


# --- the outcome


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=5))
def test_the_median_is_one_of_the_votes_and_no_more_than_half_are_better_or_worse(verdicts: list[Verdict]) -> None:
    mark = median([a_mark(verdict) for verdict in verdicts])
    worse = sum(ORDER.index(verdict) < ORDER.index(mark.verdict) for verdict in verdicts)
    better = sum(ORDER.index(verdict) > ORDER.index(mark.verdict) for verdict in verdicts)
    assert mark.verdict in verdicts
    assert 2 * worse < len(verdicts) >= 2 * better
    assert mark.credit in (0.0, 0.5, 1.0)
    assert mark.unsure is (len(set(verdicts)) > 1)
    assert mark.votes == (tuple(verdicts) if len(verdicts) > 1 else ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=5), st.randoms())
def test_the_order_of_the_votes_moves_no_verdict(verdicts: list[Verdict], random: object) -> None:
    mixed = list(verdicts)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis types it as object
    assert median([a_mark(v) for v in verdicts]).verdict is median([a_mark(v) for v in mixed]).verdict


def test_the_quote_is_that_of_the_first_reading_with_the_verdict() -> None:
    mark = median([a_mark(MISSED), a_mark(MET, "first"), a_mark(MET, "second")])
    assert (mark.verdict, mark.quote, mark.votes) == (MET, "first", (MISSED, MET, MET))


async def test_each_point_gets_the_median_verdict_and_says_where_the_readings_differ() -> None:
    grading = await graded(a_vote(MET, MET), a_vote(MET, PARTLY, MET), a_vote(MET, MISSED, MET))
    assert [mark.verdict for mark in grading.marks] == [MET, PARTLY, MET]
    assert [mark.credit for mark in grading.marks] == [1.0, 0.5, 1.0]
    assert [mark.votes for mark in grading.marks] == [(MET,) * 3, (MET, PARTLY, MISSED), (MISSED, MET, MET)]
    assert [mark.unsure for mark in grading.marks] == [False, True, True]
    assert grading.score == round(100 * (1 + 2 * 0.5 + 3) / 6)


async def test_one_reading_has_no_votes_and_is_never_unsure() -> None:
    grading = await graded(a_vote(MET), votes=1)
    assert {(mark.votes, mark.unsure) for mark in grading.marks} == {((), False)}


async def test_each_vote_must_be_borne_out_by_itself() -> None:
    """Two readings that invent their quotes are two votes for missed, whatever they claim."""
    invented = a_reply(a_mark_reply("p1", "met", "as everybody agreed"), a_mark_reply("p2"), a_mark_reply("p3"))
    grading = await graded(invented, a_vote(MET), invented)
    assert (grading.marks[0].verdict, grading.marks[0].votes) == (MISSED, (MISSED, MET, MISSED))
    assert "2 of its 9 marks in 3 readings" in grading.notes[0]


async def test_a_misconception_is_asserted_when_more_than_half_of_the_readings_found_it() -> None:
    found = {"misconceptions": {"m1": "it is beta two, wrongly"}}
    once = await graded(a_vote(MET, **found), a_vote(MET), a_vote(MET))
    twice = await graded(a_vote(MET, **found), a_vote(MET), a_vote(MET, **found))
    of_two = await graded(a_vote(MET, **found), a_vote(MET), "{", "{")
    assert [len(grading.misconceptions) for grading in (once, twice, of_two)] == [0, 1, 0]
    assert (once.score, twice.score) == (17, 0)


async def test_feedback_is_that_of_the_first_reading_that_invents_nothing() -> None:
    invented = a_reply(
        a_mark_reply("p1", "met", "as everybody agreed"), a_mark_reply("p2"), a_mark_reply("p3"), strengths=["Superb."]
    )
    honest = a_vote(MET, strengths=["You name alpha."], improve=["Say more."], acknowledge="You spoke of alpha one.")
    grading = await graded(invented, honest, a_vote(MET, strengths=["Another."]))
    assert (grading.strengths, grading.improve) == (("You name alpha.",), ("Say more.",))
    assert grading.acknowledge == "You spoke of alpha one."


async def test_every_reading_gets_the_same_prompts_and_a_fence_of_its_own() -> None:
    model = ScriptedChat([a_vote(MET)] * 3)
    await a_grader(model).grade(a_question(), (ANSWER,))
    assert len({asked.messages[0].content for asked in model.history}) == 1
    assert [f"<answer-b{n}>" in asked.messages[1].content for n, asked in enumerate(model.history)] == [True] * 3


async def test_the_grading_names_the_tokens_and_calls_of_all_replies_also_those_of_no_use() -> None:
    replies = [
        ModelReply(text=text, model="m", tokens_in=100, tokens_out=10, call=f"c{number}")
        for number, text in enumerate((a_vote(MET), "{", "{", a_vote(MET)))
    ]
    made = (await graded(*replies)).provenance
    assert (made.tokens_in, made.tokens_out) == (400, 40)
    assert sorted(made.calls) == ["c0", "c1", "c2", "c3"]


# --- when readings fail


def failing(reason: UngradedReason) -> ModelError:
    return ModelError(reason, f"because {reason}")


async def test_a_majority_of_readings_is_enough() -> None:
    grading = await graded(a_vote(MET), failing(UngradedReason.OVER_BUDGET), a_vote(PARTLY))
    assert (grading.marks[0].verdict, grading.marks[0].votes) == (PARTLY, (MET, PARTLY))


async def test_without_a_majority_there_is_no_grading_and_the_first_failure_says_why() -> None:
    script: list[Scripted] = [failing(UngradedReason.RATE_LIMITED), a_vote(MET), failing(UngradedReason.OVER_BUDGET)]
    result = await a_grader(ScriptedChat(script)).grade(a_question(), (ANSWER,))
    assert result == Ungraded(reason=UngradedReason.RATE_LIMITED, message="because rate_limited")


async def test_a_reading_that_cannot_be_read_is_asked_for_once_more() -> None:
    model = ScriptedChat([a_vote(MET), "{", a_vote(MET), a_vote(MET)])
    result = await a_grader(model).grade(a_question(), (ANSWER,))
    assert isinstance(result, Grading)
    assert len(model.history) == 4
    assert [mark.votes for mark in result.marks] == [(MET,) * 3, (MISSED,) * 3, (MISSED,) * 3]


class Gated:
    """A model whose replies come when the test opens their gates; counts those that were given up."""

    def __init__(self, *replies: str | ModelError) -> None:
        self._replies = replies
        self.gates = [asyncio.Event() for _ in replies]
        self.spoken = [asyncio.Event() for _ in replies]
        self.all_asked = asyncio.Event()
        self.asked = self.given_up = 0

    async def complete(
        self, _messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """The reply of that number, once its gate is open."""
        number, self.asked = self.asked, self.asked + 1
        if self.asked == len(self._replies):
            self.all_asked.set()
        try:
            await self.gates[number].wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        reply = self._replies[number]
        if isinstance(reply, ModelError):
            raise reply
        if on_text:
            on_text(reply)
        self.spoken[number].set()
        return ModelReply(text=reply, model="gated")


def grading_by(model: Gated, watcher: Heard | None = None) -> asyncio.Task[Grading | Ungraded]:
    grader = a_grader(model, len(model.gates))
    return asyncio.create_task(grader.grade(a_question(), (ANSWER,), GradingRun(watcher=watcher)))


async def test_all_readings_are_asked_for_at_once() -> None:
    model = Gated(*[a_vote(MET)] * 3)
    grading = grading_by(model)
    await model.all_asked.wait()
    for gate in model.gates:
        gate.set()
    assert isinstance(await grading, Grading)


async def test_when_no_majority_can_come_any_more_nobody_waits_for_the_rest() -> None:
    model = Gated(failing(UngradedReason.REFUSED_KEY), failing(UngradedReason.REFUSED_KEY), a_vote(MET))
    grading = grading_by(model)
    await model.all_asked.wait()
    model.gates[0].set()
    model.gates[1].set()
    result = await grading
    assert isinstance(result, Ungraded)
    assert (result.reason, model.given_up) == (UngradedReason.REFUSED_KEY, 1)


async def test_a_cancelled_grading_gives_up_every_reading() -> None:
    model = Gated(*[a_vote(MET)] * 5)
    grading = grading_by(model)
    await model.all_asked.wait()
    model.gates[0].set()
    grading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await grading
    assert model.given_up >= 4


class BreaksOff(ScriptedChat):
    """A model some of whose calls are cancelled from elsewhere."""

    def __init__(self, script: Sequence[Scripted], *, broken: int) -> None:
        super().__init__(script)
        self._broken = broken

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """The next reply of the script, or a cancellation."""
        if self._broken:
            self._broken -= 1
            raise asyncio.CancelledError
        return await super().complete(
            messages, schema_name=schema_name, schema=schema, timeout_s=timeout_s, on_text=on_text
        )


@pytest.mark.parametrize(("broken", "votes"), [(1, 2), (2, 0)])
async def test_a_reading_that_is_cancelled_from_elsewhere_is_one_that_failed(broken: int, votes: int) -> None:
    model = BreaksOff([a_vote(MET)] * 3, broken=broken)
    result = await a_grader(model).grade(a_question(), (ANSWER,))
    if votes:
        assert isinstance(result, Grading)
        assert result.marks[0].votes == (MET,) * votes
    else:
        assert isinstance(result, Ungraded)
        assert result.reason is UngradedReason.BROKEN


async def test_a_bug_is_a_bug_and_no_failure_of_the_model() -> None:
    with pytest.raises(RuntimeError, match="its script is shorter"):
        await a_grader(ScriptedChat([a_vote(MET)])).grade(a_question(), (ANSWER,))


# --- what a watcher is told


async def test_a_point_is_told_as_soon_as_a_majority_agrees_or_all_are_in() -> None:
    watcher = Heard()
    model = Gated(a_vote(MET, MET), a_vote(MET, PARTLY), a_vote(MET, MISSED))
    grading = grading_by(model, watcher)
    await model.all_asked.wait()
    told_after = []
    for gate, spoken in zip(model.gates, model.spoken, strict=True):
        gate.set()
        await spoken.wait()
        told_after.append([event[1] for event in watcher.events])
    await grading
    assert told_after == [[], ["p1", "p3"], ["p1", "p3", "p2"]]
    assert watcher.events == [told("p1", MET), told("p3", MISSED), told("p2", PARTLY)]


async def test_when_a_reading_fails_the_others_decide_what_is_told() -> None:
    watcher = Heard()
    model = Gated(a_vote(MET, MET), failing(UngradedReason.TIMED_OUT), a_vote(MET, PARTLY))
    grading = grading_by(model, watcher)
    await model.all_asked.wait()
    for gate in model.gates:
        gate.set()
    result = await grading
    assert isinstance(result, Grading)
    assert {mark.point: mark.verdict for mark in watcher.marks} == {m.point: m.verdict for m in result.marks}
    assert len(watcher.marks) == 3


async def test_marks_told_on_the_word_of_a_reply_of_no_use_fall_and_the_others_are_told_again() -> None:
    watcher = Heard()
    unusable = a_vote(MET, MET) + "}"
    model = Gated(a_vote(MET), unusable, a_vote(PARTLY), a_vote(MET))
    grader = a_grader(model, 3)
    grading = asyncio.create_task(grader.grade(a_question(), (ANSWER,), GradingRun(watcher=watcher)))
    for gate in model.gates:
        gate.set()
    result = await grading
    assert isinstance(result, Grading)
    again = watcher.events.index(("again",))
    assert told("p1", MET) in watcher.events[:again]
    assert {event[1]: event[2] for event in watcher.events[again + 1 :]} == {m.point: m.verdict for m in result.marks}


# --- the setting, and the whole way


@pytest.mark.parametrize("votes", ["1", "3", "5"])
def test_the_setting_takes_an_odd_number_of_readings(votes: str) -> None:
    assert load_settings({"INTERVIEWER_MODEL_VOTES": votes}).model_votes == int(votes)


@pytest.mark.parametrize("votes", ["0", "2", "4", "7", "many"])
def test_the_setting_refuses_any_other_number(votes: str) -> None:
    with pytest.raises(SettingError, match="MODEL_VOTES"):
        load_settings({"INTERVIEWER_MODEL_VOTES": votes})


async def test_over_a_real_socket_three_readings_make_one_grading() -> None:
    replies = iter([says(a_vote(MET, PARTLY)), fails(500), says(a_vote(MET, MET)), fails(500, "the script is over")])

    def answer(_request: Request) -> Answer:
        return next(replies)

    async with OpenAIServer(answer) as server:
        chat = OpenAIChat("a-model", base_url=server.base_url, max_retries=0)
        watcher = Heard()
        result = await a_grader(chat).grade(a_question(), (ANSWER,), GradingRun(watcher=watcher))
        await chat.close()
        assert len(server.requests) == 3
    assert isinstance(result, Grading)
    assert result.marks[0].votes == (MET, MET)
    assert (result.marks[1].verdict, set(result.marks[1].votes)) == (PARTLY, {PARTLY, MET})
    assert (result.provenance.tokens_in, result.provenance.tokens_out) == (22, 14)
    assert {mark.point for mark in watcher.marks} == set(POINTS)
