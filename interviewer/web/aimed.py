"""A proposal for an advert or a CV, for programs."""

from __future__ import annotations

from fastapi import APIRouter

from interviewer.aim.files import usable
from interviewer.web.parts import WebDep
from interviewer.web.shapes.aim import ProposalShape
from interviewer.web.shapes.bodies import NewAim

router = APIRouter()


@router.post("/api/aim")
async def propose(web: WebDep, body: NewAim) -> ProposalShape:
    """Level and topics for a job advert or a CV, with the words they rest on. The text is not kept."""
    return ProposalShape.of(await web.aim.propose(usable(body.text), body.pack or "", offline=body.offline))
