"""Counts what a model is asked, and prints the figures as Markdown: tokens of each marking, and of whole interviews.

    python bench/prompts.py

Tokens are counted with the vocabulary o200k_base (GPT-4o and later), which toktok-rs carries; other vocabularies differ
by a tenth or so. Nothing is sent anywhere.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import toktok

from interviewer import bank as banks
from interviewer import prompts
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band, InterviewStatus, Level, Plan, Question, QuestionKind
from interviewer.grading.rubric import RubricGrader
from interviewer.llm import Asked, ScriptedChat
from interviewer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = "o200k_base"
MOST_MEDIAN = 1200
"""Tokens that a median marking may read; tests/test_prompt_length.py holds it."""
LENGTHS = (1, 3, 6, 10)
SEEDS = range(5)


@dataclass(frozen=True)
class Length:
    """How long a marking's prompt is: its messages in tokens and characters, the schema beside them in tokens."""

    question: str
    tokens: int
    characters: int
    schema: int


def tokens(texts: Iterable[str]) -> int:
    """Tokens of some texts, each by itself."""
    return sum(toktok.batch_count(list(texts), VOCABULARY, threads=1))


def sample(question: Question, band: Band = Band.STRONG) -> str:
    """A sample answer of a question."""
    return next(sample.text for sample in question.samples if sample.band is band)


@dataclass(frozen=True)
class Played:
    """The markings of a whole interview, and the tokens they read."""

    markings: int
    tokens: int


def markings(bank: Bank) -> list[Length]:
    """The marking of every open question of the bank, answered by its own strong sample."""
    model, asked = asked_of(bank)
    return [_length(question, call) for question, call in zip(asked, model.history, strict=True)]


def asked_of(bank: Bank) -> tuple[ScriptedChat, Sequence[Question]]:
    """A model that was asked to mark every open question of the bank, and these questions."""
    model = ScriptedChat(all_met)
    grader = RubricGrader(
        model,
        prompts.load(ROOT / "prompts"),
        bank_revision=bank.revision,
        clock=lambda: datetime.now(UTC),
        boundary=lambda: "0f1e2d3c4b5a6978",
        deadline_s=60,
    )
    asked = [question for question in bank.questions if question.kind is QuestionKind.OPEN]
    for question in asked:
        asyncio.run(grader.grade(question, [sample(question)]))
    return model, asked


def _length(question: Question, call: Asked) -> Length:
    texts = [message.content for message in call.messages]
    return Length(question.id, tokens(texts), sum(map(len, texts)), tokens([json.dumps(call.schema)]))


def all_met(asked: Asked) -> str:
    """What a model replies that is content with everything; to other requests than for marks, nothing of use."""
    schema: Any = asked.schema
    if "marks" not in schema["properties"]:
        return "{}"
    points = schema["properties"]["marks"]["items"]["properties"]["point"]["enum"]
    quote = asked.messages[-1].content.split(">", 1)[1].split("</answer", 1)[0].strip()
    marks = [{"point": point, "reason": "You say so.", "quote": quote, "verdict": "met"} for point in points]
    return json.dumps({"marks": marks, "misconceptions": [], "strengths": [], "improve": [], "acknowledge": "Heard."})


async def interview(bank: Bank, questions: int, seed: int) -> Played:
    """A whole interview with strong answers."""
    model = ScriptedChat(all_met)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database=Path(folder) / "bench.sqlite3")
        web = create_app(settings, chat_model=model, bank=bank).state.web
        await web.store.open()
        conductor = web.conductor
        now = await conductor.start(
            Plan(pack="fastapi", level=Level.MID, questions=questions), owner="bench", seed=seed
        )
        while now.status is InterviewStatus.OPEN:
            question = bank.question(now.current.question)
            if question is None or now.current.answers or question.kind is not QuestionKind.OPEN:
                now = await conductor.skip(now.id, "bench", turn=now.current.number)
                continue
            now = (await conductor.answer(now.id, "bench", turn=now.current.number, text=sample(question))).interview
        await web.store.close()
    read = [tokens(m.content for m in asked.messages) for asked in model.history if asked.schema_name == "marks"]
    return Played(len(read), sum(read))


def row(*cells: object) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def of_markings(lengths: Sequence[Length], static: int) -> list[str]:
    """The table of single markings."""

    def figures(of: Sequence[int]) -> tuple[str, str]:
        return f"{statistics.median(of):,.0f}", f"{max(of):,}"

    with_schema = [each.tokens + each.schema for each in lengths]
    return [
        row(f"one marking ({len(lengths)} questions, each with its strong sample)", "median", "max"),
        row("---", "---:", "---:"),
        row("messages, tokens", *figures([each.tokens for each in lengths])),
        row("of these the beginning that all have in common, tokens", f"{static:,}", f"{static:,}"),
        row("messages, characters", *figures([each.characters for each in lengths])),
        row("messages and JSON schema, tokens", *figures(with_schema)),
    ]


async def of_interviews(bank: Bank) -> list[str]:
    """The table of whole interviews."""
    lines = [row("interview of", "markings", "tokens read", "tokens each"), row("---", "---:", "---:", "---:")]
    for questions in LENGTHS:
        played = [await interview(bank, questions, seed) for seed in SEEDS]
        count = statistics.mean(one.markings for one in played)
        read = statistics.mean(one.tokens for one in played)
        lines.append(row(f"{questions} questions", f"{count:.1f}", f"{read:,.0f}", f"{read / count:,.0f}"))
    return lines


def main() -> None:
    """Print the figures."""
    bank = banks.load(ROOT / "bank")
    static = tokens([prompts.load(ROOT / "prompts")["grade-system"].render()])
    lines = [
        f"`python bench/prompts.py`: bank {bank.revision}, vocabulary {VOCABULARY}.",
        "",
        *of_markings(markings(bank), static),
        "",
        *asyncio.run(of_interviews(bank)),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
