"""Topic files read once -> a file beside the database that says the same and is read in no time.

It holds the rows as compressed JSON, by the SHA-256 of the file they come from; a changed file is read anew, alone.
What does not fit (another version of this program, a broken or a foreign file, a place that cannot be written) is
passed over: the cache can make a start slow, never wrong. Each row is validated when it is used.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import stat
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from interviewer.bank import format as row_format
from interviewer.bank.held import HeldRow

log = logging.getLogger(__name__)

Index = dict[str, list[tuple[str, str, str, str, str, int, int, int]]]
"""SHA-256 of a file -> its rows: id, kind, level, topic, ask, line, and where in the body the row stands."""
_INDEX = TypeAdapter(Index)
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Cache:
    """The rows of the files of one bank."""

    def __init__(self, place: Path | None, bank: Path) -> None:
        """`place`: a folder, made when it is missing; with None nothing is kept."""
        name = hashlib.sha256(str(bank.resolve()).encode()).hexdigest()[:16]
        self._file = place / f"{name}.rows" if place else None
        self._known = self._read() if self._file else {}
        self._used: dict[str, Sequence[HeldRow]] = {}
        self._is_new = False

    def get(self, digest: str) -> Sequence[HeldRow] | None:
        """The rows of a file with that SHA-256, if they are known."""
        rows = self._known.get(digest)
        if rows is not None:
            self._used[digest] = rows
        return rows

    def put(self, digest: str, rows: Sequence[HeldRow]) -> None:
        """Remember the rows of a file."""
        self._used[digest] = rows
        self._is_new = True

    def save(self) -> None:
        """Write what was used, if anything is new: a whole file under another name, then in place of the old one."""
        if not self._file or not (self._is_new or self._known.keys() - self._used.keys()):
            return
        temporary = ""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, delete=False) as file:
                temporary = file.name
                for piece in _written(self._used):
                    file.write(piece)
            os.replace(temporary, self._file)
        except OSError as error:
            log.debug("bank cache not written", extra={"error": error.strerror})
            with contextlib.suppress(OSError):
                if temporary:
                    os.unlink(temporary)

    def _read(self) -> Mapping[str, Sequence[HeldRow]]:
        assert self._file
        try:
            with self._file.open("rb") as file:
                if not _is_ours(os.fstat(file.fileno())):
                    return {}
                content = file.read()
        except OSError:
            return {}
        head = content.find(b"\n") + 1
        body = content.find(b"\n", head) + 1
        if not head or not body or content[: head - 1] != _head(memoryview(content)[head:]):
            return {}
        try:
            known = _INDEX.validate_json(content[head : body - 1])
        except ValidationError:
            return {}
        return {
            digest: [
                HeldRow(id_, kind, level, topic, ask, line, start + body, end + body, content)
                for id_, kind, level, topic, ask, line, start, end in rows
            ]
            for digest, rows in known.items()
        }


def _written(files: Mapping[str, Sequence[HeldRow]]) -> tuple[bytes, ...]:
    index: Index = {}
    pieces: list[bytes] = []
    at = 0
    for digest, rows in files.items():
        index[digest] = []
        for held in rows:
            end = at + len(held.packed)
            index[digest].append((held.id, held.kind, held.level, held.topic, held.ask, held.line, at, end))
            pieces.append(held.packed)
            at = end
    rest = b"".join((json.dumps(index, separators=(",", ":")).encode(), b"\n", *pieces))
    return _head(rest), b"\n", rest


def _head(rest: bytes | memoryview) -> bytes:
    """First line: by whom it can be read, and a checksum against accidents."""
    return f"interviewer bank {_fingerprint()} {len(rest)} {zlib.crc32(rest)}".encode()


def _fingerprint() -> str:
    """Changes with the code that says what a row is."""
    digest = hashlib.sha256()
    for module in (row_format.__file__, __file__):
        digest.update(Path(module).read_bytes())
    return digest.hexdigest()[:16]


def _is_ours(found: os.stat_result) -> bool:
    """Whether nobody else can have written it; where the system has no such notion, its folder has to do."""
    if not hasattr(os, "geteuid"):
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE
