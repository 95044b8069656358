"""Stored interviews by the thousand: a few are played, and their rows copied inside the database.

A copy has another id and, with the other copies of the same round, other owners: what each owner has stays as it is,
and there are more of them. What is there a few times at any size (answers that await their grade, running gradings) is
not copied.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import insert

from interviewer import engine
from interviewer.bank import Bank
from interviewer.domain import GraderKind, Grading, Interview, Plan, Provenance, Question, QuestionKind
from interviewer.grading import fuzzy
from interviewer.grading.assemble import assemble
from interviewer.store import SqlStore
from interviewer.store.tables import DisputeRow, DraftRow, ModelCallRow, ShareRow

BEGAN_AT = datetime(2025, 1, 1, 8, tzinfo=UTC)
SIZES = (1, 1, 1, 2, 3, 5, 8, 13)
"""Interviews of eight people, again and again: many try it once, few come often."""
FIRST = "first"
"""How the ids of what was played begin; those of copies begin with a number."""
_SCRAMBLED = "CAST((n.i * 48271) % 2147483647 AS TEXT)"
_ROUNDS = "WITH RECURSIVE n(i) AS (SELECT {low} UNION ALL SELECT i + 1 FROM n WHERE i < {high})"
COPIED = {
    "interview": ("id", "owner"),
    "turn": ("interview_id",),
    "say": ("interview_id",),
    "grading": ("interview_id",),
    "model_call": ("id", "interview_id"),
    "draft": ("interview_id",),
    "dispute": ("id", "interview_id"),
    "share": ("interview_id", "token"),
}
"""Tables that grow, and the columns in which a copy differs."""


class Played:
    """Interviews that went their whole way, made without a server."""

    def __init__(self, bank: Bank, *, questions: int = 60, turns: int = 6) -> None:
        """With so many questions of the bank, and so many in each interview."""
        opens = bank.of_kind(QuestionKind.OPEN)
        self._questions = [opens[place * len(opens) // questions] for place in range(questions)]
        self._graded = {q.id: [(s.text, graded(q, s.text)) for s in q.samples] for q in self._questions}
        self._turns = turns
        self._random = random.Random(0)

    def interview(self, number: int, owner: str, *, interview_id: str = "", answers: int | None = None) -> Interview:
        """One interview; the next begins a day later. With `answers` it is left open after so many."""
        chosen = self._random.sample(self._questions, self._turns)
        by_id = {question.id: question for question in chosen}
        now = BEGAN_AT + timedelta(days=number)
        made = engine.start(
            Plan(pack=chosen[0].pack, level=chosen[0].level, questions=self._turns),
            tuple((question_id,) for question_id in by_id),
            interview_id=interview_id or f"i{number}",
            owner=owner,
            questions=by_id.get,
            now=now,
        )
        said = 0
        while made.finished_at is None and said != answers:
            now += timedelta(seconds=90)
            turn = made.current
            text, grading = self._random.choice(self._graded[turn.question])
            made = engine.answer(made, turn.number, text, now)
            made = engine.grade(made, turn.number, grading, questions=by_id.get, now=now)
            said += 1
        return made


def graded(question: Question, text: str) -> Grading:
    """A text marked offline."""
    found = fuzzy.mark(question, [text])
    made = Provenance(grader=GraderKind.FUZZY, bank="bench", milliseconds=1)
    return assemble(found.marks, found.misconceptions, provenance=made, graded_at=BEGAN_AT, notes=found.notes)


async def play(store: SqlStore, played: Played, count: int) -> None:
    """Keep so many interviews, one in thirteen still open, with drafts, links, disputes and calls of a model."""
    owners = [f"owner{number}" for number in range(count) for _ in range(SIZES[number % len(SIZES)])]
    rows: list[tuple[Any, dict[str, Any]]] = []
    for number in range(count):
        interview_id, is_open = f"{FIRST}{number}", number % 13 == 0
        made = played.interview(
            number, owners[number], interview_id=interview_id, answers=number % 2 if is_open else None
        )
        await store.add(made)
        rows.append((DraftRow, {"interview_id": interview_id, "turn": 1, "text": "", "sequence": 3}))
        if number % 5 == 0:
            rows.append((ShareRow, {"interview_id": interview_id, "token": f"t{number}", "made_at": BEGAN_AT}))
        rows += [(ModelCallRow, call) for call in _calls(interview_id, number)]
        if not is_open and number % 4 == 0:
            rows.append((DisputeRow, _dispute(interview_id, number)))
    async with store.database.writing() as connection:
        for table, values in rows:
            await connection.execute(insert(table).values(**values))


def copy(url: str, rounds: range) -> None:
    """Copy everything that was played once for each of these numbers, which were not used before."""
    statements = list(_copies(url, rounds))
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):  # of the copying alone
                connection.execute(f"PRAGMA {pragma}")
            for statement in ("BEGIN", *statements, "COMMIT"):
                connection.execute(statement)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")  # keys are right; to check each takes longest
        for statement in statements:
            server.execute(statement)
        server.execute("VACUUM ANALYZE")  # as autovacuum does in time


def _copies(url: str, rounds: range) -> Iterable[str]:
    played = f"GLOB '{FIRST}*'" if url.startswith("sqlite:///") else f"LIKE '{FIRST}%'"
    numbers = _ROUNDS.format(low=rounds.start, high=rounds.stop - 1)
    for table, changed in COPIED.items():
        columns = _columns(url, table)
        values = ", ".join(f"{_SCRAMBLED} || t.{name}" if name in changed else f"t.{name}" for name in columns)
        key = "id" if table == "interview" else "interview_id"
        into = ", ".join(columns)
        source = f"{table} t WHERE t.{key} {played}"
        yield f"INSERT INTO {table} ({into}) {numbers} SELECT {values} FROM n CROSS JOIN {source}"


def _columns(url: str, table: str) -> Sequence[str]:
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    with psycopg.connect(url) as server:
        query = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        return [row[0] for row in server.execute(query, (table,))]


def _calls(interview_id: str, number: int) -> list[dict[str, Any]]:
    """Two calls for every fourth interview, with as many words as a marking has."""
    same = {"interview_id": interview_id, "purpose": "grade", "model": "m", "at": BEGAN_AT, "estimated": False}
    told = {"tokens_in": 1200, "tokens_out": 400, "cost": 10, "outcome": "ok", "messages": "word " * 900}
    each = same | told | {"reply_schema": "{}", "reply": "word " * 200}
    return [each | {"id": f"call{number}.{turn}", "turn": turn} for turn in (1, 2) if number % 4 == 0]


def _dispute(interview_id: str, number: int) -> dict[str, Any]:
    """A dispute of the first turn, settled but for one in ten."""
    known = {"id": f"dispute{number}", "interview_id": interview_id, "turn": 1, "point": "p", "comment": "No."}
    at = {"verdict": "missed", "grader": "fuzzy", "at": BEGAN_AT}
    if number % 40 == 0:
        return known | at | {"status": "open"}
    return known | at | {"status": "rejected", "decided": "missed", "reason": "No.", "settled_at": BEGAN_AT}
