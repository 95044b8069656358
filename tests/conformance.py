"""schemathesis over a running server: its OpenAPI document -> what did not agree with it, and what was never answered.

All phases run: boundary values of each schema, random requests (fitting and not), and random walks along the links
from one operation to the next. Interviews in many states are there before, and some requests are about them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.settings import Settings
from interviewer.web.guard import COOKIE
from tests.faults.server import running
from tests.playing import answer, sample, started
from tests.unlimited import UNLIMITED_ENVIRON

TOKEN = "conformance" + "0" * 32
PROBLEM = "application/problem+json"
NOT_CHECKED = ("positive_data_acceptance", "ignored_auth", "object_level_authorization")
"""Words of a schema cannot say which ids, topics or texts there are; who owns what has tests of its own."""
SEVERAL = 12
"""Interviews in the middle: some requests end them."""
MOVES = ("hint", "answers", "draft", "skip")
"""Each is tried on an interview of its own, or another may have closed the turn that it is for."""
OFTEN = 0.8
_ONE = "/api/interviews/{interview_id}"
FITTING = {
    f"DELETE {_ONE}": {"path.interview_id": "doomed"},
    f"POST {_ONE}/finish": {"path.interview_id": "doomed"},
    **{
        f"{'PUT' if move == 'draft' else 'POST'} {_ONE}/{move}": {"path.interview_id": move, "body.turn": "second"}
        for move in MOVES
    },
    f"POST {_ONE}/choices": {"path.interview_id": "exam", "body.turn": "first"},
    f"POST {_ONE}/flag": {"path.interview_id": "exam"},
    f"POST {_ONE}/disputes": {"path.interview_id": "contested", "body.turn": "first", "body.comment": "texts"},
    f"GET {_ONE}/events": {"query.after": "none"},
}
"""What an operation is tried with, where it is not what all are."""
_SCHEMATHESIS = [sys.executable, "-m", "schemathesis.cli"]


@dataclass(frozen=True, slots=True)
class Conformance:
    """What came of a run. `answered` are operations with a 2xx, `POST /api/interviews`; `told` is all it printed."""

    agrees: bool
    told: str
    operations: frozenset[str]
    answered: frozenset[str]
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Ids of what is there before, and words that fit it."""

    practices: list[str]
    exam: str
    points: list[str]
    options: list[str]


def conformance(folder: Path, bank: Bank, *, examples: int, steps: int, seed: int | None = None) -> Conformance:
    """Run it on a server of its own, with `examples` of each operation and walks of `steps`; without a seed, always
    the same requests."""
    database = folder / "interviews.sqlite3"
    config = folder / "schemathesis.toml"
    config.write_text(_config(_prepared(database, bank), steps), encoding="utf-8")
    report = folder / "report.ndjson"
    with running(database, INTERVIEWER_LOG_LEVEL="warning", **UNLIMITED_ENVIRON) as server:
        done = subprocess.run(
            [
                *[*_SCHEMATHESIS, "--config-file", str(config), "run", f"{server.url}/openapi.json"],
                *["-H", f"Cookie: {COOKIE}={TOKEN}", "-n", str(examples), "--exclude-checks", ",".join(NOT_CHECKED)],
                *["--continue-on-failure", "--no-color", "--report", "ndjson", "--report-ndjson-path", str(report)],
                *(["--generation-deterministic"] if seed is None else ["--generation-database", "none"]),
                *([] if seed is None else ["--seed", str(seed)]),
                *["--warnings", "off"],
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert server.process.poll() is None, "the server died"  # type: ignore[union-attr]
    assert report.exists(), done.stdout + done.stderr
    answers = list(_answers(report))
    return Conformance(
        agrees=done.returncode == 0,
        told=done.stdout + done.stderr,
        operations=frozenset(operation for operation, _ in answers),
        answered=frozenset(operation for operation, status in answers if 200 <= status < 300),
        requests=len(answers),
    )


def _prepared(database: Path, bank: Bank) -> World:
    """Points that are due, and interviews in the middle."""
    settings = Settings(database=database)
    earlier = datetime.now(UTC) - timedelta(days=3)
    with _client(settings, bank, clock=lambda: earlier) as client:
        begun = answer(client, started(client), "I do not know that one, sorry.")
        client.post(f"/api/interviews/{begun['id']}/finish")
    with _client(settings, bank) as client:
        practices = [_in_the_middle(client, bank) for _ in range(SEVERAL)]
        exam = started(client, mode="exam", questions=None)
    marks = practices[0]["turns"][0]["grading"]["marks"]
    return World(
        practices=[interview["id"] for interview in practices],
        exam=exam["id"],
        points=[mark["point"] for mark in marks],
        options=[option["id"] for option in exam["turns"][0]["question"]["options"]],
    )


def _client(settings: Settings, bank: Bank, **more: Any) -> TestClient:
    return TestClient(create_app(settings, bank=bank, **more), base_url="http://localhost", cookies={COOKIE: TOKEN})


def _in_the_middle(client: TestClient, bank: Bank) -> dict[str, Any]:
    """An interview with feedback to its first question and its second one open."""
    interview = started(client, questions=3, adaptive=False)
    interview = answer(client, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.WEAK))
    if len(interview["turns"]) == 1:
        interview = client.post(f"/api/interviews/{interview['id']}/skip", json={"turn": 1}).json()
    assert interview["turns"][0]["grading"]
    return interview


def _config(world: World, steps: int) -> str:
    """Names every value that a schema cannot tell. Whatever ends an interview has some of its own to end."""
    contested, *others = world.practices
    of_moves, others = others[: len(MOVES)], others[len(MOVES) :]
    usual: dict[str, tuple[list[Any], str]] = {
        "practices": (others[3:], "path.interview_id"),
        "turns": ([1, 2, 3], "path.turn"),
        "open": ([2, 1], "body.turn"),
        "points": (world.points, "body.point"),
        "texts": (["It runs in a thread of the pool.", "Because `await` gives the loop back.", "?"], "body.text"),
        "seen": ([1000], "body.says_seen"),
        "options": (world.options, "body.chosen.[*]"),
    }
    values = {name: values for name, (values, _) in usual.items()} | {
        "doomed": others[:3],
        "contested": [contested],
        "exam": [world.exam],
        "first": [1],
        "second": [2],
        **{move: [interview] for move, interview in zip(MOVES, of_moves, strict=True)},
        "none": ["0"],
    }
    lines = ["max-stream-events = 1", "request-timeout = 20", f"phases.stateful.max-steps = {steps}"]
    for name, entries in values.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(entries)}"]
    lines += ["[parameters]", *_bound({key: name for name, (_, key) in usual.items()})]
    for operation, fitting in FITTING.items():
        lines += ["[[operations]]", f'include-name = "{operation}"', "[operations.parameters]", *_bound(fitting)]
    return "\n".join(lines)


def _bound(names: dict[str, str]) -> list[str]:
    """What takes its value from which list; where a stream begins always, or it may wait for what never happens."""
    often = {key: 1.0 if key == "query.after" else OFTEN for key in names}
    return [f'"{key}" = {{ dictionary = "{name}", probability = {often[key]} }}' for key, name in names.items()]


def _answers(report: Path) -> Iterator[tuple[str, int]]:
    """Each operation that was called as the document has it, and its status."""
    for line in report.read_text(encoding="utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in recorder.get("interactions", {}).items():
            case = recorder["cases"][case_id]["value"]
            if response := interaction.get("response"):
                yield f"{case['method']} {case['path']}", response["status_code"]
