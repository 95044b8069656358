"""A real server process behind a real proxy: who asks and by which scheme comes from the trusted proxy only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from interviewer.web.guard import COOKIE
from tests.faults.server import running
from tests.proxy import Proxy

HOST = "interview.example.org"
BODY = {"level": "mid", "questions": 1}
FEW = {"INTERVIEWER_TRUSTED_HOSTS": f"{HOST},*.school.example", "INTERVIEWER_STARTS_PER_HOUR": "1"}
STREAMS = 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that trusts the proxy at 127.0.0.1, as by default."""
    database = tmp_path_factory.mktemp("proxied") / "interviews.sqlite3"
    with running(
        database, INTERVIEWER_PEOPLE_PER_ADDRESS="1", INTERVIEWER_STREAMS_PER_PERSON=str(STREAMS), **FEW
    ) as served:
        yield served.url


@pytest.fixture(scope="module")
def proxied(server: str) -> Iterator[str]:
    """Where the proxy in front of it listens."""
    with Proxy(server) as proxy:
        yield proxy.url


def start(url: str, **headers: str) -> httpx2.Response:
    """Begin an interview, each time as somebody without a cookie."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.post(f"{url}/api/interviews", json=BODY, headers={"host": HOST, **named})


def test_each_client_behind_the_proxy_is_counted_for_itself(proxied: str) -> None:
    """One address has had its interview, the next has not."""
    assert start(proxied, x_test_client="198.51.100.1").status_code == 201
    assert start(proxied, x_test_client="198.51.100.1").status_code == 429
    assert start(proxied, x_test_client="198.51.100.2").status_code == 201


def test_a_client_may_not_choose_its_own_address(proxied: str) -> None:
    """What it writes into X-Forwarded-For stands left of what the proxy adds, and the right-most stranger counts."""
    mine = {"x_test_client": "198.51.100.3"}
    assert start(proxied, **mine, x_forwarded_for="203.0.113.1").status_code == 201
    for told in ("203.0.113.2", "127.0.0.1", "203.0.113.3, 127.0.0.1", "unknown", ""):
        assert start(proxied, **mine, x_forwarded_for=told).status_code == 429, told


def test_behind_https_the_cookie_is_secure_and_the_browser_is_told_to_stay(proxied: str, server: str) -> None:
    """And over plain HTTP neither, for there the page would be lost."""
    secure = httpx2.get(proxied, headers={"host": HOST})
    assert f"{COOKIE}=" in secure.headers["set-cookie"]
    assert "; Secure" in secure.headers["set-cookie"]
    assert "HttpOnly; SameSite=Lax" in secure.headers["set-cookie"]
    assert secure.headers["strict-transport-security"] == "max-age=31536000"
    assert secure.headers["x-frame-options"] == "DENY"
    plain = httpx2.get(server, headers={"host": HOST})
    assert "Secure" not in plain.headers["set-cookie"]
    assert "strict-transport-security" not in plain.headers


ORIGINS: list[tuple[dict[str, str], int]] = [
    ({"origin": f"https://{HOST}"}, 303),
    ({"origin": f"http://{HOST}"}, 403),
    ({"origin": "https://evil.example"}, 403),
    ({"origin": f"https://{HOST}.evil.example"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": "http://["}, 403),
    ({"sec-fetch-site": "same-origin", "origin": f"https://{HOST}"}, 303),
    ({"sec-fetch-site": "same-site"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"origin": "https://evil.example", "x-forwarded-host": "evil.example"}, 403),
]


@pytest.mark.parametrize("number", range(len(ORIGINS)), ids=[str(headers) for headers, _ in ORIGINS])
def test_a_form_must_come_from_the_page_as_the_browser_knows_it(proxied: str, number: int) -> None:
    """The scheme counts, too: a page that somebody slipped in over plain HTTP is another site."""
    headers, status = ORIGINS[number]
    own = {"host": HOST, "x-test-client": f"198.51.101.{number}"}
    sent = httpx2.post(f"{proxied}/interviews", data={"level": "mid"}, headers=own | headers)
    assert sent.status_code == status


def test_an_event_stream_gives_its_place_back_when_it_is_closed(proxied: str, server: str) -> None:
    """Two pages follow, a third may not; when one of them goes, another may. Directly, for our proxy holds on."""
    begun = start(proxied, x_test_client="198.51.100.78")
    where = f"{server}/api/interviews/{begun.json()['id']}/events"
    cookie = begun.headers["set-cookie"].split(";")[0]
    headers = {"host": HOST, "x-forwarded-proto": "https", "cookie": cookie}
    with ExitStack() as pages:
        first, *others = (pages.enter_context(httpx2.stream("GET", where, headers=headers)) for _ in range(STREAMS))
        assert {page.status_code for page in (first, *others)} == {200}
        refused = httpx2.get(where, headers=headers)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        first.close()
        for _ in range(200):  # the server has to notice
            with httpx2.stream("GET", where, headers=headers) as another:
                if another.status_code == 200:
                    return
    pytest.fail("the place of a closed stream was not given back")


def test_a_link_to_a_report_is_made_for_the_public_address(proxied: str) -> None:
    """Name from Host, scheme from the proxy."""
    with httpx2.Client(base_url=proxied, headers={"host": HOST, "x-test-client": "198.51.100.77"}) as client:
        begun = client.post("/api/interviews", json=BODY)
        client.headers["cookie"] = begun.headers["set-cookie"].split(";")[0]
        link = client.post(f"/api/interviews/{begun.json()['id']}/share").json()["url"]
    assert link.startswith(f"https://{HOST}/shared/")


@pytest.mark.parametrize(
    "host", ["other.example", "evil@interview.example.org", "school.example", "a b", f"{HOST}.evil.example", "[::1"]
)
def test_a_name_that_is_not_trusted_gets_400_and_the_setting_to_change(server: str, host: str) -> None:
    """A problem document, since the operator reads it first."""
    refused = httpx2.get(server, headers={"host": host})
    assert refused.status_code == 400
    if host != "a b":  # the HTTP parser is quicker
        assert refused.headers["content-type"] == "application/problem+json"
        assert "INTERVIEWER_TRUSTED_HOSTS" in refused.json()["detail"]
    for trusted in (HOST, HOST.upper(), f"{HOST}:8443", "a.school.example"):
        assert httpx2.get(f"{server}/healthz", headers={"host": trusted}).status_code == 200


def test_who_is_no_trusted_proxy_is_not_believed(tmp_path: Path) -> None:
    """With another proxy named, what 127.0.0.1 forwards is its own."""
    with (
        running(
            tmp_path / "untrusting.sqlite3",
            INTERVIEWER_TRUSTED_PROXIES="192.0.2.0/24",
            INTERVIEWER_PEOPLE_PER_ADDRESS="1",
            **FEW,
        ) as served,
        Proxy(served.url) as proxy,
    ):
        assert start(proxy.url, x_test_client="198.51.100.1").status_code == 201
        assert start(proxy.url, x_test_client="198.51.100.2").status_code == 429
        assert "Secure" not in httpx2.get(proxy.url, headers={"host": HOST}).headers["set-cookie"]
