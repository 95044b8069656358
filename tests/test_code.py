"""Program code in an answer: told from words, heard as code, and never a danger to the server."""

from __future__ import annotations

import pytest

from interviewer.bank import Bank
from interviewer.grading import fuzzy
from interviewer.grading.code import MAX_CHARS, code_spans

BARE = """\
class OutOfStock(Exception):
    def __init__(self, sku):
        self.sku = sku

@app.exception_handler(OutOfStock)
async def out_of_stock_handler(request: Request, exc: OutOfStock):
    return JSONResponse(status_code=409, content={"code": "out_of_stock", "sku": exc.sku})
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("await session.commit()", "await session.commit()"),
        ("So:\n\n```python\nx = read()\n```\nDone.", "x = read()"),
        (
            "Like this.\n\n    with open(name) as file:\n        copy(file)\n\nThat is all.",
            "with open(name) as file: copy(file)",
        ),
        ("commit, rollback, close", ""),
        ("commit\nrollback\nclose", ""),
        ("[commit, rollback, close]", ""),
        ("I call commit and it is kept.", ""),
        ("```\nnothing but words in a fence\n```", ""),
        ("", ""),
    ],
)
def test_what_is_python_is_told_from_words(text: str, code: str) -> None:
    """In a fence, between blank lines, or as the whole answer; names in a row are none."""
    assert " ".join(" ".join(text[start:end] for start, end in code_spans(text)).split()) == code


def test_an_answer_of_bare_code_is_marked_and_not_called_a_list(bank: Bank) -> None:
    """Where code is asked for, code is an answer."""
    question = bank.question("errors-domain-exception-code")
    assert question
    found = fuzzy.mark(question, [BARE])
    assert found.notes == ()
    assert sum(mark.credit == 1 for mark in found.marks) >= 3


@pytest.mark.parametrize(
    "piece", ["-", "not ", "(", "[", "f(", "lambda:", "1+", "a.", "x if y else ", "{1:", "await ", "x=", "\0", 'f"{']
)
def test_code_made_to_break_a_parser_breaks_nothing(piece: str) -> None:
    """As deep as an answer can be; and what is longer is not parsed."""
    for length in (100, 2_000, MAX_CHARS):
        code_spans(f"{piece * (length // len(piece) - 1)}1")
    assert code_spans("f(x)\n" * MAX_CHARS) == ()
