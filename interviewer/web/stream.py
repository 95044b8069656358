"""Server-sent events of an interview: what has happened since, then what happens, until it is over."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from interviewer.conductor import Conductor
from interviewer.domain import Interview, InterviewStatus, TurnStatus
from interviewer.errors import InterviewerError, NotLoggedIn
from interviewer.web.live_events import Position, Teller, Told
from interviewer.web.parts import OwnerDep, StillIn, StillInDep, WebDep

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/interviews", tags=["events"])

ASK_AGAIN_S = 15.0
"""How often a quiet stream asks whether its reader is logged in still."""
SPREAD = (0.6, 1.4)
"""Streams that were opened at the same moment, as after a restart, must not go on asking at the same moment."""
RETRY_MS = 1000
_ID = r"^[0-9]{1,9}(\.[0-9]{1,9}\.[A-Za-z0-9_-]{1,40})?$"


def position(
    after: Annotated[
        str,
        Query(pattern=_ID, description="Id of the last event already known."),
    ] = "0",
    last_event_id: Annotated[str | None, Header()] = None,
) -> Position:
    """Where a stream goes on: after `Last-Event-ID`, else after `after`."""
    return Position.read(last_event_id or "") or Position.read(after) or Position()


PositionDep = Annotated[Position, Depends(position)]


async def known(web: WebDep, owner: OwnerDep, interview_id: str) -> None:
    """Refuses a stream of nothing as every other request is refused, while its status can still be told."""
    await web.conductor.load(interview_id, owner)


@router.get("/{interview_id}/events", response_class=EventSourceResponse, dependencies=[Depends(known)])
async def stream(
    web: WebDep, owner: OwnerDep, interview_id: str, start: PositionDep, still_in: StillInDep
) -> AsyncIterator[ServerSentEvent]:
    """`turn`, `mark`, `feedback`, `finished`; resumes after `Last-Event-ID` without repeating or losing one.

    While a model marks, what its grading tells comes between them: `quick`, `mark` with `provisional`, `again`, and
    `done` when it is over. A stream that cannot go on says so in an `error` event, since its status is sent already.
    """
    try:
        async for told in follow(web.conductor, interview_id, owner, start, still_in):
            yield ServerSentEvent(event=told.kind, id=told.id, data=told.data, retry=RETRY_MS)
    except InterviewerError as error:
        yield failed(interview_id, error)


def failed(interview_id: str, error: InterviewerError) -> ServerSentEvent:
    """The last event of a stream that cannot go on."""
    log.warning("event stream ended", extra={"interview": interview_id, "error": type(error).__name__})
    return ServerSentEvent(event="error", data={"name": type(error).__name__, "detail": str(error)})


async def follow(
    conductor: Conductor, interview_id: str, owner: str, start: Position, still_in: StillIn
) -> AsyncIterator[Told]:
    """Everything after a position, as it happens, until the interview is over and marked, or this process stops.

    Nothing is told after who follows is logged in no more.

    Raises:
        NotLoggedIn: their session has ended.
        NotFound: the interview is gone.
    """
    teller = Teller(start)
    with conductor.following(interview_id) as bell:
        interview = await conductor.load(interview_id, owner)
        while True:
            running = await conductor.live(interview)
            for told in teller.next(interview, running):
                yield told
            if conductor.stopping or (running is None and _is_over(interview)):
                return
            moved = None
            while moved is None:
                moved = await bell.next(interview, ASK_AGAIN_S * random.uniform(*SPREAD))
                if not await still_in():
                    raise NotLoggedIn("You are logged in no more. Log in again to go on.")
            interview = moved


def _is_over(interview: Interview) -> bool:
    return interview.status is InterviewStatus.FINISHED and all(
        turn.status is not TurnStatus.AWAITING_GRADE for turn in interview.turns
    )
