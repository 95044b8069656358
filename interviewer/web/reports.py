"""The report for programs and as files, and the link by which anyone may read it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer.web.api import shape
from interviewer.web.asked import usage_line
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.report import files
from interviewer.web.shapes import ShareShape

router = APIRouter(prefix="/api/interviews/{interview_id}")


@router.get("/report")
async def read_report(web: WebDep, owner: OwnerDep, interview_id: str) -> dict[str, Any]:
    """The report: scores, level verdict with its reason, topics, study plan, what was missed, and the interview."""
    made = await _made(web, owner, interview_id)
    words = {"headline": made.told.headline, "reason": made.told.reason, "counted": made.told.counted}
    interview = await shape(web, made.interview)
    return asdict(made.report) | {"words": words, "interview": interview.model_dump(mode="json")}


@router.get("/report.md", response_class=files.Markdown)
async def read_report_text(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """The report as Markdown, to keep or to send to a mentor."""
    made = await _made(web, owner, interview_id)
    return files.as_markdown(made, usage=await usage_line(web, made.interview))


@router.get("/report.pdf", response_class=files.Pdf)
async def read_report_pdf(web: WebDep, owner: OwnerDep, interview_id: str) -> Response:
    """The report as a PDF, to print or to send."""
    made = await _made(web, owner, interview_id)
    return await files.as_pdf(made, usage=await usage_line(web, made.interview))


@router.post("/share", status_code=201)
async def share(request: Request, web: WebDep, owner: OwnerDep, interview_id: str) -> ShareShape:
    """Make the link by which anyone may read the report; it is told this once, and the one before it is revoked."""
    made = await web.conductor.shares.make(interview_id, owner)
    return ShareShape.of(made, base=str(request.base_url))


@router.delete("/share", status_code=204)
async def revoke(web: WebDep, owner: OwnerDep, interview_id: str) -> None:
    """Revoke the link, if there is one."""
    await web.conductor.shares.revoke(interview_id, owner)


async def _made(web: Web, owner: str, interview_id: str) -> files.Made:
    return await files.make(web, await web.conductor.load(interview_id, owner))
