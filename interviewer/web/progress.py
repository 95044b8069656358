"""How a candidate's scores went: a page for people, JSON for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from interviewer.bank import Bank
from interviewer.errors import UnknownChoice
from interviewer.progress import progress
from interviewer.web.parts import OwnerDep, WebDep
from interviewer.web.shapes.progress import ProgressShape
from interviewer.web.views.progress import progress_page
from interviewer.web.views.turns import topic_titles

router = APIRouter()


@router.get("/progress", include_in_schema=False)
async def show(
    request: Request, web: WebDep, owner: OwnerDep, pack: str = "", topic: str = "", grader: str = ""
) -> Response:
    """The progress page; what is chosen stands in its address. A topic of another pack means all of this one's."""
    bank = web.conductor.bank
    _check_topic(bank, topic)
    history = await web.conductor.history(owner)
    practised = {interview.plan.pack for interview in history}
    if pack and practised and pack not in practised:
        raise UnknownChoice(f"You have no interview in {pack[:80]!r}. Start one, or choose: {', '.join(practised)}.")
    chosen = pack or (history[-1].plan.pack if history else bank.default_pack)
    topic = topic if topic in topic_titles(bank, chosen) else ""
    made = progress(history, bank.outline, today=web.conductor.now.date(), topic=topic or None)
    return web.render(request, "progress.html", progress_page(made, bank, pack=chosen, topic=topic, grader=grader))


@router.get("/api/progress")
async def read(web: WebDep, owner: OwnerDep, topic: str = "") -> ProgressShape:
    """The caller's scores over time by pack, kind of sitting, level and grader, and by topic; of one topic if named."""
    bank = web.conductor.bank
    _check_topic(bank, topic)
    history = await web.conductor.history(owner)
    made = progress(history, bank.outline, today=web.conductor.now.date(), topic=topic or None)
    return ProgressShape.model_validate(made)


def _check_topic(bank: Bank, topic: str) -> None:
    known = {each.id for pack in bank.packs for each in pack.topics}
    if topic and topic not in known:
        raise UnknownChoice(f"Unknown topic {topic[:80]!r}. Known topics: {', '.join(sorted(known))}.")
