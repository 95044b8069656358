"""Files that commands read and write; what cannot be opened is said in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from interviewer.errors import RowProblem, RowsError, SettingError
from interviewer.grading.rows import Row, read_rows

STDIN = "-"


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of the standard input for `-`.

    Raises:
        RowsError: it cannot be opened.
    """
    if file == STDIN:
        yield typer.get_binary_stream("stdin")
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  # closed below; what fails inside the block is not our error
    except FileNotFoundError:
        raise _unreadable(file, "there is no such file: check the path") from None
    except IsADirectoryError:
        raise _unreadable(file, "is a folder: name the files in it") from None
    except (OSError, ValueError) as error:
        raise _unreadable(
            file, f"cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        ) from None
    with stream:
        yield stream


def scored_rows(files: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of each file, all with a human score.

    Raises:
        RowsError: a line of any file does not fit; it carries every problem found.
    """
    rows: dict[str, list[Row]] = {}
    problems: list[RowProblem] = []
    for file in dict.fromkeys(files):
        rows[file] = []
        with opened(file) as stream:
            for read in read_rows(stream, shown(file), scored=True):
                if isinstance(read, RowProblem):
                    problems.append(read)
                else:
                    rows[file].append(read)
    if problems:
        raise RowsError(tuple(problems))
    return rows


def shown(file: str) -> str:
    """A file's name in messages."""
    return "standard input" if file == STDIN else file


@contextmanager
def written(out: Path | None, *, source: str) -> Iterator[BinaryIO]:
    """Where gradings go: a new file, or the standard output.

    Raises:
        SettingError: it cannot be written, or is the file that is read.
    """
    if out is None:
        yield typer.get_binary_stream("stdout")
        return
    if source != STDIN and out.exists() and out.samefile(source):
        raise SettingError(f"{out} is the file to be graded. Choose another with --out.")
    try:
        stream = out.open("wb")
    except OSError as error:
        raise SettingError(f"Cannot write {out} ({error.strerror}). Choose another with --out.") from error
    with stream:
        yield stream


def plot_paths(out: Path | None, files: Sequence[str]) -> list[Path | None]:
    """Where the picture of each file goes: `out` itself for one, else a name with the file's beside it.

    Raises:
        SettingError: there is no folder to write it to.
    """
    if out is None:
        return [None] * len(files)
    if out.is_dir() or not out.parent.is_dir():
        raise SettingError(
            f"Cannot write {out} (it is a folder, or its folder is missing). Choose another with --plot."
        )
    if len(files) == 1:
        return [out]
    stems = ["stdin" if file == STDIN else Path(file).stem for file in files]
    if len(set(stems)) < len(stems):
        stems = [f"{number}-{stem}" for number, stem in enumerate(stems, start=1)]
    return [out.with_name(f"{out.stem}-{stem}{out.suffix or '.svg'}") for stem in stems]


def write_plot(path: Path, svg: str) -> None:
    """Write a picture.

    Raises:
        SettingError: it cannot be written.
    """
    try:
        path.write_bytes(svg.encode("utf-8", "replace"))
    except OSError as error:
        raise SettingError(f"Cannot write {path} ({error.strerror}). Choose another with --plot.") from error


def _unreadable(file: str, why: str) -> RowsError:
    return RowsError((RowProblem(shown(file), 0, why),))
