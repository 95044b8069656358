"""Four workers and one interview, everything at once: one outcome, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from interviewer.bank import Bank
from interviewer.domain import Band
from tests.faults.conftest import BUDGET, Fleet
from tests.faults.rows import answers, awaiting, gradings, leases, logs, number
from tests.playing import sample

pytestmark = pytest.mark.faults

TABS = 12
FINE = frozenset({200, 201, 204, 303, 409})
"""What a move may be answered with: it was made, or somebody else was first."""


@dataclass
class Candidate:
    """Alice with an interview and as many tabs as she likes; each request goes to whichever worker takes it."""

    client: httpx2.AsyncClient
    interview: dict[str, Any]
    bank: Bank

    @property
    def id(self) -> str:
        """The interview's id."""
        return str(self.interview["id"])

    @property
    def api(self) -> str:
        """Its address for programs."""
        return f"/api/interviews/{self.id}"

    @property
    def page(self) -> str:
        """Its address for people."""
        return f"/interviews/{self.id}"

    def words(self, band: Band = Band.STRONG, turn: int = 1) -> str:
        """A sample answer to a question."""
        return sample(self.bank, self.interview["turns"][turn - 1]["question"]["id"], band)

    async def look(self) -> dict[str, Any]:
        """The interview as it stands."""
        self.interview = (await self.client.get(self.api)).json()
        return self.interview

    async def answer(self, text: str, turn: int = 1, seen: int | None = None) -> httpx2.Response:
        """Send an answer."""
        body = {"turn": turn, "text": text, "says_seen": seen}
        return await self.client.post(f"{self.api}/answers", json=body)

    async def settled(self, fleet: Fleet) -> dict[str, Any]:
        """The interview once nothing is being marked any more."""
        async with asyncio.timeout(30):
            while awaiting(fleet.where) or leases(fleet.where) or logs(fleet.where):
                await asyncio.sleep(0.1)
        return await self.look()


@asynccontextmanager
async def candidate(fleet: Fleet, bank: Bank, **choice: Any) -> AsyncIterator[Candidate]:
    """Somebody who has just begun, with connections that are never used twice."""
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=0)
    async with httpx2.AsyncClient(base_url=fleet.url, timeout=60, limits=limits) as client:
        await client.get("/")
        reply = await client.post("/api/interviews", json={"level": "mid", "questions": 3, "seed": 7, **choice})
        assert reply.status_code == 201, reply.text
        yield Candidate(client, reply.json(), bank)


def codes(replies: list[httpx2.Response]) -> Counter[int]:
    """How often each status came; none of them a server's fault."""
    found = Counter(reply.status_code for reply in replies)
    assert found.keys() <= FINE, [reply.text for reply in replies if reply.status_code not in FINE]
    return found


async def test_one_answer_from_many_tabs_counts_once(fleet: Fleet, bank: Bank) -> None:
    """Each tab is told that it was taken, and one grading is made of it."""
    fleet.model.finish()
    async with candidate(fleet, bank) as alice:
        text, asked = alice.words(), len(fleet.model.requests)
        replies = await asyncio.gather(*(alice.answer(text, seen=2) for _ in range(TABS)))
        assert codes(replies) == {200: TABS}
        await alice.settled(fleet)
        assert answers(fleet.where, alice.id, 1) == [text.strip()]
        assert gradings(fleet.where, alice.id, 1) == 1
        assert len(fleet.model.requests) == asked + 1


async def test_of_different_answers_at_once_one_is_taken_and_the_others_are_told(fleet: Fleet, bank: Bank) -> None:
    """Whose text was not taken hears so, and may keep it; the one that was acknowledged is there word by word."""
    fleet.model.finish()
    async with candidate(fleet, bank) as alice:
        texts = [f"{alice.words()} This is what I wrote in tab number {tab}." for tab in range(TABS)]
        replies = await asyncio.gather(*(alice.answer(text, seen=2) for text in texts))
        assert codes(replies) == {200: 1, 409: TABS - 1}
        await alice.settled(fleet)
        taken = texts[[reply.status_code for reply in replies].index(200)]
        assert answers(fleet.where, alice.id, 1) == [taken]
        assert gradings(fleet.where, alice.id, 1) == 1


async def test_a_hint_asked_for_in_many_tabs_at_once_counts_once(fleet: Fleet, bank: Bank) -> None:
    """Also when programs ask without saying what they have seen: as many hints as were acknowledged."""
    async with candidate(fleet, bank) as alice:
        form = {"turn": "1", "seen": "2", "text": "Half a thought"}
        posts = (alice.client.post(f"{alice.page}/hint", data=form) for _ in range(TABS))
        assert codes(await asyncio.gather(*posts))[303] >= 1
        assert (await alice.look())["turns"][0]["hints_used"] == 1
        most = len(bank.question(alice.interview["turns"][0]["question"]["id"]).hints)  # type: ignore[union-attr]
        asks = (alice.client.post(f"{alice.api}/hint", json={"turn": 1}) for _ in range(TABS))
        found = codes(await asyncio.gather(*asks))
        assert (await alice.look())["turns"][0]["hints_used"] == 1 + found[200] <= most
        page = (await alice.client.get(alice.page, headers={"accept": "text/html"})).text
        assert "Half a thought" in page


