"""Settings -> the grader they ask for: the model behind it, and the cascade that uses it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from interviewer import prompts
from interviewer.grading.breaker import Breaker
from interviewer.grading.cascade import Cascade
from interviewer.grading.rubric import RubricGrader
from interviewer.llm import ChatModel, OpenAIChat
from interviewer.settings import Settings


def chat_model(settings: Settings) -> OpenAIChat | None:
    """The model the settings name; None when they name none."""
    if not settings.model:
        return None
    key = settings.openai_api_key
    return OpenAIChat(
        model=settings.model,
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
        max_retries=settings.model_retries,
        temperature=settings.model_temperature,
        max_tokens=settings.model_max_tokens,
    )


def breaker(settings: Settings) -> Breaker:
    """What leaves a failing model alone for a while; one for each process."""
    return Breaker(
        failures=settings.model_failures,
        pause_s=settings.model_pause_s,
        longest_pause_s=settings.model_longest_pause_s,
    )


def cascade(
    settings: Settings,
    model: ChatModel | None,
    *,
    bank_revision: str,
    clock: Callable[[], datetime],
    breaker: Breaker | None = None,
) -> Cascade:
    """The grader of the product, with `model` at its head when there is one. Without a breaker, it is always asked.

    Raises:
        PromptError: a prompt is missing or does not fit; only with a model.
    """
    if model is None:
        return Cascade(None, bank_revision=bank_revision, clock=clock)
    rubric = rubric_grader(settings, model, bank_revision=bank_revision, clock=clock)
    return Cascade(rubric, bank_revision=bank_revision, clock=clock, breaker=breaker)


def rubric_grader(
    settings: Settings, model: ChatModel, *, bank_revision: str, clock: Callable[[], datetime]
) -> RubricGrader:
    """The grader that asks `model`, with nothing behind it.

    Raises:
        PromptError: a prompt is missing or does not fit.
    """
    return RubricGrader(
        model,
        prompts.load(settings.prompts_dir),
        bank_revision=bank_revision,
        clock=clock,
        boundary=lambda: secrets.token_hex(8),
        deadline_s=settings.model_timeout_s,
        votes=settings.model_votes,
    )
