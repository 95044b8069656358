"""Settings -> who reads adverts and CVs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from interviewer import prompts
from interviewer.aim.by_model import ModelAim
from interviewer.aim.reader import Aim
from interviewer.bank import Bank
from interviewer.domain import Purpose
from interviewer.grading.breaker import Breaker, Circuit
from interviewer.meter import Meter
from interviewer.settings import Settings


def aim(
    settings: Settings, bank: Bank, *, meter: Meter | None, breaker: Breaker | None, clock: Callable[[], datetime]
) -> Aim:
    """Who reads texts, with the meter's model if there is one; it is left alone while `breaker` pauses or tries it.

    Raises:
        PromptError: a prompt is missing or does not fit.
    """
    if meter is None:
        return Aim(bank)
    return Aim(
        bank,
        ModelAim(
            model=meter.chat_outside(Purpose.AIM),
            prompts=prompts.load(settings.prompts_dir),
            may_ask=lambda: breaker is None or breaker.state(clock()) is Circuit.CLOSED,
            boundary=lambda: secrets.token_hex(8),
            timeout_s=settings.model_timeout_s,
        ),
    )
