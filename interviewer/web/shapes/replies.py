"""The JSON that goes out, and how a domain value becomes it. Nothing is shown too early."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from interviewer import engine
from interviewer.bank import Bank
from interviewer.domain import (
    GraderKind,
    Grading,
    Interview,
    InterviewStatus,
    Level,
    Mark,
    Mode,
    Outline,
    Question,
    QuestionKind,
    SayKind,
    Speaker,
    Tone,
    Turn,
    TurnStatus,
    UngradedReason,
    Verdict,
)
from interviewer.scoring import turn_score
from interviewer.web.shapes.usage import UsageShape
from interviewer.web.views.turns import overall


class OptionShape(BaseModel):
    """An option of a choice question; `correct` and `why` are null until they may be seen."""

    id: str
    text: str
    correct: bool | None = None
    why: str | None = None


class QuestionShape(BaseModel):
    """A question as it was asked: never its reference. `options` are null where it is answered in words."""

    id: str
    kind: QuestionKind
    level: Level
    topic: str
    ask: str
    options: list[OptionShape] | None = None
    several: bool = False

    @classmethod
    def of(cls, question: Outline) -> Self:
        """The public part of a question."""
        return cls(id=question.id, kind=question.kind, level=question.level, topic=question.topic, ask=question.ask)

    @classmethod
    def asked(cls, interview: Interview, question: Question, *, due: bool) -> Self:
        """A question as a sitting asks it, its options in the order shown; with what is right once that is `due`."""
        shape = cls.of(question)
        if question.kind is QuestionKind.CHOICE:
            shape.several = question.several
            shape.options = [
                OptionShape(id=o.id, text=o.text, correct=o.correct if due else None, why=o.why if due else None)
                for o in engine.shown_options(interview.plan, question)
            ]
        return shape


class SayShape(BaseModel):
    """Something said."""

    who: Speaker
    kind: SayKind
    text: str
    at: datetime


class MarkShape(BaseModel):
    """The verdict on one point; `said`, `start` and `end` place the quote in the candidate's texts.

    `votes` are the verdicts of several readings by a model, `unsure` whether they differ.
    """

    point: str
    says: str
    weight: int
    verdict: Verdict
    credit: float
    quote: str | None
    said: int
    start: int
    end: int
    reason: str
    votes: list[Verdict]
    unsure: bool

    @classmethod
    def of(cls, mark: Mark) -> Self:
        """A mark."""
        return cls(**{name: getattr(mark, name) for name in cls.model_fields})


class AssertedShape(BaseModel):
    """A misconception the candidate asserted."""

    id: str
    says: str
    penalty: int
    fix: str
    quote: str


class GradingShape(BaseModel):
    """A grading with what may be read after it."""

    grader: GraderKind
    estimate: bool
    by: str | None
    model: str | None
    prompt: str | None
    bank: str
    fallback: UngradedReason | None
    milliseconds: int
    graded_at: datetime
    score: int
    marks: list[MarkShape]
    misconceptions: list[AssertedShape]
    strengths: list[str]
    improve: list[str]
    notes: list[str]
    reference: str | None
    takeaway: str | None
    sources: list[str]

    @classmethod
    def of(cls, grading: Grading, question: Question | None) -> Self:
        """A grading beside the reference it was made against."""
        made = grading.provenance
        return cls(
            grader=made.grader,
            estimate=made.grader is GraderKind.FUZZY,
            by=made.by,
            model=made.model,
            prompt=made.prompt,
            bank=made.bank,
            fallback=made.fallback,
            milliseconds=made.milliseconds,
            graded_at=grading.graded_at,
            score=grading.score,
            marks=[MarkShape.of(mark) for mark in grading.marks],
            misconceptions=[
                AssertedShape(**{name: getattr(wrong, name) for name in AssertedShape.model_fields})
                for wrong in grading.misconceptions
            ],
            strengths=list(grading.strengths),
            improve=list(grading.improve),
            notes=list(grading.notes),
            reference=question.reference if question else None,
            takeaway=question.takeaway if question else None,
            sources=list(question.sources) if question else [],
        )


class TurnShape(BaseModel):
    """A turn; `score` and `grading` are null until they may be seen."""

    number: int
    question: QuestionShape | None
    status: TurnStatus
    says: list[SayShape]
    chosen: list[str]
    flagged: bool
    hints_used: int
    score: int | None
    grading: GradingShape | None

    @classmethod
    def of(cls, interview: Interview, turn: Turn, bank: Bank) -> Self:
        """A turn as its candidate may see it now."""
        question = bank.question(turn.question)
        due = engine.feedback_due(interview, turn)
        grading = turn.grading if due else None
        return cls(
            number=turn.number,
            question=QuestionShape.asked(interview, question, due=due) if question else None,
            status=turn.status,
            says=[SayShape(who=say.who, kind=say.kind, text=say.text, at=say.at) for say in turn.says],
            chosen=list(turn.chosen),
            flagged=turn.flagged,
            hints_used=turn.hints_used,
            score=turn_score(turn) if due else None,
            grading=GradingShape.of(grading, question) if grading else None,
        )


class InterviewShape(BaseModel):
    """An interview."""

    id: str
    level: Level
    mode: Mode
    status: InterviewStatus
    created_at: datetime
    finished_at: datetime | None
    pack: str
    topics: list[str]
    tone: Tone
    language: str
    adaptive: bool
    minutes: int | None
    pass_mark: int | None
    seed: int
    length: int
    score: int | None
    turns: list[TurnShape]
    replaced: int = 0
    usage: UsageShape | None = None

    @classmethod
    def of(cls, interview: Interview, bank: Bank, *, replaced: int = 0, usage: UsageShape | None = None) -> Self:
        """An interview as its candidate may see it now; without `usage`, no model was asked in it."""
        plan = interview.plan
        return cls(
            id=interview.id,
            level=plan.level,
            mode=plan.mode,
            status=interview.status,
            created_at=interview.created_at,
            finished_at=interview.finished_at,
            pack=plan.pack,
            topics=list(plan.topics),
            tone=plan.tone,
            language=plan.language,
            adaptive=plan.adaptive,
            minutes=plan.minutes,
            pass_mark=plan.pass_mark,
            seed=plan.seed,
            length=interview.length,
            score=overall(interview),
            turns=[TurnShape.of(interview, turn, bank) for turn in interview.turns],
            replaced=replaced,
            usage=usage,
        )
