"""JSON routes: the same conductor as the pages."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel

from interviewer.domain import Interview, Level, Mode, Plan, TopicShare
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.shapes import (
    DisputeShape,
    InterviewShape,
    NewAnswer,
    NewChoice,
    NewDispute,
    NewDraft,
    NewFlag,
    NewInterview,
    QuestionShape,
    Regrade,
    TurnChoice,
    UsageShape,
)

router = APIRouter(prefix="/api")


class DraftKept(BaseModel):
    """Whether a draft was newer than the one already kept."""

    kept: bool


class BankShape(BaseModel):
    """Counts of the bank."""

    revision: str
    packs: list[str]
    questions: int
    by_level: dict[Level, int]
    by_topic: dict[str, int]


@router.post("/interviews", status_code=201)
async def start(web: WebDep, owner: OwnerDep, body: NewInterview) -> InterviewShape:
    """Start an interview; its first question is asked, of an exam all are."""
    plan = Plan(
        level=body.level,
        mode=body.mode,
        questions=web.conductor.usual_length(body.mode, body.pack) if body.questions is None else body.questions,
        pack=web.conductor.bank.default_pack if body.pack is None else body.pack,
        topics=tuple(body.topics),
        blueprint=tuple(TopicShare(topic=part.topic, share=part.share) for part in body.blueprint),
        kinds=tuple(body.kinds),
        tone=body.tone,
        language=body.language,
        adaptive=body.mode is Mode.PRACTICE if body.adaptive is None else body.adaptive,
    )
    return await shape(web, await web.conductor.start(plan, owner=owner, seed=body.seed))


@router.get("/interviews")
async def mine(web: WebDep, owner: OwnerDep) -> list[InterviewShape]:
    """The caller's interviews, newest first."""
    return await _shapes(web, await web.conductor.recent(owner))


@router.get("/interviews/{interview_id}")
async def read(web: WebDep, owner: OwnerDep, interview_id: str) -> InterviewShape:
    """An interview; an answer that a killed process left ungraded is graded now."""
    interview = await web.conductor.load(interview_id, owner)
    return await shape(web, await web.conductor.grade_awaiting(interview))


@router.delete("/interviews/{interview_id}", status_code=204)
async def remove(web: WebDep, owner: OwnerDep, interview_id: str) -> None:
    """Delete an interview with everything said in it."""
    await web.conductor.remove(interview_id, owner)


@router.post("/interviews/{interview_id}/answers")
async def answer(web: WebDep, owner: OwnerDep, interview_id: str, body: NewAnswer) -> InterviewShape:
    """Answer the open turn. The reply comes after grading, or with the turn still `awaiting_grade`."""
    done = await web.conductor.answer(interview_id, owner, turn=body.turn, text=body.text, says_seen=body.says_seen)
    return await shape(web, done.interview, replaced=done.replaced)


@router.post("/interviews/{interview_id}/choices")
async def choose(web: WebDep, owner: OwnerDep, interview_id: str, body: NewChoice) -> InterviewShape:
    """Answer a choice question; in an exam the newest choice counts, and an empty one takes it back."""
    made = await web.conductor.choosing.choose(interview_id, owner, turn=body.turn, chosen=body.chosen)
    return await shape(web, made)


@router.post("/interviews/{interview_id}/flag")
async def flag(web: WebDep, owner: OwnerDep, interview_id: str, body: NewFlag) -> InterviewShape:
    """Flag a question of an exam, or take the flag away."""
    made = await web.conductor.choosing.flag(interview_id, owner, turn=body.turn, flagged=body.flagged)
    return await shape(web, made)


@router.put("/interviews/{interview_id}/draft")
async def draft(web: WebDep, owner: OwnerDep, interview_id: str, body: NewDraft) -> DraftKept:
    """Keep an unsent text."""
    kept = await web.conductor.keep_draft(interview_id, owner, turn=body.turn, text=body.text, sequence=body.sequence)
    return DraftKept(kept=kept)


@router.post("/interviews/{interview_id}/hint")
async def hint(web: WebDep, owner: OwnerDep, interview_id: str, body: TurnChoice) -> InterviewShape:
    """Show the next hint; it costs."""
    return await shape(web, await web.conductor.hint(interview_id, owner, turn=body.turn))


@router.post("/interviews/{interview_id}/skip")
async def skip(web: WebDep, owner: OwnerDep, interview_id: str, body: TurnChoice) -> InterviewShape:
    """Go on to the next question."""
    return await shape(web, await web.conductor.skip(interview_id, owner, turn=body.turn))


@router.post("/interviews/{interview_id}/finish")
async def finish(web: WebDep, owner: OwnerDep, interview_id: str) -> InterviewShape:
    """End the interview here."""
    return await shape(web, await web.conductor.finish(interview_id, owner))


@router.post("/interviews/{interview_id}/regrade")
async def regrade(web: WebDep, owner: OwnerDep, interview_id: str, body: Regrade | None = None) -> InterviewShape:
    """Mark a turn again (a grading is added, none is replaced), or grade what awaits its grade."""
    return await shape(web, await web.conductor.regrade(interview_id, owner, turn=body.turn if body else None))


@router.post("/interviews/{interview_id}/disputes", status_code=201)
async def contest(web: WebDep, owner: OwnerDep, interview_id: str, body: NewDispute) -> DisputeShape:
    """Contest a mark in force; sent again while it is not settled, the comment is replaced. It changes no mark."""
    made = await web.conductor.disputes.contest(
        interview_id, owner, turn=body.turn, point=body.point, comment=body.comment
    )
    return DisputeShape.of(made)


@router.get("/interviews/{interview_id}/disputes")
async def contested(web: WebDep, owner: OwnerDep, interview_id: str) -> list[DisputeShape]:
    """The caller's objections to marks of an interview, oldest first, with what a person decided."""
    interview = await web.conductor.load(interview_id, owner)
    return [DisputeShape.of(dispute) for dispute in await web.conductor.disputes.of(interview)]


@router.get("/bank")
async def bank(web: WebDep) -> BankShape:
    """Counts of the bank."""
    held = web.conductor.bank
    topics = sorted({question.topic for question in held.outlines})
    return BankShape(
        revision=held.revision,
        packs=[pack.id for pack in held.packs],
        questions=len(held.outlines),
        by_level={level: sum(q.level is level for q in held.outlines) for level in Level},
        by_topic={topic: sum(q.topic == topic for q in held.outlines) for topic in topics},
    )


@router.get("/bank/questions")
async def questions(web: WebDep, level: Level | None = None, topic: str | None = None) -> list[QuestionShape]:
    """The questions without their references: those are shown once a question was answered."""
    return [
        QuestionShape.of(question)
        for question in web.conductor.bank.outlines
        if (level is None or question.level is level) and (topic is None or question.topic == topic)
    ]


async def shape(web: Web, interview: Interview, *, replaced: int = 0) -> InterviewShape:
    """An interview as JSON, with what the model came to in it."""
    (shape,) = await _shapes(web, [interview], replaced=replaced)
    return shape


async def _shapes(web: Web, interviews: Sequence[Interview], *, replaced: int = 0) -> list[InterviewShape]:
    usage, currency = await web.conductor.accounts.usage(interviews), web.settings.currency
    shapes = {interview_id: UsageShape.of(found, currency) for interview_id, found in usage.items()}
    return [
        InterviewShape.of(interview, web.conductor.bank, replaced=replaced, usage=shapes.get(interview.id))
        for interview in interviews
    ]
