"""`/metrics`: what is counted, that it is right with several processes, who may read it, and the dashboard on it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from interviewer import engine
from interviewer.app import create_app
from interviewer.assembly import OFFLINE_LEASE_S
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.errors import SettingError
from interviewer.settings import Settings, load_settings
from interviewer.store import Lease
from interviewer.web.guard import owner_of
from tests.conftest import ROOT
from tests.faults.server import running
from tests.model_interviews import CHOICE, answer, browser, credits_all
from tests.openai_server import Answer, OpenAIServer, Request, fails
from tests.playing import started

LOCAL = ("127.0.0.1", 50000)
TOKEN = "a-token-of-some-length"
TEXT = "A dependency with yield runs its second half after the response was sent."

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """All samples, by name and labels."""
    families = text_string_to_metric_families(text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def value(found: Samples, name: str, **labels: str) -> float:
    """One sample of ours; 0 where it is not there yet."""
    return found.get((f"interviewer_{name}", frozenset(labels.items())), 0.0)


def local(app: FastAPI) -> TestClient:
    """A browser on this machine."""
    return TestClient(app, base_url="http://localhost", client=LOCAL)


@pytest.fixture
def here(app: FastAPI) -> Iterator[TestClient]:
    """A browser on this machine, while the application runs."""
    with local(app) as client:
        yield client


def read(client: TestClient | httpx2.Client) -> Samples:
    """The metrics as Prometheus reads them."""
    reply = client.get("/metrics")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    return samples(reply.text)


# ---- what is counted


def test_an_interview_is_counted_from_its_beginning_to_its_end(here: TestClient) -> None:
    """Answers by mode, gradings by who gave them, and nothing twice."""
    interview = started(here, questions=2)
    path = f"/api/interviews/{interview['id']}"
    for _ in range(2):  # the same text sent twice counts once
        here.post(f"{path}/answers", json={"turn": 1, "text": TEXT, "says_seen": len(interview["turns"][0]["says"])})
    here.post(f"{path}/finish")
    found = read(here)
    assert value(found, "interviews_begun_total", mode="practice") == 1
    assert value(found, "answers_total", mode="practice") == 1
    assert value(found, "gradings_total", grader="fuzzy", fallback="none") == 1
    assert value(found, "interviews_finished_total", mode="practice") == 1
    assert value(found, "answers_total", mode="mock") == 0
    assert value(found, "processes") == 1
    assert abs(value(found, "last_start_time_seconds") - datetime.now(UTC).timestamp()) < 600


def test_a_check_is_counted_with_the_gradings_by_its_key(here: TestClient) -> None:
    """A choice is an answer."""
    interview = started(here, mode="check", questions=1)
    option = interview["turns"][0]["question"]["options"][0]["id"]
    reply = here.post(f"/api/interviews/{interview['id']}/choices", json={"turn": 1, "chosen": [option]})
    assert reply.status_code == 200
    found = read(here)
    assert value(found, "answers_total", mode="check") == 1
    assert value(found, "gradings_total", grader="key", fallback="none") == 1
    assert value(found, "interviews_finished_total", mode="check") == 1


async def test_calls_of_the_model_are_counted_with_their_end_their_tokens_and_times(tmp_path: Path, bank: Bank) -> None:
    """One that marks, three that fail for two reasons, one that is not made."""
    faults = [fails(500), fails(401), fails(500)]

    def next_answer(request: Request) -> Answer:
        return credits_all(request) if len(server.requests) == 1 else faults.pop(0)

    everyone: dict[str, Any] = {"metrics": "all", "model_failures": 3}
    async with OpenAIServer(next_answer) as server, browser(tmp_path, server.base_url, bank, **everyone) as client:
        for _ in range(5):
            begun = (await client.post("/api/interviews", json=CHOICE)).json()
            await answer(client, bank, begun, Band.STRONG)
        found = samples((await client.get("/metrics")).text)
    calls = {outcome: value(found, "model_calls_total", purpose="grade", outcome=outcome) for outcome in OUTCOMES}
    assert calls == {"ok": 1, "server_error": 2, "refused_key": 1, "cancelled": 0}
    assert value(found, "model_tokens_total", purpose="grade", direction="out") == 7
    assert value(found, "model_tokens_total", purpose="grade", direction="in") >= 11
    assert value(found, "model_call_seconds_count", purpose="grade") == 4
    assert value(found, "model_first_token_seconds_count", purpose="grade") == 1
    assert value(found, "gradings_total", grader="llm", fallback="none") == 1
    assert value(found, "gradings_total", grader="fuzzy", fallback="server_error") == 2
    assert value(found, "gradings_total", grader="fuzzy", fallback="paused") == 1
    assert [value(found, "model_circuit", state=state) for state in ("closed", "open", "half_open")] == [0, 1, 0]


OUTCOMES = ("ok", "server_error", "refused_key", "cancelled")


async def test_a_call_that_the_budget_forbids_is_counted_as_not_made(tmp_path: Path, bank: Bank) -> None:
    """It is no failure of the model."""
    scarce: dict[str, Any] = {"metrics": "all", "model_tokens_per_day": 4100}
    async with OpenAIServer(credits_all) as server, browser(tmp_path, server.base_url, bank, **scarce) as client:
        begun = (await client.post("/api/interviews", json=CHOICE)).json()
        await answer(client, bank, begun, Band.STRONG)
        found = samples((await client.get("/metrics")).text)
    assert value(found, "model_not_asked_total", purpose="grade", reason="over_budget") == 1
    assert value(found, "model_calls_total", purpose="grade", outcome="ok") == 0
    assert value(found, "gradings_total", grader="fuzzy", fallback="over_budget") == 1


async def test_answers_that_wait_for_their_grade_are_counted_in_the_database(app: FastAPI, here: TestClient) -> None:
    """Whoever took them: here one that another process is at."""
    begun = started(here)
    web = app.state.web
    owner = owner_of(here.cookies["interviewer_guest"])
    portal = here.portal
    assert portal
    interview = portal.call(web.store.load, begun["id"], owner)
    now = datetime.now(UTC)

    async def held() -> None:
        lease = Lease(holder="another", taken_at=now, until=now + timedelta(seconds=OFFLINE_LEASE_S))
        await web.store.claim(begun["id"], lease)
        await web.store.save(interview, engine.answer(interview, 1, TEXT, now))

    portal.call(held)
    assert value(read(here), "ungraded_answers") == 1


def test_without_its_database_it_still_says_what_it_has_counted(app: FastAPI, settings: Settings) -> None:
    """And that the database does not answer."""
    with local(app) as client:
        started(client)
        assert value(read(client), "database_up") == 1
        for path in settings.database.parent.glob(f"{settings.database.name}*"):
            path.unlink()
        assert client.portal
        client.portal.call(app.state.web.store.close)
        settings.database.mkdir()
        found = read(client)
    assert value(found, "database_up") == 0
    assert value(found, "interviews_begun_total", mode="practice") == 1
    assert not [name for name, _ in found if name == "interviewer_ungraded_answers"]


def test_no_label_holds_what_a_client_sends(here: TestClient) -> None:
    """Paths by their template, methods by a list; what has no route is one."""
    for path in ("/nope/1", "/nope/2", "/static/nope.css", "/static/app.css", "/shared/secret", "/api/interviews/1"):
        here.get(path)
    here.request("BREW", "/")
    here.request("DELETE", "/")
    counted = {tuple(sorted(labels)): n for (name, labels), n in read(here).items() if name.endswith("requests_total")}
    routes = {
        (dict(labels)["method"], dict(labels)["route"], dict(labels)["status"]): n for labels, n in counted.items()
    }
    assert routes == {
        ("GET", "unmatched", "404"): 2,
        ("GET", "/static/{path}", "404"): 1,
        ("GET", "/static/{path}", "200"): 1,
        ("GET", "/shared/{token}", "404"): 1,
        ("GET", "/api/interviews/{interview_id}", "404"): 1,
        ("other", "/", "405"): 1,
        ("DELETE", "/", "405"): 1,
    }


def test_two_applications_in_one_process_count_apart(settings: Settings, bank: Bank) -> None:
    """As tests do it."""
    with local(create_app(settings, bank=bank)) as one, local(create_app(settings, bank=bank)) as other:
        started(one)
        assert value(read(one), "interviews_begun_total", mode="practice") == 1
        assert value(read(other), "interviews_begun_total", mode="practice") == 0


# ---- several processes


@pytest.mark.faults
def test_either_of_two_processes_answers_for_both_also_after_one_was_killed(tmp_path: Path) -> None:
    """What a dead one counted stays; its open streams and its place among the living do not."""
    together = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    (tmp_path / "metrics").mkdir()
    database = tmp_path / "interviews.sqlite3"
    with (
        running(database, **together) as first,
        running(database, **together) as second,
        httpx2.Client(base_url=first.url, timeout=20) as one,
        httpx2.Client(base_url=second.url, timeout=20) as other,
    ):
        for client in (one, one, other):
            begun = client.post("/api/interviews", json={"level": "mid", "questions": 2, "seed": 1}).json()
            client.post(f"/api/interviews/{begun['id']}/answers", json={"turn": 1, "text": TEXT})
        mine = one.get("/api/interviews").json()[0]["id"]
        with one.stream("GET", f"/api/interviews/{mine}/events") as stream:
            lines = stream.iter_lines()
            next(lines)
            seen = [read(other), samples(httpx2.get(f"{first.url}/metrics").text)]
            assert [value(found, "event_streams_open") for found in seen] == [1, 1]
            assert [value(found, "processes") for found in seen] == [2, 2]
            for found in seen:
                assert value(found, "answers_total", mode="practice") == 3
                assert value(found, "gradings_total", grader="fuzzy", fallback="none") == 3
            first.process.kill()
            first.dies()
            left = read(other)
    assert value(left, "answers_total", mode="practice") == 3
    answers = {"method": "POST", "route": "/api/interviews/{interview_id}/answers"}
    assert value(left, "http_requests_total", status="200", **answers) == 3
    assert value(left, "http_request_seconds_count", **answers) == 3
    assert value(left, "event_streams_open") == 0
    assert value(left, "processes") == 1


def test_a_shared_folder_that_is_not_there_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, in one line."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(settings.database.parent / "nowhere"))
    with pytest.raises(SettingError, match="PROMETHEUS_MULTIPROC_DIR names a folder that is not there"):
        create_app(settings)


# ---- who may read them


@pytest.mark.parametrize(
    ("settings_given", "client", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 200),
        ({}, "::1", {}, 200),
        ({}, "192.0.2.7", {}, 403),
        ({}, "not an address", {}, 403),
        ({}, "127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, 403),
        ({}, "127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 403),
        ({"metrics": "off"}, "127.0.0.1", {}, 404),
        ({"metrics": "all"}, "192.0.2.7", {}, 200),
        ({"metrics_token": TOKEN}, "127.0.0.1", {}, 200),
        ({"metrics_token": TOKEN}, "192.0.2.7", {}, 401),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": f"Bearer {TOKEN}"}, 200),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": f"bearer {TOKEN}"}, 200),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": b"Bearer \xff"}, 401),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": f"Basic {TOKEN}"}, 401),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": "Bearer"}, 401),
        ({"metrics_token": TOKEN}, "127.0.0.1", {"authorization": "Bearer wrong"}, 401),
    ],
)
def test_metrics_are_for_this_machine_and_for_who_has_the_token(
    tmp_path: Path, bank: Bank, settings_given: dict[str, Any], client: str, headers: Any, status: int
) -> None:
    """So is the spending of the day. What came through a proxy is not of this machine."""
    app = create_app(Settings(database=tmp_path / "interviews.sqlite3", **settings_given), bank=bank)
    with TestClient(app, base_url="http://localhost", client=(client, 1)) as browser_:
        reply, ready = (browser_.get(path, headers=headers) for path in ("/metrics", "/readyz"))
    assert reply.status_code == status
    assert ready.status_code == 200
    assert ("spending" in ready.json()) is (status in {200, 404})
    assert ("www-authenticate" in reply.headers) is (status == 401)


def test_a_token_that_nobody_is_asked_for_and_one_that_is_short_are_refused() -> None:
    """At the start."""
    for other in ("off", "all"):
        with pytest.raises(SettingError, match="METRICS_TOKEN is only asked for"):
            load_settings({"INTERVIEWER_METRICS": other, "INTERVIEWER_METRICS_TOKEN": TOKEN})
    with pytest.raises(SettingError, match="INTERVIEWER_METRICS_TOKEN") as refused:
        load_settings({"INTERVIEWER_METRICS_TOKEN": "short"})
    assert "short" not in str(refused.value).replace("shorter", "")


# ---- the dashboard, the example, the table


def dashboard() -> dict[str, Any]:
    """The file that an operator imports."""
    loaded: dict[str, Any] = json.loads((ROOT / "docs" / "operating" / "grafana.json").read_text(encoding="utf-8"))
    return loaded


def names_exported(client: TestClient) -> set[str]:
    """Names of all samples, also of those that have no labels yet."""
    kinds = re.findall(r"^# TYPE (\S+) (\S+)$", client.get("/metrics").text, re.MULTILINE)
    parts = {"histogram": ("_bucket", "_sum", "_count")}
    return {f"{name}{suffix}" for name, kind in kinds for suffix in parts.get(kind, ("",))}


def test_every_metric_of_the_dashboard_is_exported_and_every_exported_one_documented(here: TestClient) -> None:
    """A renamed metric shows here, not as an empty panel."""
    queries = [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", ())]
    alerts = (ROOT / "docs" / "operating" / "interviewer-alerts.yml").read_text(encoding="utf-8")
    used = {name for query in (*queries, alerts) for name in re.findall(r"interviewer_[a-z_]+", query)}
    exported = names_exported(here)
    assert len(used) > 12
    assert used <= exported
    documented = set(
        re.findall(r"`(interviewer_[a-z_]+)", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
    )
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in exported}
    assert documented == families


def test_the_panels_of_the_dashboard_have_ids_of_their_own_a_source_and_do_not_overlap() -> None:
    """What Grafana would otherwise mend in its own way."""
    board = dashboard()
    assert board["id"] is None
    assert board["schemaVersion"] >= 39
    (source,) = (each for each in board["templating"]["list"] if each["type"] == "datasource")
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["title"]
        place = panel["gridPos"]
        assert 0 <= place["x"] <= place["x"] + place["w"] <= 24
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": f"${{{source['name']}}}"}
            refs = [target["refId"] for target in panel["targets"]]
            assert len(set(refs)) == len(refs) > 0
    for one, other in combinations((panel["gridPos"] for panel in panels), 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert apart or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
