"""The meter: every call is kept and counted, no budget is ever exceeded, and nobody jumps the queue."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain import Amount, CallEnd, Interview, ModelCall, Purpose, UngradedReason, Usage
from interviewer.errors import ModelError, NotFound
from interviewer.llm import Chat, ChatModel, Message, ModelReply, OnText, Schema, Scripted, ScriptedChat
from interviewer.meter import Budgets, Limits, Meter, MeteredChat, Places, Prices
from interviewer.meter.amounts import Heard, about, at_most
from interviewer.store import SqlStore
from tests.builders import T0, a_question, an_interview

MESSAGES = (Message("system", "Mark this."), Message("user", "It is alpha one, or “α”."))
SCHEMA: Schema = {"type": "object"}
MAX_TOKENS = 100
MOST_IN = at_most([message.content for message in MESSAGES], '{"type": "object"}')
MOST = MOST_IN + MAX_TOKENS
PRICES = Prices(million_in=Decimal("0.4"), million_out=Decimal("1.6"))
SHORT = ModelReply(text="{}", model="m-1", tokens_in=20, tokens_out=5, milliseconds=7)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the interviews i0, i1 and i2, to be copied."""
    path = tmp_path_factory.mktemp("template") / "interviews.sqlite3"

    async def make() -> None:
        store = SqlStore(path)
        await store.open()
        for number in range(3):
            await store.add(interview(f"i{number}"))
        await store.close()

    asyncio.run(make())
    return path


def interview(identity: str = "i0") -> Interview:
    """An interview of that id."""
    return replace(an_interview([a_question()]), id=identity)


@asynccontextmanager
async def opened(path: Path, stores: int = 1) -> AsyncIterator[list[SqlStore]]:
    """Stores on one file, as several processes have them."""
    found = [SqlStore(path) for _ in range(stores)]
    try:
        yield found
    finally:
        for store in found:
            await store.close()


@pytest.fixture
async def store(template: Path, tmp_path: Path) -> AsyncIterator[SqlStore]:
    """A store of the test's own."""
    async with opened(Path(shutil.copy(template, tmp_path / "own.sqlite3"))) as (own,):
        yield own


IDS = count()


def a_meter(store: SqlStore, model: ChatModel, **choice: object) -> Meter:
    """A meter with prices, and without limits unless told otherwise."""
    usual = {
        "model_name": "a-model",
        "calls": store.calls,
        "places": Places(16),
        "budgets": Budgets(),
        "prices": PRICES,
        "max_tokens": MAX_TOKENS,
        "clock": lambda: T0,
        "new_id": lambda: f"call-{next(IDS)}",
        "prompts": {Purpose.GRADE: "grade-system@0 grade-rubric@1"},
    }
    return Meter(model=model, **(usual | choice))  # type: ignore[arg-type]


async def ask(
    meter: Meter, identity: str = "i0", *, timeout_s: float = 5.0, on_text: OnText | None = None
) -> ModelReply:
    """One call for the first turn."""
    chat = meter.chat_for(interview(identity), 1, Purpose.GRADE)
    return await chat.complete(MESSAGES, schema_name="marks", schema=SCHEMA, timeout_s=timeout_s, on_text=on_text)


async def only_call(store: SqlStore) -> ModelCall:
    """The one call that was made."""
    (call,) = await store.calls.of_turn("i0", 1)
    return call


async def spent(store: SqlStore) -> Amount:
    """What all days came to."""
    days = await store.calls.spending(T0.date() - timedelta(days=99))
    return sum((day.amount for day in days), start=Amount())


