"""What the bank holds, as a page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer.web.parts import WebDep
from interviewer.web.views.bank import bank_page

router = APIRouter(include_in_schema=False)


@router.get("/bank")
async def bank(request: Request, web: WebDep) -> Response:
    """What the bank holds."""
    return web.render(request, "bank.html", bank_page(web.conductor.bank))
