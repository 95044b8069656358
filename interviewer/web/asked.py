"""What the model was asked, word for word: a page for people, JSON for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer.domain import Interview
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.shapes import CallShape
from interviewer.web.views.usage import asked_page, usage_words

router = APIRouter()


@router.get("/interviews/{interview_id}/turns/{turn}/asked", include_in_schema=False)
async def show(request: Request, web: WebDep, owner: OwnerDep, interview_id: str, turn: int) -> Response:
    """Every call of a turn, once its feedback may be seen."""
    found = await web.conductor.accounts.of_turn(interview_id, owner, turn=turn)
    page = asked_page(found.interview, found.turn, found.calls, web.conductor.bank, currency=web.settings.currency)
    return web.render(request, "asked.html", page)


async def usage_line(web: Web, interview: Interview) -> str | None:
    """What the model came to in an interview, in words; None when it was not asked."""
    found = (await web.conductor.accounts.usage([interview])).get(interview.id)
    return usage_words(found, web.settings.currency) if found else None


@router.get("/api/interviews/{interview_id}/turns/{turn}/calls")
async def calls(web: WebDep, owner: OwnerDep, interview_id: str, turn: int) -> list[CallShape]:
    """What the model was asked in a turn, oldest first, once its feedback may be seen: it holds the rubric."""
    found = await web.conductor.accounts.of_turn(interview_id, owner, turn=turn)
    in_force = found.turn.grading.provenance.calls if found.turn.grading else ()
    currency = web.settings.currency
    return [CallShape.of(call, in_force=call.id in in_force, currency=currency) for call in found.calls]
