"""What comes back: the page, the sitting begun from it, and the deck for Anki."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from interviewer.errors import InputError
from interviewer.web.anki import apkg
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.views.anki import anki_notes
from interviewer.web.views.review import review_page

router = APIRouter(include_in_schema=False)


class Deck(Response):
    """A deck for Anki."""

    media_type = "application/apkg"


@router.get("/review")
async def read(request: Request, web: WebDep, owner: OwnerDep) -> Response:
    """What is due today, and what comes in the next days."""
    return await _page(request, web, owner)


@router.post("/reviews")
async def begin(request: Request, web: WebDep, owner: OwnerDep, pack: Annotated[str, Form()] = "") -> Response:
    """Ask again what is due; where nothing is, the page says so."""
    try:
        begun = await web.conductor.reviews.start(owner, pack=pack or None)
    except InputError as error:
        return await _page(request, web, owner, error=str(error))
    return see(f"/interviews/{begun.id}")


@router.get("/review.apkg")
async def deck(web: WebDep, owner: OwnerDep) -> Response:
    """All points in review as a deck for Anki."""
    return await deck_of(web, owner)


async def deck_of(web: Web, owner: str) -> Response:
    """The deck as a file to keep."""
    reviewed = await web.conductor.reviews.of(owner)
    now = web.conductor.now

    def made() -> bytes:
        return apkg(anki_notes(reviewed.points, web.conductor.bank), title="Interviewer: points in review", at=now)

    named = {"content-disposition": f'attachment; filename="interviewer-{now:%Y-%m-%d}.apkg"'}
    return Deck(await asyncio.to_thread(made), headers=named)


async def _page(request: Request, web: Web, owner: str, *, error: str | None = None) -> Response:
    page = review_page(await web.conductor.reviews.of(owner), web.conductor.bank, error=error)
    return web.render(request, "review.html", page, status=422 if error else 200)
