"""20,000 hostile texts: no 5xx, nothing lost. The default run sends a few hundred."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import hostile_texts
from tests.hostile_candidate import HostileCandidate

ANSWERS, OTHERS = 15_000, 2_500

pytestmark = [pytest.mark.unlimited]


def many(examples: int) -> settings:
    """So many, other ones each time; a failure prints how to have it again."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def mallory(alice: TestClient) -> Iterator[HostileCandidate]:
    """Means harm; what was taken of the last interview is looked for at the end."""
    candidate = HostileCandidate(alice)
    yield candidate
    candidate.check_whole()


@many(ANSWERS)
@given(text=hostile_texts(), form=st.booleans())
def test_hostile_answers_at_length(mallory: HostileCandidate, text: str, form: bool) -> None:
    """Kept whole or refused, in JSON and by the form."""
    mallory.answers(text, form=form)


@many(OTHERS)
@given(text=hostile_texts(most=3_000))
def test_hostile_drafts_and_objections_at_length(mallory: HostileCandidate, text: str) -> None:
    """As answers are."""
    mallory.drafts(text)
    mallory.disputes(text)


@many(OTHERS)
@given(text=hostile_texts())
def test_hostile_adverts_and_choices_at_length(mallory: HostileCandidate, text: str) -> None:
    """Whatever is named."""
    mallory.aims(text)
    mallory.chooses(text)
