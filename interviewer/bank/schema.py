"""The format of a topic's file, as a JSON schema for editors."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from interviewer.bank.format import QuestionRow

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """What `bank/<pack>/<topic>.yaml` may hold."""
    made = TypeAdapter(list[QuestionRow]).json_schema()
    made["items"].pop("discriminator")  # OpenAPI's word, which editors do not know; `kind` is a constant in each
    return {"$schema": DIALECT, "title": "Questions of a topic", **made}


def schema_text() -> str:
    """The same as the text of `bank/schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
