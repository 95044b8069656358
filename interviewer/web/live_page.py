"""The stream that an open page follows: the events of the API's stream, live ones with the card they make."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from interviewer.errors import InterviewerError
from interviewer.web.live_events import Told
from interviewer.web.parts import OwnerDep, StillInDep, Web, WebDep
from interviewer.web.stream import RETRY_MS, PositionDep, failed, follow, known
from interviewer.web.views.live import live_view

router = APIRouter(include_in_schema=False)
LIVE = "live"
"""Kind of an event that holds the whole live card: the newest one is all a page needs."""


@router.get("/interviews/{interview_id}/events", response_class=EventSourceResponse, dependencies=[Depends(known)])
async def page_stream(
    web: WebDep, owner: OwnerDep, interview_id: str, start: PositionDep, still_in: StillInDep
) -> AsyncIterator[ServerSentEvent]:
    """`live` with the number of a turn and the HTML of its card; everything else as in the API's stream."""
    try:
        async for told in follow(web.conductor, interview_id, owner, start, still_in):
            if told.live is None:
                yield ServerSentEvent(event=told.kind, id=told.id, data=told.data, retry=RETRY_MS)
            elif not told.more:
                yield ServerSentEvent(event=LIVE, id=told.id, data=_card(web, told), retry=RETRY_MS)
    except InterviewerError as error:
        yield failed(interview_id, error)


def _card(web: Web, told: Told) -> dict[str, object]:
    number = told.live.number if told.live else 0
    card = web.templates.get_template("_live.html").module
    return {"number": number, "html": str(card.live_card(live_view(told.live, number)))}  # type: ignore[attr-defined]
