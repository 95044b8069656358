"""Passwords -> hashes, and back to yes or no: argon2 by pwdlib, in threads, a few at once.

A hash costs some 64 MiB and 50 to 300 ms on purpose. More at once than there are cores would only take memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pwdlib import PasswordHash

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of comparing; `rehashed` is the password hashed anew, where the cost of hashing has changed since."""

    right: bool
    rehashed: str | None = None


class Passwords:
    """Hashes and compares; other requests go on meanwhile."""

    def __init__(self, hashing: PasswordHash | None = None, *, at_once: int = AT_ONCE) -> None:
        """`at_once` is how many are hashed at the same time in this process; the others wait their turn."""
        self._hashing = hashing or PasswordHash.recommended()
        self._turn = asyncio.Semaphore(at_once)

    async def hash(self, password: str) -> str:
        """The hash to be kept."""
        async with self._turn:
            return await asyncio.to_thread(self._hashing.hash, password)

    async def verify(self, password: str, kept: str | None) -> Verified:
        """Whether it is the password that `kept` was made of. None, for nobody's, takes as long and is wrong."""
        async with self._turn:
            if kept is None:
                await asyncio.to_thread(self._hashing.hash, password)
                return Verified(right=False)
            right, rehashed = await asyncio.to_thread(self._hashing.verify_and_update, password, kept)
            return Verified(right=right, rehashed=rehashed)
