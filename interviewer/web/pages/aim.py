"""An advert or a CV is read, and an interview begun on what it asks for. The text is shown again, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from interviewer.aim.files import AIM_CHARS, clean
from interviewer.domain import Mode, Plan, TopicShare
from interviewer.errors import InputError, UnknownChoice
from interviewer.web.pages.chosen import conversation_of, level_of, whole
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, WebDep
from interviewer.web.views.aim import aim_page

router = APIRouter(include_in_schema=False)

MOST_SHARE = 100
PackField = Annotated[str, Form()]
TextField = Annotated[str, Form()]


@router.get("/aim")
async def ask(request: Request, web: WebDep) -> Response:
    """Where a text is pasted or a file chosen."""
    return web.render(request, "aim.html", aim_page(web.conductor.bank, asks_model=web.model))


@router.post("/aim")
async def propose(
    request: Request,
    web: WebDep,
    pack: PackField = "",
    text: TextField = "",
    file: Annotated[UploadFile | None, File()] = None,
    offline: Annotated[bool, Form()] = False,
) -> Response:
    """The proposal, to be changed before it is used; a text that cannot be read comes back with the reason."""
    page = partial(aim_page, web.conductor.bank, asks_model=web.model, offline=offline, pack=pack)
    try:
        if file and file.filename:
            text = await web.aim.text_of(await file.read())
        text = clean(text)
        proposal = await web.aim.propose(text, pack, offline=offline)
    except InputError as error:
        return web.render(request, "aim.html", page(text=text, error=str(error)), status=422)
    return web.render(request, "aim.html", page(text=text, proposal=proposal))


@router.post("/aim/interviews")
async def begin(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    pack: PackField = "",
    text: TextField = "",
    topics_of: PackField = "",
    level: Annotated[str, Form()] = "",
    mode: Annotated[str, Form()] = Mode.PRACTICE,
    questions: Annotated[str, Form()] = "6",
    adaptive: Annotated[bool, Form()] = False,
    offline: Annotated[bool, Form()] = False,
    topic: Annotated[list[str] | None, Form()] = None,
    share: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Start an interview; what cannot be carried out comes back with the form as it was, its reasons by terms."""
    chosen = {"level": level, "mode": mode, "questions": questions, "adaptive": "yes" if adaptive else "no"}
    shares = dict(zip(topic or (), share or (), strict=False))
    try:
        plan = _plan(topics_of, chosen, shares)
        begun = await web.conductor.start(plan, owner=owner)
    except InputError as error:
        bank = web.conductor.bank
        shown = topics_of if bank.pack(topics_of) else bank.default_pack
        proposal = await web.aim.propose(text[:AIM_CHARS], shown, offline=True)
        page = aim_page(
            bank,
            asks_model=web.model,
            offline=offline,
            text=text,
            pack=pack,
            proposal=proposal,
            chosen=chosen,
            shares=shares,
            error=str(error),
        )
        return web.render(request, "aim.html", page, status=422)
    return see(f"/interviews/{begun.id}")


def _plan(pack: str, chosen: Mapping[str, str], shares: Mapping[str, str]) -> Plan:
    wanted = {topic: _share(typed) for topic, typed in shares.items()}
    blueprint = tuple(TopicShare(topic=topic, share=share) for topic, share in wanted.items() if share)
    if not blueprint:
        raise UnknownChoice("Every topic has a share of 0. Give at least one of them more.")
    return Plan(
        pack=pack,
        level=level_of(chosen["level"]),
        mode=conversation_of(chosen["mode"]),
        questions=whole(chosen["questions"], "number of questions"),
        adaptive=chosen["adaptive"] == "yes",
        blueprint=blueprint,
    )


def _share(typed: str) -> int:
    share = whole(typed.strip() or "0", "share of a topic")
    if not 0 <= share <= MOST_SHARE:
        raise UnknownChoice(f"The share of a topic is a whole number from 0 to {MOST_SHARE}.")
    return share
