"""`interviewer bank new · show · schema`: what helps whoever writes questions."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from interviewer import bank as banks
from interviewer.bank import Bank, check
from interviewer.bank import skeleton as skeletons
from interviewer.bank.schema import schema_text
from interviewer.cli.bank import BankFolder, bank_folder, plain_console
from interviewer.domain import Cues, Level, Question, QuestionKind
from interviewer.errors import SettingError


class Reader(StrEnum):
    """For whom a question is shown."""

    CANDIDATE = "candidate"
    GRADER = "grader"


def new(
    question: Annotated[str, typer.Argument(help="The new question's id.")],
    topic: Annotated[str, typer.Option(help="A topic of the pack.")],
    level: Annotated[Level, typer.Option(help="What it expects of the candidate.")],
    kind: Annotated[QuestionKind, typer.Option(help="How it is answered.")] = QuestionKind.OPEN,
    pack: Annotated[str | None, typer.Option(help="The pack, where several have the topic.")] = None,
    only_print: Annotated[bool, typer.Option("--print", help="Print it instead of adding it to the file.")] = False,
    bank: BankFolder = None,
) -> None:
    """Add a skeleton of a question to its topic's file."""
    folder = bank_folder(bank)
    file = skeletons.place_for(banks.load(folder), folder, question, topic=topic, pack=pack)
    text = skeletons.skeleton(question, kind=kind, level=level, topic=topic)
    if only_print:
        print(text, end="")  # noqa: T201
        return
    skeletons.append(file, text)
    line = file.read_text(encoding="utf-8").count("\n") - text.count("\n") + 1
    console = plain_console()
    console.print(f"{file}:{line}: {question} is yours to write.", markup=False)
    console.print(f"Then: interviewer bank check --only {question}", markup=False)


def show(
    question: Annotated[str, typer.Argument(help="The question's id.")],
    reader: Annotated[Reader, typer.Option("--as", help="For whom it is shown.")] = Reader.CANDIDATE,
    bank: BankFolder = None,
) -> None:
    """Show a question as a candidate or as a grader sees it."""
    loaded = banks.load(bank_folder(bank))
    asked = _question(loaded, question)
    console = Console()
    for part in _for_grader(asked, loaded) if reader is Reader.GRADER else _for_candidate(asked, loaded):
        console.print(part)


def schema() -> None:
    """Print the schema of a topic's file, for editors."""
    print(schema_text(), end="")  # noqa: T201


def _question(bank: Bank, id_: str) -> Question:
    if found := bank.question(id_):
        return found
    near = get_close_matches(id_, list(bank.lines), n=3, cutoff=0.5)
    near = near or [known for known in bank.lines if id_ in known][:3]
    advice = f"Did you mean {', '.join(near)}?" if near else "`interviewer bank stats` counts what there is."
    raise SettingError(f"There is no question {id_!r}. {advice}")


def _for_candidate(question: Question, bank: Bank) -> Iterator[RenderableType]:
    pack = bank.pack(question.pack)
    titles = {topic.id: topic.title for topic in pack.topics} if pack else {}
    yield Text(f"{titles.get(question.topic, question.topic)} · {question.level}", style="bold")
    yield Markdown(question.ask)
    for option in question.options:
        yield Text.assemble("  ☐ ", option.text)
    yield Text(f"Hints to ask for: {len(question.hints)}", style="dim")


def _for_grader(question: Question, bank: Bank) -> Iterator[RenderableType]:
    file, line = bank.lines[question.id]
    yield Text(f"{question.id}  {file}:{line}  {question.kind} · {question.level} · {question.topic}", style="bold")
    yield Panel(Markdown(question.ask), title="asked", title_align="left")
    if question.options:
        yield _options(question)
    else:
        yield Panel(Markdown(question.reference), title="reference", title_align="left")
        yield _points(question)
        yield _misconceptions(question)
        yield _samples(question)
    for title, texts in (("hint", question.hints), ("takeaway", (question.takeaway,)), ("source", question.sources)):
        for text in texts:
            yield Text.assemble((f"{title}: ", "bold"), text)
    for held in question.holds_for:
        yield Text.assemble(("holds for: ", "bold"), f"{held.package} {held.versions}")
    for near in question.near:
        yield Text.assemble(("near: ", "bold"), f"{near.question}: {near.why}")
    if question.covers:
        yield Text.assemble(("covers: ", "bold"), ", ".join(question.covers))
    if question.example:
        yield Panel(Syntax(question.example.code, "python"), title="example", title_align="left")
        yield Panel(Syntax(question.example.test, "python"), title="its test", title_align="left")


def _options(question: Question) -> Table:
    table = Table("", "option", "why", title="options", title_justify="left", show_lines=True)
    for option in question.options:
        table.add_row("✓" if option.correct else "✕", _plain(option.text), _plain(option.why))
    return table


def _points(question: Question) -> Table:
    table = Table("weight", "point", "cues, one group a line", "probe", title="points", title_justify="left")
    table.show_lines = True
    for point in question.points:
        says = Text.assemble((f"{point.id}\n", "bold"), point.says)
        table.add_row(str(point.weight), says, _plain(_lines(point.cues)), _plain(point.probe or ""))
    return table


def _misconceptions(question: Question) -> Table:
    table = Table("penalty", "misconception", "cues", "fix", title="misconceptions", title_justify="left")
    table.show_lines = True
    for wrong in question.misconceptions:
        says = Text.assemble((f"{wrong.id}\n", "bold"), wrong.says)
        table.add_row(str(wrong.penalty), says, _plain(_lines(wrong.cues)), _plain(wrong.fix))
    return table


def _samples(question: Question) -> Table:
    table = Table("band", "score", "sample", title="samples, marked offline", title_justify="left", show_lines=True)
    for sample in question.samples:
        table.add_row(sample.band, str(check.offline_score(question, sample.text)), _plain(sample.text))
    return table


def _lines(cues: Cues) -> str:
    return "\n".join(" | ".join(group) for group in cues) or "none yet"


def _plain(text: str) -> Text:
    return Text(text.strip())
