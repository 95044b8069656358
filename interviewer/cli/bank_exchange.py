"""`interviewer bank export · import`: questions from and for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interviewer import bank as banks
from interviewer.bank import skeleton
from interviewer.bank.exchange import Format, adding, read, written
from interviewer.bank.exchange.drafts import Row
from interviewer.bank.exchange.yaml_text import yaml_of
from interviewer.cli.bank import BankFolder, bank_folder, plain_console
from interviewer.domain import Level, Pack
from interviewer.errors import BankError, SettingError

Form = Annotated[Format, typer.Option("--format", help="What the file is written in.")]
STDOUT = Path("-")


def export(
    file: Annotated[Path, typer.Argument(help="File to write; - for the standard output.")],
    form: Form,
    pack: Annotated[str | None, typer.Option(help="Only the questions of this pack.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    bank: BankFolder = None,
) -> None:
    """Write the questions for another program. What each format holds: docs/writing-questions.md."""
    loaded = banks.load(bank_folder(bank))
    only = skeleton.pack_named(loaded, pack).id if pack else None
    chosen = [question for question in loaded.questions if only in (None, question.pack)]
    text = written(chosen, form)
    if file == STDOUT:
        typer.get_binary_stream("stdout").write(text.encode())
        return
    if file.exists() and not force:
        raise SettingError(f"{file} is there already: choose another name, or write over it with --force.")
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        raise SettingError(f"Cannot write {file} ({error.strerror}). Choose another name.") from error
    plain_console().print(f"{len(chosen)} questions written to {file}.", markup=False)


def import_file(
    file: Annotated[Path, typer.Argument(help="File to read.")],
    form: Form,
    pack: Annotated[str | None, typer.Option(help="The pack they go into, where there are several.")] = None,
    topic: Annotated[str | None, typer.Option(help="Topic of questions that name none of the pack's.")] = None,
    level: Annotated[Level | None, typer.Option(help="Level of questions that do not say theirs.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the rows and change nothing.")] = False,
    bank: BankFolder = None,
) -> None:
    """Add another program's questions to the bank, with placeholders for what they lack."""
    folder = bank_folder(bank)
    loaded = banks.load(folder)
    held = skeleton.pack_named(loaded, pack)
    found = read(file, form)
    rows = adding.rows_for(found, adding.Place(pack=held, topic=topic, level=level), loaded, str(file))
    console = plain_console()
    for left_out in found.left_out:
        console.print(f"{left_out} is left out", markup=False)
    if dry_run:
        print(yaml_of(list(rows)), end="")  # noqa: T201
        return
    _add(folder, held, rows)
    for row in rows:
        unfinished = " (unfinished)" if skeleton.PLACEHOLDER in str(row) else ""
        console.print(f"{row['id']}: added to {held.id}/{row['topic']}.yaml{unfinished}", markup=False)
    console.print(f"{len(rows)} questions added. Then: interviewer bank check", markup=False)


def _add(folder: Path, pack: Pack, rows: tuple[Row, ...]) -> None:
    """Write the rows at the end of their topics' files; a bank that could not be read then is put back as it was."""
    before: dict[Path, str | None] = {}
    try:
        for topic, each in adding.by_topic(rows).items():
            file = folder / pack.id / f"{topic}.yaml"
            before[file] = file.read_text(encoding="utf-8") if file.exists() else None
            skeleton.append(file, yaml_of(each))
        banks.load(folder)
    except (BankError, SettingError):
        for file, text in before.items():
            if text is None:
                file.unlink(missing_ok=True)
            else:
                file.write_text(text, encoding="utf-8")
        raise
