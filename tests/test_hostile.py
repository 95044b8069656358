"""Hostile texts through every door: no 5xx, nothing lost, nothing in a page that a browser would obey.

`tests/soak/test_hostile.py` sends 20,000 of them.
"""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import NASTIEST, hostile_texts
from tests.hostile_candidate import HostileCandidate
from tests.playing import answer, started

pytestmark = [pytest.mark.unlimited]


def some(examples: int) -> settings:
    """So many, always the same."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def mallory(alice: TestClient) -> HostileCandidate:
    """Means harm."""
    return HostileCandidate(alice)


@some(50)
@given(text=hostile_texts(), form=st.booleans())
def test_a_hostile_answer_is_kept_whole_or_refused(mallory: HostileCandidate, text: str, form: bool) -> None:
    """In JSON and by the form; what comes back is what was sent, but for signs that nothing can hold."""
    mallory.answers(text, form=form)


def test_the_nastiest_answers_stand_in_every_page_and_file(mallory: HostileCandidate) -> None:
    """Page, report, Markdown and PDF of the interviews they were given in."""
    for number, text in enumerate(NASTIEST):
        mallory.answers(text, form=number % 2 == 0)
    mallory.check_whole()


@some(25)
@given(text=hostile_texts(most=3_000))
def test_hostile_drafts_and_objections_are_kept_or_refused(mallory: HostileCandidate, text: str) -> None:
    """As answers are."""
    mallory.drafts(text)
    mallory.disputes(text)


@some(25)
@given(text=hostile_texts())
def test_a_hostile_advert_or_choice_is_read_or_refused(mallory: HostileCandidate, text: str) -> None:
    """Whatever is named: topics, packs, ids, queries."""
    mallory.aims(text)
    mallory.chooses(text)


def test_making_a_pdf_logs_no_letter_of_what_was_said(alice: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """The library that cuts the fonts to size would tell them all."""
    interview = answer(alice, started(alice), "Zoë said ☃.")
    with caplog.at_level("INFO"):
        assert alice.get(f"/api/interviews/{interview['id']}/report.pdf").status_code == 200
    assert not [record.name for record in caplog.records if record.name.startswith("fontTools")]
