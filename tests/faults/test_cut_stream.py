"""An event stream whose line is cut again and again while an answer is being marked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band
from tests.browser.line import Line
from tests.dictated import DictatedModel
from tests.faults.server import running, until
from tests.playing import sample
from tests.test_stream import Sent, received

pytestmark = pytest.mark.faults

CUTS = 4


def events_until_cut(client: httpx2.Client, path: str, last: str) -> Iterator[Sent]:
    """What a browser hears after the last id it knows, until the line breaks."""
    try:
        with client.stream("GET", path, headers={"last-event-id": last} if last else {}) as reply:
            yield from received(reply)
    except httpx2.TransportError:
        return


def test_a_stream_that_is_cut_all_the_time_tells_everything_once(bank: Bank, tmp_path: Path) -> None:
    """Each mark while it is being made, and what came of it, however often the line is cut."""
    with (
        DictatedModel(bank) as model,
        running(tmp_path / "interviews.sqlite3", **model.settings) as server,
        Line(urlsplit(server.url).port or 0) as line,
        httpx2.Client(base_url=server.url, timeout=20) as client,
        httpx2.Client(base_url=line.base, timeout=20) as listener,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        client.get("/")
        listener.cookies = client.cookies
        begun = client.post("/api/interviews", json={"level": "mid", "questions": 1, "seed": 7}).json()
        question = bank.question(begun["turns"][0]["question"]["id"])
        assert question
        path = f"/api/interviews/{begun['id']}"
        body = {"turn": 1, "text": sample(bank, question.id, Band.STRONG), "says_seen": 2}
        sent = elsewhere.submit(client.post, f"{path}/answers", json=body)
        until(lambda: len(model.requests) == 1)
        heard: list[Sent] = []
        for _ in range(CUTS):
            model.write()
            for event in events_until_cut(listener, f"{path}/events", str(heard[-1].id) if heard else ""):
                heard.append(event)
                if event.kind == "mark":
                    line.cut()
        model.finish()
        assert sent.result(20).status_code == 200
        client.post(f"{path}/finish")
        heard += events_until_cut(listener, f"{path}/events", str(heard[-1].id))
        with client.stream("GET", f"{path}/events") as reply:
            lasting = [event.data for event in received(reply)]
    provisional = [event.data["place"] for event in heard if event.kind == "mark" and event.data.get("provisional")]
    assert provisional[:CUTS] == list(range(1, CUTS + 1))
    assert len(provisional) == len(set(provisional))
    told = [event.data for event in heard if event.kind in ("turn", "feedback", "finished") or "point" in event.data]
    assert [data for data in told if not data.get("provisional")] == lasting
    assert [event.kind for event in heard].count("done") == 1
