"""Traces: what spans there are, how they hang together, where they go, and that no words go with them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.errors import SettingError
from interviewer.settings import Settings
from interviewer.watch.otlp import REDACTED, redacting_provider
from tests.conftest import ROOT
from tests.faults.server import environ, running
from tests.model_interviews import CHOICE, answer, browser, credits_all
from tests.openai_server import OpenAIServer, Request, fails

ANSWERS = "POST /api/interviews/{interview_id}/answers"
CALL = "chat a-model"
PARENT = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}


class Traced:
    """A provider whose spans stay in memory."""

    def __init__(self) -> None:
        self.kept = InMemorySpanExporter()
        self.provider = redacting_provider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.kept))

    def one(self, name: str) -> ReadableSpan:
        """The one span of that name."""
        (found,) = (span for span in self.kept.get_finished_spans() if span.name == name)
        return found


def ids(span: ReadableSpan) -> tuple[str, str]:
    """Trace and span, as a `traceparent` has them."""
    context = span.context
    assert context
    return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)


def parent(span: ReadableSpan) -> str:
    """The span it hangs below."""
    assert span.parent
    return trace.format_span_id(span.parent.span_id)


async def test_an_answer_is_one_trace_from_the_proxy_to_the_model_server(tmp_path: Path, bank: Bank) -> None:
    """Request, grading, call of the model; each knows what it hangs below, also across the two sockets."""
    traced = Traced()
    async with (
        OpenAIServer(credits_all) as server,
        browser(tmp_path, server.base_url, bank, spans=traced.provider) as client,
    ):
        begun = (await client.post("/api/interviews", json=CHOICE)).json()
        client.headers |= PARENT | {"baggage": "who=alice", "tracestate": "theirs=1", "x-request-id": "mine-1234"}
        await answer(client, bank, begun, Band.STRONG)
    request, grading, call = (traced.one(name) for name in (ANSWERS, "grade", CALL))
    assert parent(request) == PARENT["traceparent"].split("-")[2]
    assert parent(grading) == ids(request)[1]
    assert parent(call) == ids(grading)[1]
    assert call.kind is SpanKind.CLIENT
    sent = server.requests[-1].headers
    assert sent["traceparent"].split("-")[1:3] == list(ids(call))
    assert sent["x-request-id"] == "mine-1234"
    assert not {"baggage", "tracestate", "cookie"} & sent.keys()
    about = dict(call.attributes or {})
    assert about.pop("interviewer.call")
    assert "grade-rubric@" in str(about.pop("interviewer.prompts"))
    assert about == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "a-model",
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 7,
        "interviewer.purpose": "grade",
    }
    assert (grading.attributes or {})["interviewer.grader"] == "llm"
    assert (request.attributes or {})["interviewer.request_id"] == "mine-1234"


async def test_a_call_that_fails_says_why_by_a_name(tmp_path: Path, bank: Bank) -> None:
    """And the grading which grader stepped in."""
    traced = Traced()

    def repeats(request: Request) -> Any:
        return fails(500, str(request.body))

    async with (
        OpenAIServer(repeats) as server,
        browser(tmp_path, server.base_url, bank, spans=traced.provider) as client,
    ):
        begun = (await client.post("/api/interviews", json=CHOICE)).json()
        await answer(client, bank, begun, Band.STRONG)
    call, grading = traced.one(CALL), traced.one("grade")
    assert call.status.status_code is StatusCode.ERROR
    assert call.status.description is None
    assert (call.attributes or {})["error.type"] == "server_error"
    assert not call.events
    assert (grading.attributes or {})["interviewer.grader"] == "fuzzy"
    assert (grading.attributes or {})["interviewer.fallback"] == "server_error"


async def test_neither_words_nor_links_are_in_a_span(tmp_path: Path, bank: Bank) -> None:
    """The path of a shared report is its secret; a crash has a type and no message."""
    traced, word = Traced(), "Zwetschgenknoedel"
    async with (
        OpenAIServer(credits_all) as server,
        browser(tmp_path, server.base_url, bank, spans=traced.provider) as client,
    ):
        begun = (await client.post("/api/interviews", json=CHOICE)).json()
        path = f"/api/interviews/{begun['id']}"
        await client.post(f"{path}/answers", json={"turn": 1, "text": f"It is {word}, because the loop is blocked."})
        token = (await client.post(f"{path}/share")).json()["url"].rpartition("/")[2]
        await client.get(f"/shared/{token}", params={"q": word})
        await client.get(f"/{word}")
        for quiet in ("/healthz", "/static/app.css"):
            await client.get(quiet)
    spans = traced.kept.get_finished_spans()
    told = "".join(span.to_json() for span in spans)
    assert word not in told
    assert token not in told
    shared = traced.one("GET /shared/{token}").attributes or {}
    assert (shared["url.path"], shared["url.query"]) == (REDACTED, REDACTED)
    assert not [span.name for span in spans if "static" in span.name or "healthz" in span.name]


# ---- a real receiver


@contextmanager
def collector(status: int = 200) -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector on a socket that takes OTLP over HTTP: its address, and what came."""
    came: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                came.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # the standard library's name
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_real_server_sends_its_spans_to_a_real_collector(tmp_path: Path) -> None:
    """All of them before it ends, and its log names the same trace."""
    with collector() as (address, came):
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"{address}/", "INTERVIEWER_LOG_FORMAT": "json"}
        with running(tmp_path / "interviews.sqlite3", tmp_path / "log", **settings) as server:
            with httpx2.Client(base_url=server.url, headers={"connection": "close"}, timeout=20) as client:
                begun = client.post("/api/interviews", json={"level": "mid", "questions": 1, "seed": 1}).json()
                path = f"/api/interviews/{begun['id']}/answers"
                client.post(path, json={"turn": 1, "text": "A dependency is a function that is called for me."})
            server.process.terminate()
            server.dies()
    resources = [resource for each in came for resource in each.resource_spans]
    named = {pair.key: pair.value.string_value for pair in resources[0].resource.attributes}
    assert named["service.name"] == "interviewer"
    spans = {span.name: span for resource in resources for scope in resource.scope_spans for span in scope.spans}
    assert spans["grade"].parent_span_id == spans[ANSWERS].span_id
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    (line,) = (line for line in lines if line.get("route") == "/api/interviews/{interview_id}/answers")
    assert line["trace_id"] == spans[ANSWERS].trace_id.hex()


