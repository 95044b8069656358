"""What becomes of a request that a limit refused: what was typed is kept, and the reply says when to go on."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData

from interviewer.errors import InterviewerError
from interviewer.web import guard
from interviewer.web.limits import limiter_of
from interviewer.web.limits.asker import asker_of
from interviewer.web.limits.rules import DRAFT
from interviewer.web.parts import Web
from interviewer.web.views.problem import SentForm, sent_form

KEPT = "Your text is kept as the draft of your answer."
_TURN = re.compile(r"[0-9]{1,9}", re.ASCII)
_UNSENT = ("/answers", "/hint", "/skip")
"""Ends of the paths to which a form goes that holds the text of an answer."""


async def keep_answer(request: Request) -> bool:
    """Keep the answer of a refused request as the draft; False when there is none, or drafts have a limit too."""
    sent = await _sent(request) if request.url.path.endswith(_UNSENT) else {}
    turn, text = str(sent.get("turn", "")), sent.get("text")
    if not _TURN.fullmatch(turn) or not isinstance(text, str) or not text.strip():
        return False
    web: Web = request.app.state.web
    with suppress(InterviewerError):
        await limiter_of(request).take(DRAFT, asker_of(request))
        return await web.conductor.keep_draft(
            request.path_params["interview_id"], guard.owner(request), turn=int(turn), text=text
        )
    return False


async def again(request: Request) -> SentForm | None:
    """The form that was refused, to be sent again by hand."""
    if request.method != "POST":
        return None
    form = await request.form()
    return sent_form(request.url.path, [(name, value) for name, value in form.multi_items() if isinstance(value, str)])


async def _sent(request: Request) -> dict[str, Any]:
    if request.url.path.startswith("/api"):
        with suppress(ValueError):
            body = json.loads(await request.body())
            return body if isinstance(body, dict) else {}
        return {}
    form: FormData = await request.form()
    return dict(form)
