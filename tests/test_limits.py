"""How often and how much at once: refused with a time to come back, and nothing that was written is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band
from interviewer.errors import LimitReached, TooBusy
from interviewer.llm import ScriptedChat
from interviewer.passwords import Passwords
from interviewer.settings import Accounts, Settings
from interviewer.web.guard import COOKIE, owner_of
from interviewer.web.limits.asker import Asker, address_of
from interviewer.web.limits.limiter import in_words
from interviewer.web.limits.places import Places
from interviewer.web.limits.rules import Place
from tests import forms, playing
from tests.accounts import cheap

Browser = Callable[..., TestClient]


@contextmanager
def limited(settings: Settings, bank: Bank, **limits: int) -> Iterator[Browser]:
    """An application with these limits; gives browsers, each a person of its own."""
    chosen = settings.model_copy(update={"accounts": Accounts.OPEN, **limits})
    app = create_app(chosen, bank=bank, passwords=Passwords(cheap()))
    with ExitStack() as open_clients:
        open_clients.enter_context(TestClient(app, base_url="http://localhost"))

        def browser(address: str = "192.0.2.1") -> TestClient:
            return TestClient(app, base_url="http://localhost", client=(address, 50_000))

        yield browser


def wait_of(reply: object) -> int:
    """Seconds of a refusal, which says them twice."""
    assert isinstance(reply, type(TestClient(FastAPI()).get("/")))
    assert reply.status_code == 429, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    told = reply.json()
    assert told["type"] == "urn:interviewer:error:LimitReached"
    assert told["status"] == 429
    wait = int(reply.headers["retry-after"])
    assert in_words(wait) in told["detail"]
    return wait


def test_answers_have_a_limit_for_each_person(settings: Settings, bank: Bank) -> None:
    """The fourth move is one too many, for this person only; what was refused is kept as the draft."""
    with limited(settings, bank, answers_per_minute=3) as browser:
        alice, bob = browser(), browser()
        interview = playing.started(alice)
        for _ in range(3):
            assert alice.post(f"/api/interviews/{interview['id']}/share").status_code == 201
        words = "Sixty words that nobody wants to type again."
        sent = {"turn": 1, "text": words, "says_seen": 1}
        refused = alice.post(f"/api/interviews/{interview['id']}/answers", json=sent)
        assert 0 < wait_of(refused) <= 120
        assert "at most 3 answers and other moves within a minute from one person" in refused.json()["detail"]
        assert "kept as the draft" in refused.json()["detail"]
        assert forms.composer(alice.get(f"/interviews/{interview['id']}").text) == words
        says = alice.get(f"/api/interviews/{interview['id']}").json()["turns"][0]["says"]
        assert {say["who"] for say in says} == {"interviewer"}
        theirs = playing.started(bob)
        playing.answer(bob, theirs, playing.sample(bank, theirs["turns"][0]["question"]["id"], Band.WEAK))


def test_a_form_that_is_refused_comes_back_with_its_text(settings: Settings, bank: Bank) -> None:
    """Without JavaScript: the same form again, filled in, which takes the answer once there is room."""
    with limited(settings, bank, answers_per_minute=1) as browser:
        alice = browser()
        page = forms.begin(alice, level="mid")
        forms.post(alice, f"{page}/hint", turn="1", seen="1")
        words = 'It is <b>"quoted"</b> & kept.\nAnd a second line.'
        refused = forms.post(alice, f"{page}/answers", turn="1", seen="2", text=words)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) <= 120
        again = re.search(r'<form class="again" method="post" action="([^"]+)">(.*?)</form>', refused.text, re.DOTALL)
        assert again
        assert again[1] == f"{page}/answers"
        assert set(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', again[2])) == {("turn", "1"), ("seen", "2")}
        shown = re.search(r"<textarea[^>]*name=\"text\"[^>]*>\n(.*?)</textarea>", again[2], re.DOTALL)
        assert shown
        assert unescape(shown[1]).replace("\r\n", "\n") == words
        assert forms.composer(alice.get(page).text).replace("\r\n", "\n") == words


def test_a_cookie_thrown_away_changes_nothing_for_the_address(settings: Settings, bank: Bank) -> None:
    """Each request a new person, until the address has had its share; another address goes on."""
    with limited(settings, bank, starts_per_hour=2, people_per_address=2) as browser:
        body = {"level": "mid", "questions": 1}
        assert [browser().post("/api/interviews", json=body).status_code for _ in range(4)] == [201] * 4
        refused = browser().post("/api/interviews", json=body)
        assert "at most 4 interviews begun within an hour from one network address" in refused.json()["detail"]
        assert wait_of(refused) <= 2 * 3600
        assert browser("192.0.2.2").post("/api/interviews", json=body).status_code == 201


def test_who_hammers_uses_up_nothing_of_the_others_at_the_same_address(settings: Settings, bank: Bank) -> None:
    """A refused request counts for nobody: thirty of one person leave a school its places."""
    with limited(settings, bank, starts_per_hour=1, people_per_address=2) as browser:
        body = {"level": "mid", "questions": 1}
        mallory = browser()
        codes = [mallory.post("/api/interviews", json=body).status_code for _ in range(30)]
        assert codes == [201] + [429] * 29
        assert browser().post("/api/interviews", json=body).status_code == 201


def test_attempts_to_sign_in_have_a_limit_by_name_and_by_address(settings: Settings, bank: Bank) -> None:
    """However the name is written, whatever the cookie; other names go on, and the password is never shown again."""
    with limited(settings, bank, sign_ins_per_quarter_hour=3, people_per_address=4) as browser:
        secret = {"password": "correct-horse"}
        for name in ("alice", "\uff21lice ", " ALIC\u24ba"):
            assert browser().post("/login", data={"name": name, **secret}).status_code == 422
        refused = browser().post("/login", data={"name": "alice", **secret})
        assert "at most 3 sign-in attempts within 15 minutes from one name" in refused.json()["detail"]
        assert wait_of(refused) <= 1800
        page = browser().post("/login", data={"name": "alice", **secret}, headers=forms.HTML)
        assert page.status_code == 429
        assert "correct-horse" not in page.text
        assert "<form" not in page.text
        assert [browser().post("/login", data={"name": f"bob{n}", **secret}).status_code for n in range(5)] == [422] * 5
        assert "network address" in browser().post("/login", data={"name": "eve", **secret}).json()["detail"]
        elsewhere = [
            browser(f"192.0.2.{n}").post("/login", data={"name": "alice", **secret}).status_code for n in range(2, 40)
        ]
        assert elsewhere.count(422) == 27, "a name has ten times its limit from all addresses together"


def test_files_have_a_limit_and_reading_has_none(settings: Settings, bank: Bank) -> None:
    """PDFs cost CPU; the page itself does not."""
    with limited(settings, bank, files_per_minute=1) as browser:
        alice = browser()
        page = forms.begin(alice, level="mid")
        assert alice.get(f"{page}/report.pdf").status_code == 200
        refused = alice.get(f"{page}/report.pdf", headers=forms.HTML)
        assert refused.status_code == 429
        assert "at most 1 files" in refused.text
        assert alice.get("/api/review.apkg").status_code == 429
        link = alice.post(f"/api{page}/share").json()["url"]
        assert alice.get(f"{link}/report.pdf").status_code == 429
        assert all(alice.get(f"{page}/report").status_code == 200 for _ in range(5))


def test_drafts_have_a_limit_too(settings: Settings, bank: Bank) -> None:
    """And a refused answer is no way around it."""
    with limited(settings, bank, drafts_per_minute=1, answers_per_minute=1) as browser:
        alice = browser()
        interview = playing.started(alice)
        where = f"/api/interviews/{interview['id']}"
        assert alice.put(f"{where}/draft", json={"turn": 1, "text": "one", "sequence": 1}).status_code == 200
        assert alice.put(f"{where}/draft", json={"turn": 1, "text": "two", "sequence": 2}).status_code == 429
        alice.post(f"{where}/hint", json={"turn": 1})
        refused = alice.post(f"{where}/answers", json={"turn": 1, "text": "three"})
        assert refused.status_code == 429
        assert "kept as the draft" not in refused.json()["detail"]
        assert forms.composer(alice.get(f"/interviews/{interview['id']}").text) == "one"


def test_nought_is_no_limit(settings: Settings, bank: Bank) -> None:
    """For who limits elsewhere."""
    with limited(settings, bank, starts_per_hour=0, people_per_address=0) as browser:
        alice = browser()
        body = {"level": "mid", "questions": 1}
        assert {alice.post("/api/interviews", json=body).status_code for _ in range(70)} == {201}


def test_limits_may_be_kept_in_the_database(settings: Settings, bank: Bank) -> None:
    """Two applications on one database count together."""
    few = settings.model_copy(update={"starts_per_hour": 3})
    apps = [create_app(few.model_copy(update={"workers": 2}), bank=bank) for _ in range(2)]
    with ExitStack() as clients:
        one, other = (clients.enter_context(TestClient(app, base_url="http://localhost")) for app in apps)
        one.get("/")
        other.cookies.update(one.cookies)
        body = {"level": "mid", "questions": 1}
        codes = [client.post("/api/interviews", json=body).status_code for _ in range(2) for client in (one, other)]
        assert codes == [201, 201, 201, 429]
        assert other.post("/api/interviews", json=body).status_code == 429


async def test_a_person_has_so_many_streams_and_gives_them_back(settings: Settings) -> None:
    """The third waits for one of the two to close; an address has as many as its people."""
    places = Places(settings.model_copy(update={"streams_per_person": 2, "people_per_address": 2}), with_model=False)
    alice, bob, eve = (Asker(person=name, address="192.0.2.1") for name in ("alice", "bob", "eve"))
    async with places.held(Place.STREAM, alice):
        async with places.held(Place.STREAM, alice):
            with pytest.raises(LimitReached, match="Close some"):
                async with places.held(Place.STREAM, alice):
                    pass
            async with places.held(Place.STREAM, bob), places.held(Place.STREAM, bob):
                with pytest.raises(LimitReached):
                    async with places.held(Place.STREAM, eve):
                        pass
        async with places.held(Place.STREAM, eve):
            pass
    assert not places._taken


async def test_who_waits_for_a_pdf_gets_a_place_or_a_time_to_come_back(settings: Settings) -> None:
    """As many as allowed are made at once."""
    places = Places(settings.model_copy(update={"pdfs_at_once": 1}), with_model=False, patience_s=0.01)
    alice, bob = Asker(person="alice", address="a"), Asker(person="bob", address="b")
    async with places.held(Place.PDF, alice):
        with pytest.raises(TooBusy) as refused:
            async with places.held(Place.PDF, bob):
                pass
    assert refused.value.retry_after_s > 0
    async with places.held(Place.PDF, bob):
        pass


async def test_one_address_never_takes_the_last_place_for_a_pdf(settings: Settings) -> None:
    """However many it asks for: another one's is made at once."""
    places = Places(settings.model_copy(update={"pdfs_at_once": 2}), with_model=False, patience_s=5)
    mallory, alice = Asker(person="mallory", address="a"), Asker(person="alice", address="b")
    over = asyncio.Event()

    async def ask() -> None:
        async with places.held(Place.PDF, mallory):
            await over.wait()

    asking = [asyncio.create_task(ask()) for _ in range(20)]
    await asyncio.sleep(0)
    async with asyncio.timeout(1), places.held(Place.PDF, alice):
        pass
    over.set()
    await asyncio.gather(*asking)


