"""Everybody's interviews -> statistics of the questions, for those who keep the bank; never for candidates."""

from __future__ import annotations

from interviewer.errors import UnknownChoice
from interviewer.items import Item, Tally
from interviewer.store import SqlStore


async def item_statistics(store: SqlStore, pack: str | None = None) -> tuple[Item, ...]:
    """The statistics of all questions that somebody met, in a pack or in any. Interviews are read a few at a time.

    Raises:
        UnknownChoice: there is no interview in that pack.
    """
    known = await store.histories.packs()
    if pack is not None and pack not in known:
        there = f"There are some in: {', '.join(known)}." if known else "There is none at all yet."
        raise UnknownChoice(f"No interview is in pack {pack!r}. {there}")
    tally = Tally()
    async for portion in store.histories.all(pack):
        disputes = await store.disputes.of_all([interview.id for interview in portion])
        for interview in portion:
            tally.add(interview, disputes.get(interview.id, ()))
    return tally.items()
