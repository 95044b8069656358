"""The start page: what can be chosen, and an interview begun from it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from interviewer.domain import Mode, Plan, Tone
from interviewer.errors import InputError, UnknownChoice
from interviewer.web.pages.chosen import conversation_of, level_of, topics_of, whole
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.views.review import due_line
from interviewer.web.views.start import start_page

router = APIRouter(include_in_schema=False)

_NOTHING: Mapping[str, str] = MappingProxyType({})


@router.get("/")
async def start(request: Request, web: WebDep, owner: OwnerDep) -> Response:
    """The start page."""
    return await _start(request, web, owner)


@router.post("/interviews")
async def begin(
    request: Request,
    web: WebDep,
    owner: OwnerDep,
    pack: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "",
    mode: Annotated[str, Form()] = Mode.PRACTICE,
    questions: Annotated[str, Form()] = "6",
    topics: Annotated[list[str] | None, Form()] = None,
    tone: Annotated[str, Form()] = Tone.NEUTRAL,
    language: Annotated[str, Form()] = "",
    seed: Annotated[str, Form()] = "",
    adaptive: Annotated[bool, Form()] = False,
) -> Response:
    """Start an interview; a choice that cannot be carried out comes back with the form as it was."""
    chosen = {
        "pack": pack,
        "level": level,
        "mode": mode,
        "questions": questions,
        "topics": " ".join(topics or []),
        "tone": tone,
        "language": language,
        "seed": seed,
        "adaptive": "yes" if adaptive else "no",
    }
    try:
        plan = _plan(web, chosen, topics or [])
        begun = await web.conductor.start(plan, owner=owner, seed=whole(seed, "seed") if seed.strip() else None)
    except InputError as error:
        return await _start(request, web, owner, chosen=chosen, error=str(error))
    return see(f"/interviews/{begun.id}")


async def start_again(request: Request, web: Web, owner: str, error: InputError) -> Response:
    """The start page with what is wrong with a choice made elsewhere."""
    return await _start(request, web, owner, error=str(error))


async def _start(
    request: Request, web: Web, owner: str, *, chosen: Mapping[str, str] = _NOTHING, error: str | None = None
) -> Response:
    page = start_page(
        web.conductor.bank,
        await web.conductor.recent(owner),
        chosen=chosen,
        grader=web.grader,
        speaks_languages=web.conductor.speaks_languages,
        error=error,
        due=due_line(await web.conductor.reviews.of(owner)),
    )
    return web.render(request, "start.html", page, status=422 if error else 200)


def _plan(web: Web, chosen: Mapping[str, str], topics: list[str]) -> Plan:
    bank = web.conductor.bank
    pack = chosen["pack"] or bank.default_pack
    return Plan(
        pack=pack,
        level=level_of(chosen["level"]),
        mode=conversation_of(chosen["mode"]),
        questions=whole(chosen["questions"], "number of questions"),
        topics=topics_of(topics, bank, pack),
        tone=_tone(chosen["tone"]),
        language=chosen["language"],
        adaptive=chosen["adaptive"] == "yes",
    )


def _tone(named: str) -> Tone:
    try:
        return Tone(named)
    except ValueError:
        raise UnknownChoice("Choose a tone: friendly, neutral or tough.") from None
