"""The command line as a person meets it: real processes, their output, their exit status."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from interviewer import cli
from interviewer.bank import Bank
from interviewer.conductor import Conductor, Parts
from interviewer.domain import Level, Plan
from interviewer.settings import Settings
from interviewer.store import SqlStore
from tests.faults.server import running
from tests.graders import Away, Clock
from tests.terminal import interviewer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database path of this module."""
    return tmp_path_factory.mktemp("cli") / "interviews.sqlite3"


def test_help_lists_the_commands() -> None:
    """Each with a line that says what it is for."""
    done = interviewer("--help")
    assert done.returncode == 0
    for command in ("serve", "doctor", "bank", "regrade", "eval", "grade"):
        assert command in done.stdout
    for option in ("--host", "--port", "--database"):
        assert option in interviewer("serve", "--help").stdout


def test_an_unknown_command_exits_with_an_error() -> None:
    """And names it."""
    done = interviewer("dance")
    assert done.returncode == 2
    assert "dance" in done.stderr
    assert "Traceback" not in done.stderr


def test_bank_stats_prints_a_table_by_level_and_topic(bank: Bank) -> None:
    """One for each pack, whose last row adds up to it."""
    done = interviewer("bank", "stats")
    assert done.returncode == 0
    header = done.stdout.splitlines()[2]
    assert [level for level in Level if level in header] == list(Level)
    sums = [line for line in done.stdout.splitlines() if line.startswith("│ all ")]
    for pack, last in zip(bank.packs, sums, strict=True):
        assert all(topic.title in done.stdout for topic in pack.topics)
        counts = [int(cell) for cell in last.replace("│", " ").split()[1:]]
        assert counts == [*(len(pack.by_level[level]) for level in Level), len(pack.questions)]


def test_bank_check_finds_the_shipped_bank_in_order() -> None:
    """Exit status 0, and the number of questions; one topic stands for all, which tests/test_bank.py checks."""
    done = interviewer("bank", "check", "--topic", "websockets")
    assert (done.returncode, done.stderr) == (0, "")
    assert "questions are in order" in done.stdout


def test_serve_prints_address_database_and_grader_and_serves(served: Path) -> None:
    """What it prints is where it is; nothing is said on stderr that nobody asked for."""
    with running(served) as server:
        assert httpx2.get(f"{server.url}/readyz").json()["status"] == "ok"
        assert httpx2.get(f"{server.url}/").status_code == 200
        assert isinstance(server.process, subprocess.Popen)
        assert server.process.stdout
        assert server.process.stdout.readline() == f"Database: {served}\n"
        assert server.process.stdout.readline().startswith("Grader: offline")


def test_a_reply_does_not_wait_for_the_network_to_acknowledge_its_head(tmp_path: Path) -> None:
    """Without TCP_NODELAY each request on an open connection takes 40 ms more."""
    with closing(cli._listen(Settings(port=0, database=tmp_path / "a.sqlite3"))) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        with closing(socket.create_connection(listener.getsockname())), closing(listener.accept()[0]) as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


# ---- what the operator can mend: one line, no traceback, exit status 2


def port_in_use(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Somebody else listens there."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        return interviewer("serve", "--port", port, "--database", str(tmp_path / "a.sqlite3"))


def database_in_no_folder(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Its folder cannot be made."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    return interviewer("serve", "--port", "0", "--database", str(tmp_path / "file" / "a.sqlite3"))


def database_that_is_none(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A file of something else."""
    (tmp_path / "notes.txt").write_text("Buy milk. " * 100, encoding="utf-8")
    return interviewer("serve", "--port", "0", "--database", str(tmp_path / "notes.txt"))


def database_of_a_regrade(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A folder instead of a file."""
    return interviewer("regrade", "--database", str(tmp_path))


def missing_prompt(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """An empty prompts folder, with a model that would need them."""
    return interviewer(
        "serve",
        "--port",
        "0",
        "--database",
        str(tmp_path / "a.sqlite3"),
        INTERVIEWER_PROMPTS_DIR=str(tmp_path),
        INTERVIEWER_MODEL="a-model",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
    )


def broken_bank(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """YAML that is none."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.yaml").write_text("title: [", encoding="utf-8")
    return interviewer("serve", "--port", "0", INTERVIEWER_BANK_DIR=str(tmp_path))


def unknown_setting(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A slip of the pen."""
    return interviewer("serve", INTERVIEWER_DATABSE=str(tmp_path))


def unsafe_host(_tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Open to everybody, without a name to answer to."""
    return interviewer("serve", "--host", "0.0.0.0", "--port", "0")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (port_in_use, "--port"),
        (database_in_no_folder, "--database"),
        (database_that_is_none, "notes.txt"),
        (database_of_a_regrade, "--database"),
        (missing_prompt, "prompts folder"),
        (broken_bank, "pack.yaml:2"),
        (unknown_setting, "Did you mean INTERVIEWER_DATABASE"),
        (unsafe_host, "INTERVIEWER_TRUSTED_HOSTS"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_the_operator_can_mend_is_said_in_one_line(
    tmp_path: Path, wrong: Callable[[Path], subprocess.CompletedProcess[str]], says: str
) -> None:
    """What is wrong and what to do; no traceback; no address of a server that is not there."""
    done = wrong(tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    line, *more = done.stderr.splitlines()
    assert more == []
    assert line.startswith("interviewer: ")
    assert says in line


async def test_regrade_grades_what_waits(tmp_path: Path, bank: Bank) -> None:
    """An answer that no grader had marked; once, however often it is asked for."""
    database = tmp_path / "interviews.sqlite3"
    store = SqlStore(database)
    await store.open()
    parts = Parts(
        bank=bank,
        store=store,
        grader=Away(),
        clock=Clock(),
        new_id=lambda: "i1",
        new_seed=lambda: 1,
        answer_chars=1000,
        lease_s=1,
    )
    by = Conductor(parts)
    begun = await by.start(Plan(pack="fastapi", level=Level.MID, questions=2), owner="alice")
    await by.answer(begun.id, "alice", turn=1, text="A dependency is called for each request, I think.")
    await store.close()
    assert "Graded 1 of 1 turns." in interviewer("regrade", "--database", str(database)).stdout
    assert "Graded 0 of 0 turns." in interviewer("regrade", "--database", str(database)).stdout
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("select turn from grading").fetchall() == [(1,)]
