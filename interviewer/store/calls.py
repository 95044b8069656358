"""Calls of the model <-> rows, and what they came to: for an interview, and for each UTC day.

A call is written before it is made, with the most it can come to, in the transaction that looks whether that much is
left. So two processes cannot spend the same money, and one that is killed leaves its call counted. A day's sum is kept
apart from the calls: deleting an interview deletes its words, and gives nothing back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Integer, cast, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from interviewer.domain import Amount, CallEnd, DaySpending, ModelCall, Purpose, UngradedReason, Usage
from interviewer.errors import NotFound
from interviewer.store.database import Database
from interviewer.store.tables import ModelCallRow, SpendingRow
from interviewer.store.upserts import upsert

Allow = Callable[[Amount, Amount], None]
"""Is told what the interview and the day have come to, open calls with their most, and raises when it is enough."""


class ModelCalls:
    """The calls of all interviews. `writer` opens a transaction that holds the database for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, call: ModelCall, allow: Allow) -> None:
        """Keep a call that is about to be made, if `allow` lets it pass; whatever that raises, nothing is kept.

        Of a call outside of an interview the day alone is counted, and no word is kept.

        Raises:
            NotFound: the interview is gone.
        """
        try:
            async with self._database.writing() as connection:
                today = await _of_day(connection, _day(call.at))
                before = await _of_interview(connection, call.interview) if call.interview else Amount()
                allow(before, today)
                if call.interview:
                    await connection.execute(insert(ModelCallRow).values(**_values(call)))
                await _spend(connection, call.at, call.amount, calls=1)
        except IntegrityError as error:
            raise NotFound("There is no such interview here any more.") from error

    async def settle(self, opened: ModelCall, ended: ModelCall) -> None:
        """Put what came of a call in the place of the most it could come to.

        The day gets its difference also when the interview was deleted meanwhile. A call is settled once.

        Raises:
            DatabaseUnusable: that could not be written; the most it can come to stays counted.
        """
        more = Amount(
            tokens_in=ended.amount.tokens_in - opened.amount.tokens_in,
            tokens_out=ended.amount.tokens_out - opened.amount.tokens_out,
            cost=ended.amount.cost - opened.amount.cost,
        )
        async with self._database.writing() as connection:
            await _spend(connection, opened.at, more, calls=0)
            if opened.interview:
                await connection.execute(
                    update(ModelCallRow).where(col(ModelCallRow.id) == ended.id).values(**_values(ended))
                )

    async def of_turn(self, interview_id: str, turn: int) -> tuple[ModelCall, ...]:
        """The calls of a turn, oldest first."""
        query = (
            select(*(col(getattr(ModelCallRow, name)) for name in ModelCallRow.model_fields))
            .where(col(ModelCallRow.interview_id) == interview_id, col(ModelCallRow.turn) == turn)
            .order_by(col(ModelCallRow.at), col(ModelCallRow.id))
        )
        async with self._database.reading() as connection:
            return tuple(_call(row) for row in await connection.execute(query))

    async def of_all(self, interview_ids: Sequence[str]) -> dict[str, list[ModelCall]]:
        """The calls of several interviews, by interview, oldest first; one without any is not in it."""
        query = (
            select(*(col(getattr(ModelCallRow, name)) for name in ModelCallRow.model_fields))
            .where(col(ModelCallRow.interview_id).in_(interview_ids))
            .order_by(col(ModelCallRow.at), col(ModelCallRow.id))
        )
        found: dict[str, list[ModelCall]] = {}
        async with self._database.reading() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.interview_id, []).append(_call(row))
        return found

    async def usage(self, interview_ids: Sequence[str]) -> dict[str, Usage]:
        """What the calls of each interview came to; one without calls is not in it."""
        row = ModelCallRow
        query = (
            select(
                col(row.interview_id),
                func.count(),
                func.sum(col(row.tokens_in)),
                func.sum(col(row.tokens_out)),
                func.sum(col(row.cost)),
                func.max(cast(col(row.estimated), Integer)),
            )
            .where(col(row.interview_id).in_(interview_ids))
            .group_by(col(row.interview_id))
        )
        async with self._database.reading() as connection:
            return {
                found[0]: Usage(calls=found[1], amount=_amount(*found[2:5]), estimated=bool(found[5]))
                for found in await connection.execute(query)
            }

    async def spending(self, since: date) -> tuple[DaySpending, ...]:
        """What each day from `since` on came to, oldest first; days without calls are left out."""
        query = (
            select(*(col(getattr(SpendingRow, name)) for name in SpendingRow.model_fields))
            .where(col(SpendingRow.day) >= since.isoformat())
            .order_by(col(SpendingRow.day))
        )
        async with self._database.reading() as connection:
            return tuple(
                DaySpending(
                    day=date.fromisoformat(row.day),
                    calls=row.calls,
                    amount=_amount(row.tokens_in, row.tokens_out, row.cost),
                )
                for row in await connection.execute(query)
            )


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


async def _of_interview(connection: AsyncConnection, interview_id: str) -> Amount:
    row = ModelCallRow
    sums = (func.sum(col(row.tokens_in)), func.sum(col(row.tokens_out)), func.sum(col(row.cost)))
    found = await connection.execute(select(*sums).where(col(row.interview_id) == interview_id))
    return _amount(*found.one())


async def _of_day(connection: AsyncConnection, day: str) -> Amount:
    """What a day has come to, its row held until the end of the transaction: nobody else opens a call meanwhile."""
    row = SpendingRow
    columns = (col(row.tokens_in), col(row.tokens_out), col(row.cost))
    its_row = select(*columns).where(col(row.day) == day).with_for_update()
    found = (await connection.execute(its_row)).one_or_none()
    if found is None:
        nothing = {"calls": 0, "tokens_in": 0, "tokens_out": 0, "cost": 0}
        await connection.execute(upsert(connection, row).values(day=day, **nothing).on_conflict_do_nothing())
        found = (await connection.execute(its_row)).one()
    return _amount(*found)


async def _spend(connection: AsyncConnection, at: datetime, more: Amount, *, calls: int) -> None:
    row = SpendingRow
    await connection.execute(
        update(row)
        .where(col(row.day) == _day(at))
        .values(
            calls=col(row.calls) + calls,
            tokens_in=col(row.tokens_in) + more.tokens_in,
            tokens_out=col(row.tokens_out) + more.tokens_out,
            cost=col(row.cost) + more.cost,
        )
    )


def _amount(tokens_in: int | None, tokens_out: int | None, cost: int | None) -> Amount:
    return Amount(tokens_in=tokens_in or 0, tokens_out=tokens_out or 0, cost=cost or 0)


_SAME = (
    *("id", "turn", "model", "prompts", "at", "messages", "reply_schema"),
    *("estimated", "milliseconds", "first_ms", "reply"),
)
"""Columns that are called as in ModelCall and hold the same."""


def _values(call: ModelCall) -> dict[str, Any]:
    return {name: getattr(call, name) for name in _SAME} | {
        "interview_id": call.interview,
        "purpose": call.purpose,
        "outcome": call.outcome,
        "tokens_in": call.amount.tokens_in,
        "tokens_out": call.amount.tokens_out,
        "cost": call.amount.cost,
    }


def _call(row: Any) -> ModelCall:
    ended = row.outcome in {end.value for end in CallEnd}
    return ModelCall(
        **{name: getattr(row, name) for name in _SAME},
        interview=row.interview_id,
        purpose=Purpose(row.purpose),
        outcome=CallEnd(row.outcome) if ended else UngradedReason(row.outcome),
        amount=_amount(row.tokens_in, row.tokens_out, row.cost),
    )
