"""People looked after by admins, and how grader and budgets stand. For everybody else there is no such page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from interviewer.conductor.roster import Link
from interviewer.domain import Role
from interviewer.errors import NotFound, UnknownChoice
from interviewer.web.pages import shown_once
from interviewer.web.pages.redirect import see
from interviewer.web.parts import AdminDep, Web, WebDep, accounts_on
from interviewer.web.views.admin import FreshLink, admin_page

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[Depends(accounts_on)])

PAGE = "/admin"
FRESH = "interviewer_invitation"
"""The cookie that takes a link just made to the page that shows it, once."""


@router.get("")
async def look(request: Request, web: WebDep, me: AdminDep, find: Annotated[str, Query()] = "") -> Response:
    """People, disputes, grader and budgets."""
    page = admin_page(
        await web.conductor.roster.page(find),
        me,
        web.settings,
        find=find,
        link=await _fresh_link(request, web),
        grader=web.grader,
        model=web.model_state,
        spending=await web.spending_state(),
        disputes=await web.conductor.disputes.waiting(),
    )
    response = web.render(request, "admin.html", page)
    shown_once.forget(request, response, FRESH, PAGE)
    return response


@router.post("/invitations")
async def invite(request: Request, web: WebDep, me: AdminDep, role: Annotated[str, Form()] = "") -> Response:
    """Make a link that lets one person sign up, and show it."""
    return _shown(request, await web.conductor.roster.invite(_role(role), by=me))


@router.post("/people/{person_id}/role")
async def set_role(web: WebDep, me: AdminDep, person_id: str, role: Annotated[str, Form()] = "") -> Response:
    """Give a person a role; they have to log in again."""
    await web.conductor.roster.set_role(_other(me.id, person_id), _role(role))
    return see(PAGE)


@router.post("/people/{person_id}/disable")
async def disable(web: WebDep, me: AdminDep, person_id: str) -> Response:
    """Log a person out and let them in no more."""
    await web.conductor.roster.disable(_other(me.id, person_id))
    return see(PAGE)


@router.post("/people/{person_id}/enable")
async def enable(web: WebDep, me: AdminDep, person_id: str) -> Response:
    """Let a disabled person in again."""
    await web.conductor.roster.enable(_other(me.id, person_id))
    return see(PAGE)


@router.post("/people/{person_id}/password-link")
async def password_link(request: Request, web: WebDep, me: AdminDep, person_id: str) -> Response:
    """Make a link by which a person sets a new password, and show it."""
    return _shown(request, await web.conductor.roster.password_link(person_id, by=me))


@router.post("/people/{person_id}/delete")
async def delete(web: WebDep, me: AdminDep, person_id: str, confirm: Annotated[str, Form()] = "") -> Response:
    """Delete a person with all that is theirs, once their name was typed."""
    roster = web.conductor.roster
    person = await roster.get(_other(me.id, person_id))
    if confirm.strip() != person.name:
        raise UnknownChoice(f"Nothing was deleted: type the name, {person.name}, to delete this account.")
    await roster.remove(person.id)
    return see(PAGE)


def _role(named: str) -> Role:
    try:
        return Role(named)
    except ValueError:
        raise UnknownChoice("Choose a role: candidate, author or admin.") from None


def _other(me: str, person_id: str) -> str:
    """Somebody else: an admin who locks themselves out could let nobody in."""
    if person_id == me:
        raise UnknownChoice(
            "Nobody changes their own account here. Another admin can, and your account page deletes it."
        )
    return person_id


async def _fresh_link(request: Request, web: Web) -> FreshLink | None:
    """The link that was just made here, if it still leads anywhere."""
    token = request.cookies.get(FRESH)
    try:
        invited = await web.conductor.people.invited(token) if token else None
    except NotFound:
        return None
    if invited is None:
        return None
    address = f"{str(request.base_url).rstrip('/')}/invited/{token}"
    return FreshLink(address=address, for_name=invited.person.name if invited.person else None)


def _shown(request: Request, link: Link) -> Response:
    response = see(f"{PAGE}#link")
    shown_once.hand(request, response, FRESH, link.token, PAGE)
    return response
