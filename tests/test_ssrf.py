"""The model's address is the operator's alone: nothing that is sent here makes the server call anybody else."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.settings import Settings
from tests import forms
from tests.in_thread import InThread
from tests.openai_server import OpenAIServer, Request, says

ADDRESS_LIKE = re.compile(
    r"url|uri|host|addr|endpoint|server|base|proxy|callback|webhook|api_?key|model", re.IGNORECASE
)
TRIED = ("openai_base_url", "base_url", "api_base", "model", "endpoint", "url", "callback", "webhook", "proxy")


class Model(InThread):
    """The operator's model server; it marks nothing that can be used."""

    async def _serve(self) -> None:
        def answer(request: Request) -> Any:
            self.heard.append(request)
            return says("{}")

        self.heard: list[Request] = []
        async with OpenAIServer(answer) as server:
            self.base_url = server.base_url
            await self.until_over()


class Trap:
    """A socket that nobody has a reason to connect to."""

    def __init__(self) -> None:
        self.caught = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.caught += 1
            connection.close()

    def close(self) -> None:
        """Listen no longer."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def trap() -> Iterator[Trap]:
    """Where no request may lead."""
    made = Trap()
    yield made
    made.close()


@pytest.fixture
def model() -> Iterator[Model]:
    """Where every request for the model must lead."""
    with Model() as served:
        yield served


@pytest.fixture
def browser(tmp_path: Path, bank: Bank, model: Model) -> Iterator[TestClient]:
    """Somebody on a server with that model."""
    settings = Settings(
        database=tmp_path / "asked.sqlite3", model="chosen-by-operator", openai_base_url=model.base_url, model_retries=0
    )
    with TestClient(create_app(settings, bank=bank), base_url="http://localhost") as client:
        yield client


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and schema of every JSON body of an OpenAPI document."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                found = content["schema"]
                named = next(part["$ref"] for part in (found, *found.get("anyOf", [])) if "$ref" in part)
                yield method, path, schemas[named.rsplit("/", 1)[-1]]


def inputs(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each form of a page posts to, also by its buttons, and its fields with their values."""
    for form in re.findall(r'<form[^>]*method="post".*?</form>', html, re.DOTALL):
        fields = {
            name: unescape(value)
            for name, value in re.findall(r'<(?:input|button)[^>]*name="(\w+)"[^>]*?value="([^"]*)"', form)
        } | dict.fromkeys(re.findall(r'<(?:textarea|select|input)[^>]*name="(\w+)"', form), "")
        for action in re.findall(r'(?:form)?action="([^"]+)"', form):
            yield unescape(action), fields


def test_no_field_of_the_api_is_for_an_address(browser: TestClient) -> None:
    """By name, over the whole document; and what is not in a schema is refused."""
    document = browser.get("/openapi.json").json()
    found = list(bodies(document))
    assert len(found) >= 10
    for method, path, schema in found:
        assert not [name for name in schema["properties"] if ADDRESS_LIKE.search(name)], path
        assert schema.get("additionalProperties") is False, f"{method} {path} takes fields that it does not name"
    asked = {
        parameter["name"]
        for methods in document["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
    }
    assert not [name for name in asked if ADDRESS_LIKE.search(name)]


def test_whatever_is_sent_only_the_model_of_the_settings_is_called(
    browser: TestClient, trap: Trap, model: Model
) -> None:
    """Every text of every body and form is the address of a trap, as are fields and headers that nobody offered."""
    page = forms.begin(browser, level="mid")
    interview = page.rsplit("/", 1)[-1]
    headers = {"x-openai-base-url": trap.url, "openai-base-url": trap.url, "x-forwarded-host": trap.url[7:]}
    for method, path, schema in bodies(browser.get("/openapi.json").json()):
        where = path.replace("{interview_id}", interview)
        texts = {name: trap.url for name, field in schema["properties"].items() if "string" in json.dumps(field)}
        usual = {"turn": 1, "sequence": 1, "level": "mid", "questions": 1} | texts
        known = {name: value for name, value in usual.items() if name in schema["properties"]}
        for body in (known, known | {"level": "mid"}, known | dict.fromkeys(TRIED, trap.url)):
            assert browser.request(method, where, json=body, headers=headers).status_code < 500, path
    for shown in ("/", "/aim", page, f"{page}/report", "/review"):
        for action, fields in inputs(browser.get(shown).text):
            if action.endswith(("/delete", "/finish")):
                continue
            sent = {name: value or trap.url for name, value in fields.items()} | dict.fromkeys(TRIED, trap.url)
            assert browser.post(action, data=sent, headers=headers).status_code < 500, action
    forms.post(browser, f"{page}/answers", turn="1", seen="1", text=f"See {trap.url} for my answer.")
    assert model.heard, "the model of the settings is asked"
    assert {request.body["model"] for request in model.heard} == {"chosen-by-operator"}
    assert trap.caught == 0


def test_an_address_given_as_advert_is_text_and_is_not_fetched(browser: TestClient, trap: Trap) -> None:
    """Pasted, in a file, and as the name of a file."""
    forms.post(browser, "/aim", text=f"{trap.url}/jobs/python-developer")
    browser.post("/api/aim", json={"text": trap.url})
    advert = f"Senior FastAPI developer. Details: {trap.url}".encode()
    for name in ("advert.txt", trap.url, "file:///etc/passwd"):
        assert browser.post("/aim", files={"file": (name, advert)}).status_code == 200
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(" + trap.url.encode() + b")>>>>endobj\n%%EOF"
    assert browser.post("/aim", files={"file": ("advert.pdf", pdf)}).status_code in (200, 422)
    assert trap.caught == 0
