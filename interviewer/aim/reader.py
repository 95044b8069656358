"""What was pasted or uploaded -> a proposal for a pack of the bank. Nothing of it is kept."""

from __future__ import annotations

import asyncio

from interviewer.aim.by_model import ModelAim
from interviewer.aim.files import text_of_file
from interviewer.aim.offline import best_pack, propose
from interviewer.aim.proposal import Proposal
from interviewer.bank import Bank
from interviewer.errors import UnknownChoice

FILES_AT_ONCE = 2
"""Each takes a process of its own for a second or two."""


class Aim:
    """Reads texts for a bank's packs, with `by_model` where it is given."""

    def __init__(self, bank: Bank, by_model: ModelAim | None = None) -> None:
        self._bank = bank
        self._by_model = by_model
        self._files = asyncio.Semaphore(FILES_AT_ONCE)

    async def text_of(self, data: bytes) -> str:
        """The text of an uploaded file.

        Raises:
            UnusableText: there is none, or too much of it.
        """
        async with self._files:
            return await asyncio.to_thread(text_of_file, data)

    async def propose(self, text: str, pack_id: str = "", *, offline: bool = False) -> Proposal:
        """A proposal for a text and a pack, for the one that fits best when none is named; `offline` asks no model.

        Raises:
            UnknownChoice: there is no such pack.
        """
        pack = self._bank.pack(pack_id) if pack_id else await asyncio.to_thread(best_pack, text, self._bank.packs)
        if pack is None:
            known = ", ".join(pack.id for pack in self._bank.packs)
            raise UnknownChoice(f"Unknown pack {pack_id!r}. Known packs: {known}.")
        by_terms = await asyncio.to_thread(propose, text, pack)
        if self._by_model is None or offline:
            return by_terms
        return await self._by_model.propose(text, pack, by_terms)