def test_a_collector_that_is_not_there_does_not_keep_a_server_from_serving_and_ending(tmp_path: Path) -> None:
    """It says so in the log."""
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    with running(tmp_path / "interviews.sqlite3", tmp_path / "log", **settings) as server:
        assert httpx2.get(f"{server.url}/").status_code == 200
        server.process.terminate()
        assert server.dies(6) is not None


# ---- not wanted, not there


def run(code: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Python code in a process of its own."""
    done = [sys.executable, "-c", code]
    return subprocess.run(
        done, env=environ(**settings), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_nothing_is_set_up_unless_an_address_says_where_to(tmp_path: Path) -> None:
    """Not even where FastAPI itself is told to by its own variable."""
    code = (
        "import sys; from pathlib import Path; from interviewer.app import create_app\n"
        "from interviewer.settings import load_settings; from fastapi.testclient import TestClient\n"
        f"app = create_app(load_settings(database=Path({str(tmp_path / 'a.sqlite3')!r})))\n"
        "with TestClient(app, base_url='http://localhost') as client: client.get('/')\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry.sdk')]"
    )
    done = run(code, FASTAPI_OTEL_AUTO_CONFIGURE="true")
    assert done.returncode == 0, done.stderr


def test_without_the_extra_it_is_said_what_to_install() -> None:
    """In one line, instead of a traceback."""
    code = "import sys; sys.modules['opentelemetry.sdk'] = None; sys.argv = ['x', 'serve', '--port', '0']\n"
    done = run(f"{code}from interviewer.cli import main; main()", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318")
    assert done.returncode == 2
    assert "pip install 'interviewer[otel]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_address_without_http_is_refused(settings: Settings) -> None:
    """At the start."""
    with pytest.raises(SettingError, match="OTEL_EXPORTER_OTLP_ENDPOINT does not start with http"):
        create_app(settings.model_copy(update={"otlp_endpoint": "127.0.0.1:4318"}))
