"""Many candidates who play whole interviews while servers are killed, and try again as a browser would."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2

from interviewer.bank import Bank
from interviewer.domain import Band
from tests.playing import sample

QUESTIONS = 2
AGAIN_S = 0.2
PATIENCE_S = 60.0
_TRY_AGAIN = frozenset({502, 503, 504})


class Lost(AssertionError):
    """A candidate could not go on."""


@dataclass
class Played:
    """An interview that was played to its end: what the server acknowledged of it."""

    id: str
    cookies: dict[str, str]
    acknowledged: dict[int, list[str]] = field(default_factory=dict)
    tries: int = 0
    refused: int = 0


class Crowd:
    """`clients` candidates at once, on a server that may go away; `seed` says what they answer."""

    def __init__(self, url: str, bank: Bank, *, seed: int) -> None:
        self._url = url
        self._bank = bank
        self._seed = seed
        self.played: list[Played] = []

    def play(self, interviews: int, clients: int, break_things: Callable[[], None]) -> list[Played]:
        """Play so many interviews; meanwhile `break_things` is called again and again, and may take its time."""
        with ThreadPoolExecutor(clients) as threads:
            playing = [threads.submit(self._play, number) for number in range(interviews)]
            while not all(future.done() for future in playing):
                break_things()
            return [future.result() for future in playing]

    def _play(self, number: int) -> Played:
        """Begin, answer every question that is asked, and end it when it does not end by itself."""
        random = Random(self._seed * 1000 + number)
        with httpx2.Client(base_url=self._url, timeout=20) as client:
            played = Played(id="", cookies={})
            self._sent(client, played, "GET", "/")
            played.cookies = dict(client.cookies)
            body = {"level": random.choice(("junior", "mid", "senior")), "questions": QUESTIONS, "seed": number}
            interview = self._sent(client, played, "POST", "/api/interviews", json=body).json()
            played.id = interview["id"]
            for step in range(QUESTIONS * 3):
                interview = self._looked(client, played)
                if interview["status"] == "finished":
                    return played
                self._move(client, played, interview, step, random)
            self._sent(client, played, "POST", f"/api/interviews/{played.id}/finish", may_be=(409,))
            return played

    def _looked(self, client: httpx2.Client, played: Played) -> dict[str, Any]:
        found: dict[str, Any] = self._sent(client, played, "GET", f"/api/interviews/{played.id}").json()
        return found

    def _move(
        self, client: httpx2.Client, played: Played, interview: dict[str, Any], step: int, random: Random
    ) -> None:
        """Answer the open turn, if it is open still: as a page does that has shown so much of it."""
        turn = interview["turns"][-1]
        if turn["status"] != "open":
            time.sleep(AGAIN_S)
            return
        band = random.choice((Band.STRONG, Band.PARTIAL, Band.WEAK))
        text = f"{sample(self._bank, turn['question']['id'], band).strip()} (Said in step {step}.)"
        path = f"/api/interviews/{played.id}"
        if random.random() < 0.2:
            draft = {"turn": turn["number"], "text": text, "sequence": step + 1}
            self._sent(client, played, "PUT", f"{path}/draft", json=draft, may_be=(409,))
        body = {"turn": turn["number"], "text": text, "says_seen": len(turn["says"])}
        if self._sent(client, played, "POST", f"{path}/answers", json=body, may_be=(409,)).status_code == 200:
            played.acknowledged.setdefault(turn["number"], []).append(text)

    def _sent(
        self,
        client: httpx2.Client,
        played: Played,
        method: str,
        path: str,
        *,
        json: object = None,
        may_be: tuple[int, ...] = (),
    ) -> httpx2.Response:
        """The reply to a request that is sent again while the server is gone or says that it cannot."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            played.tries += 1
            try:
                reply = client.request(method, path, json=json)
            except httpx2.TransportError:
                time.sleep(AGAIN_S)
                continue
            if reply.is_success or reply.status_code in may_be:
                return reply
            if reply.status_code not in _TRY_AGAIN:
                raise Lost(f"{method} {path}: {reply.status_code} {reply.text}")
            played.refused += 1
            time.sleep(AGAIN_S)
        raise Lost(f"{method} {path} was not answered in {PATIENCE_S:g} seconds")
