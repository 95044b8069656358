"""`interviewer backup · restore`: under load, of both databases, and the drill of the docs."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.errors import DatabaseUnusable, SettingError
from tests.faults.server import running
from tests.moving import DATABASE, answered, begun, browser, interviewer, run, typed
from tests.playing import started
from tests.postgres import Postgres, client_programs


@pytest.fixture
def database(tmp_path: Path, bank: Bank) -> Path:
    """A database with an interview in it."""
    return begun(tmp_path / "interviews.sqlite3", bank)


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
    with pytest.raises(SettingError, match="Cannot write"):
        interviewer("restore", newer, "--database", export / "folder" / "new.sqlite3")
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
