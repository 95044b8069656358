"""The API does what its OpenAPI document says, whatever is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from interviewer.bank import Bank
from tests.conformance import conformance

EVERYTHING = "DELETE /api/account"
"""Succeeds only with words that no schema says, and then nothing is left to ask about: tests/test_account.py."""


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    return app.openapi()


def documented(document: dict[str, Any]) -> set[str]:
    """`POST /api/interviews`, for each operation."""
    return {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}


def test_the_server_answers_as_its_document_says(tmp_path: Path, bank: Bank, document: dict[str, Any]) -> None:
    """No 5xx, no status, content type or shape that is not documented; every operation has succeeded at least once."""
    came = conformance(tmp_path, bank, examples=8, steps=8)
    assert came.agrees, came.told
    assert documented(document) <= came.operations
    assert documented(document) - came.answered <= {EVERYTHING}, "never answered with a 2xx"
    assert came.requests > 700
