"""`create_app`: the only place where concrete parts are put together. Nothing is created on import."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from interviewer import __version__
from interviewer import bank as banks
from interviewer.aim import choose as aiming
from interviewer.bank import Bank
from interviewer.conductor import Conductor, Grader, Parts
from interviewer.conductor.parts import ChatFor, Talk, no_chat
from interviewer.errors import InterviewerError
from interviewer.grading import choose
from interviewer.llm import ChatModel, OpenAIChat
from interviewer.meter import Meter
from interviewer.meter import choose as metering
from interviewer.settings import Settings
from interviewer.store import SqlStore
from interviewer.talk import choose as talking
from interviewer.web import aimed, api, api_review, asked, guard, live_page, pages, problems, progress, reports, stream
from interviewer.web.parts import Web, WebDep

log = logging.getLogger(__name__)

WEB = Path(__file__).parent / "web"
PICK_UP_EVERY_S = 5.0
"""How often to look for answers that a killed process left without a grading."""
OFFLINE_LEASE_S = 10.0


def create_app(
    settings: Settings,
    *,
    chat_model: ChatModel | None = None,
    store: SqlStore | None = None,
    clock: Callable[[], datetime] | None = None,
    bank: Bank | None = None,
) -> FastAPI:
    """The application. Whatever is given replaces what the settings would choose.

    Raises:
        ConfigurationError: the bank or a prompt is broken. The database is opened when the application starts.
    """
    clock = clock or (lambda: datetime.now(UTC))
    bank = bank or banks.load(settings.bank_dir, cache=settings.bank_cache)
    model = chat_model or choose.chat_model(settings)
    store = store or SqlStore(settings.database)
    breaker = choose.breaker(settings) if model else None
    grader = choose.cascade(settings, model, bank_revision=bank.revision, clock=clock, breaker=breaker)
    meter = metering.meter(settings, model, store.calls, clock=clock, new_id=_new_id) if model else None
    chat_for = meter.chat_for if meter else no_chat
    talk = talking.by_model(settings, model, questions=bank.question, chat_for=chat_for, breaker=breaker, clock=clock)
    conductor = _conductor(settings, bank, store, grader, clock, chat_for, talk)
    app = FastAPI(
        title="Interviewer",
        version=__version__,
        docs_url=None,  # its page loads scripts from a public server; /openapi.json is there
        redoc_url=None,
        lifespan=_lifespan(store, conductor, model, meter),
        form_limits={"max_part_size": settings.body_bytes},
    )
    app.state.web = Web(
        conductor=conductor,
        aim=aiming.aim(settings, bank, meter=meter, breaker=breaker, clock=clock),
        store=store,
        templates=_templates(),
        settings=settings,
        model=settings.model or ("given" if model else None),
        breaker=breaker,
        meter=meter,
    )
    routers = (api, aimed, api_review, reports, progress, asked, stream)
    for routes in (*pages.ROUTERS, live_page.router, *(part.router for part in routers)):
        app.include_router(routes)
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    _add_health(app)
    problems.install(app)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.body_bytes)  # bodies of unknown length
    app.add_middleware(guard.Guard, body_bytes=settings.body_bytes)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts))
    return app


def _conductor(
    settings: Settings,
    bank: Bank,
    store: SqlStore,
    grader: Grader,
    clock: Callable[[], datetime],
    chat_for: ChatFor,
    talk: Talk | None,
) -> Conductor:
    return Conductor(
        Parts(
            bank=bank,
            store=store,
            grader=grader,
            clock=clock,
            new_id=_new_id,
            new_seed=lambda: secrets.randbelow(10**9),
            answer_chars=settings.answer_chars,
            lease_s=OFFLINE_LEASE_S + (2 * settings.model_timeout_s if talk else 0),
            chat_for=chat_for,
            talk=talk,
        )
    )


def _lifespan(
    store: SqlStore, conductor: Conductor, model: ChatModel | None, meter: Meter | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await store.open()
        looking = asyncio.create_task(_pick_up(conductor))
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            if meter:
                await meter.finish()
            if isinstance(model, OpenAIChat):
                await model.close()
            await store.close()

    return lifespan


def _new_id() -> str:
    return secrets.token_urlsafe(16)


async def _pick_up(conductor: Conductor) -> None:
    while True:
        try:
            await conductor.pick_up()
        except InterviewerError as error:
            log.warning("could not pick up ungraded answers", extra={"error": type(error).__name__})
        except Exception:
            log.exception("could not pick up ungraded answers")
        await asyncio.sleep(PICK_UP_EVERY_S)


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
    async def ready(web: WebDep) -> JSONResponse:
        await web.store.check()
        bank = web.conductor.bank
        return JSONResponse(
            {
                "status": "ok",
                "bank": bank.revision,
                "questions": len(bank.questions),
                "grader": web.grader,
                "model": web.model_state,
                "spending": await web.spending_state(),
            }
        )
