"""`interviewer export · import` as an operator types them, while people are interviewed."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import pytest

from interviewer.bank import Bank
from interviewer.errors import DatabaseUnusable, SettingError, UnusableExport
from tests.moving import DATABASE, answered, begun, browser, interviewer, run, typed
from tests.playing import started
from tests.postgres import Postgres


@pytest.fixture
def database(tmp_path: Path, bank: Bank) -> Path:
    """A database with an interview in it."""
    return begun(tmp_path / "interviews.sqlite3", bank)


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
