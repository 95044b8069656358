"""The chat page and its moves."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from interviewer.domain import Interview, InterviewStatus, TurnStatus
from interviewer.errors import ConflictError, InputError, InterviewerError, UnusableComment
from interviewer.web import words
from interviewer.web.live_events import position_of
from interviewer.web.pages.exams import show_exam
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.problems import status_of
from interviewer.web.views.chat import chat_page
from interviewer.web.views.disputes import Objections, Refused

router = APIRouter(include_in_schema=False)

TurnField = Annotated[int, Form()]


@router.get("/interviews/{interview_id}")
async def chat(
    request: Request, web: WebDep, owner: OwnerDep, interview_id: str, notice: str = "", question: str = "1"
) -> Response:
    """The chat page; an answer that a killed process left ungraded is graded now. Of an exam, one of its questions."""
    interview = await web.conductor.grade_awaiting(await web.conductor.load(interview_id, owner))
    if interview.plan.behaviour.free:
        if interview.status is InterviewStatus.FINISHED:
            return see(f"/interviews/{interview_id}/report")
        return await show_exam(request, web, interview, question=question)
    return await _chat(request, web, interview, notice=words.NOTICES.get(notice))


@router.post("/interviews/{interview_id}/answers")
async def answer(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    seen: Annotated[int, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Send an answer; when it cannot be taken, the page comes back with the text still in the composer."""
    try:
        done = await web.conductor.answer(interview_id, owner, turn=turn, text=text, says_seen=seen)
    except (InputError, ConflictError) as error:
        return await _refused(request, web, owner, interview_id, error, draft=text)
    if done.replaced:
        return see(f"/interviews/{interview_id}?notice=replaced#now")
    if done.interview.turns[turn - 1].status is TurnStatus.AWAITING_GRADE:
        return see(f"/interviews/{interview_id}?notice=not-graded#now")
    return see(f"/interviews/{interview_id}#now")


@router.post("/interviews/{interview_id}/choices")
async def choose(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: Annotated[int, Form()],
    option: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Answer a question of a check."""
    try:
        await web.conductor.choosing.choose(interview_id, owner, turn=turn, chosen=option or [])
    except (InputError, ConflictError) as error:
        return await _refused(request, web, owner, interview_id, error, draft="")
    return see(f"/interviews/{interview_id}#now")


@router.post("/interviews/{interview_id}/hint")
async def hint(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    seen: Annotated[int | None, Form()] = None,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Show a hint; what stands in the composer is kept as the draft. A form sent twice takes one hint."""
    try:
        await web.conductor.hint(interview_id, owner, turn=turn, says_seen=seen)
        await web.conductor.keep_draft(interview_id, owner, turn=turn, text=text)
    except ConflictError as error:
        return await _refused(request, web, owner, interview_id, error, draft=text)
    return see(f"/interviews/{interview_id}#answer")


@router.post("/interviews/{interview_id}/skip")
async def skip(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Go on to the next question."""
    try:
        await web.conductor.skip(interview_id, owner, turn=turn)
    except ConflictError as error:
        return await _refused(request, web, owner, interview_id, error, draft=text)
    return see(f"/interviews/{interview_id}#now")


@router.post("/interviews/{interview_id}/finish")
async def finish(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """End the interview and read the report."""
    with suppress(ConflictError):  # it is over already, which is what was wanted
        await web.conductor.finish(interview_id, owner)
    return see(f"/interviews/{interview_id}/report")


@router.post("/interviews/{interview_id}/regrade")
async def regrade(
    web: WebDep, owner: OwnerDep, interview_id: str, turn: Annotated[int | None, Form()] = None
) -> Response:
    """Mark again, or mark what still awaits its grade."""
    await web.conductor.regrade(interview_id, owner, turn=turn)
    return see(f"/interviews/{interview_id}" + (f"#turn-{turn}" if turn else ""))


@router.post("/interviews/{interview_id}/disputes")
async def contest(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: TurnField,
    point: Annotated[str, Form()],
    comment: Annotated[str, Form()] = "",
) -> Response:
    """Contest a mark; an objection that cannot be taken comes back with its text."""
    try:
        await web.conductor.disputes.contest(interview_id, owner, turn=turn, point=point, comment=comment)
    except (InputError, ConflictError) as error:
        interview = await web.conductor.load(interview_id, owner)
        refused = Refused(turn=turn, point=point, comment=comment, why=str(error))
        return await _chat(request, web, interview, error=error, refused=refused)
    return see(f"/interviews/{interview_id}#turn-{turn}")


@router.post("/interviews/{interview_id}/delete")
async def remove(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """Delete an interview with everything said in it."""
    await web.conductor.remove(interview_id, owner)
    return see("/")


async def _chat(
    request: Request,
    web: Web,
    interview: Interview,
    *,
    draft: str | None = None,
    notice: str | None = None,
    error: InterviewerError | None = None,
    refused: Refused | None = None,
) -> Response:
    draft = await web.conductor.draft(interview) if draft is None else draft
    objections = Objections(disputes=await web.conductor.disputes.of(interview), refused=refused)
    live = await web.conductor.live(interview)  # after the last wait: card and place in the stream must fit
    page = chat_page(
        interview,
        web.conductor.bank,
        live=live,
        now=web.conductor.now,
        draft=draft,
        answer_chars=web.settings.answer_chars,
        last_event=str(position_of(interview, live)),
        notice=notice,
        objections=objections,
        error=_told(error, refused),
    )
    return web.render(request, "chat.html", page, status=status_of(error) if error else 200)


def _told(error: InterviewerError | None, refused: Refused | None) -> str | None:
    """What is said above the composer; what is wrong with an objection's words is said beside them."""
    if error is None or refused is None:
        return str(error) if error else None
    return None if isinstance(error, UnusableComment) else f"{error}\nThis was not sent:\n{refused.comment}"


async def _refused(
    request: Request, web: Web, owner: str, interview_id: str, error: InterviewerError, *, draft: str
) -> Response:
    interview = await web.conductor.load(interview_id, owner)
    return await _chat(request, web, interview, draft=draft, error=error)
