"""`interviewer export · import · backup · restore` as an operator types them, while people are interviewed."""

from __future__ import annotations

import gzip
import re
import shlex
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from typer.testing import CliRunner

from interviewer import cli
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.errors import DatabaseUnusable, SettingError, UnusableExport
from interviewer.settings import Settings
from tests.conftest import ROOT
from tests.faults.server import running
from tests.playing import answer, sample, started
from tests.postgres import Postgres, client_programs

DATABASE = Path("data/interviewer.sqlite3")
"""Where it is unless a setting says otherwise."""
URL = "INTERVIEWER_DATABASE_URL"


def interviewer(*arguments: str | Path, url: str = "", given: bytes | None = None) -> bytes:
    """What a command printed; its errors are raised."""
    done = CliRunner().invoke(
        cli.app, [str(each) for each in arguments], input=given, env={URL: url}, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def typed(section: str) -> list[str]:
    """The commands that a section of the docs tells the operator to type."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text.split(f"\n## {section}\n")[1].split("\n## ")[0], re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def run(line: str, url: str = "") -> None:
    """Do what such a line says."""
    name, *arguments = shlex.split(line)
    if name == "interviewer":
        interviewer(*arguments, url=url)
    else:
        subprocess.run(["bash", "-c", line], check=True)


@contextmanager
def browser(where: Path | str, bank: Bank, cookies: Any = None) -> Iterator[TestClient]:
    """A browser on a server that keeps its interviews there; with the cookies of another, the same person's."""
    settings = Settings(database=where) if isinstance(where, Path) else Settings(database_url=SecretStr(where))
    with TestClient(create_app(settings, bank=bank), base_url="http://localhost", cookies=cookies) as client:
        yield client


def answered(client: TestClient, bank: Bank, interview: dict[str, Any]) -> dict[str, Any]:
    """The interview after a strong answer to its newest turn."""
    return answer(client, interview, sample(bank, interview["turns"][-1]["question"]["id"], Band.STRONG))


@pytest.fixture
def database(tmp_path: Path, bank: Bank) -> Path:
    """A database with an interview in it."""
    path = tmp_path / "interviews.sqlite3"
    with browser(path, bank) as client:
        started(client)
    return path


def test_interviews_go_on_after_a_move_to_postgresql_and_back(
    tmp_path: Path, bank: Bank, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the commands of the docs; the same cookie finds them, with every word and mark."""
    monkeypatch.chdir(tmp_path)
    there, back = postgres.create(), Path("new/b.sqlite3")
    export, _, import_, serve = typed("Moving to PostgreSQL")
    assert serve == "interviewer serve"
    with browser(DATABASE, bank) as client:
        interview = answered(client, bank, started(client))
        run(export)  # also while it serves
    run(import_, url=there)
    with browser(there, bank, client.cookies) as client:
        assert client.get(f"/api/interviews/{interview['id']}").json() == interview
        interview = answered(client, bank, interview)
        interviewer("export", "returned.jsonl", url=there)
    assert b"of 1 interviews" in interviewer("import", "returned.jsonl", "--database", back)
    with browser(back, bank, client.cookies) as client:
        assert client.get(f"/api/interviews/{interview['id']}").json() == interview
        while interview["status"] == "open":
            interview = answered(client, bank, interview)
        assert client.get(f"/api/interviews/{interview['id']}/report").status_code == 200


def test_an_export_is_its_owner_s_alone_and_the_same_each_time(tmp_path: Path, database: Path) -> None:
    """In a file, compressed by its name, or through a pipe."""
    plain, packed, again = (tmp_path / name for name in ("a.jsonl", "a.jsonl.gz", "b.jsonl.gz"))
    for file in (plain, packed, again):
        interviewer("export", file, "--database", database)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    piped = interviewer("export", "-", "--database", database)
    assert piped == plain.read_bytes() == gzip.decompress(packed.read_bytes())
    assert packed.read_bytes() == again.read_bytes()
    for number, given in enumerate((piped, packed.read_bytes())):
        copy = tmp_path / f"{number}.sqlite3"
        interviewer("import", "-", "--database", copy, given=given)
        assert interviewer("export", "-", "--database", copy) == piped


@pytest.mark.parametrize("command", ["export", "backup"])
def test_what_is_there_is_not_written_over_by_mistake(tmp_path: Path, database: Path, command: str) -> None:
    """Another file only by --force, the database never, a device neither."""
    file = tmp_path / "file"
    file.write_text("precious", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(database)
    with pytest.raises(SettingError, match="there already"):
        interviewer(command, file, "--database", database)
    for itself in (database, link, database.with_name(f"{database.name}-wal")):
        with pytest.raises(SettingError, match="the database itself"):
            interviewer(command, itself, "--force", "--database", database)
    with pytest.raises(SettingError, match="it is no file"):
        interviewer(command, "/dev/null", "--force", "--database", database)
    with pytest.raises(SettingError, match=r"Cannot write .* Choose another name"):
        interviewer(command, tmp_path / "missing" / "file", "--database", database)
    assert file.read_text(encoding="utf-8") == "precious"
    interviewer(command, file, "--force", "--database", database)
    assert file.stat().st_size > 1000


@pytest.mark.parametrize("command", ["export", "backup"])
def test_a_copy_that_fails_leaves_the_one_before_it(tmp_path: Path, command: str) -> None:
    """And nothing half done beside it."""
    broken, file = tmp_path / "broken.sqlite3", tmp_path / "file"
    broken.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    file.write_text("yesterday's", encoding="utf-8")
    with pytest.raises(DatabaseUnusable):
        interviewer(command, file, "--force", "--database", broken)
    with pytest.raises(SettingError, match="There is no database"):
        interviewer(command, file, "--force", "--database", tmp_path / "gone.sqlite3")
    assert file.read_text(encoding="utf-8") == "yesterday's"
    assert sorted(tmp_path.iterdir()) == [broken, file]


def test_a_compressed_export_that_breaks_off_is_refused(tmp_path: Path, database: Path) -> None:
    """Cut off or damaged: the new database stays empty, and takes the whole one afterwards."""
    file, new = tmp_path / "a.jsonl.gz", tmp_path / "new.sqlite3"
    interviewer("export", file, "--database", database)
    whole = file.read_bytes()
    for damaged in (whole[:-30], whole[:-8] + bytes(8), whole[:40] + b"\xff" * 20 + whole[60:]):
        file.write_bytes(damaged)
        with pytest.raises(UnusableExport, match="Nothing was imported"):
            interviewer("import", file, "--database", new)
    file.write_bytes(whole)
    interviewer("import", file, "--database", new)


def says(database: Path) -> set[str]:
    """Every text that candidates have sent."""
    with closing(sqlite3.connect(database)) as connection:
        return {text for (text,) in connection.execute("SELECT text FROM say WHERE who = 'candidate'")}


def test_a_backup_under_load_holds_every_answer_acknowledged_before_it(tmp_path: Path, bank: Bank) -> None:
    """A real server, and candidates who never pause."""
    database = tmp_path / "interviews.sqlite3"
    acknowledged: list[str] = []
    over = Event()

    def play(number: int, url: str) -> None:
        with httpx2.Client(base_url=url, timeout=30) as client:
            client.get("/")
            for sitting in range(1000):
                interview = client.post("/api/interviews", json={"level": "mid", "questions": 1}).json()
                text = f"I do not know it, says {number} for the {sitting}th time."
                body = {"turn": 1, "text": text, "says_seen": 1}
                assert client.post(f"/api/interviews/{interview['id']}/answers", json=body).status_code == 200
                acknowledged.append(text)
                if over.is_set():
                    return

    with running(database) as server, ThreadPoolExecutor() as pool:
        players = [pool.submit(play, number, server.url) for number in range(3)]
        try:
            for number in range(3):
                before, file = set(acknowledged), tmp_path / f"{number}.sqlite3"
                while len(acknowledged) < len(before) + 3:
                    assert not any(player.done() for player in players)
                    over.wait(0.02)
                before = set(acknowledged)
                interviewer("backup", file, "--database", database)
                assert before <= says(file)
        finally:
            over.set()
        for player in players:
            player.result()
        assert len(says(database)) == len(acknowledged) > len(before)
    assert not list(tmp_path.glob("[0-9].sqlite3-*"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_big_database_is_not_copied_anew_at_each_write(tmp_path: Path, database: Path) -> None:
    """Else a backup would end when the last candidate has gone to bed."""
    with closing(sqlite3.connect(database)) as connection, connection:
        pages = [(f"page {number}", "x" * 1_000_000) for number in range(24)]
        connection.executemany("INSERT INTO spending VALUES (?, 0, 0, 0, ?)", [*pages, ("today", 0)])
    over = Event()

    def write() -> bool:
        with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            for _ in range(100_000):
                connection.execute("UPDATE spending SET calls = calls + 1 WHERE day = 'today'")
                if over.is_set():
                    return True
        return False

    with ThreadPoolExecutor() as pool:
        writer = pool.submit(write)
        interviewer("backup", tmp_path / "copy", "--database", database)
        over.set()
        assert writer.result(), "the writer was done first"


def test_a_backup_of_an_older_schema_leaves_the_schema_alone(tmp_path: Path, database: Path) -> None:
    """It is made before an upgrade, perhaps with the new version; and one that is damaged is not made."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    interviewer("backup", tmp_path / "copy", "--database", database)
    with closing(sqlite3.connect(tmp_path / "copy")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE turn SET interview_id = 'nobody'")
    with pytest.raises(DatabaseUnusable, match=r"is damaged .* refer to rows that are gone"):
        interviewer("backup", tmp_path / "other", "--database", database)
    assert not (tmp_path / "other").exists()


def test_a_lost_database_is_restored_and_the_candidate_goes_on(
    tmp_path: Path, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drill of the docs, word for word; and a restore replaces nothing that is there."""
    monkeypatch.chdir(tmp_path)
    _, backup, *lose, restore, serve = typed("Backup and restore drill")[:6]
    assert serve == "interviewer serve"
    with browser(DATABASE, bank) as client:
        interview = answered(client, bank, started(client))
        run(backup)
        with pytest.raises(SettingError, match=r"interviewer\.sqlite3-wal.* still there\. Stop the server"):
            run(restore)
    for line in lose:
        run(line)
    assert not DATABASE.exists()
    run(restore)
    with browser(DATABASE, bank, client.cookies) as client:
        assert client.get(f"/api/interviews/{interview['id']}").json() == interview
        answered(client, bank, interview)


def test_what_is_no_backup_is_not_restored(tmp_path: Path, database: Path) -> None:
    """Nothing is put in place then."""
    new, export, newer = tmp_path / "new.sqlite3", tmp_path / "a.jsonl", tmp_path / "newer.sqlite3"
    interviewer("export", export, "--database", database)
    interviewer("backup", newer, "--database", database)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for file, said in ((export, "cannot be copied"), (newer, "a newer version"), (tmp_path / "gone", "no file")):
        with pytest.raises((DatabaseUnusable, SettingError), match=said):
            interviewer("restore", file, "--database", new)
    assert not list(tmp_path.glob("*new.sqlite3*"))
    with pytest.raises(SettingError, match="pg_restore"):
        interviewer("restore", newer, url="postgresql://db.example.org/interviewer")


def test_a_postgresql_database_is_dumped_while_it_serves_and_restored(
    tmp_path: Path, bank: Bank, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drill of the docs, on the tests' server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(client_programs()), prepend=":")
    there, new = postgres.create(), postgres.create()
    backup, create, restore = typed("Backup and restore drill")[6:]
    assert create.startswith("createdb ")
    with browser(there, bank) as client:
        interview = answered(client, bank, started(client))
        run(backup, url=there)
    assert stat.S_IMODE(Path("drill.dump").stat().st_mode) == 0o600
    run(restore.replace("--host=db.example.org --username=interviewer --dbname=drill", f"--dbname='{new}'"))
    with browser(new, bank, client.cookies) as client:
        assert client.get(f"/api/interviews/{interview['id']}").json() == interview
        answered(client, bank, interview)


def test_the_password_of_postgresql_stands_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anyone on the machine can read those. The stand-in writes down what it is given, and fails."""
    stand_in = tmp_path / "pg_dump"
    stand_in.write_text(
        f'#!/bin/sh\necho "$@" >{tmp_path}/line\necho "$PGPASSWORD" >{tmp_path}/secret\n'
        "echo 'pg_dump: error: aborting because of server version mismatch' >&2; exit 1\n"
    )
    stand_in.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    url = "postgresql://anna:s%40cret@db.example.org:5433/interviews?sslmode=require"
    with pytest.raises(DatabaseUnusable, match="pg_dump failed: pg_dump: error: aborting because of server version"):
        interviewer("backup", tmp_path / "dump", url=url)
    assert (
        "--dbname=postgresql://anna@db.example.org:5433/interviews?sslmode=require" in (tmp_path / "line").read_text()
    )
    assert "cret" not in (tmp_path / "line").read_text()
    assert (tmp_path / "secret").read_text() == "s@cret\n"
    assert not (tmp_path / "dump").exists()


def test_without_pg_dump_a_backup_says_what_else_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export needs no other program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingError, match=r"Install PostgreSQL's client programs.*interviewer export"):
        interviewer("backup", tmp_path / "dump", url="postgresql://db.example.org/interviews")
    assert not list(tmp_path.iterdir())
