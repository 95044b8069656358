"""What a browser without JavaScript does with the pages: reads their forms, fills them in, sends them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from fastapi.testclient import TestClient

HTML = {"accept": "text/html"}


def begin(client: TestClient, **choice: str | list[str]) -> str:
    """Start an interview with the form; the path of its page."""
    reply = client.post("/interviews", data=choice, follow_redirects=False)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


def post(client: TestClient, path: str, **fields: str) -> Any:
    """A form post as a browser makes it, redirects followed."""
    return client.post(path, data=fields, headers=HTML)


def field(html: str, name: str) -> str:
    """The value of a hidden field of the composer."""
    found = re.search(rf'<form class="composer".*?name="{name}" value="([^"]*)"', html, re.DOTALL)
    assert found
    return found[1]


def composer(html: str) -> str:
    """What stands in the textarea, as a browser reads it."""
    found = re.search(r'<textarea id="(?:answer|unsent)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    assert found
    return unescape(found[1])


def answer(client: TestClient, page: str, text: str) -> Any:
    """Send an answer from the page as it stands."""
    html = client.get(page).text
    return post(client, f"{page}/answers", turn=field(html, "turn"), seen=field(html, "seen"), text=text)


def asked(client: TestClient, page: str) -> list[str]:
    """Ids of the questions asked so far."""
    return [turn["question"]["id"] for turn in state(client, page)["turns"]]


def state(client: TestClient, page: str) -> dict[str, Any]:
    """The interview behind a page."""
    body: dict[str, Any] = client.get(f"/api{page}").json()
    return body


def alert(html: str) -> str:
    """The one error message of a page."""
    found = re.findall(r'role="alert"[^>]*>(.*?)</p>', html, re.DOTALL)
    assert len(found) == 1
    return unescape(found[0])
