"""The rules at work: dependencies of the whole application, run for each request that has a route."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData

from interviewer.people import MOST_NAMED, name_key
from interviewer.web.limits.asker import Asker, asker_of
from interviewer.web.limits.limiter import Limiter
from interviewer.web.limits.rules import Place, Rule, rule_of


def limiter_of(request: Request) -> Limiter:
    """The one of the application."""
    limiter: Limiter = request.app.state.limiter
    return limiter


def _rule(request: Request) -> Rule:
    route: Any = request.scope["route"]
    return rule_of(request.method, route.path)


RuleDep = Annotated[Rule, Depends(_rule)]


async def _asker(request: Request, rule: RuleDep) -> Asker:
    return asker_of(request, name=await _name(request, rule.name) if rule.name else None)


AskerDep = Annotated[Asker, Depends(_asker)]
LimiterDep = Annotated[Limiter, Depends(limiter_of)]


async def limited(rule: RuleDep, asker: AskerDep, limiter: LimiterDep) -> None:
    """Count a request, or refuse it with LimitReached."""
    await limiter.take(rule, asker)


async def holding(rule: RuleDep, asker: AskerDep, limiter: LimiterDep) -> AsyncIterator[None]:
    """A place for the making of a reply; how long the client takes to read it is its own affair."""
    if rule.place in (None, Place.STREAM):
        yield
        return
    async with limiter.places.held(rule.place, asker):
        yield


async def streaming(rule: RuleDep, asker: AskerDep, limiter: LimiterDep) -> AsyncIterator[None]:
    """A place for an event stream, until it ends."""
    if rule.place is not Place.STREAM:
        yield
        return
    async with limiter.places.held(rule.place, asker):
        yield


async def _name(request: Request, field: str) -> str | None:
    """What a form says for whom it is, as names are compared: however it is written, it is counted as one."""
    form: FormData = await request.form()
    value = form.get(field)
    return name_key(value[:MOST_NAMED]) or None if isinstance(value, str) else None


DEPENDENCIES = (Depends(limited), Depends(holding, scope="function"), Depends(streaming))
"""What `create_app` gives the application. Counting comes first: what is refused takes no place."""
