"""What is made of an answer: marks, gradings, and the lack of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What an answer did for one point."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    CONTRADICTED = "contradicted"


class GraderKind(StrEnum):
    """Who gave a grading."""

    LLM = "llm"
    FUZZY = "fuzzy"
    HUMAN = "human"
    KEY = "key"
    """The right options of a choice question: nothing to judge, nothing to doubt."""


class Purpose(StrEnum):
    """What a model is asked for."""

    GRADE = "grade"
    PROBE = "probe"
    CLARIFY = "clarify"
    TRANSLATE = "translate"
    AIM = "aim"


class UngradedReason(StrEnum):
    """Why a grader gave no grading."""

    UNREACHABLE = "unreachable"
    REFUSED_KEY = "refused_key"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMED_OUT = "timed_out"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    REFUSAL = "refusal"
    REJECTED = "rejected"
    BROKEN = "broken"
    PAUSED = "paused"
    OVER_BUDGET = "over_budget"
    BUSY = "busy"


NOT_ASKED = frozenset({UngradedReason.PAUSED, UngradedReason.OVER_BUDGET, UngradedReason.BUSY})
"""Reasons for which a model was not asked, so they say nothing about the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The verdict on one point.

    `said` counts the candidate's texts of the turn from 0: where the quote stands. A point that was met only
    after a probe has `said` > 0. `start` and `end` are character offsets of the quote in that text. `votes` are the
    verdicts of several readings of which this is the median, in the order they were asked for; of one there are none.
    """

    point: str
    says: str
    weight: int
    verdict: Verdict
    credit: float
    quote: str | None = None
    said: int = 0
    start: int = 0
    end: int = 0
    reason: str = ""
    votes: tuple[Verdict, ...] = ()

    @property
    def unsure(self) -> bool:
        """Whether the readings differ."""
        return len(set(self.votes)) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertedMisconception:
    """A misconception the candidate asserted, with the words that show it."""

    id: str
    says: str
    penalty: int
    fix: str
    quote: str
    said: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who gave a grading and from what; `fallback` says why the model did not, `calls` are the ids of its replies.

    A grading by `human` is the one before it with a mark that a person settled: `by` is that person's name if they
    gave one, `model`, `prompt` and `fallback` are those of the marks that stayed.
    """

    grader: GraderKind
    bank: str
    milliseconds: int
    model: str | None = None
    prompt: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    fallback: UngradedReason | None = None
    calls: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """All marks of a turn with feedback and provenance; `score` is what the marks are worth before hints.

    `acknowledge` is a sentence that shows the candidate was listened to and tells nothing of the marks.
    """

    marks: tuple[Mark, ...]
    misconceptions: tuple[AssertedMisconception, ...]
    strengths: tuple[str, ...]
    improve: tuple[str, ...]
    notes: tuple[str, ...]
    score: int
    provenance: Provenance
    graded_at: datetime
    acknowledge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ungraded:
    """There is no grading, and why. Never a number. `retry_after_s` is how long the model wants to be left alone."""

    reason: UngradedReason
    message: str
    retry_after_s: float | None = None
