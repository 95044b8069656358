"""The API against its document, at length and at random: the seed is printed with what failed."""

from __future__ import annotations

import secrets
from pathlib import Path

from interviewer.bank import Bank
from tests.conformance import conformance


def test_the_server_answers_as_its_document_says_at_length(tmp_path: Path, bank: Bank) -> None:
    """Two hundred requests to each operation beside the boundary values, and walks of thirty steps."""
    came = conformance(tmp_path, bank, examples=200, steps=30, seed=secrets.randbelow(2**31))
    assert came.agrees, came.told
