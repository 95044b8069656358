"""Requests too large or broken in form, at a real server: each is refused in time, and the server goes on."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.faults.server import running

pytestmark = pytest.mark.faults

PATIENCE_S = 30
MANY = 10_000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of all tests here."""
    with running(tmp_path_factory.mktemp("limits") / "interviews.sqlite3") as server:
        yield server.url


@pytest.fixture(autouse=True)
def lives(url: str) -> Iterator[None]:
    """Whatever was sent, the next one is answered."""
    yield
    assert httpx2.get(f"{url}/healthz", timeout=PATIENCE_S).json()["status"] == "ok"


def status_of(url: str, request: bytes) -> int:
    """The status of a request as it stands, byte for byte."""
    where = urlsplit(url)
    assert where.port
    with socket.create_connection((where.hostname or "", where.port), timeout=PATIENCE_S) as line:
        with suppress(ConnectionError):  # refused before all of it was sent
            line.sendall(request)
        reply = line.recv(1000)
    assert reply.startswith(b"HTTP/1.1 "), reply
    return int(reply.split()[1])


def get(path: str = "/", *headers: str) -> bytes:
    """A GET with these headers, byte for byte."""
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", "")).encode("latin-1")


@pytest.mark.parametrize(
    "request_",
    [
        get("/", f"X-Large: {'a' * 1_000_000}"),
        get("/", *(f"X-{number}: a" for number in range(MANY))),
        get("/", f"Cookie: {'; '.join(f'c{number}=v' for number in range(MANY))}"),
        get(f"/{'a' * 1_000_000}"),
        get(f"/progress?topic={'%F0%9F' * 100_000}"),
        get("/", "Content-Length: -1"),
        get("/", "Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 6"),
        get("/", "Bad Header: x"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" * 10,
        b"POST /aim HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ],
    ids=["header", "headers", "cookies", "path", "query", "negative", "smuggled", "name", "tls", "chunk"],
)
def test_a_head_that_is_too_large_or_broken_is_refused(url: str, request_: bytes) -> None:
    """With a status of 4xx."""
    assert 400 <= status_of(url, request_) < 500


@pytest.mark.parametrize(
    "cookie", ["a=" + "b" * 30_000, "; ".join(f"c{n}=v" for n in range(3000)), '"; ;;=\x01', "=" * 99]
)
def test_odd_cookies_are_passed_over(url: str, cookie: str) -> None:
    """A browser that carries the cookies of others still gets its page."""
    assert status_of(url, get("/", f"Cookie: {cookie}")) in (200, 400)


def a_bomb() -> bytes:
    """A PDF of 60 kB whose one page unpacks to 60 MB."""
    packed = zlib.compress(b"BT /F1 12 Tf (word) Tj ET\n" * 2_400_000, 9)
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    stream = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n" % (len(packed), packed)
    return head + page + stream + b"trailer<</Root 1 0 R>>"


BOUNDARY = "b"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
FORM = "application/x-www-form-urlencoded"


def parts(*bodies: bytes, name: str = "file", filename: str | None = "a.pdf") -> bytes:
    """A multipart body."""
    of = f'; filename="{filename}"' if filename else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{of}\r\n\r\n'.encode()
    return b"".join(head + body + b"\r\n" for body in bodies) + f"--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (MULTIPART, parts(a_bomb())),
        (MULTIPART, parts(b"%PDF-1.7\n" + b"[" * 1_000_000)),
        (MULTIPART, parts(b"PK\x03\x04" + bytes(100_000))),
        (MULTIPART, parts(b"a" * 5_000_000)),
        (MULTIPART, parts(*[b"x"] * MANY)),
        (MULTIPART, parts(*[b"x"] * MANY, name="text", filename=None)),
        (MULTIPART, parts(b"a" * 3_900_000, name="text", filename=None)),
        (MULTIPART, parts(b"x")[:-20]),
        (MULTIPART, b"no boundary at all"),
        ("multipart/form-data", parts(b"x")),
        (FORM, b"&".join([b"text=x"] * MANY)),
        (FORM, b"text=" + b"%00" * 100_000),
        (FORM, b"a" * 2_000_000),
        ("application/json", b'{"text": "x"}'),
        ("text/plain; charset=nonsense", b"text=x"),
        ("", b"\x00\xff"),
    ],
    ids=lambda case: None if isinstance(case, str) else str(len(case)),
)
def test_an_upload_that_is_no_advert_is_refused(url: str, kind: str, body: bytes) -> None:
    """Whole or in pieces whose number nobody tells."""
    for content in (body, (body[start : start + 60_000] for start in range(0, len(body), 60_000))):
        reply = httpx2.post(f"{url}/aim", content=content, headers={"content-type": kind}, timeout=PATIENCE_S)
        assert 400 <= reply.status_code < 500, reply.text[:300]


@pytest.mark.parametrize(
    "body", [b"[" * 1_000_000, b'{"a":' * 200_000, b'{"turn": 1e999999}', b'{"turn": ' + b"9" * 5000]
)
def test_json_that_is_deep_or_vast_is_refused(url: str, body: bytes) -> None:
    """Before anything is made of it."""
    reply = httpx2.post(
        f"{url}/api/interviews", content=body, headers={"content-type": "application/json"}, timeout=PATIENCE_S
    )
    assert reply.status_code in (400, 422)
