"""Settings -> the meter they ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from interviewer import prompts
from interviewer.domain import Purpose
from interviewer.llm import ChatModel
from interviewer.meter.amounts import Prices
from interviewer.meter.budget import Budgets, Limits
from interviewer.meter.meter import Meter
from interviewer.meter.places import Places
from interviewer.settings import Settings
from interviewer.store.calls import ModelCalls
from interviewer.watch import UNWATCHED, Watch

MILLIONTHS = 10**6
GIVEN = "given"
"""Name of a model that does not come from the settings."""
TALK = "talk"


def meter(
    settings: Settings,
    model: ChatModel,
    calls: ModelCalls,
    *,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    watch: Watch = UNWATCHED,
) -> Meter:
    """The meter of `model`.

    Raises:
        PromptError: a prompt is missing or does not fit.
    """
    return Meter(
        model=model,
        model_name=settings.model or GIVEN,
        calls=calls,
        places=Places(settings.model_concurrency),
        budgets=budgets(settings),
        prices=Prices(
            million_in=settings.model_price_in or Decimal(0), million_out=settings.model_price_out or Decimal(0)
        ),
        max_tokens=settings.model_max_tokens,
        clock=clock,
        new_id=new_id,
        prompts=_prompt_ids(prompts.load(settings.prompts_dir)),
        watch=watch,
    )


def budgets(settings: Settings) -> Budgets:
    """The limits that are set."""
    return Budgets(
        interview=Limits(
            tokens=settings.model_tokens_per_interview, cost=_millionths(settings.model_cost_per_interview)
        ),
        day=Limits(tokens=settings.model_tokens_per_day, cost=_millionths(settings.model_cost_per_day)),
    )


def _millionths(money: Decimal | None) -> int | None:
    return None if money is None else int(money * MILLIONTHS)


def _prompt_ids(loaded: prompts.Prompts) -> dict[Purpose, str]:
    """By custom a prompt's name begins with what it is for: `grade-rubric`, `probe`; `talk-texts` is in all talk."""
    found = {}
    for purpose in Purpose:
        begins = {purpose.value} if purpose is Purpose.GRADE else {purpose.value, TALK}
        found[purpose] = " ".join(loaded[name].id for name in loaded.by_name if name.split("-")[0] in begins)
    return found