@dataclass
class Waiting:
    """A model that begins to answer and goes on when it is let."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """Say a little, wait, reply."""
        self.asked.append(messages[-1].content)
        if on_text:
            on_text('{"marks": [')
        self.begun.set()
        await self.may_go.wait()
        return SHORT


# --- what is kept


async def test_a_call_is_kept_with_all_that_was_sent_and_came_back(store: SqlStore) -> None:
    """And the reply names it, so that a grading can."""
    reply = await ask(a_meter(store, ScriptedChat([replace(SHORT, text='{"a": "\ud800ä"}', first_ms=3)])))
    call = await only_call(store)
    assert call.id == reply.call
    assert (call.interview, call.turn, call.purpose, call.model) == ("i0", 1, Purpose.GRADE, "m-1")
    assert call.prompts == "grade-system@0 grade-rubric@1"
    assert (call.at, call.outcome, call.first_ms) == (T0, CallEnd.OK, 3)
    assert call.reply == '{"a": "�ä"}', "a lone surrogate cannot be kept"
    assert '"content": "Mark this."' in call.messages
    assert call.reply_schema == '{"type": "object"}'
    assert call.amount == Amount(tokens_in=20, tokens_out=5, cost=16)
    assert not call.estimated
    assert await spent(store) == call.amount
    assert await store.calls.usage(["i0", "i1"]) == {"i0": Usage(calls=1, amount=call.amount, estimated=False)}


async def test_while_it_is_open_a_call_counts_with_the_most_it_can_come_to(store: SqlStore) -> None:
    """Whoever looks, also in another process; and a killed one leaves it so."""
    model = Waiting()
    meter = a_meter(store, model)
    asking = asyncio.create_task(ask(meter))
    await model.begun.wait()
    call = await only_call(store)
    assert (call.outcome, call.reply, call.milliseconds) == (CallEnd.OPEN, None, None)
    assert call.amount == PRICES.amount(MOST_IN, MAX_TOKENS)
    assert await spent(store) == call.amount
    assert (await meter.today()).amount == call.amount
    model.may_go.set()
    await asking
    assert await spent(store) == (await only_call(store)).amount == PRICES.amount(20, 5)


@pytest.mark.parametrize(
    ("reply", "amount"),
    [
        (replace(SHORT, tokens_in=None), (about("Mark this.") + about(MESSAGES[1].content), 5)),
        (replace(SHORT, tokens_out=None, text="x" * 9), (20, 3)),
    ],
    ids=["prompt", "reply"],
)
async def test_what_the_server_does_not_count_is_estimated_and_marked_so(
    store: SqlStore, reply: ModelReply, amount: tuple[int, int]
) -> None:
    """By four bytes a token."""
    await ask(a_meter(store, ScriptedChat([reply])))
    call = await only_call(store)
    assert call.estimated
    assert (call.amount.tokens_in, call.amount.tokens_out) == amount


@pytest.mark.parametrize("reason", [reason for reason in UngradedReason if reason not in (UngradedReason.BUSY,)])
async def test_a_call_that_fails_is_kept_with_its_reason_and_the_error_is_passed_on(
    store: SqlStore, reason: UngradedReason
) -> None:
    """What nobody read costs nothing; what may have been read is estimated."""
    with pytest.raises(ModelError) as caught:
        await ask(a_meter(store, ScriptedChat([ModelError(reason, "why", retry_after_s=3)])))
    assert caught.value.retry_after_s == 3
    call = await only_call(store)
    assert call.outcome is reason
    free = {"unreachable", "refused_key", "rate_limited", "rejected", "server_error"}
    assert (call.amount.tokens == 0) is (reason.value in free)
    assert call.amount.tokens_out == (MAX_TOKENS if reason is UngradedReason.TRUNCATED else 0)
    assert call.amount.tokens <= MOST


async def test_a_bug_behind_the_door_is_settled_too(store: SqlStore) -> None:
    """It is no ModelError, and stays what it is."""
    with pytest.raises(RuntimeError, match="script is shorter"):
        await ask(a_meter(store, ScriptedChat([])))
    assert (await only_call(store)).outcome is UngradedReason.BROKEN


async def test_an_interview_that_was_deleted_meanwhile_is_asked_nothing_more(store: SqlStore) -> None:
    """Nothing is kept, nothing is sent, nothing is counted."""
    model = ScriptedChat([SHORT])
    await store.remove("i0", "alice")
    with pytest.raises(NotFound):
        await ask(a_meter(store, model))
    assert model.history == []
    assert await spent(store) == Amount()


async def test_deleting_an_interview_takes_its_words_and_gives_nothing_back(store: SqlStore) -> None:
    """Also of a call that is still open then."""
    model = Waiting()
    asking = asyncio.create_task(ask(a_meter(store, model)))
    await model.begun.wait()
    await store.remove("i0", "alice")
    assert await store.calls.of_turn("i0", 1) == ()
    assert await spent(store) == PRICES.amount(MOST_IN, MAX_TOKENS)
    model.may_go.set()
    await asking
    assert await store.calls.of_turn("i0", 1) == ()
    assert await spent(store) == PRICES.amount(20, 5)


# --- given up


@pytest.mark.parametrize("times", [1, 2])
async def test_a_cancelled_call_is_settled_and_gives_its_place_back(store: SqlStore, times: int) -> None:
    """With what was heard of it; whoever gave up does not have to stay for that."""
    model = Waiting()
    meter = a_meter(store, model, places=Places(1))
    asking = asyncio.create_task(ask(meter))
    await model.begun.wait()
    async with store.database.writing():  # so that settling has to wait
        for _ in range(times):
            asking.cancel()
            await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await asking
    await meter.finish()
    call = await only_call(store)
    assert (call.outcome, call.reply, call.estimated) == (CallEnd.CANCELLED, '{"marks": [', True)
    assert call.amount.tokens_out == about('{"marks": [')
    assert await spent(store) == call.amount
    model.may_go.set()
    assert (await ask(meter, timeout_s=1.0)).text == "{}"


async def test_a_call_given_up_while_it_is_written_down_is_not_made_and_counts_nothing(store: SqlStore) -> None:
    """The writer was busy, and the candidate gone before it was free."""
    model = ScriptedChat([SHORT])
    meter = a_meter(store, model)
    async with store.database.writing():
        asking = asyncio.create_task(ask(meter))
        while not meter._writing:
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    await meter.finish()
    assert (await only_call(store)).outcome is CallEnd.CANCELLED
    assert await spent(store) == Amount()
    assert model.history == []


# --- budgets


@pytest.mark.parametrize(
    ("budgets", "setting"),
    [
        (Budgets(interview=Limits(tokens=MOST - 1)), "INTERVIEWER_MODEL_TOKENS_PER_INTERVIEW"),
        (Budgets(interview=Limits(cost=PRICES.amount(MOST_IN, MAX_TOKENS).cost - 1)), "MODEL_COST_PER_INTERVIEW"),
        (Budgets(day=Limits(tokens=MOST - 1)), "Today's.*INTERVIEWER_MODEL_TOKENS_PER_DAY"),
        (Budgets(day=Limits(cost=PRICES.amount(MOST_IN, MAX_TOKENS).cost - 1)), "Today's.*MODEL_COST_PER_DAY"),
    ],
    ids=["tokens of the interview", "cost of the interview", "tokens of the day", "cost of the day"],
)
async def test_a_call_that_could_go_beyond_a_budget_is_not_made(
    store: SqlStore, budgets: Budgets, setting: str
) -> None:
    """Nothing is sent, kept or counted, and the words say which budget it was."""
    model = ScriptedChat([SHORT])
    with pytest.raises(ModelError, match=setting) as caught:
        await ask(a_meter(store, model, budgets=budgets))
    assert caught.value.reason is UngradedReason.OVER_BUDGET
    assert model.history == []
    assert await store.calls.of_turn("i0", 1) == ()
    assert await spent(store) == Amount()


async def test_a_call_that_fits_exactly_is_made_and_what_it_leaves_can_be_used(store: SqlStore) -> None:
    """The budget takes the most a call can come to, and gets back what it did not."""
    meter = a_meter(store, ScriptedChat([SHORT, SHORT]), budgets=Budgets(interview=Limits(tokens=MOST + 25)))
    await ask(meter)
    await ask(meter)
    with pytest.raises(ModelError, match="used up"):
        await ask(meter)


async def test_one_interview_s_budget_is_not_another_s_but_the_day_is_everybody_s(store: SqlStore) -> None:
    """And a new day is a new budget."""
    now = [T0]
    budgets = Budgets(interview=Limits(tokens=MOST), day=Limits(tokens=MOST + 25))
    meter = a_meter(store, ScriptedChat([SHORT] * 3), budgets=budgets, clock=lambda: now[0])
    await ask(meter, "i0")
    with pytest.raises(ModelError, match="This interview's"):
        await ask(meter, "i0")
    await ask(meter, "i1")
    with pytest.raises(ModelError, match="Today's"):
        await ask(meter, "i2")
    now[0] = T0 + timedelta(days=1)
    await ask(meter, "i2")
    assert [day.amount.tokens for day in await store.calls.spending(T0.date())] == [50, 25]


async def test_two_processes_do_not_spend_the_same_money(template: Path, tmp_path: Path) -> None:
    """Twelve calls at once from two stores on one file, and room for three."""
    path = Path(shutil.copy(template, tmp_path / "shared.sqlite3"))
    async with opened(path, stores=2) as stores:
        model = Waiting()
        budgets = Budgets(day=Limits(tokens=3 * MOST + 5))
        meters = [a_meter(store, model, budgets=budgets) for store in stores]
        asking = [asyncio.create_task(ask(meters[n % 2], f"i{n % 3}")) for n in range(12)]
        refused = []
        for done in asyncio.as_completed(asking):
            with pytest.raises(ModelError) as caught:
                await done
            refused.append(caught.value.reason)
            if len(refused) == 9:
                break
        assert set(refused) == {UngradedReason.OVER_BUDGET}
        assert len(model.asked) == 3
        assert (await spent(stores[0])).tokens == 3 * MOST
        model.may_go.set()
        await asyncio.gather(*asking, return_exceptions=True)
        assert (await spent(stores[1])).tokens == 3 * 25


Move = tuple[str, int, int]
KINDS = ["counted", "uncounted", "fails", "refuses", "breaks off", "cancelled", "killed", "deleted"]
MOVES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, MAX_TOKENS)), max_size=14)


@settings(max_examples=25, deadline=None)
@given(moves=MOVES, per_interview=st.integers(MOST, 4 * MOST), per_day=st.integers(MOST, 6 * MOST))
def test_whatever_happens_no_budget_is_exceeded(
    template: Path, moves: list[Move], per_interview: int, per_day: int
) -> None:
    """Settled and open together, over any sequence of calls, failures, kills and deletions in two processes."""
    budgets = Budgets(interview=Limits(tokens=per_interview), day=Limits(tokens=per_day))

    async def play(path: Path) -> None:
        async with opened(path, stores=2) as stores:
            for number, move in enumerate(moves):
                await happen(stores[number % 2], budgets, move)
                days = await stores[0].calls.spending(T0.date())
                used = await stores[1].calls.usage(["i0", "i1", "i2"])
                assert sum(day.amount.tokens for day in days) <= per_day
                assert all(usage.amount.tokens <= per_interview for usage in used.values())
                assert all(usage.amount.tokens >= 0 and usage.amount.cost >= 0 for usage in used.values())
                kept = sum((usage.amount for usage in used.values()), start=Amount())
                assert kept.tokens <= sum(day.amount.tokens for day in days)

    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(shutil.copy(template, Path(folder) / "own.sqlite3"))))


async def happen(store: SqlStore, budgets: Budgets, move: Move) -> None:
    """One move; what a meter raises for it is part of life."""
    kind, number, tokens = move
    identity = f"i{number}"
    replies: dict[str, Scripted] = {
        "counted": replace(SHORT, tokens_in=min(tokens, MOST_IN), tokens_out=tokens),
        "uncounted": ModelReply(text="ä" * 40 * tokens, model="m"),
        "fails": ModelError(UngradedReason.TIMED_OUT, "why"),
        "refuses": ModelError(UngradedReason.REFUSED_KEY, "why"),
        "breaks off": ModelError(UngradedReason.TRUNCATED, "why"),
    }
    with suppress(ModelError, NotFound):
        if kind == "deleted":
            await store.remove(identity, "alice")
        elif kind == "killed":  # between writing down and settling
            meter = a_meter(store, ScriptedChat([]), budgets=budgets)
            await meter.open(MeteredChat(meter, identity, 1, Purpose.GRADE)._opened(MESSAGES, SCHEMA))
        elif kind == "cancelled":
            await give_up(a_meter(store, Waiting(), budgets=budgets), identity)
        else:
            await ask(a_meter(store, ScriptedChat([replies[kind]]), budgets=budgets), identity)


async def give_up(meter: Meter, identity: str) -> None:
    """A call that is cancelled while the reply is being written, if it is made at all."""
    assert isinstance(meter.model, Waiting)
    asking, begun = asyncio.create_task(ask(meter, identity)), asyncio.create_task(meter.model.begun.wait())
    await asyncio.wait([asking, begun], return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    begun.cancel()
    await asyncio.wait([asking, begun])
    await meter.finish()
    if not asking.cancelled():
        await asking


@given(
    sent=st.lists(st.text(max_size=60), max_size=3),
    text=st.text(max_size=2000),
    why=st.sampled_from([None, *UngradedReason]),
)
def test_an_estimate_never_goes_beyond_what_was_set_aside(
    sent: list[str], text: str, why: UngradedReason | None
) -> None:
    """Whatever language it is in."""
    heard = Heard(sent=tuple(sent), text=text, counted_in=None, counted_out=None, why=why, max_tokens=MAX_TOKENS)
    assert heard.spent.tokens_in <= at_most(sent, "{}")
    assert heard.spent.tokens_out <= MAX_TOKENS


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.decimals(0, 100, places=3), st.decimals(0, 100, places=3))
def test_a_cost_is_rounded_up_to_whole_millionths(tokens_in: int, tokens_out: int, one: Decimal, two: Decimal) -> None:
    """Tokens times price of a million are millionths."""
    cost = Prices(million_in=one, million_out=two).amount(tokens_in, tokens_out).cost
    assert 0 <= cost - (tokens_in * one + tokens_out * two) < 1


# --- in turn


def ticking(*seconds: float) -> Callable[[], float]:
    """A stopwatch that shows these seconds, then the last again and again."""
    shown: Iterator[float] = iter(seconds)
    last = seconds[-1]
    return lambda: next(shown, last)


async def test_who_came_first_is_asked_first_and_no_more_at_once_than_there_are_places(store: SqlStore) -> None:
    """Two places, six candidates."""
    running, most, order, pair = 0, 0, [], asyncio.Barrier(2)

    class Counting:
        async def complete(
            self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
        ) -> ModelReply:
            nonlocal running, most
            running += 1
            most = max(most, running)
            order.append(timeout_s)
            await pair.wait()
            running -= 1
            return SHORT

    meter = a_meter(store, Counting(), places=Places(2), stopwatch=lambda: 0.0)
    await asyncio.gather(*(ask(meter, timeout_s=10.0 + n) for n in range(6)))
    assert order == [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    assert most == 2


async def test_who_gets_no_place_in_time_is_told_that_the_model_is_busy(store: SqlStore) -> None:
    """Nothing is kept of it, and the place is free for the next."""
    model = Waiting()
    meter = a_meter(store, model, places=Places(1))
    first = asyncio.create_task(ask(meter))
    await model.begun.wait()
    with pytest.raises(ModelError, match="INTERVIEWER_MODEL_CONCURRENCY") as caught:
        await ask(meter, "i1", timeout_s=0.01)
    assert caught.value.reason is UngradedReason.BUSY
    assert await store.calls.of_turn("i1", 1) == ()
    model.may_go.set()
    await first
    await ask(meter, "i1")


async def test_the_wait_is_part_of_the_time_out_and_of_the_time_told(store: SqlStore) -> None:
    """What is kept of the call is the model's own time."""
    model = ScriptedChat([replace(SHORT, first_ms=3)])
    reply = await ask(a_meter(store, model, stopwatch=ticking(10.0, 12.0, 12.007)), timeout_s=5.0)
    assert model.history[0].timeout_s == pytest.approx(3.0)
    assert (reply.milliseconds, reply.first_ms) == (2007, 2003)
    call = await only_call(store)
    assert (call.milliseconds, call.first_ms) == (7, 3)


async def test_the_reply_is_heard_as_it_grows(store: SqlStore) -> None:
    """By whoever asked, and the first piece has its time."""
    heard: list[str] = []
    meter = a_meter(store, ScriptedChat(["x" * 100]), stopwatch=ticking(1.0, 1.0, 1.25, 1.5))
    await ask(meter, on_text=heard.append)
    assert [len(text) for text in heard] == [40, 80, 100]
    call = await only_call(store)
    assert (call.first_ms, call.milliseconds) == (250, 500)
