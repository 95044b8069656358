"""A text -> which of its characters are program code. Pure.

Code joins its words by other means than sentences do, so what tells a list from a statement does not hold for it. Only
Python is told: it is parsed. Names in a row, however separated, are no code: something must be defined, imported,
called or raised.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from functools import lru_cache

_FENCE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")
MAX_CHARS = 20_000
"""A longer block is not parsed: nobody's answer holds one, and deep nesting costs a parser time."""
_TELLING = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.With, ast.AsyncWith),
    *(ast.Try, ast.Raise, ast.Call, ast.Await, ast.Yield, ast.AnnAssign),
)


@lru_cache(maxsize=512)
def code_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end, in characters, of the blocks of a text that are Python."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _between(_FENCE, text, 0, len(text)):
        if _is_code(text[start:end]):
            yield start, end
        else:
            yield from (part for part in _between(_BLANK, text, start, end) if _is_code(text[slice(*part)]))


def _between(sign: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in sign.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _is_code(block: str) -> bool:
    if not block.strip() or len(block) > MAX_CHARS:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a strange escape is the candidate's affair
            tree = ast.parse(textwrap.dedent(block.strip("\n")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, _TELLING) for node in ast.walk(tree))
