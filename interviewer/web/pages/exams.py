"""An open exam: one of its questions at a time, in any order."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from interviewer.domain import Interview
from interviewer.errors import ConflictError, InputError, InterviewerError
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.problems import status_of
from interviewer.web.views.exam import exam_page, held

router = APIRouter(include_in_schema=False)


@router.post("/interviews/{interview_id}/exam")
async def turn_page(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    turn: Annotated[int, Form()],
    go: Annotated[str, Form()] = "",
    flagged: Annotated[bool, Form()] = False,
    option: Annotated[list[str] | None, Form()] = None,
    had: Annotated[str | None, Form()] = None,
) -> Response:
    """Keep what a page of an exam holds, and turn to another: a number, or `end` for the last look."""
    choosing = web.conductor.choosing
    try:
        if held(option or [], flagged=flagged) != had:  # else another tab may know better
            if choosing.has_options(await web.conductor.load(interview_id, owner), turn):
                await choosing.choose(interview_id, owner, turn=turn, chosen=option or [])
            await choosing.flag(interview_id, owner, turn=turn, flagged=flagged)
    except (InputError, ConflictError) as error:
        interview = await web.conductor.load(interview_id, owner)
        if interview.finished_at:
            return see(f"/interviews/{interview_id}/report")
        return await show_exam(request, web, interview, question=str(turn), error=error)
    if go != "over":
        return see(f"/interviews/{interview_id}?question={go if go.isdecimal() else 'end'}")
    if not await choosing.hand_in_if_due(interview_id, owner):  # by the browser's clock it is, by ours it is not
        return see(f"/interviews/{interview_id}?question={turn}")
    return see(f"/interviews/{interview_id}/report")


async def show_exam(
    request: Request, web: Web, interview: Interview, *, question: str, error: InterviewerError | None = None
) -> Response:
    """A page of an open exam; what is no number of a question is the last look."""
    numbers = {str(turn.number): turn.number for turn in interview.turns}
    number = numbers.get(question)
    page = exam_page(
        interview, web.conductor.bank, number=number, now=web.conductor.now, error=str(error) if error else None
    )
    return web.render(request, "exam.html", page, status=status_of(error) if error else 200)
