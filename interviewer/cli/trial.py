"""Settings with a model -> what works of it, found out by one real grading of an answer whose marks are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from interviewer.domain import (
    Grading,
    Level,
    Misconception,
    Point,
    Question,
    QuestionKind,
    Ungraded,
    UngradedReason,
    Verdict,
)
from interviewer.errors import ModelError
from interviewer.settings import Settings

if TYPE_CHECKING:  # the model's door and the graders are not needed for --help
    from interviewer.llm import Capabilities, Chat, ChatModel, ModelReply, OnText, OpenAIChat, Schema

REVISION = "doctor"
LIST_TIMEOUT_S = 3.0
NAMES_SHOWN = 8
NEAR_LIMIT = 0.5
"""From this share of the time allowed, a longer answer may not be marked in time."""

QUESTION = Question(
    id="doctor-list-or-tuple",
    pack=REVISION,
    kind=QuestionKind.OPEN,
    level=Level.JUNIOR,
    topic=REVISION,
    ask="How do a list and a tuple differ in Python, and when does it matter?",
    reference=(
        "A list can be changed after it was made, a tuple cannot. That is why a tuple of hashable values can be a "
        "key of a dictionary and a list cannot. A tuple also takes less memory than a list of the same values."
    ),
    points=(
        Point(id="change", says="A list can be changed after it was made, a tuple cannot", cues=(), weight=2),
        Point(id="key", says="A tuple of hashable values can be a dictionary key, a list cannot", cues=(), weight=2),
        Point(id="memory", says="A tuple takes less memory than a list of the same values", cues=(), weight=1),
    ),
    misconceptions=(
        Misconception(
            id="one-type",
            says="All values of a list must have the same type",
            cues=(),
            penalty=20,
            fix="They need not.",
        ),
    ),
    hints=(),
    takeaway="",
    samples=(),
    sources=(),
)
ANSWER = (
    "You can append to a list or replace its items after you have created it, but a tuple cannot be changed once it "
    "exists. Because of that a tuple of strings works as a key in a dictionary, while a list raises a TypeError there."
)
STATED = frozenset({"change", "key"})
"""The points that the answer states; of the third it says nothing."""


class Sign(StrEnum):
    """How it stands with one thing."""

    WORKS = "✓"
    PARTLY = "◐"
    FAILS = "✕"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    sign: Sign
    what: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was found; `works` when the model gave a grading."""

    findings: tuple[Finding, ...]
    works: bool
    reached: bool


