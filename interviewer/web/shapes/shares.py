"""Links to reports as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from interviewer.conductor.shares import Share


class ShareShape(BaseModel):
    """A link just made: whoever has its `url` may read the report."""

    url: str
    made_at: datetime

    @classmethod
    def of(cls, share: Share, *, base: str) -> Self:
        """A link below the server's own address."""
        return cls(url=f"{base.rstrip('/')}/shared/{share.token}", made_at=share.made_at)
