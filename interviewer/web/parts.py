"""What every route needs, and how it gets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from interviewer.aim.reader import Aim
from interviewer.conductor import Conductor
from interviewer.domain import Person, Role
from interviewer.grading.breaker import Breaker, Circuit
from interviewer.meter import Meter
from interviewer.money import in_currency
from interviewer.settings import Accounts, Settings
from interviewer.store import SqlStore
from interviewer.web import guard, words
from interviewer.web.doors import session_token, visitor_of
from interviewer.web.views.header import header_view


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The parts the routes work with; made once, in `create_app`."""

    conductor: Conductor
    aim: Aim
    store: SqlStore
    templates: Jinja2Templates
    settings: Settings
    model: str | None
    """Name of the model that marks, if one does."""
    breaker: Breaker | None
    """What leaves that model alone for a while when it fails."""
    meter: Meter | None
    """What counts the calls of that model and holds them to their budgets."""

    @property
    def grader(self) -> str:
        """The grader in words as it stands now, for pages, probes and the line printed at start."""
        now = self.conductor.now
        circuit = self.breaker.state(now) if self.breaker else Circuit.CLOSED
        until = self.breaker.paused_until(now) if self.breaker else None
        return words.grader_words(self.model, circuit, now=now, until=until)

    @property
    def model_state(self) -> dict[str, str | None] | None:
        """Where the model's circuit breaker stands, as JSON; None without a model."""
        if self.breaker is None:
            return None
        now = self.conductor.now
        until = self.breaker.paused_until(now)
        return {"circuit": self.breaker.state(now), "paused_until": until.isoformat() if until else None}

    async def spending_state(self) -> dict[str, str | int | float | None] | None:
        """What the model has come to today beside its budget, as JSON; None without a model."""
        if self.meter is None:
            return None
        today, limits, currency = await self.meter.today(), self.meter.budgets.day, self.settings.currency
        return {
            "day": today.day.isoformat(),
            "calls": today.calls,
            "tokens": today.amount.tokens,
            "tokens_budget": limits.tokens,
            "cost": in_currency(today.amount.cost) if currency else None,
            "cost_budget": None if limits.cost is None else in_currency(limits.cost),
            "currency": currency,
        }

    def render(self, request: Request, template: str, page: Any, *, status: int = 200) -> Response:
        """A page: the template gets the one dataclass as `page`, and its header who is asking as `who`."""
        who = header_view(self.settings.accounts, visitor_of(request).person)
        return self.templates.TemplateResponse(request, template, {"page": page, "who": who}, status_code=status)


def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


WebDep = Annotated[Web, Depends(_web)]
StillIn = Callable[[], Awaitable[bool]]
OwnerDep = Annotated[str, Depends(guard.owner)]
GuestDep = Annotated[str | None, Depends(guard.guest)]


def accounts_on(web: WebDep) -> None:
    """For routes that are there only with accounts."""
    if web.settings.accounts is Accounts.OFF:
        raise HTTPException(404)


def _still_in(request: Request, web: WebDep) -> StillIn:
    """Whether the session that a request came with goes on; who has none is a guest all along."""
    visitor = visitor_of(request)
    token = visitor.session.token if visitor.session else session_token(request)
    if visitor.person is None or token is None:
        return always

    async def still_in() -> bool:
        return await web.conductor.people.recognise(token, rotate=False) is not None

    return still_in


async def always() -> bool:
    """As of a guest, who has nothing that could end."""
    return True


StillInDep = Annotated[StillIn, Depends(_still_in)]
"""For a reply that takes long: asked again, it says whether who asked is logged in still."""


def _visitor(request: Request, _owner: OwnerDep) -> Person | None:
    return visitor_of(request).person


VisitorDep = Annotated[Person | None, Depends(_visitor)]
"""Who is logged in; None for a guest."""


def _of_role(role: Role) -> Callable[[Person | None], Person]:
    """Whoever has a role; for everybody else there is no such page, and no word about it."""

    def person(visitor: VisitorDep) -> Person:
        if visitor is None or not visitor.role.includes(role):
            raise HTTPException(404)
        return visitor

    return person


PersonDep = Annotated[Person, Depends(_of_role(Role.CANDIDATE))]
AuthorDep = Annotated[Person, Depends(_of_role(Role.AUTHOR))]
AdminDep = Annotated[Person, Depends(_of_role(Role.ADMIN))]
