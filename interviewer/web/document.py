"""The OpenAPI document: what FastAPI makes of the routes, with every refusal and with links to what comes next.

Which refusals an operation has follows from its method, parameters and body, so that no route can forget one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from interviewer.web.shapes.problems import PROBLEM, ProblemShape

Json = dict[str, Any]
SAFE_METHODS = frozenset({"get", "head", "options"})


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path, and what the document says of it."""

    path: str
    method: str
    says: Json

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.method not in SAFE_METHODS

    @property
    def has_body(self) -> bool:
        """Whether something is sent in."""
        return "requestBody" in self.says

    @property
    def names_something(self) -> bool:
        """Whether its path holds an id."""
        return "{" in self.path


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status instead of what was asked for, and which operations may answer it."""

    status: int
    name: str
    means: str
    given_by: Callable[[Operation], bool]


REFUSALS = (
    Refusal(400, "Unreadable", "The request cannot be read, or was sent to another host.", lambda _: True),
    Refusal(401, "NotLoggedIn", "This server is for people with an account: log in first.", lambda _: True),
    Refusal(403, "CrossSite", "The request came from a page of another site.", lambda operation: operation.changes),
    Refusal(404, "NotFound", "It is not here, or it is somebody else's.", lambda operation: operation.names_something),
    Refusal(
        409,
        "Conflict",
        "The interview has moved on: look again.",
        lambda operation: operation.changes or operation.names_something,
    ),
    Refusal(413, "TooLarge", "More was sent than is taken.", lambda operation: operation.has_body),
    Refusal(
        422,
        "Unusable",
        "What was sent does not fit; nothing was changed.",
        lambda operation: operation.has_body or bool(operation.says.get("parameters")),
    ),
    Refusal(429, "LimitReached", "Too much in too little time: Retry-After says when to go on.", lambda _: True),
    Refusal(431, "HeadTooLarge", "Address and headers are too long.", lambda _: True),
    Refusal(503, "Unavailable", "The database does not answer.", lambda _: True),
)
_UNUSED = ("HTTPValidationError", "ValidationError")
"""Shapes of FastAPI's own 422, which our handlers replace."""


class DocumentedApp(FastAPI):
    """FastAPI whose document is complete."""

    def openapi(self) -> Json:
        """The document, made once."""
        if self.openapi_schema is None:
            complete(super().openapi())
        return super().openapi()


def complete(document: Json) -> None:
    """Add refusals and links to a document as FastAPI makes it."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _UNUSED:
        schemas.pop(name, None)
    schemas["Problem"] = ProblemShape.model_json_schema()
    components["responses"] = {refusal.name: _response(refusal) for refusal in REFUSALS}
    operations = list(_operations(document))
    for operation in operations:
        for refusal in REFUSALS:
            operation.says["responses"].pop(str(refusal.status), None)
            if refusal.given_by(operation):
                operation.says["responses"][str(refusal.status)] = {"$ref": f"#/components/responses/{refusal.name}"}
    _link(components, operations)


def _operations(document: Json) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, says in methods.items():
            yield Operation(path, method, says)


def _response(refusal: Refusal) -> Json:
    return {"description": refusal.means, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _link(components: Json, operations: list[Operation]) -> None:
    """From each operation that makes an interview to all that take its id."""
    about = {
        operation.says["operationId"]: operation
        for operation in operations
        if operation.path.startswith("/api/interviews/{interview_id}")
    }
    components["links"] = {
        name: {
            "operationId": name,
            "parameters": {"interview_id": "$response.body#/id"} | _first_turn(operation),
            "description": operation.says["description"].partition("\n")[0],
        }
        for name, operation in about.items()
    }
    for operation in operations:
        made = operation.says["responses"].get("201", {})
        shape = made.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        if shape.endswith("/InterviewShape"):
            made["links"] = {name: {"$ref": f"#/components/links/{name}"} for name in about}


def _first_turn(operation: Operation) -> dict[str, str]:
    return {"turn": "$response.body#/turns/0/number"} if "{turn}" in operation.path else {}
