"""The queries that serve people find their rows by an index, however many interviews are stored.

They are not listed here: they are what the store sends while somebody walks through all pages and the API. A table
with some thousands of rows is read from end to end in no time, so the plans are asked for, not the clock. SQLite plans
by the schema alone, as the product never has it count; PostgreSQL by what it has counted, as autovacuum has it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, inspect
from sqlmodel import SQLModel

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Amount, Band, CallEnd, ModelCall, Purpose
from interviewer.settings import Settings
from interviewer.store import Lease, Log, SqlStore
from interviewer.web.pages import ROUTERS
from tests.forms import HTML
from tests.generated import Played, copy, play
from tests.playing import answer, sample, started

FEW = {"spending", "alembic_version"}
"""Tables with a row a day, and with one."""
LONG = {"interview", "turn", "say", "grading"}
"""Tables that are generated so long that no planner would rather read them whole."""
PLAYED = 40
ROUNDS = 60
"""How often the played interviews are there."""
EXCUSED = {
    "SELECT DISTINCT interview.pack": "statistics of the bank, on the command line",
    "FROM interview ORDER BY interview.owner": "the first portion of statistics over everybody",
    "max(grading_1.place)": "regrade --fallen-back, on the command line",
    "dispute.id LIKE": "disputes on the command line, found by how their id begins",
}
"""Part of a statement -> why it may read a whole table: nobody waits for a page meanwhile."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sent:
    """A statement as it went to the database."""

    text: str
    parameters: Any


