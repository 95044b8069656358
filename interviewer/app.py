"""`create_app`: the conducting parts, the pages and the API as one application. Nothing is created on import."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from opentelemetry.trace import TracerProvider
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from interviewer import __version__
from interviewer.assembly import Assembly, assemble
from interviewer.bank import Bank
from interviewer.errors import InterviewerError
from interviewer.llm import ChatModel
from interviewer.passwords import Passwords
from interviewer.settings import Settings
from interviewer.stopping import when_stopped
from interviewer.store import SqlStore
from interviewer.watch import REQUEST_ID, Watch, background_id
from interviewer.watch.choose import Watching, watching
from interviewer.web import (
    aimed,
    api,
    api_account,
    api_review,
    asked,
    guard,
    live_page,
    metrics,
    pages,
    problems,
    progress,
    reports,
    stream,
)
from interviewer.web.document import DocumentedApp
from interviewer.web.doors import Door
from interviewer.web.hosts import TrustedHosts
from interviewer.web.limits import DEPENDENCIES, Limiter, MemoryCounts, SharedCounts
from interviewer.web.observer import ObservedApp, telemetry
from interviewer.web.parts import Web, WebDep

log = logging.getLogger(__name__)

WEB = Path(__file__).parent / "web"
PICK_UP_EVERY_S = 5.0
"""How often to look for answers that a killed process left without a grading."""
TIDY_EVERY_S = 3600.0
"""How often to delete what is over: sessions, invitations, and interviews past their retention."""


class Application(ObservedApp, DocumentedApp):
    """A FastAPI application that is watched and whose document says all it may answer."""


def create_app(
    settings: Settings,
    *,
    chat_model: ChatModel | None = None,
    store: SqlStore | None = None,
    clock: Callable[[], datetime] | None = None,
    bank: Bank | None = None,
    spans: TracerProvider | None = None,
    passwords: Passwords | None = None,
    patient: bool = False,
) -> FastAPI:
    """The application. Whatever is given replaces what the settings would choose.

    A `patient` one starts while its database does not answer, and says so until it does.

    Raises:
        ConfigurationError: the bank or a prompt is broken. The database is opened when the application starts.
    """
    watched = watching(settings, spans=spans)
    parts = assemble(
        settings,
        chat_model=chat_model,
        store=store,
        clock=clock,
        bank=bank,
        watch=watched.watch,
        passwords=passwords,
    )
    door = Door(settings.accounts, parts.conductor.people.recognise)
    app = Application(
        title="Interviewer",
        version=__version__,
        docs_url=None,  # its page loads scripts from a public server; /openapi.json is there
        redoc_url=None,
        lifespan=_lifespan(parts, watched, settings.retention_days, patient=patient),
        form_limits={"max_part_size": settings.body_bytes},
        dependencies=[Depends(door.check), *DEPENDENCIES],
        telemetry=telemetry(watched.spans),
    )
    app.state.watch, app.state.metrics = watched.watch, watched.metrics
    counts = SharedCounts(parts.store.rates) if settings.shared else MemoryCounts()
    app.state.limiter = Limiter(settings, counts, with_model=parts.model is not None)
    app.state.web = _web(parts, settings)
    routers = (api, api_account, aimed, api_review, reports, progress, asked, stream, metrics)
    for routes in (*pages.ROUTERS, live_page.router, *(part.router for part in routers)):
        app.include_router(routes)
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    _add_health(app)
    problems.install(app)
    _add_middleware(app, settings, door)
    return app


def _web(parts: Assembly, settings: Settings) -> Web:
    return Web(
        conductor=parts.conductor,
        aim=parts.aim,
        store=parts.store,
        templates=_templates(),
        settings=settings,
        model=settings.model or ("given" if parts.model else None),
        breaker=parts.breaker,
        meter=parts.meter,
    )


def _add_middleware(app: FastAPI, settings: Settings, door: Door) -> None:
    """Each stands before those above it."""
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.body_bytes)  # bodies of unknown length
    app.add_middleware(TrustedHosts, names=settings.allowed_hosts)
    app.add_middleware(guard.Guard, body_bytes=settings.body_bytes, door=door)  # its headers go with every refusal
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))


def _lifespan(
    parts: Assembly, watched: Watching, retention_days: int | None, *, patient: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with parts.opened(patient=patient):
            conductor = parts.conductor
            tidy = partial(conductor.keeping.tidy, retention_days)
            tasks = [
                asyncio.create_task(_repeat(partial(_pick_up, parts, watched.watch), PICK_UP_EVERY_S, "pick-up")),
                asyncio.create_task(_repeat(tidy, TIDY_EVERY_S, "tidy")),
                asyncio.create_task(conductor.listen()),
            ]
            try:
                with when_stopped(conductor.stop):
                    yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(watched.close)

    return lifespan


async def _pick_up(parts: Assembly, watch: Watch) -> None:
    if parts.breaker:
        watch.counts.circuit(parts.breaker.state(parts.conductor.now))
    await parts.conductor.pick_up()


async def _repeat(act: Callable[[], Awaitable[object]], every_s: float, name: str) -> None:
    while True:
        REQUEST_ID.set(background_id(name))
        try:
            await act()
        except InterviewerError as error:
            log.warning("%s failed", name, extra={"error": type(error).__name__})
        except Exception:
            log.exception("%s failed", name)
        await asyncio.sleep(every_s)


def _templates() -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=select_autoescape(["html"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Jinja2Templates(env=environment)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def live() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__})

    @app.get("/readyz", include_in_schema=False)
    async def ready(request: Request, web: WebDep, authorization: Annotated[str, Header()] = "") -> JSONResponse:
        if web.conductor.stopping:
            return JSONResponse({"status": "stopping"}, status_code=503)
        await web.store.check()
        bank = web.conductor.bank
        told = {
            "status": "ok",
            "bank": bank.revision,
            "questions": len(bank.questions),
            "grader": web.grader,
            "model": web.model_state,
        }
        if metrics.may_watch(request, web.settings, authorization):
            told["spending"] = await web.spending_state()
        return JSONResponse(told)
