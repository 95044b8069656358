"""Every prompt as the model reads it, held against tests/golden/prompts: what goes out changes on purpose only.

    UPDATE_GOLDEN=1 python -m pytest tests/test_prompts_golden.py

writes the files anew; read what changed before you keep it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

import pytest

from interviewer import prompts
from interviewer.cli.trial import ANSWER, QUESTION
from interviewer.domain import Tone, Topic
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "golden" / "prompts"
TALK = {"ask": QUESTION.ask, "probe": "What follows for dictionaries?", "tone": Tone.FRIENDLY.value}
TEXTS = {"boundary": "0f1e2d3c4b5a6978", "texts": [ANSWER, "It is <hashable> & {{ boundary }}.\n\n    x = (1, 2)"]}
CASES: Mapping[str, Mapping[str, object]] = {
    "grade-system": {},
    "grade-rubric": {"question": QUESTION, "problem": "", "language": ""},
    "grade-rubric.nothing-known-to-be-wrong": {
        "question": replace(QUESTION, misconceptions=()),
        "problem": "",
        "language": "",
    },
    "grade-rubric.again-in-spanish": {
        "question": QUESTION,
        "problem": "There is no mark for memory.",
        "language": "Spanish",
    },
    "grade-answers": {**TEXTS, "texts": [ANSWER]},
    "grade-answers.after-a-follow-up": TEXTS,
    "probe": TALK,
    "clarify": {**TALK, "probe": ""},
    "clarify.at-a-follow-up": TALK,
    "talk-texts": TEXTS,
    "translate": {"language": "Spanish"},
    "aim": {"topics": [Topic(id="database", title="Databases", share=1, terms=("sqlalchemy", "postgres"))]},
}
"""File -> variables. The prompt's name stands before the dot; each branch of a prompt has a case of its own."""


def name_of(case: str) -> str:
    """The prompt of a case."""
    return case.partition(".")[0]


@pytest.mark.parametrize("case", CASES)
def test_a_prompt_reads_as_it_was_agreed(case: str) -> None:
    """To the last blank."""
    told = prompts.load(ROOT / "prompts")[name_of(case)].render(**CASES[case]) + "\n"
    path = FOLDER / f"{case}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_text(told, encoding="utf-8")
    agreed = path.read_text(encoding="utf-8") if path.exists() else ""
    assert told == agreed, f"{path.name} differs; if that is meant, run this test with UPDATE_GOLDEN=1"


def test_every_prompt_has_a_golden_file_and_every_file_a_prompt() -> None:
    """A new prompt gets its case above, and its file by UPDATE_GOLDEN=1."""
    assert {name_of(case) for case in CASES} == set(prompts.VARIABLES)
    assert {path.stem for path in FOLDER.iterdir()} == set(CASES)
