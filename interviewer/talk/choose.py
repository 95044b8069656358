"""Settings -> whoever words what the interviewer says, with a model."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from interviewer import prompts
from interviewer.domain import Interview, Purpose
from interviewer.engine import Questions
from interviewer.grading.breaker import Breaker, Circuit
from interviewer.llm import ChatModel
from interviewer.settings import Settings
from interviewer.talk.by_model import ModelTalk


def by_model(
    settings: Settings,
    model: ChatModel | None,
    *,
    questions: Questions,
    chat_for: Callable[[Interview, int, Purpose], ChatModel | None],
    breaker: Breaker | None,
    clock: Callable[[], datetime],
) -> ModelTalk | None:
    """Talk by `model`, None without one. It is left alone while `breaker` pauses or tries it: the trial is a grading's.

    Raises:
        PromptError: a prompt is missing or does not fit.
    """
    if model is None:
        return None
    return ModelTalk(
        model,
        prompts.load(settings.prompts_dir),
        questions=questions,
        chat_for=chat_for,
        may_ask=lambda: breaker is None or breaker.state(clock()) is Circuit.CLOSED,
        boundary=lambda: secrets.token_hex(8),
        timeout_s=settings.model_timeout_s,
    )
