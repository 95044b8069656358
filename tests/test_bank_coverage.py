"""`bank coverage`: a table of what should be asked, held against the bank."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interviewer import bank as banks
from interviewer.bank.coverage import Wanted, coverage, read_wanted
from interviewer.cli import app
from interviewer.errors import RowsError
from tests.test_bank import CHOICE, QUESTION, write

TABLE = 'id\tlevel\ttopic\tkind\tgist\nQ001\tjunior\tbasics\topen\tWhat it is\nQ002\tmid\tbasics\topen\tWhy "it" is\n'


def test_rows_without_a_question_and_ids_without_a_row_are_named(tmp_path: Path) -> None:
    """Open and choice questions cover alike."""
    text = f"{QUESTION}  covers: [Q001, Q009]\n{CHOICE}  covers: [Q009]\n"
    table = tmp_path / "table.tsv"
    table.write_text(TABLE, encoding="utf-8")
    found = coverage(read_wanted(table), banks.load(write(tmp_path, text)).questions)
    assert [row.id for row in found.missing] == ["Q002"]
    assert found.missing[0].gist == 'Why "it" is'
    assert found.unknown == {"q-one": ("Q009",), "q-two": ("Q009",)}
    assert not found.is_whole
    whole = coverage([Wanted(id="Q001"), Wanted(id="Q009")], banks.load(tmp_path).questions)
    assert whole.is_whole


def test_the_command_fails_on_a_gap_and_prints_both_ways(tmp_path: Path) -> None:
    """Exit 1; with --json for programs."""
    table = tmp_path / "table.tsv"
    table.write_text(TABLE, encoding="utf-8")
    folder = write(tmp_path, f"{QUESTION}  covers: [Q001, Q009]\n")
    command = ["bank", "coverage", str(table), "--bank", str(folder)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert 'Q002: no question covers it (mid basics open: Why "it" is)' in result.output
    assert "fastapi/basics.yaml:1: q-one: covers Q009, which table.tsv does not have" in result.output
    assert "1 of 2 rows are covered." in result.output
    said = json.loads(CliRunner().invoke(app, [*command, "--json"]).output)
    assert (said["rows"], said["unknown"]) == (2, {"q-one": ["Q009"]})
    assert said["missing"] == [{"id": "Q002", "level": "mid", "topic": "basics", "kind": "open", "gist": 'Why "it" is'}]
    write(tmp_path, f"{QUESTION}  covers: [Q001, Q002]\n")
    assert CliRunner().invoke(app, command).exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name\tlevel\nQ001\tmid\n", "table.tsv:1: there is no column `id`"),
        (b"id\tgist\nQ001\ta\nQ001\tb\n", "table.tsv:3: the id 'Q001' is taken: see line 2"),
        (b"id\tgist\n\ta\n", "table.tsv:2: the id is missing"),
        (b"id\tgist\n\xff\n", "is not UTF-8 text"),
        (b"", "there is no column `id`"),
    ],
)
def test_a_table_that_does_not_fit_is_named_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    """And a file that is not there, too."""
    table = tmp_path / "table.tsv"
    table.write_bytes(content)
    with pytest.raises(RowsError) as caught:
        read_wanted(table)
    assert message in str(caught.value)
    with pytest.raises(RowsError, match="check the path"):
        read_wanted(tmp_path / "none.tsv")
