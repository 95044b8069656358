"""Server-sent events of an interview: what has happened since, then what happens, until it is over."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from interviewer.conductor import Conductor
from interviewer.domain import Interview, InterviewStatus
from interviewer.errors import InterviewerError
from interviewer.web.events import events
from interviewer.web.parts import OwnerDep, WebDep

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/interviews", tags=["events"])

LOOK_AGAIN_S = 2.0
"""How often to look for what another process did; what this one does is told at once."""
RETRY_MS = 1000


@router.get("/{interview_id}/events", response_class=EventSourceResponse)
async def stream(
    web: WebDep,
    owner: OwnerDep,
    interview_id: str,
    after: Annotated[int, Query(ge=0, description="Id of the last event already known.")] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterable[ServerSentEvent]:
    """`turn`, `mark`, `feedback`, `finished`; resumes after `Last-Event-ID` without repeating or losing one.

    A stream that cannot go on says so in an `error` event, since its status is sent already.
    """
    told = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
    try:
        async for event in _follow(web.conductor, await web.conductor.load(interview_id, owner), told):
            yield event
    except InterviewerError as error:
        log.warning("event stream ended", extra={"interview": interview_id, "error": type(error).__name__})
        yield ServerSentEvent(event="error", data={"name": type(error).__name__, "detail": str(error)})


async def _follow(conductor: Conductor, interview: Interview, told: int) -> AsyncIterable[ServerSentEvent]:
    while True:
        happened = events(interview)
        for number, event in enumerate(happened[told:], told + 1):
            yield ServerSentEvent(event=event.kind, id=str(number), data=event.data, retry=RETRY_MS)
        told = max(told, len(happened))
        if interview.status is InterviewStatus.FINISHED and all(
            turn.grading or not turn.answers for turn in interview.turns
        ):
            return
        interview = await conductor.wait_for_change(interview, LOOK_AGAIN_S)