@contextmanager
def heard(engine: Engine) -> Iterator[dict[str, Sent]]:
    """The statements that are sent meanwhile, each once."""
    sent: dict[str, Sent] = {}

    def hear(_c: object, _cursor: object, said: str, parameters: Any, _context: object, many: bool) -> None:
        sent.setdefault(said, Sent(said, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", hear)
    yield sent
    event.remove(engine, "before_cursor_execute", hear)


def is_partial(index: str) -> bool:
    """Whether an index holds chosen rows only: then reading all of it is no reading of the table."""
    known = {str(each.name): each for table in SQLModel.metadata.tables.values() for each in table.indexes}
    return index in known and known[index].dialect_options["sqlite"]["where"] is not None


def grows(table: str) -> bool:
    """Whether a table gets longer with use."""
    return table in SQLModel.metadata.tables and table not in FEW


def scans_of_sqlite(path: Path, sent: Sent) -> list[str]:
    """What SQLite would read from end to end for a statement."""
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sent.text}", sent.parameters).fetchall()
    found = []
    for *_, step in plan:
        scan, table, *using = step.split()
        if scan == "SCAN" and grows(table) and not (using and is_partial(using[-1])):
            found.append(step)
    return found


def scans_of_postgres(url: str, sent: Sent) -> list[str]:
    """The same of PostgreSQL: a sequential scan, or an index read without a condition.

    A table of a few pages it reads whole, and is right: then it is asked what it would do with a longer one.
    """
    with psycopg.connect(url) as connection:
        found = scanned(connection, sent)
        if found and not found & LONG:
            for way in ("seqscan", "hashjoin", "mergejoin"):
                connection.execute(f"SET enable_{way} = off")
            found = scanned(connection, sent)
    return sorted(found)


def scanned(connection: psycopg.Connection[Any], sent: Sent) -> set[str]:
    """The tables that are read from end to end, or the indexes."""
    rows = connection.execute(f"EXPLAIN (FORMAT JSON) {sent.text}", sent.parameters).fetchall()
    return {
        str(node.get("Relation Name", node.get("Index Name")))
        for node in nodes(rows[0][0][0]["Plan"])
        if (node["Node Type"] == "Seq Scan" and grows(node["Relation Name"]))
        or ("Index Name" in node and "Index Cond" not in node and not is_partial(node["Index Name"]))
    }


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def grown(where: Path | str, bank: Bank) -> SqlStore:
    """A store, not open, with thousands of interviews in it."""
    store = SqlStore(where)
    await store.open()
    await play(store, Played(bank, questions=12), PLAYED)
    await store.close()
    copy(where if isinstance(where, str) else f"sqlite:///{where}", range(1, ROUNDS))
    return SqlStore(where)


def walk(client: TestClient, bank: Bank) -> None:
    """Somebody who does everything once, and then opens every page and asks for everything of the API."""
    over = started(client, questions=1)
    over = answer(client, over, sample(bank, over["turns"][0]["question"]["id"], Band.WEAK))
    path = f"/api/interviews/{over['id']}"
    client.post(f"{path}/finish")
    link = client.post(f"{path}/share").json()["url"]
    points = client.get(path).json()["turns"][0]["grading"]["marks"]
    client.post(f"{path}/disputes", json={"turn": 1, "point": points[0]["point"], "comment": "I said it."})
    client.post(f"{path}/regrade", json={"turn": 1})
    client.post("/api/reviews", json={})
    on = started(client, kinds=["choice"], questions=2, mode="exam")
    path = f"/api/interviews/{on['id']}"
    option = on["turns"][0]["question"]["options"][0]["id"]
    client.post(f"{path}/choices", json={"turn": 1, "chosen": [option]})
    client.put(f"{path}/flag", json={"turn": 1, "flagged": True})
    on = started(client)
    path = f"/api/interviews/{on['id']}"
    client.put(f"{path}/draft", json={"turn": 1, "text": "A dr", "sequence": 1})
    client.put(f"{path}/draft", json={"turn": 1, "text": "A draft", "sequence": 2})
    client.post(f"{path}/hint", json={"turn": 1})
    client.post(f"{path}/skip", json={"turn": 1})
    asked = [route.path for router in ROUTERS for route in router.routes if "GET" in route.methods]  # type: ignore[attr-defined]
    asked += [path for path, methods in client.app.openapi()["paths"].items() if "get" in methods]  # type: ignore[attr-defined]
    for each in asked:
        filled = each.replace("{interview_id}", over["id"]).replace("{turn}", "1").replace("{number}", "1")
        reply = client.get(filled.replace("/shared/{token}", link.removeprefix("http://localhost")), headers=HTML)
        assert reply.status_code < 500, (each, reply.text)
    client.delete(f"/api/interviews/{over['id']}/share")
    client.delete(path)


async def beside(store: SqlStore) -> None:
    """What a server does by itself, what a model's calls and gradings in other processes take, and what keepers ask."""
    await store.open()
    lease = Lease(holder="h", taken_at=NOW, until=NOW + timedelta(seconds=9))
    mine = [f"first{number}" for number in range(20)]
    await store.awaiting(lease)
    await store.claim(mine[0], lease)
    await store.release(mine[0], "h")
    await store.pulses(mine)
    await store.logs.keep(mine[0], Log(token="t", told=1, body="{}"), until=NOW)
    await store.logs.of(mine[0], now=NOW)
    await store.logs.forget(mine[0], "t")
    call = ModelCall(
        id="new", interview=mine[0], turn=1, purpose=Purpose.GRADE, model="m", prompts=None, at=NOW,
        messages="[]", reply_schema="{}", estimated=True, outcome=CallEnd.OPEN, amount=Amount(),
    )  # fmt: skip
    await store.calls.open(call, lambda *_: None)
    await store.calls.settle(call, call)
    await store.calls.of_turn(mine[0], 1)
    await store.calls.spending(NOW.date())
    await store.histories.packs()
    portions = store.histories.all()
    await anext(portions), await anext(portions)
    await store.due(fallen_back=False)
    await store.due(fallen_back=True)
    await store.disputes.found(id_start="dispute")
    await store.close()


def test_no_query_that_serves_somebody_reads_a_table_from_end_to_end(
    where: Path | str, bank: Bank, tmp_path: Path
) -> None:
    """On both databases; and every excuse is still needed on SQLite, whose plans do not hang on how full a table is."""
    store = asyncio.run(grown(where, bank))
    settings = Settings(database=tmp_path / "unused.sqlite3")
    with heard(store.database.engine.sync_engine) as sent:
        with TestClient(create_app(settings, bank=bank, store=store), base_url="http://localhost") as client:
            walk(client, bank)
        asyncio.run(beside(store))
    scans = {}
    for said, one in sent.items():
        if said.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")) and "pg_catalog" not in said:
            found = scans_of_postgres(where, one) if isinstance(where, str) else scans_of_sqlite(where, one)
            if found:
                scans[" ".join(said.split())] = found
    excused = {part: [said for said in scans if part in said] for part in EXCUSED}
    assert isinstance(where, str) or all(excused.values()), "an excuse is not needed any more"
    unexcused = [f"{found}: {said[:500]}" for said, found in scans.items() if [said] not in excused.values()]
    assert not unexcused, "\n".join(unexcused)
    assert len(sent) > 40


def test_what_goes_with_a_row_is_found_by_an_index(where: Path | str) -> None:
    """Deleting an interview looks for its rows in every table, which no plan of the statement shows."""

    async def tables() -> list[tuple[str, bool]]:
        store = SqlStore(where)
        await store.open()
        async with store.database.reading() as connection:
            told = await connection.run_sync(lambda sync: list(indexed_keys(inspect(sync))))
        await store.close()
        return told

    told = asyncio.run(tables())
    assert len(told) > 6
    assert [name for name, is_indexed in told if not is_indexed] == []


def indexed_keys(schema: Any) -> Iterator[tuple[str, bool]]:
    """Each foreign key, and whether an index or the primary key begins with its columns."""
    for table in schema.get_table_names():
        starts = [schema.get_pk_constraint(table)["constrained_columns"]]
        starts += [each["column_names"] for each in schema.get_indexes(table) if not is_partial(each["name"])]
        for key in schema.get_foreign_keys(table):
            columns = key["constrained_columns"]
            yield f"{table}.{columns}", any(start[: len(columns)] == columns for start in starts)
