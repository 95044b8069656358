"""Log in, log out, sign up, and what an invitation leads to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import Response

from interviewer.conductor.people import Entered
from interviewer.errors import ConflictError, InputError
from interviewer.settings import Accounts
from interviewer.web.doors import LOG_IN, no_session_cookie, safe_path, session_cookie, session_token
from interviewer.web.pages.redirect import see
from interviewer.web.parts import GuestDep, VisitorDep, Web, WebDep, accounts_on
from interviewer.web.problems import status_of
from interviewer.web.views.entrance import EntrancePage, invited_page, log_in_page, sign_up_page

router = APIRouter(include_in_schema=False, dependencies=[Depends(accounts_on)])

Field = Annotated[str, Form()]


def _open(web: WebDep) -> None:
    if web.settings.accounts is not Accounts.OPEN:
        raise HTTPException(404)


@router.get(LOG_IN)
async def ask_to_log_in(
    request: Request, web: WebDep, visitor: VisitorDep, back: Annotated[str, Query(alias="next")] = "/"
) -> Response:
    """Where to log in; whoever is goes on."""
    if visitor:
        return see(safe_path(back))
    return web.render(request, "entrance.html", log_in_page(web.settings.accounts, back=safe_path(back)))


@router.post(LOG_IN)
async def log_in(
    request: Request,
    web: WebDep,
    name: Field = "",
    password: Field = "",
    back: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Log in, and go on to the page that was wanted."""
    try:
        entered = await web.conductor.people.log_in(name, password)
    except InputError as error:
        page = log_in_page(web.settings.accounts, name=name, back=safe_path(back), error=str(error))
        return _again(request, web, page, error)
    return await enter(request, web, entered, safe_path(back))


@router.post("/logout")
async def log_out(request: Request, web: WebDep) -> Response:
    """End the session of this browser."""
    if token := session_token(request):
        await web.conductor.people.log_out(token)
    return leave(request)


@router.get("/signup", dependencies=[Depends(_open)])
async def ask_to_sign_up(request: Request, web: WebDep, visitor: VisitorDep, guest: GuestDep) -> Response:
    """Where to make an account; whoever has one sees it."""
    if visitor:
        return see("/account")
    return web.render(request, "entrance.html", sign_up_page(has_work=guest is not None))


@router.post("/signup", dependencies=[Depends(_open)])
async def sign_up(request: Request, web: WebDep, guest: GuestDep, name: Field = "", password: Field = "") -> Response:
    """Make an account; what was done in this browser belongs to it."""
    try:
        entered = await web.conductor.people.sign_up(name, password, guest=guest)
    except (InputError, ConflictError) as error:
        page = sign_up_page(name=name, has_work=guest is not None, error=str(error))
        return _again(request, web, page, error)
    return await enter(request, web, entered, "/")


@router.get("/invited/{token}")
async def ask_invited(request: Request, web: WebDep, token: str) -> Response:
    """What an invitation leads to: a new account, or a new password."""
    invited = await web.conductor.people.invited(token)
    page = invited_page(token, for_name=invited.person.name if invited.person else None)
    return _unlisted(web.render(request, "entrance.html", page))


@router.post("/invited/{token}")
async def accept(
    request: Request, web: WebDep, guest: GuestDep, token: str, name: Field = "", password: Field = ""
) -> Response:
    """Make the account, or set the password."""
    people = web.conductor.people
    invited = await people.invited(token)
    try:
        if invited.person:
            entered = await people.password_by_link(token, password)
        else:
            entered = await people.sign_up(name, password, guest=guest, invitation=token)
    except (InputError, ConflictError) as error:
        for_name = invited.person.name if invited.person else None
        page = invited_page(token, name=name, for_name=for_name, error=str(error))
        return _unlisted(_again(request, web, page, error))
    return await enter(request, web, entered, "/")


async def enter(request: Request, web: Web, entered: Entered, path: str) -> Response:
    """Go on with a new session; the one this browser had is over."""
    if old := session_token(request):
        await web.conductor.people.log_out(old)
    response = see(path)
    response.headers.append("set-cookie", session_cookie(entered, secure=request.url.scheme == "https"))
    return response


def leave(request: Request) -> Response:
    """Go on without a session, from the start page."""
    response = see("/")
    response.headers.append("set-cookie", no_session_cookie(secure=request.url.scheme == "https"))
    return response


def _again(request: Request, web: Web, page: EntrancePage, error: InputError | ConflictError) -> Response:
    return web.render(request, "entrance.html", page, status=status_of(error))


def _unlisted(response: Response) -> Response:
    """No search engine keeps it."""
    response.headers["x-robots-tag"] = "noindex, nofollow"
    return response
