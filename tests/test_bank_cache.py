"""The cache of the bank: the same bank as without it, whatever happens to the file or the place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer import bank as banks
from interviewer.bank import Bank, cache
from interviewer.errors import BankError
from interviewer.settings import Settings
from tests.conftest import ROOT
from tests.test_bank import CHOICE, QUESTION, write


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the cache is kept; it does not exist yet."""
    return tmp_path / "data" / "bank-cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank with an open and a choice question."""
    (tmp_path / "bank").mkdir()
    return write(tmp_path / "bank", QUESTION + CHOICE)


def the_file(place: Path) -> Path:
    """The one file of the cache; nothing half written lies beside it."""
    (file,) = place.iterdir()
    return file


def same(one: Bank, other: Bank) -> bool:
    """Whether two banks hold the same."""
    return (one.packs, tuple(one.questions), one.revision, one.lines) == (
        other.packs,
        tuple(other.questions),
        other.revision,
        other.lines,
    )


def test_a_bank_from_its_cache_is_the_bank_from_its_files(folder: Path, place: Path) -> None:
    """First read from the files, then from the cache, and never again written."""
    plain = banks.load(folder)
    assert same(banks.load(folder, cache=place), plain)
    written = the_file(place).stat()
    assert same(banks.load(folder, cache=place), plain)
    assert the_file(place).stat() == written


def test_the_shipped_bank_survives_the_cache(bank: Bank, place: Path) -> None:
    """Every question, to the letter."""
    for _ in range(2):
        assert same(banks.load(ROOT / "bank", cache=place), bank)


def test_a_known_file_is_not_parsed_again(folder: Path, place: Path) -> None:
    """Its rows come from the cache: here one that was made from another text of the same SHA-256, as it were."""
    banks.load(folder, cache=place)
    kept = cache.Cache(place, folder)
    (digest,) = kept._known
    row = kept._known[digest][0]
    assert (row.id, row.line) == ("q-one", 1)
    other = cache.Cache(place, folder)
    other.put(digest, [row])
    other.save()
    assert [question.id for question in banks.load(folder, cache=place).questions] == ["q-one"]


def test_a_changed_file_is_read_anew_and_the_old_one_forgotten(folder: Path, place: Path) -> None:
    """The cache does not grow with every edit."""
    banks.load(folder, cache=place)
    size = the_file(place).stat().st_size
    for ask in ("Who?", "What?", "Where?", "When?"):
        write(folder, QUESTION.replace("What is it?", ask) + CHOICE)
        assert banks.load(folder, cache=place).questions[0].ask == ask
    assert abs(the_file(place).stat().st_size - size) < 20


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(bytes(content))


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _foreign(file: Path) -> None:
    file.write_bytes(b"\x80\x05\x95 not ours \n\n")


def _of_another_version(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"interviewer bank ", b"interviewer bank 0", 1))


def _of_a_stranger(file: Path) -> None:
    file.chmod(0o666)


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("harm", [_cut, _flip, _empty, _foreign, _of_another_version, _of_a_stranger, _a_folder])
def test_a_cache_that_does_not_fit_is_passed_over_and_written_anew(
    folder: Path, place: Path, harm: Callable[[Path], None]
) -> None:
    """Cut short, changed by a bit, empty, something else, from another version, writable for others, no file."""
    plain = banks.load(folder, cache=place)
    harm(the_file(place))
    assert same(banks.load(folder, cache=place), plain)
    if harm is not _a_folder:
        assert len(cache.Cache(place, folder)._known) == 1
        assert not the_file(place).stat().st_mode & 0o077


def test_a_place_that_cannot_be_written_only_makes_the_start_slow(folder: Path, tmp_path: Path) -> None:
    """Here a file stands where the folder should be; a read-only file system says no in the same way."""
    (tmp_path / "data").write_text("in the way")
    assert same(banks.load(folder, cache=tmp_path / "data" / "bank-cache"), banks.load(folder))


def test_a_broken_bank_is_not_kept(folder: Path, place: Path) -> None:
    """Its problems are told each time, and the good files stay known."""
    banks.load(folder, cache=place)
    write(folder, QUESTION + CHOICE.replace("id: theta", "id: kappa"))
    for _ in range(2):
        with pytest.raises(BankError, match="option id 'kappa' stands twice"):
            banks.load(folder, cache=place)


def test_two_banks_do_not_disturb_each_other(folder: Path, place: Path, tmp_path: Path) -> None:
    """Each has a file of its own."""
    (tmp_path / "other").mkdir()
    other = write(tmp_path / "other", CHOICE)
    for _ in range(2):
        assert len(banks.load(folder, cache=place).questions) == 2
        assert len(banks.load(other, cache=place).questions) == 1
    assert len(list(place.iterdir())) == 2


def test_processes_that_start_at_once_all_have_the_bank(folder: Path, place: Path) -> None:
    """Each writes a file of its own and puts it in place as a whole."""
    code = (
        "import sys; from pathlib import Path; from interviewer import bank\n"
        "print(*[q.ask for q in bank.load(Path(sys.argv[1]), cache=Path(sys.argv[2])).questions], sep='|')"
    )
    command = [sys.executable, "-c", code, str(folder), str(place)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert said == ["What is it?|Which of these come with something?\n"] * 3
    assert the_file(place).stat().st_size


def test_the_cache_lies_beside_the_database(tmp_path: Path) -> None:
    """Where the server may write anyway."""
    assert Settings(database=tmp_path / "a.sqlite3").bank_cache == tmp_path / "bank-cache"


def test_questions_are_read_when_they_are_asked_for(folder: Path) -> None:
    """By place, from the end, as a slice; the outline alone needs no reading."""
    loaded = banks.load(folder)
    assert [outline.id for outline in loaded.outlines] == ["q-one", "q-two"]
    assert loaded.questions[-1] is loaded.question("q-two")
    assert [question.id for question in loaded.questions[:1]] == ["q-one"]
    assert loaded.question("q-none") is None
    with pytest.raises(IndexError):
        loaded.questions[2]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="only where files have owners")
def test_the_folder_of_the_cache_is_the_owner_s_alone(folder: Path, place: Path) -> None:
    """What others can write is not read."""
    banks.load(folder, cache=place)
    assert place.stat().st_mode & 0o077 == 0
