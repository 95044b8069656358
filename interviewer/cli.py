"""The command line: `interviewer serve · bank · regrade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from interviewer import bank as banks
from interviewer.bank import check as bank_check
from interviewer.errors import BankError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A mock interviewer whose marks you can check.")
bank_app = typer.Typer(no_args_is_help=True, help="Look after the bank of questions.")
app.add_typer(bank_app, name="bank")

BankFolder = Annotated[Path, typer.Option("--bank", help="Folder of packs.")]


def main() -> None:
    """Run the command line."""
    app()


@bank_app.command("check")
def check_bank(bank: BankFolder = Path("bank")) -> None:
    """Hold every question against its own samples; exit 1 when anything is wrong."""
    console = Console()
    try:
        problems = bank_check.check(banks.load(bank))
    except BankError as error:
        problems = error.problems
    for problem in problems:
        console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print("All questions are in order.")