def test_a_turn_of_thousands_of_digits_is_refused_as_any_other(settings: Settings, bank: Bank) -> None:
    """Also where its text would be kept as a draft."""
    with limited(settings, bank, answers_per_minute=1) as browser:
        alice = browser()
        page = forms.begin(alice, level="mid")
        codes = [forms.post(alice, f"{page}/hint", turn="9" * 5000, text="Words.").status_code for _ in range(3)]
    assert codes[1:] == [429, 429]


def test_what_may_ask_the_model_has_a_limit_where_there_is_one(settings: Settings, bank: Bank) -> None:
    """Beginning, answering and reading an advert count together; without a model there is nothing to save."""
    few = settings.model_copy(update={"model_requests_per_hour": 2})
    for model, codes in ((ScriptedChat(lambda _asked: "{}"), [201, 200, 429]), (None, [201, 200, 200])):
        app = create_app(few, bank=bank, chat_model=model)
        with TestClient(app, base_url="http://localhost") as alice:
            begun = alice.post("/api/interviews", json={"level": "mid", "questions": 1})
            read = alice.post("/api/aim", json={"text": "Senior developer for FastAPI and databases"})
            answered = alice.post(
                f"/api/interviews/{begun.json()['id']}/answers", json={"turn": 1, "text": "It validates the body."}
            )
            assert [begun.status_code, read.status_code, answered.status_code] == codes


