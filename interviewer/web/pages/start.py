"""The start page: what can be chosen, and an interview begun from it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from interviewer.bank import Bank
from interviewer.domain import Level, Mode, Plan, Tone
from interviewer.errors import InputError, UnknownChoice
from interviewer.web import words
from interviewer.web.pages.redirect import see
from interviewer.web.parts import OwnerDep, Web, WebDep
from interviewer.web.views.review import due_line
from interviewer.web.views.start import start_page
from interviewer.web.views.turns import topic_titles

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


async def level_of(web: Web, owner: str, named: str) -> Level:
    """The level that was named, else that of the candidate's last sitting, else the first.

    Raises:
        UnknownChoice: there is no such level.
    """
    if not named:
        recent = await web.conductor.recent(owner)
        return recent[0].plan.level if recent else Level.JUNIOR
    try:
        return Level(named)
    except ValueError:
        raise UnknownChoice("Choose a level: junior, mid or senior.") from None


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
    try:
        level, mode, tone = Level(chosen["level"]), Mode(chosen["mode"]), Tone(chosen["tone"])
        if mode not in words.MODE_EXPECTS:
            raise ValueError(mode)
    except ValueError:
        raise UnknownChoice(
            "Choose a level (junior, mid, senior), practice or mock interview, and a tone (friendly, neutral, tough)."
        ) from None
    bank = web.conductor.bank
    pack = chosen["pack"] or bank.default_pack
    return Plan(
        pack=pack,
        level=level,
        mode=mode,
        questions=whole(chosen["questions"], "number of questions"),
        topics=of_pack(topics, bank, pack),
        tone=tone,
        language=chosen["language"],
        adaptive=chosen["adaptive"] == "yes",
    )


def of_pack(topics: list[str], bank: Bank, pack: str) -> tuple[str, ...]:
    """The ticked topics, without those of a subject that was not chosen: the form offers the topics of all."""
    elsewhere = {topic.id for other in bank.packs if other.id != pack for topic in other.topics}
    own = topic_titles(bank, pack)
    return tuple(topic for topic in topics if topic in own or topic not in elsewhere)


def whole(text: str, name: str) -> int:
    """The number that was typed into a field.

    Raises:
        UnknownChoice: it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise UnknownChoice(f"The {name} must be a whole number.") from None
