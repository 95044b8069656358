"""The report of an interview, to read, to keep, and to let others read."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer import engine
from interviewer.domain import Interview
from interviewer.errors import NotFound
from interviewer.web.asked import usage_line
from interviewer.web.pages import shown_once
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.report import files
from interviewer.web.views.disputes import Objections
from interviewer.web.views.reading import ShareView, report_page

router = APIRouter(prefix="/interviews/{interview_id}", include_in_schema=False)

FRESH = "interviewer_link"
"""The cookie that takes a link just made to the page that shows it, once."""


@router.get("/report")
async def read_report(request: Request, web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """The report; of an open interview it says that it is not complete and shows only what may be seen."""
    interview = await web.conductor.grade_awaiting(await web.conductor.load(interview_id, owner))
    if engine.is_being_sat(interview):
        return see(f"/interviews/{interview_id}")
    made = await files.make(web, interview)
    page = report_page(
        interview,
        made.told,
        web.conductor.bank,
        share=await _share(request, web, interview),
        objections=Objections(disputes=await web.conductor.disputes.of(interview)),
        usage=await usage_line(web, interview),
        live=await web.conductor.live(interview),
    )
    response = web.render(request, "report.html", page)
    shown_once.forget(request, response, FRESH, _page(interview_id))
    return response


@router.get("/report.pdf")
async def read_report_pdf(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """The report as a PDF."""
    interview = await web.conductor.load(interview_id, owner)
    return await files.as_pdf(await files.make(web, interview), usage=await usage_line(web, interview))


@router.post("/share")
async def share(request: Request, web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """Make the link by which anyone may read the report, and show it."""
    made = await web.conductor.shares.make(interview_id, owner)
    response = see(f"{_page(interview_id)}#share")
    shown_once.hand(request, response, FRESH, made.token, _page(interview_id))
    return response


@router.post("/share/revoke")
async def revoke(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """Take the link back."""
    await web.conductor.shares.revoke(interview_id, owner)
    return see(f"{_page(interview_id)}#share")


async def _share(request: Request, web: Web, interview: Interview) -> ShareView:
    made_at = await web.conductor.shares.made_at(interview)
    return ShareView(
        made=f"{made_at:%Y-%m-%d %H:%M} UTC" if made_at else None,
        link=await _fresh_link(request, web, interview),
    )


async def _fresh_link(request: Request, web: Web, interview: Interview) -> str | None:
    """The link that was just made here, if it still leads to this report."""
    token = request.cookies.get(FRESH)
    if token is None:
        return None
    try:
        led_to = await web.conductor.shares.read(token)
    except NotFound:
        return None
    return f"{str(request.base_url).rstrip('/')}/shared/{token}" if led_to.id == interview.id else None


def _page(interview_id: str) -> str:
    return f"/interviews/{interview_id}/report"
