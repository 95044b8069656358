"""What an error looks like, for programs."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

PROBLEM = "application/problem+json"


class ProblemShape(BaseModel):
    """A problem document (RFC 9457): what happened, and what to do next."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="`urn:interviewer:error:` and the name of the error.")
    title: str
    status: int
    detail: str

    @classmethod
    def of(cls, status: int, name: str, detail: str) -> Self:
        """The document of an error."""
        return cls(type=f"urn:interviewer:error:{name}", title=name, status=status, detail=detail)
