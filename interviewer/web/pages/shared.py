"""A report by its link: anyone may read it, nobody may do anything there, no search engine may keep it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer import engine
from interviewer.errors import NotFound
from interviewer.web.parts import Web, WebDep
from interviewer.web.report import files
from interviewer.web.views.reading import shared_page

router = APIRouter(prefix="/shared/{token}", include_in_schema=False)


@router.get("")
async def read_shared(request: Request, web: WebDep, token: str) -> Response:
    """The report behind a link."""
    made = await _made(web, token)
    page = shared_page(made.interview, made.told, web.conductor.bank, files=f"/shared/{token}/report")
    return _unlisted(web.render(request, "report.html", page))


@router.get("/report.md")
async def read_shared_text(web: WebDep, token: str) -> Response:
    """The same as Markdown."""
    return _unlisted(files.as_markdown(await _made(web, token)))


@router.get("/report.pdf")
async def read_shared_pdf(web: WebDep, token: str) -> Response:
    """The same as a PDF."""
    return _unlisted(await files.as_pdf(await _made(web, token)))


async def _made(web: Web, token: str) -> files.Made:
    interview = await web.conductor.shares.read(token)
    if engine.is_being_sat(interview):
        raise NotFound("This practice exam has not been handed in yet. Its report is here as soon as it has.")
    return await files.make(web, interview)


def _unlisted(response: Response) -> Response:
    """No search engine keeps it, and no page that is opened from it learns its address."""
    response.headers["x-robots-tag"] = "noindex, nofollow"
    response.headers["referrer-policy"] = "no-referrer"
    return response
