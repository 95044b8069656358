"""The report of an interview, to read."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer.report import report
from interviewer.web.asked import usage_line
from interviewer.web.parts import OwnerDep, WebDep
from interviewer.web.views.disputes import Objections
from interviewer.web.views.reading import report_page
from interviewer.web.views.turns import topic_titles

router = APIRouter(include_in_schema=False)


@router.get("/interviews/{interview_id}/report")
async def read_report(request: Request, web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """The report; of an open interview it says that it is not complete and shows only what may be seen."""
    interview = await web.conductor.grade_awaiting(await web.conductor.load(interview_id, owner))
    bank = web.conductor.bank
    made = report(interview, bank.question, topic_titles(bank, interview.plan.pack))
    objections = Objections(disputes=await web.conductor.disputes.of(interview))
    usage = await usage_line(web, interview)
    page = report_page(interview, made, bank, objections, usage=usage, live=web.conductor.live(interview_id))
    return web.render(request, "report.html", page)
