"""What is kept of whoever asks, with an account or without: to be read, taken away, deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from interviewer.domain import Person
from interviewer.errors import InputError
from interviewer.web.account_file import account_file
from interviewer.web.pages.entrance import enter, leave
from interviewer.web.pages.redirect import see
from interviewer.web.parts import GuestDep, OwnerDep, PersonDep, VisitorDep, Web, WebDep, accounts_on
from interviewer.web.problems import status_of
from interviewer.web.views.account import account_page

router = APIRouter(prefix="/account", include_in_schema=False)

PAGE = "/account"
Field = Annotated[str, Form()]
_WITH_ACCOUNTS = [Depends(accounts_on)]


@router.get("")
async def read(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    visitor: VisitorDep,
    guest: GuestDep,
    done: Annotated[str, Query()] = "",
) -> Response:
    """What is kept."""
    return await _page(request, web, owner, visitor, guest, done=done)


@router.get("/export.json")
async def export(web: WebDep, owner: OwnerDep, visitor: VisitorDep) -> Response:
    """All of it as a file."""
    return await account_file(web, owner, visitor)


@router.post("/delete")
async def delete(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    visitor: VisitorDep,
    guest: GuestDep,
    confirm: Field = "",
    password: Field = "",
) -> Response:
    """Delete all of it, once it was confirmed."""
    try:
        if visitor:
            await web.conductor.people.confirm(visitor, password)
        await web.conductor.keeping.remove(owner, visitor, confirmed=confirm)
    except InputError as error:
        return await _page(request, web, owner, visitor, guest, refused="delete", error=error)
    return leave(request)


@router.post("/password", dependencies=_WITH_ACCOUNTS)
async def change_password(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    me: PersonDep,
    guest: GuestDep,
    password: Field = "",
    new: Field = "",
) -> Response:
    """Set a new password; all other sessions end."""
    try:
        entered = await web.conductor.people.change_password(me, password, new)
    except InputError as error:
        return await _page(request, web, owner, me, guest, refused="password", error=error)
    return await enter(request, web, entered, f"{PAGE}?done=password")


@router.post("/log-out-everywhere", dependencies=_WITH_ACCOUNTS)
async def log_out_everywhere(request: Request, web: WebDep, me: PersonDep) -> Response:
    """End every session, this one too."""
    await web.conductor.people.log_out_everywhere(me)
    return leave(request)


@router.post("/take-over", dependencies=_WITH_ACCOUNTS)
async def take_over(web: WebDep, me: PersonDep, guest: GuestDep) -> Response:
    """Make what was done in this browser without an account one's own."""
    if guest:
        await web.conductor.people.take_over(me, guest)
    return see(f"{PAGE}?done=taken")


async def _page(
    request: Request,
    web: Web,
    owner: str,
    person: Person | None,
    guest: str | None,
    *,
    done: str = "",
    refused: str = "",
    error: InputError | None = None,
) -> Response:
    keeping, settings = web.conductor.keeping, web.settings
    page = account_page(
        await keeping.of_person(person),
        interviews=await keeping.count(owner),
        guest_interviews=await keeping.count(guest) if person and guest else 0,
        accounts=settings.accounts,
        retention_days=settings.retention_days,
        done=done,
        refused=refused,
        error=str(error) if error else None,
    )
    return web.render(request, "account.html", page, status=status_of(error) if error else 200)
