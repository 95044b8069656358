"""What the model was asked and what it came to -> words, numbers and the page that shows each call. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from interviewer.bank import Bank
from interviewer.domain import CallEnd, Interview, ModelCall, Purpose, Turn, UngradedReason, Usage
from interviewer.money import money_words
from interviewer.web import words
from interviewer.web.views.turns import topic_title

PURPOSE = {
    Purpose.GRADE: "Marking the answer",
    Purpose.PROBE: "Wording a follow-up question",
    Purpose.CLARIFY: "Answering a question back",
    Purpose.TRANSLATE: "Saying it in the interview's language",
    Purpose.AIM: "Reading an advert or a CV",
}
_ENDS = {
    CallEnd.OK: "A whole reply came.",
    CallEnd.OPEN: "No end is known: it is still being asked, or its process was stopped.",
    CallEnd.CANCELLED: "It was given up before the reply was whole.",
}
_INSTRUCTIONS = "Instructions"
_TEXTS = {Purpose.TRANSLATE: "The interviewer's words"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentView:
    """One message of a call."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call: what was sent, what came back, and the figures."""

    title: str
    in_force: bool
    outcome: str
    facts: tuple[tuple[str, str], ...]
    sent: tuple[SentView, ...]
    schema: str
    reply: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """`asked.html`."""

    id: str
    number: int
    topic: str
    calls: tuple[CallView, ...]
    usage: str | None


def asked_page(
    interview: Interview, turn: Turn, calls: Sequence[ModelCall], bank: Bank, *, currency: str | None
) -> AskedPage:
    """All that a model was asked in a turn, word for word."""
    in_force = turn.grading.provenance.calls if turn.grading else ()
    return AskedPage(
        id=interview.id,
        number=turn.number,
        topic=topic_title(bank, interview, bank.question(turn.question)),
        calls=tuple(_call(call, call.id in in_force, currency) for call in calls),
        usage=usage_words(usage_of(calls), currency) if calls else None,
    )


def usage_of(calls: Sequence[ModelCall]) -> Usage:
    """What some calls came to together."""
    amounts = [call.amount for call in calls]
    total = sum(amounts[1:], start=amounts[0])
    return Usage(calls=len(calls), amount=total, estimated=any(call.estimated for call in calls))


def usage_words(usage: Usage, currency: str | None) -> str:
    """Usage in a line: "7 calls of the model, 9,120 tokens (8,300 in, 820 out), 0.0031 USD"."""
    calls = "1 call" if usage.calls == 1 else f"{usage.calls} calls"
    amount = usage.amount
    tokens = f"{amount.tokens:,} tokens ({amount.tokens_in:,} in, {amount.tokens_out:,} out)"
    cost = f", {money_words(amount.cost, currency)}" if currency else ""
    return f"{calls} of the model, {'about ' if usage.estimated else ''}{tokens}{cost}"


def outcome_words(outcome: CallEnd | UngradedReason) -> str:
    """How a call ended."""
    return _ENDS[outcome] if isinstance(outcome, CallEnd) else words.FALLBACK[outcome]


def _call(call: ModelCall, in_force: bool, currency: str | None) -> CallView:
    sent, texts = json.loads(call.messages), _TEXTS.get(call.purpose, "The candidate's texts")
    return CallView(
        title=PURPOSE[call.purpose],
        in_force=in_force,
        outcome=outcome_words(call.outcome),
        facts=tuple(_facts(call, currency)),
        sent=tuple(
            SentView(title=_INSTRUCTIONS if one["role"] == "system" else texts, text=one["content"]) for one in sent
        ),
        schema=json.dumps(json.loads(call.reply_schema), indent=1),
        reply=call.reply,
    )


def _facts(call: ModelCall, currency: str | None) -> list[tuple[str, str]]:
    amount = call.amount
    open_words = ", at most" if call.outcome is CallEnd.OPEN else ", estimated" if call.estimated else ""
    facts = [("Model", call.model), ("Asked at", f"{_moment(call.at)} UTC")]
    if call.prompts:
        facts.append(("Prompts", call.prompts))
    if call.milliseconds is not None:
        first = "" if call.first_ms is None else f", its first piece after {call.first_ms:,} ms"
        facts.append(("Took", f"{call.milliseconds:,} ms{first}"))
    facts.append(("Tokens", f"{amount.tokens_in:,} in, {amount.tokens_out:,} out{open_words}"))
    if currency:
        facts.append(("Cost", f"{money_words(amount.cost, currency)}{open_words}"))
    return [*facts, ("Id", call.id)]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
