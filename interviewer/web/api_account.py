"""JSON routes of what is kept of the caller, with an account and without."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer.web.account_file import account_file
from interviewer.web.doors import no_session_cookie
from interviewer.web.parts import OwnerDep, VisitorDep, WebDep
from interviewer.web.shapes.account import AccountShape, DeleteAccount

router = APIRouter(prefix="/api/account")


@router.get("")
async def read(web: WebDep, owner: OwnerDep, visitor: VisitorDep) -> AccountShape:
    """What is kept of the caller."""
    keeping = web.conductor.keeping
    return AccountShape.of(await keeping.of_person(visitor), await keeping.count(owner))


@router.get("/export", response_class=Response)
async def export(web: WebDep, owner: OwnerDep, visitor: VisitorDep) -> Response:
    """Everything that is kept of the caller, as one JSON file; hashes are left out."""
    return await account_file(web, owner, visitor)


@router.delete("", status_code=204)
async def delete(
    request: Request, response: Response, web: WebDep, owner: OwnerDep, visitor: VisitorDep, body: DeleteAccount
) -> None:
    """Delete everything of the caller: interviews with all in them and, with an account, that and its sessions."""
    if visitor:
        await web.conductor.people.confirm(visitor, body.password)
    await web.conductor.keeping.remove(owner, visitor, confirmed=body.confirm)
    if visitor:
        response.headers.append("set-cookie", no_session_cookie(secure=request.url.scheme == "https"))
