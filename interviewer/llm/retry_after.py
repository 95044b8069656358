"""Headers of a refusal -> how long the server asks to be left alone."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextvars import ContextVar
from email.utils import mktime_tz, parsedate_tz
from typing import Any

LAST: ContextVar[float | None] = ContextVar("retry_after_s", default=None)
"""What the last refusal in this task asked for. The SDK waits for it by itself, and when our time runs out meanwhile,
the refusal is gone."""


async def listen(response: Any) -> None:
    """Keep in `LAST` what a response asks for; a hook of the HTTP client."""
    LAST.set(retry_after_s(response.headers) if response.status_code >= 400 else None)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, from `Retry-After` (seconds or a date, RFC 9110 10.2.3) or the SDK's `retry-after-ms`."""
    for name, per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / per_second
        except ValueError:
            continue
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    until, now = _seconds(headers.get("retry-after", "")), _seconds(headers.get("date", ""))
    return None if until is None else max(0.0, until - (time.time() if now is None else now))


def _seconds(date: str) -> float | None:
    parsed = parsedate_tz(date)
    try:
        return None if parsed is None else float(mktime_tz(parsed))
    except (ValueError, OverflowError):
        return None
