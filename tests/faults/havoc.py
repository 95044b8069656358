"""Interviews played while workers or PostgreSQL are killed at random moments, and what must hold afterwards."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from interviewer.bank import Bank
from tests.faults.crowd import Crowd, Played
from tests.faults.rows import answers, awaiting, leases, logs, number, rows
from tests.faults.server import until
from tests.faults.workers import Workers, kill, workers
from tests.postgres import OwnPostgres

LEASE_AND_LOOK_S = 10 + 5
"""Of the offline grader."""


@dataclass
class Havoc:
    """What is killed at random, about every `every_s` seconds and `most` times; PostgreSQL is back after a second."""

    server: Workers
    random: Random
    every_s: float
    most: int
    postgres: OwnPostgres | None = None
    kills: int = 0

    def __call__(self) -> None:
        """Wait a while, then kill."""
        time.sleep(self.random.uniform(0.2, 1.8) * self.every_s)
        if self.kills >= self.most:
            return
        if self.postgres:
            self.postgres.stop(signal.SIGKILL)
            self.kills += 1
            time.sleep(1)
            self.postgres.start()
        elif pids := self.server.pids():
            kill(self.random.choice(pids))
            self.kills += 1


def survives(
    where: Path | str,
    bank: Bank,
    *,
    interviews: int,
    kills: int,
    every_s: float,
    seed: int,
    count: int = 4,
    postgres: OwnPostgres | None = None,
) -> str:
    """Play on `count` workers, kill, check that nothing acknowledged is lost or doubled; the figures in a line."""
    with workers(where, count) as server:
        server.ready(count)
        began = time.monotonic()
        havoc = Havoc(server, Random(seed), every_s, kills, postgres)
        played = Crowd(server.url, bank, seed=seed).play(interviews, 12, havoc)
        took_s = time.monotonic() - began
        until(lambda: awaiting(where) + leases(where) + logs(where) == 0, LEASE_AND_LOOK_S * 3)
        left_s = time.monotonic() - began - took_s
    assert havoc.kills, "nothing was killed"
    check(where, played)
    said = sum(len(texts) for one in played for texts in one.acknowledged.values())
    return (
        f"{interviews} interviews, {said} answers acknowledged, {havoc.kills} kills in {took_s:.0f} s; "
        f"{sum(one.tries for one in played)} requests, {sum(one.refused for one in played)} refused for a while; "
        f"the last answer graded {left_s:.1f} s after the end"
    )


def check(where: Path | str, played: list[Played]) -> None:
    """Every acknowledged answer is there once, word by word; each answer has one grading; nothing points nowhere."""
    for one in played:
        for turn, texts in one.acknowledged.items():
            assert [text for text in answers(where, one.id, turn) if text in texts] == texts, (one.id, turn)
    said = "select interview_id, turn, count(*) from {} group by interview_id, turn order by interview_id, turn"
    made = {row[:2]: row[2] for row in rows(where, said.format("grading"))}
    answered = {row[:2]: row[2] for row in rows(where, said.format("say where kind = 'answer'"))}
    assert made == answered
    twice = "select interview_id, turn, text from say where kind = 'answer' group by 1, 2, 3 having count(*) > 1"
    assert rows(where, twice) == []
    for table in ("turn", "say", "grading", "draft", "live_log"):
        lost = f"select count(*) from {table} where interview_id not in (select id from interview)"
        assert number(where, lost) == 0
    open_turns = "select interview_id from turn where status = 'open' group by interview_id having count(*) > 1"
    assert rows(where, open_turns) == []
