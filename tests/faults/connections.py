"""Which process holds the other end of a TCP connection on this machine, as the kernel tells it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_ESTABLISHED = "01"


def connected(pids: Iterable[int], *, ours: int | None = None, theirs: int | None = None) -> list[int]:
    """The processes with a connection on 127.0.0.1 from a port of `theirs`, or to one of `ours`."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(theirs, ours)}
    return [pid for pid in pids if sockets & _open_in(pid)]


def _inodes(local: int | None, remote: int | None) -> Iterable[str]:
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        ends = (fields[1].partition(":")[2], fields[2].partition(":")[2])
        wanted = (port is None or f"{port:04X}" == end for port, end in zip((local, remote), ends, strict=True))
        if fields[3] == _ESTABLISHED and all(wanted):
            yield fields[9]


def _open_in(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(os.readlink(link))
    return found
