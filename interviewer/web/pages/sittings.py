"""Checks and exams, begun with one press."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from interviewer.domain import Level, Mode, Plan
from interviewer.errors import InputError
from interviewer.web.pages.chosen import level_of, topics_of
from interviewer.web.pages.redirect import see
from interviewer.web.pages.start import start_again
from interviewer.web.parts import OwnerDep, Web, WebDep

router = APIRouter(include_in_schema=False)


@router.post("/checks")
async def begin_check(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    pack: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "",
    topics: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A quick check, on the topics that are named or on all."""
    return await _begin(request, web, owner, Mode.CHECK, pack, level, topics=topics)


@router.post("/exams")
async def begin_exam(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    pack: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "",
) -> Response:
    """A practice exam on the terms of its pack."""
    return await _begin(request, web, owner, Mode.EXAM, pack, level)


async def _begin(
    request: Request,
    web: Web,
    owner: str,
    mode: Mode,
    pack: str,
    level: str,
    *,
    topics: list[str] | None = None,
) -> Response:
    bank = web.conductor.bank
    pack = pack or bank.default_pack
    try:
        plan = Plan(
            pack=pack,
            level=level_of(level) if level else await _last_level(web, owner),
            mode=mode,
            questions=web.conductor.usual_length(mode, pack),
            topics=topics_of(topics or [], bank, pack),
        )
        begun = await web.conductor.start(plan, owner=owner)
    except InputError as error:
        return await start_again(request, web, owner, error)
    return see(f"/interviews/{begun.id}")


async def _last_level(web: Web, owner: str) -> Level:
    """That of the candidate's last sitting, else the first."""
    recent = await web.conductor.recent(owner)
    return recent[0].plan.level if recent else Level.JUNIOR
