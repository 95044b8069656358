"""What authors and admins look at: statistics of the questions, and disputes, which they settle.

For everybody else there are no such pages. They hold no candidate's name, and no words but those of a contested answer.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import Response

from interviewer.conductor.disputes import Case
from interviewer.conductor.statistics import item_statistics
from interviewer.disputes import Ruling
from interviewer.domain import Verdict
from interviewer.errors import AlreadySettled, InputError, UnknownChoice
from interviewer.web.pages.redirect import see
from interviewer.web.parts import AuthorDep, Web, WebDep, accounts_on
from interviewer.web.problems import status_of
from interviewer.web.views.cases import case_page, cases_page
from interviewer.web.views.items import items_page

router = APIRouter(include_in_schema=False, dependencies=[Depends(accounts_on)])

SHOWN = 50
"""Disputes on a page; the oldest come first."""
_WHOLE_ID = 10
Field = Annotated[str, Form()]


@router.get("/items")
async def items(request: Request, web: WebDep, _me: AuthorDep, flagged: Annotated[bool, Query()] = False) -> Response:
    """Statistics of the questions that were asked."""
    found = await item_statistics(web.store)
    return web.render(request, "items.html", items_page(found, only_flagged=flagged))


@router.get("/disputes")
async def disputes(request: Request, web: WebDep, _me: AuthorDep, done: Annotated[str, Query()] = "") -> Response:
    """The disputes that wait for a decision."""
    cases = await web.conductor.disputes.cases(only_open=True, limit=SHOWN)
    page = cases_page(cases, waiting=await web.conductor.disputes.waiting(), done=done[:_WHOLE_ID])
    return web.render(request, "disputes.html", page)


@router.get("/disputes/{dispute_id}")
async def dispute(request: Request, web: WebDep, _me: AuthorDep, dispute_id: str) -> Response:
    """All it takes to decide one."""
    return web.render(request, "dispute.html", case_page(await _case(web, dispute_id)))


@router.post("/disputes/{dispute_id}")
async def settle(
    request: Request,
    web: WebDep,
    me: AuthorDep,
    dispute_id: str,
    verdict: Field = "",
    quote: Field = "",
    reason: Field = "",
) -> Response:
    """Decide one; the candidate reads the reason, and no name."""
    case = await _case(web, dispute_id)
    try:
        if case.interview.owner == me.owner:
            raise UnknownChoice("This mark is one of yours, so somebody else has to decide.")
        ruling = Ruling(verdict=_verdict(verdict), reason=reason, quote=quote.strip() or None)
        await web.conductor.disputes.settle(case.dispute.id, ruling)
    except (InputError, AlreadySettled) as error:
        case = await _case(web, dispute_id)
        page = case_page(case, verdict=verdict, quote=quote, why=reason, error=str(error))
        return web.render(request, "dispute.html", page, status=status_of(error))
    return see(f"/disputes?done={case.dispute.id}")


async def _case(web: Web, dispute_id: str) -> Case:
    if len(dispute_id) != _WHOLE_ID:
        raise HTTPException(404)
    return await web.conductor.disputes.case(dispute_id)


def _verdict(named: str) -> Verdict:
    try:
        return Verdict(named)
    except ValueError:
        raise UnknownChoice("Choose what the mark should be.") from None
