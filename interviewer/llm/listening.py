"""A reply that grows -> whoever listens to it. The listener's faults are its own: they are no failure of the server."""

from __future__ import annotations

import asyncio
import logging
import time

from interviewer.llm.chat import OnText

log = logging.getLogger(__name__)


class Listener:
    """Tells `on_text` what is new, if anybody listens. The time that takes is added to `limit`, the server's own."""

    def __init__(self, on_text: OnText | None, limit: asyncio.Timeout) -> None:
        self._on_text = on_text
        self._limit = limit
        self._heard = 0

    def __call__(self, text: str) -> None:
        """Tell the text so far, if it has grown; after its first exception the listener is told no more."""
        if self._on_text is None or len(text) <= self._heard:
            return
        self._heard = len(text)
        started = time.perf_counter()
        try:
            self._on_text(text)
        except Exception:
            log.exception("nobody listens to the reply any more")
            self._on_text = None
        until = self._limit.when()
        if until is not None and not self._limit.expired():
            self._limit.reschedule(until + time.perf_counter() - started)