class _Overheard:
    """A model that is asked through here, and its replies."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.replies: list[ModelReply] = []

    async def complete(
        self, messages: Chat, *, schema_name: str, schema: Schema, timeout_s: float, on_text: OnText | None = None
    ) -> ModelReply:
        """What the model replies."""
        reply = await self._model.complete(
            messages, schema_name=schema_name, schema=schema, timeout_s=timeout_s, on_text=on_text
        )
        self.replies.append(reply)
        return reply


async def try_out(settings: Settings, address: str) -> Trial:
    """Ask the model that the settings name for one grading; `address` is where it is, as it may be shown.

    Raises:
        ConfigurationError: a setting or a prompt is wrong.
    """
    from interviewer.grading import choose

    model = choose.chat_model(settings)
    assert model is not None
    try:
        overheard = _Overheard(model)
        once = settings.model_copy(update={"model_votes": 1})
        grader = choose.rubric_grader(once, overheard, bank_revision=REVISION, clock=lambda: datetime.now(UTC))
        result = await grader.grade(QUESTION, [ANSWER])
        if not overheard.replies:
            assert isinstance(result, Ungraded)
            return await _not_asked(result, model, settings, address)
        heard = _Heard(settings, address, overheard.replies, model.capabilities, result)
        return Trial(findings=tuple(heard.findings()), works=isinstance(result, Grading), reached=True)
    finally:
        await model.close()


# ---- there was no reply

_KEY_TAKEN = frozenset({UngradedReason.REJECTED, UngradedReason.RATE_LIMITED})
_MODEL_TAKEN = frozenset({UngradedReason.TRUNCATED, UngradedReason.REFUSAL})
_CONCERNS = {
    UngradedReason.UNREACHABLE: "reachable",
    UngradedReason.REFUSED_KEY: "key",
    UngradedReason.REJECTED: "request",
    UngradedReason.RATE_LIMITED: "limit",
    UngradedReason.SERVER_ERROR: "server",
    UngradedReason.TIMED_OUT: "speed",
}


async def _not_asked(result: Ungraded, model: OpenAIChat, settings: Settings, address: str) -> Trial:
    """What works up to where it failed; a server that is silent or rejects is asked for its models too."""
    reason, findings = result.reason, []
    names: tuple[str, ...] | None = None
    if reason in (UngradedReason.TIMED_OUT, UngradedReason.REJECTED):
        try:
            names = await model.models(timeout_s=LIST_TIMEOUT_S)
        except ModelError:
            names = None
    silent = reason is UngradedReason.TIMED_OUT and names is None
    reached = reason is not UngradedReason.UNREACHABLE and not silent
    if reached:
        findings.append(Finding(Sign.WORKS, "reachable", f"something answers at {address}"))
    if reason in _KEY_TAKEN | _MODEL_TAKEN:
        findings.append(_key(settings))
    if reason in _MODEL_TAKEN:
        findings.append(Finding(Sign.WORKS, "model name", settings.model))
    if reason is UngradedReason.REJECTED and names and settings.model not in names:
        findings.append(Finding(Sign.FAILS, "model name", f"{settings.model} is not there. {_listed(names)}"))
    else:
        what = "reachable" if silent else _CONCERNS.get(reason, "reply")
        where = "" if reached else f" ({address})"
        findings.append(Finding(Sign.FAILS, what, f"{result.message}{where}"))
    return Trial(findings=tuple(findings), works=False, reached=reached)


def _listed(names: Sequence[str]) -> str:
    """What to set instead."""
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return f"The server has {', '.join(names[:NAMES_SHOWN])}{more}: set INTERVIEWER_MODEL to one of them."


# ---- there was one


def _key(settings: Settings) -> Finding:
    says = "accepted" if settings.openai_api_key else "none is set, and the server wants none"
    return Finding(Sign.WORKS, "key", says)


@dataclass(frozen=True, slots=True)
class _Heard:
    """Replies and what was made of them."""

    settings: Settings
    address: str
    replies: Sequence[ModelReply]
    capabilities: Capabilities
    result: Grading | Ungraded

    def findings(self) -> Iterator[Finding]:
        """From the outside in."""
        yield Finding(Sign.WORKS, "reachable", self.address)
        yield _key(self.settings)
        served = self.replies[-1].model
        name = self.settings.model
        yield Finding(Sign.WORKS, "model name", name if served == name else f"{name}, which the server calls {served}")
        yield self._form()
        yield from self._left_out()
        yield self._streaming()
        yield self._speed()
        yield self._tokens()
        if isinstance(self.result, Grading):
            yield from self._marks(self.result)
        else:
            yield Finding(Sign.FAILS, "reply", self.result.message)

    def _form(self) -> Finding:
        from interviewer.llm import ReplyForm

        if self.capabilities.reply is ReplyForm.SCHEMA:
            return Finding(Sign.WORKS, "structured output", "json_schema is taken")
        if self.capabilities.reply is ReplyForm.OBJECT:
            says = "json_object, for json_schema is refused; the form of each reply is checked here"
        else:
            says = "none, so JSON is asked for in words; the form of each reply is checked here"
        return Finding(Sign.PARTLY, "structured output", says)

    def _left_out(self) -> Iterator[Finding]:
        refused = (
            (not self.capabilities.temperature, "temperature", "refused; INTERVIEWER_MODEL_TEMPERATURE has no effect"),
            (not self.capabilities.cap, "token limit", "refused; a reply that gets too long is cut off here"),
        )
        for is_refused, what, says in refused:
            if is_refused:
                yield Finding(Sign.PARTLY, what, says)

    def _streaming(self) -> Finding:
        last = self.replies[-1]
        if last.first_ms is None:
            return Finding(Sign.PARTLY, "streaming", "none, the reply comes in one piece")
        return Finding(Sign.WORKS, "streaming", f"first byte after {_seconds(last.first_ms)}")

    def _speed(self) -> Finding:
        took_ms = sum(reply.milliseconds for reply in self.replies)
        says = f"{_seconds(took_ms)} in all, {self.settings.model_timeout_s:g} s are allowed"
        if took_ms < NEAR_LIMIT * self.settings.model_timeout_s * 1000:
            return Finding(Sign.WORKS, "speed", says)
        advice = "run this again (a first reply may wait for the model to load), or raise INTERVIEWER_MODEL_TIMEOUT_S"
        return Finding(Sign.PARTLY, "speed", f"{says}: {advice}")

    def _tokens(self) -> Finding:
        last = self.replies[-1]
        if last.tokens_in is None or last.tokens_out is None:
            return Finding(Sign.PARTLY, "tokens", "the server does not count them")
        return Finding(Sign.WORKS, "tokens", f"{last.tokens_in} in, {last.tokens_out} out")

    def _marks(self, grading: Grading) -> Iterator[Finding]:
        from interviewer.grading.reply import parse

        if len(self.replies) > 1:
            yield Finding(Sign.PARTLY, "reply", f"readable at try {len(self.replies)}")
        credited = sum(mark.credit > 0 for mark in grading.marks)
        given = parse(self.replies[-1].text, QUESTION).marks
        claimed = sum(mark.verdict in (Verdict.MET, Verdict.PARTLY) for mark in given)
        if credited == claimed:
            borne = Finding(Sign.WORKS, "quotes", f"{credited} of {claimed} are the answer's own words")
        else:
            says = f"{credited} of {claimed} stand up to the check; the other marks earn nothing"
            borne = Finding(Sign.PARTLY, "quotes", says)
        yield borne
        right = sum((mark.credit > 0) is (mark.point in STATED) for mark in grading.marks)
        says = f"{right} of {len(grading.marks)} points marked as they should be"
        yield Finding(Sign.WORKS if right == len(grading.marks) else Sign.PARTLY, "marks", says)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"
