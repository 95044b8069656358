"""Everything that is kept of somebody -> one JSON file, written as it is read: it never stands in memory as a whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from fastapi.responses import Response, StreamingResponse
from pydantic import TypeAdapter

from interviewer.conductor.keeping import KeptInterview, KeptOfPerson
from interviewer.domain import Person
from interviewer.web.parts import Web

WITHHELD = "Marks and model calls of the turns in `withheld` come with their feedback: export again then."
_NOT_THEIRS = {"interview": {"owner"}}
"""The owner id of a guest is a hash of their cookie."""


async def account_file(web: Web, owner: str, person: Person | None) -> Response:
    """The file to be kept."""
    now = web.conductor.now
    beside = await web.conductor.keeping.of_person(person)
    named = {"content-disposition": f'attachment; filename="interviewer-{now:%Y-%m-%d}.json"'}
    interviews = web.conductor.keeping.interviews(owner)
    return StreamingResponse(_written(beside, interviews, now), media_type="application/json", headers=named)


async def _written(
    beside: KeptOfPerson, interviews: AsyncIterator[KeptInterview], now: datetime
) -> AsyncIterator[bytes]:
    head = {"exported_at": now.isoformat(), "note": WITHHELD} | _of_person(beside)
    yield json.dumps(head, ensure_ascii=False).removesuffix("}").encode() + b', "interviews": ['
    between = b"\n"
    async for kept in interviews:
        yield between + _adapter().dump_json(kept, exclude=_NOT_THEIRS)
        between = b",\n"
    yield b"\n]}\n"


def _of_person(beside: KeptOfPerson) -> dict[str, Any]:
    me = beside.person.id if beside.person else None
    return {
        "person": _plain(asdict(beside.person)) if beside.person else None,
        "sessions": [_plain(asdict(session)) for session in beside.sessions],
        "invitations": [
            {
                "role": each.role,
                "made_by_you": each.made_by == me,
                "used_by_you": each.used_by == me,
                "for_your_password": each.person == me,
                **_plain({"made_at": each.made_at, "expires_at": each.expires_at}),
            }
            for each in beside.invitations
        ],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


@cache
def _adapter() -> TypeAdapter[KeptInterview]:
    return TypeAdapter(KeptInterview)