def test_a_person_has_so_many_answers_marked_at_once_by_the_model(settings: Settings, bank: Bank) -> None:
    """The next one waits as a draft; another person's is taken."""
    app = create_app(
        settings.model_copy(update={"gradings_at_once": 1}), bank=bank, chat_model=ScriptedChat(lambda _asked: "{}")
    )
    with TestClient(app, base_url="http://localhost") as alice:
        interview = playing.started(alice)
        asker = Asker(person=owner_of(alice.cookies[COOKIE]), address="testclient")
        sent = {"turn": 1, "text": "It validates the body."}
        assert alice.portal
        with alice.portal.wrap_async_context_manager(app.state.limiter.places.held(Place.GRADING, asker)):
            refused = alice.post(f"/api/interviews/{interview['id']}/answers", json=sent)
            assert refused.status_code == 429
            assert "are being marked still" in refused.json()["detail"]
            assert "kept as the draft" in refused.json()["detail"]
            bob = TestClient(app, base_url="http://localhost")
            theirs = playing.started(bob)
            assert bob.post(f"/api/interviews/{theirs['id']}/answers", json=sent).status_code == 200
        assert alice.post(f"/api/interviews/{interview['id']}/answers", json=sent).status_code == 200


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_is_counted_as_the_network_that_one_household_has(host: str, counted: str) -> None:
    """Whoever has a /64 has 2^64 addresses, and one limit."""
    assert address_of(host) == counted
