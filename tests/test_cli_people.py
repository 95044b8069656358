"""`interviewer people` as an operator types it; the password comes from the standard input, never from an argument."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from interviewer.bank import Bank
from interviewer.cli import app
from interviewer.errors import InterviewerError
from interviewer.settings import Accounts
from tests.accounts import an_app, log_in, running, sign_up, who
from tests.forms import HTML

PASSWORD = "typed at a prompt"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "new" / "interviews.sqlite3"


def people(database: Path, *arguments: str, typed: str = "") -> Result:
    """What `interviewer people …` did."""
    runner = CliRunner(env={"COLUMNS": "120"})
    return runner.invoke(app, ["people", *arguments, "--database", str(database)], input=typed)


def test_the_first_admin_is_made_and_lets_others_in(database: Path, bank: Bank) -> None:
    """From an empty folder to somebody invited."""
    made = people(database, "add", "Ada", "--role", "admin", typed=f"{PASSWORD}\n")
    assert (made.exit_code, made.stdout) == (0, "Ada has an account now, as admin.\n")
    invited = people(database, "invite", "--base-url", "http://localhost/", "--role", "author")
    assert invited.exit_code == 0
    path = invited.stdout.strip().removeprefix("http://localhost")
    with running(an_app(database, bank, Accounts.INVITE)) as client:
        assert log_in(client, "ada", PASSWORD).status_code == 303
        assert client.get("/admin", headers=HTML).status_code == 200
        assert sign_up(client, "Eve", path=path).status_code == 303
        assert who(client) == "Eve"
        change_while_it_runs(client, database)
    listed = json.loads(people(database, "list", "--json").stdout)
    assert [(each["name"], each["role"], each["disabled"]) for each in listed] == [("Ada", "admin", False)]


def change_while_it_runs(client: TestClient, database: Path) -> None:
    """Role, password, disabled and back, deleted: each counts at once."""
    assert "Eve is admin now" in people(database, "role", "EVE", "admin").stdout.replace("EVE", "Eve")
    assert who(client) is None
    assert people(database, "password", "Eve", typed="a newer, longer one\n").exit_code == 0
    assert log_in(client, "Eve", "a newer, longer one").status_code == 303
    assert people(database, "disable", "Eve").exit_code == 0
    assert who(client) is None
    assert "disabled" in people(database, "list", "--find", "ev").stdout
    assert people(database, "disable", "Eve", "--undo").exit_code == 0
    assert log_in(client, "Eve", "a newer, longer one").status_code == 303
    assert people(database, "delete", "Eve", typed="n\n").exit_code == 1
    assert who(client) == "Eve"
    assert "Eve is deleted" in people(database, "delete", "Eve", typed="y\n").stdout
    assert who(client) is None


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["add", "Bob"], "short\n", "12 to 200 characters"),
        (["add", "Bob"], "", "12 to 200 characters"),
        (["add", "\u200b"], f"{PASSWORD}\n", "cannot be seen"),
        (["add", "ADA"], f"{PASSWORD}\n", "Somebody has an account with this name"),
        (["role", "Nobody", "admin"], "", "There is no account with the name 'Nobody'"),
        (["delete", "Nobody", "--yes"], "", "people list"),
        (["invite", "--base-url", "interview.example.org"], "", "https://interview.example.org"),
    ],
    ids=["short", "nothing", "unseen", "taken", "role", "delete", "address"],
)
def test_what_cannot_be_done_says_what_to_do(database: Path, arguments: list[str], typed: str, says: str) -> None:
    """In one line, and nothing has changed."""
    people(database, "add", "Ada", typed=f"{PASSWORD}\n")
    done = people(database, *arguments, typed=typed)
    assert isinstance(done.exception, InterviewerError)
    assert says in str(done.exception)
    assert people(database, "list").stdout.endswith("1 person has an account.\n")


def test_only_add_makes_a_database(database: Path) -> None:
    """A slip in the path is told."""
    done = people(database, "list")
    assert "There is no database" in str(done.exception)
    assert not database.exists()
