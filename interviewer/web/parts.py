"""What every route needs, and how it gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from interviewer.conductor import Conductor
from interviewer.settings import Settings
from interviewer.store import SqlStore
from interviewer.web import guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The parts the routes work with; made once, in `create_app`."""

    conductor: Conductor
    store: SqlStore
    templates: Jinja2Templates
    settings: Settings
    grader: str
    """The grader in words, for pages and for the line printed at start."""

    def render(self, request: Request, template: str, page: Any, *, status: int = 200) -> Response:
        """A page: the template gets the one dataclass as `page`."""
        return self.templates.TemplateResponse(request, template, {"page": page}, status_code=status)


def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


WebDep = Annotated[Web, Depends(_web)]
OwnerDep = Annotated[str, Depends(guard.owner)]
