"""Only requests for names that the operator trusts go on: a page elsewhere cannot point its own name at this server."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from interviewer.web.guard import refuse

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.IGNORECASE)


class TrustedHosts:
    """Refuses other names. A name is whole, begins with `*.` and covers what is under it, or is `*` for all."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or self._is_trusted(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        await refuse(
            scope,
            receive,
            send,
            400,
            "UntrustedHost",
            "This server does not answer to the name it was asked by. If it should, its operator adds that name to "
            "INTERVIEWER_TRUSTED_HOSTS.",
        )

    def _is_trusted(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower()
        return any(
            trusted in ("*", name) or (trusted.startswith("*.") and name.endswith(trusted[1:]))
            for trusted in self._names
        )
