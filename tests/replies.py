"""What a model might reply to a rubric, as its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def a_mark_reply(point: str, verdict: str = "missed", quote: str = "") -> dict[str, object]:
    """The mark of one point."""
    return {"point": point, "reason": f"You were heard on {point}.", "quote": quote, "verdict": verdict}


def a_reply(
    *marks: dict[str, object],
    misconceptions: Mapping[str, str] | None = None,
    strengths: Sequence[str] = (),
    improve: Sequence[str] = (),
    **more: object,
) -> str:
    """A whole reply; `misconceptions` maps ids to quotes."""
    asserted = [{"id": known, "quote": quote} for known, quote in (misconceptions or {}).items()]
    reply = {"marks": marks, "misconceptions": asserted, "strengths": [*strengths], "improve": [*improve]}
    return json.dumps(reply | more)
