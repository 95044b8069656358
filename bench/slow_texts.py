"""Looks for a text that takes too long: each step an answer goes through, on texts made to make it slow.

    python bench/slow_texts.py [--pairs] [--chars 20000]

One piece again and again, up to the limit of an answer, or two pieces in turn with --pairs. Prints the slowest of each
step, and how much longer it takes than half as long a text: 2 is as it should be, 4 is quadratic.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer import bank as banks  # noqa: E402  # the folder above comes first
from interviewer import engine  # noqa: E402
from interviewer.aim.offline import propose  # noqa: E402
from interviewer.domain import Question, QuestionKind  # noqa: E402
from interviewer.errors import InputError  # noqa: E402
from interviewer.grading.cascade import Cascade  # noqa: E402
from interviewer.talk.requests import may_be_question_back, request_of  # noqa: E402
from interviewer.web.markdown import LANGUAGES, Span, candidate_html  # noqa: E402
from interviewer.web.report.paper import Paper  # noqa: E402
from tests.hostile import NASTIEST, REPEATED  # noqa: E402

CUT_S = 20
SHOWN = 4
NOW = datetime(2026, 11, 21, tzinfo=UTC)
Step = Callable[[str], object]


class TooSlow(Exception):
    """A step was cut off."""


def steps(bank: banks.Bank, question: Question) -> dict[str, Step]:
    """What an answer goes through, each by itself."""
    grader = Cascade(None, bank_revision=bank.revision, clock=lambda: NOW)
    spans = [Span(at, at + 40, f"m{at}") for at in range(0, 400, 50)]

    def paper(text: str) -> None:
        made = Paper("x", made_at=NOW)
        made.prose(text, by_author=False)
        made.output()

    return {
        "keep": lambda text: engine.clean_answer(text, max_chars=len(text)),
        "request": lambda text: (request_of(text, question), may_be_question_back(text)),
        "mark": lambda text: asyncio.run(grader.grade(question, [text])),
        "page": lambda text: candidate_html(text, spans),
        "code": lambda text: [candidate_html(f"~~~{language}\n{text}") for language in sorted(LANGUAGES)],
        "pdf": paper,
        "aim": lambda text: propose(text, bank.packs[0]),
    }


def texts(chars: int, *, pairs: bool) -> Iterator[tuple[str, str]]:
    """Name and text."""
    seconds = REPEATED if pairs else ("",)
    for first in (*REPEATED, *(() if pairs else NASTIEST)):
        for second in seconds:
            piece = first + second
            yield repr(piece)[:60], engine.clean_draft((piece * (chars // len(piece) + 1))[:chars], max_chars=chars)


def seconds_of(step: Step, text: str) -> float:
    """How long it takes; at most `CUT_S`."""
    signal.setitimer(signal.ITIMER_REAL, CUT_S)
    began = time.perf_counter()
    with suppress(TooSlow, InputError):
        step(text)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - began


def _cut(*_: object) -> None:
    raise TooSlow


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--chars", type=int, default=20_000)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    signal.signal(signal.SIGALRM, _cut)
    bank = banks.load(ROOT / "bank")
    question = max(bank.of_kind(QuestionKind.OPEN), key=lambda each: len(each.statements))
    print("| step | text, again and again | s | × half as long |\n|---|---|---:|---:|")  # noqa: T201  # its report
    for name, step in steps(bank, question).items():
        if chosen.only and name != chosen.only:
            continue
        seconds_of(step, "warm up, please")
        found = sorted(
            ((seconds_of(step, text), piece, text) for piece, text in texts(chosen.chars, pairs=chosen.pairs)),
            reverse=True,
        )
        for took, piece, text in found[:SHOWN]:
            half = seconds_of(step, text[: len(text) // 2])
            print(f"| {name} | `{piece}` | {took:.2f} | {took / half:.1f} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