async def test_every_move_at_once_leaves_an_interview_that_makes_sense(fleet: Fleet, bank: Bank) -> None:
    """Answers, hints, skips, drafts, marking again, looking, and the end."""
    fleet.model.finish()
    async with candidate(fleet, bank) as alice:
        text, client, api = alice.words(Band.PARTIAL), alice.client, alice.api
        storm = [
            *(alice.answer(f"{text} Tab {tab}.", seen=2) for tab in range(4)),
            *(client.post(f"{api}/hint", json={"turn": 1}) for _ in range(4)),
            *(client.post(f"{api}/skip", json={"turn": turn}) for turn in (1, 1, 2, 2)),
            *(client.put(f"{api}/draft", json={"turn": 1, "text": "x" * n, "sequence": n}) for n in range(1, 9)),
            *(client.post(f"{api}/regrade", json={}) for _ in range(4)),
            *(client.get(api) for _ in range(4)),
            *(client.get(alice.page, headers={"accept": "text/html"}) for _ in range(4)),
            *(client.post(f"{api}/finish") for _ in range(2)),
        ]
        codes(await asyncio.gather(*storm))
        over = await alice.settled(fleet)
        assert over["status"] == "finished"
        assert [turn["number"] for turn in over["turns"]] == list(range(1, len(over["turns"]) + 1))
        for turn in over["turns"]:
            said = answers(fleet.where, alice.id, turn["number"])
            assert gradings(fleet.where, alice.id, turn["number"]) == len(said)
            assert turn["status"] == ("graded" if said else "skipped")
        events = (await client.get(f"{api}/events")).text
        ids = [int(found) for found in re.findall(r"^id: (\d+)$", events, re.MULTILINE)]
        assert ids == list(range(1, len(ids) + 1))
        assert events.count("event: finished") == 1


async def test_marking_again_at_once_adds_one_grading_for_each_that_the_model_made(fleet: Fleet, bank: Bank) -> None:
    """One at a time: who comes meanwhile is shown what is in force, and the model is not asked for nothing."""
    fleet.model.finish()
    async with candidate(fleet, bank) as alice:
        assert (await alice.answer(alice.words(), seen=2)).status_code == 200
        asked = len(fleet.model.requests)
        again = (alice.client.post(f"{alice.api}/regrade", json={"turn": 1}) for _ in range(6))
        codes(await asyncio.gather(*again))
        await alice.settled(fleet)
        assert gradings(fleet.where, alice.id, 1) == 1 + len(fleet.model.requests) - asked


async def test_an_objection_sent_from_many_tabs_is_one(fleet: Fleet, bank: Bank) -> None:
    """With one of the comments."""
    fleet.model.finish()
    async with candidate(fleet, bank) as alice:
        await alice.answer(alice.words(Band.WEAK), seen=2)
        turn = (await alice.look())["turns"][0]
        if turn["grading"] is None:
            turn = (await alice.client.post(f"{alice.api}/skip", json={"turn": 1})).json()["turns"][0]
        point = turn["grading"]["marks"][0]["point"]
        said = [{"turn": 1, "point": point, "comment": f"I did say it, in tab {tab}."} for tab in range(6)]
        codes(await asyncio.gather(*(alice.client.post(f"{alice.api}/disputes", json=body) for body in said)))
        kept = (await alice.client.get(f"{alice.api}/disputes")).json()
        assert [one["point"] for one in kept] == [point]
        assert kept[0]["comment"] in [body["comment"] for body in said]


async def test_choices_of_an_exam_made_in_many_tabs_end_as_one_that_was_acknowledged(fleet: Fleet, bank: Bank) -> None:
    """The flag stands beside it, and handing in marks each answered question once."""
    async with candidate(fleet, bank, mode="exam", kinds=["choice"], questions=4) as alice:
        client, api, tried = alice.client, alice.api, {}
        storm = []
        for turn in alice.interview["turns"]:
            options = [option["id"] for option in turn["question"]["options"]]
            tried[turn["number"]] = [options[:1], options[1:2], options[2:3]]
            bodies = [{"turn": turn["number"], "chosen": chosen} for chosen in tried[turn["number"]]]
            storm += [client.post(f"{api}/choices", json=body) for body in bodies]
            storm += [client.post(f"{api}/flag", json={"turn": turn["number"], "flagged": True}) for _ in range(2)]
        replies = await asyncio.gather(*storm)
        codes(replies)
        kept = {turn["number"]: turn for turn in (await alice.look())["turns"]}
        assert all(turn["flagged"] for turn in kept.values())
        acknowledged = {number: turn["chosen"] for number, turn in kept.items() if turn["chosen"]}
        assert set(acknowledged) == set(kept)
        assert all(chosen in tried[number] for number, chosen in acknowledged.items())
        codes(await asyncio.gather(*(client.post(f"{api}/finish") for _ in range(4))))
        over = await alice.look()
        assert over["status"] == "finished"
        for turn in over["turns"]:
            assert turn["chosen"] == acknowledged.get(turn["number"], [])
            assert gradings(fleet.where, alice.id, turn["number"]) == bool(turn["chosen"])


async def test_a_budget_is_not_gone_beyond_by_calls_of_all_workers_at_once(fleet: Fleet, bank: Bank) -> None:
    """Each call takes the most it can come to before it is made, and gives back what it did not need."""
    fleet.model.finish()
    fleet.model.talk_s = 1.0
    async with candidate(fleet, bank) as alice:
        asks = [f"Do you mean the one of the request, or that of tab {tab}?" for tab in range(TABS)]
        asking = asyncio.gather(*(alice.answer(text, seen=2) for text in asks))
        calls = f"from model_call where interview_id = '{alice.id}'"
        seen = []
        while not asking.done():
            seen.append(number(fleet.where, f"select sum(tokens_in + tokens_out) {calls}"))
            await asyncio.sleep(0.05)
        codes(await asking)
        fleet.model.talk_s = 0.0
        await alice.settled(fleet)
        assert 30_000 < max(seen) <= BUDGET
        assert 1 < number(fleet.where, f"select count(*) {calls} and purpose = 'clarify'") < TABS
        spent = "select sum(tokens_in + tokens_out)"
        assert number(fleet.where, f"{spent} from spending") == number(fleet.where, f"{spent} from model_call")
