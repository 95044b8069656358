"""An advert or a CV -> level and topics by terms: what counts, what does not, and how well it does on whole texts."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer import aim
from interviewer.aim import Proposal, SetAsideWhy
from interviewer.aim.shares import ENOUGH_TOPICS, shares_of
from interviewer.bank import Bank
from interviewer.domain import Level, Pack, Topic
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "aim"
TOPICS = {
    "database": ("sqlalchemy", "postgresql", "postgres", "sql", "datenbank"),
    "async": ("asyncio", "event loop", "async await"),
    "api": ("REST", "rest api", "pagination"),
    "cors": ("cors",),
    "testing": ("pytest", "unit tests"),
    "sockets": ("websockets",),
    "deployment": ("kubernetes", "docker", "ci cd"),
    "background": ("celery",),
}
PACK = Pack(
    id="web",
    title="Web",
    questions=(),
    topics=tuple(Topic(id=id_, title=id_.title(), share=1 / len(TOPICS), terms=t) for id_, t in TOPICS.items()),
)
ALL_TERMS = [term for terms in TOPICS.values() for term in terms]


def read(text: str) -> Proposal:
    """The proposal for the small pack."""
    return aim.propose(text, PACK)


def named(text: str) -> dict[str, list[str]]:
    """Topic -> the words that name it."""
    return {topic.topic: [quote.text for quote in topic.quotes] for topic in read(text).topics if topic.quotes}


def set_aside(text: str) -> dict[str, SetAsideWhy]:
    """Words -> why they do not count."""
    return {each.quote.text: each.why for each in read(text).set_aside}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use SQLAlchemy.", {"database": ["SQLAlchemy"]}),
        ("A Postgres server", {"database": ["Postgres"]}),
        ("POSTGRESQL", {"database": ["POSTGRESQL"]}),
        ("the event-loop", {"async": ["event-loop"]}),
        ("Async/Await", {"async": ["Async/Await"]}),
        ("knows the event\n  loop well", {"async": ["event\n  loop"]}),
        ("CI & CD", {"deployment": ["CI & CD"]}),
        ("writes a unit test", {"testing": ["unit test"]}),
        ("one WebSocket", {"sockets": ["WebSocket"]}),
        ("Datenbanken", {"database": ["Datenbanken"]}),
        ("Datenbankkenntnisse", {"database": ["Datenbankkenntnisse"]}),
        ("SQL-Kenntnisse", {"database": ["SQL"]}),
        ("PostgreSQL-Erfahrung", {"database": ["PostgreSQL"]}),
        ("builds REST services", {"api": ["REST"]}),
        ("a rest api", {"api": ["rest api"]}),
    ],
)
def test_a_term_is_heard_however_it_is_written(text: str, expected: dict[str, list[str]]) -> None:
    """Case, hyphens, line breaks, plural, German endings and compounds."""
    assert named(text) == expected


@pytest.mark.parametrize("text", ["SQLAlchmey", "Kubernets", "Postgressql", "websokets"])
def test_one_slip_in_a_long_name_is_forgiven(text: str) -> None:
    """Letters swapped, dropped, doubled or wrong, with the first and the last right."""
    assert len(named(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "You get the rest of the day off.",
        "eight cores",
        "a model of customer value, tests of patience and a lot of data",
        "The event. Loop around the lake.",
        "the event (loop)",
        "mysqlx nosql",
        "doctor, docket",
        "celerity",
    ],
)
def test_everyday_words_and_neighbours_are_no_terms(text: str) -> None:
    """Precision first: what is only nearly a term is none."""
    assert named(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "No Celery.",
        "No Celery experience needed.",
        "No experience with Kubernetes, Docker or Celery.",
        "Experience with Kubernetes, Docker and Celery is not required.",
        "Kubernetes, Docker and Celery are not strictly necessary",
        "You don't need Celery here.",
        "You won’t need WebSockets.",
        "without Docker",
        "We do not use Celery",
        "Celery-Kenntnisse sind nicht erforderlich.",
        "Kenntnisse in Docker, Kubernetes oder Celery werden nicht vorausgesetzt.",
        "Keine Erfahrung mit Docker nötig.",
        "Du brauchst kein Kubernetes.",
        "ohne Docker",
        "It is not that you need\nto know Docker",
    ],
)
def test_what_is_denied_does_not_count(text: str) -> None:
    """In English and German, for one name and for lists; it is told what was left out."""
    assert named(text) == {}
    assert set(set_aside(text).values()) == {SetAsideWhy.DENIED}


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Not only Celery, also Docker", {"background", "deployment"}),
        ("nicht nur Celery", {"background"}),
        ("No nonsense, just PostgreSQL", {"database"}),
        ("Instead of Celery we use asyncio", {"async"}),
        ("We use PostgreSQL, Docker is not required", {"database"}),
        ("No degree needed. Docker is.", {"deployment"}),
        ("We have no office but plenty of PostgreSQL", {"database"}),
        ("- no Celery\n- Docker", {"deployment"}),
        ("Kein Celery, sondern asyncio", {"async"}),
    ],
)
def test_a_denial_reaches_no_further_than_it_is_meant(text: str, topics: set[str]) -> None:
    """What stands beside it counts."""
    assert set(named(text)) == topics


@pytest.mark.parametrize(
    "heading",
    [
        "About us",
        "ABOUT US",
        "## Benefits",
        "**What we offer**",
        "Perks:",
        "Who we are",
        "Über uns",
        "Wir bieten:",
        "Das bieten wir",
        "Unser Angebot",
        "Why join us?",
        "How to apply",
        "Interests",
        "Hobbys",
    ],
)
def test_a_section_on_the_company_does_not_count(heading: str) -> None:
    """From its heading to the next one, with or without blank lines and list marks."""
    text = (
        f"Your tasks\n- SQLAlchemy\n\n{heading}\n- courses on Docker\n- Celery on Fridays\n\nRequirements\n- pytest\n"
    )
    assert set(named(text)) == {"database", "testing"}
    assert set_aside(text) == dict.fromkeys(("Docker", "Celery"), SetAsideWhy.ABOUT_THE_COMPANY)


@pytest.mark.parametrize(
    "heading", ["About the role", "About you", "What you will do", "Dein Profil", "Was wir erwarten", "Requirements:"]
)
def test_a_section_on_the_work_counts(heading: str) -> None:
    """Also where its heading begins like one on the company."""
    assert named(f"About us\nWe like Celery.\n\n{heading}\n- Docker\n") == {"deployment": ["Docker"]}


@pytest.mark.parametrize(
    "text",
    [
        "Perks: Docker stickers",
        "We offer courses on Docker.",
        "Your personal data is kept in a PostgreSQL database.",
        "A pension, and a Docker meetup",
        "30 Tage Urlaub und Kurse zu Docker",
    ],
)
def test_a_sentence_on_the_company_does_not_count(text: str) -> None:
    """Wherever it stands."""
    assert named(f"{text}\n- REST") == {"api": ["REST"]}


@pytest.mark.parametrize(
    "text",
    [
        "- Docker is a plus",
        "Nice to have:\n- Docker",
        "Bonus points: Docker",
        "Docker wäre von Vorteil",
        "Ideally Docker",
    ],
)
def test_what_is_only_wished_for_counts_half(text: str) -> None:
    """Unless it is asked for elsewhere in the text."""
    found = {topic.topic: topic.evidence for topic in read(text).topics}
    assert found["deployment"] == 0.5
    assert [quote.wished for topic in read(text).topics for quote in topic.quotes] == [True]
    again = {topic.topic: topic.evidence for topic in read(f"You know Docker.\n{text}").topics}
    assert again["deployment"] == 1
    assert not any(quote.wished for topic in read(f"You know Docker.\n{text}").topics for quote in topic.quotes)


def test_a_term_counts_once_however_often_it_is_said() -> None:
    """An advert that repeats a word asks for no more of it."""
    (topic,) = (topic for topic in read("Docker, Docker, docker").topics if topic.quotes)
    assert (topic.evidence, [quote.text for quote in topic.quotes]) == (1, ["Docker"])


def test_what_the_pack_does_not_ask_about_is_named() -> None:
    """So that nobody believes it was overlooked; what is denied is not."""
    assert read("Django, Kafka and React.\nNo Terraform.").elsewhere == ("Django", "Kafka")


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("Senior Python Developer", Level.SENIOR, "Senior Python Developer"),
        ("Lead Engineer (m/f/d)", Level.SENIOR, "Lead Engineer"),
        ("(Junior) Backend-Entwickler", Level.JUNIOR, "Junior) Backend-Entwickler"),
        ("Werkstudent (m/w/d) Python", Level.JUNIOR, "Werkstudent"),
        ("A mid-level position", Level.MID, "mid-level"),
        ("We are looking for a Senior Developer.", Level.SENIOR, "Senior Developer"),
        ("Wir suchen einen erfahrenen Lead Developer", Level.SENIOR, "Lead Developer"),
        ("Python Developer. At least 5 years of experience", Level.SENIOR, "5 years"),
        ("Python Developer. 3+ years of professional experience", Level.MID, "3+ years"),
        ("2-4 years of experience", Level.MID, "2-4 years"),
        ("2 Jahre Erfahrung mit Python, mindestens 6 Jahre Berufserfahrung", Level.SENIOR, "6 Jahre"),
        ("mindestens fünf Jahre Berufserfahrung", Level.SENIOR, "fünf Jahre"),
        ("0-1 Jahre Berufserfahrung", Level.JUNIOR, "0-1 Jahre"),
        ("erste Erfahrungen mit Python", Level.JUNIOR, "erste Erfahrungen"),
        ("mehrjährige Berufserfahrung", Level.MID, "mehrjährige Berufserfahrung"),
        ("Senior Developer, 2 years of experience", Level.SENIOR, "Senior Developer"),
        ("FastAPI senior pydantic", Level.SENIOR, "senior"),
        ("python, SQLAlchemy, Junior", Level.JUNIOR, "Junior"),
        ("5 years of experience with FastAPI, mid", Level.SENIOR, "5 years"),
        ("Profile: 7 years of experience.\nJunior Developer, 2015 to 2017", Level.SENIOR, "7 years"),
    ],
)
def test_the_level_rests_on_words_that_are_shown(text: str, level: Level, words: str) -> None:
    """A title or years, whichever stands first."""
    proposed = read(text).level
    assert (proposed.level, [quote.text for quote in proposed.quotes]) == (level, [words])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "You report to the Lead Engineer.",
        "Our senior engineers help you.",
        "Senior Python developers review your code.",
        "You are led by a team lead.",
        "About us\nWe have 20 years of experience.",
        "The company is 12 years old.",
        "Python for 40 years of experience",
        "Senior Python developers review your code",
        "FastAPI pydantic, with a senior",
        "FastAPI junior senior",
        "You work on the API with our senior FastAPI people every day",
        "FastAPI\nsenior citizens are our customers",
        "Django-senior tools",
    ],
)
def test_without_words_on_it_the_level_is_mid_and_says_so(text: str) -> None:
    """Other people's titles and the age of a company are no words on it."""
    proposed = read(text).level
    assert proposed.level is Level.MID
    assert proposed.quotes == ()
    assert "No words on a level" in proposed.reason


def test_shares_follow_the_formula() -> None:
    """(3 x blueprint + evidence) / (3 + all evidence), in steps of 5; of two topics with the same share."""
    pack = Pack(
        id="p", title="P", questions=(), topics=tuple(Topic(id=id_, title=id_, share=0.5) for id_ in ("one", "two"))
    )
    assert shares_of(pack, {"one": 2.0}) == {"one": 0.7, "two": 0.3}
    assert shares_of(pack, {}) == {"one": 0.5, "two": 0.5}


def test_topics_that_are_not_named_go_when_enough_are() -> None:
    """With few the rest of the blueprint stays beside them."""
    few, many = read("Docker, asyncio"), read("Docker, asyncio, pytest, Celery")
    assert len([topic for topic in many.topics if topic.quotes]) == ENOUGH_TOPICS
    assert {topic.topic for topic in many.topics if topic.share} == {"async", "background", "deployment", "testing"}
    assert sum(topic.share > 0 for topic in few.topics) > 2
    assert min(topic.share for topic in few.topics if topic.quotes) > max(
        topic.share for topic in few.topics if not topic.quotes
    )


@given(st.dictionaries(st.sampled_from(list(TOPICS)), st.floats(0, 50), max_size=len(TOPICS)))
def test_shares_add_up_and_keep_what_was_named(evidence: dict[str, float]) -> None:
    """In whole steps of 5 of 100."""
    shares = shares_of(PACK, evidence)
    assert sum(shares.values()) == pytest.approx(1)
    assert all(share >= 0 and round(share * 20, 6).is_integer() for share in shares.values())
    assert all(shares[topic] >= 0.05 for topic, amount in evidence.items() if amount > 0)


PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from([*ALL_TERMS, "no", "not", "or", "is not required", "senior", "engineer", "5 years", "experience"]),
    st.sampled_from(
        ["\n", "\n\n", "- ", ". ", ", ", ":", "About us\n", "Nice to have\n", "Your tasks:\n", "\x00", "•"]
    ),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_whatever_the_text_the_proposal_is_whole_and_its_quotes_stand_in_it(text: str) -> None:
    """Never an error, never an invented word."""
    proposal = read(text)
    assert sum(topic.share for topic in proposal.topics) == pytest.approx(1)
    assert [topic.topic for topic in proposal.topics] == list(TOPICS)
    topics = (quote for topic in proposal.topics for quote in topic.quotes)
    for quote in (*topics, *proposal.level.quotes, *(each.quote for each in proposal.set_aside)):
        assert text[quote.start : quote.end] == quote.text != ""
    assert proposal.found == sum(len(topic.quotes) for topic in proposal.topics)
    assert bool(proposal.level.quotes) or proposal.level.level is Level.MID


@dataclass(frozen=True)
class Case:
    """A text with what a person read in it before it was matched."""

    name: str
    half: str
    pack: str
    level: Level
    topics: frozenset[str]


def cases(half: str) -> list[Case]:
    """One half of tests/data/aim/expected.tsv; see README.md there."""
    with (FOLDER / "expected.tsv").open(encoding="utf-8") as rows:
        return [
            Case(row["file"], row["half"], row["pack"], Level(row["level"]), frozenset((row["topics"] or "").split()))
            for row in csv.DictReader(rows, delimiter="\t")
            if row["half"] == half
        ]


@pytest.mark.parametrize(
    ("half", "precision", "recall", "levels"), [("built-on", 0.97, 0.99, 8), ("held-back", 0.97, 0.97, 8)]
)
def test_whole_adverts_and_cvs_come_out_as_a_person_read_them(
    bank: Bank, half: str, precision: float, recall: float, levels: int
) -> None:
    """Topics over all texts of a half; the thresholds are what was reached, see tests/data/aim/README.md."""
    right = proposed = expected = level = 0
    for case in cases(half):
        pack = bank.pack(case.pack)
        assert pack
        proposal = aim.propose((FOLDER / f"{case.name}.txt").read_text(encoding="utf-8"), pack)
        found = {topic.topic for topic in proposal.topics if topic.quotes}
        right += len(found & case.topics)
        proposed += len(found)
        expected += len(case.topics)
        level += proposal.level.level is case.level
    assert right / proposed >= precision
    assert right / expected >= recall
    assert level >= levels


@pytest.mark.parametrize("case", [*cases("built-on"), *cases("held-back")], ids=lambda case: case.name)
def test_the_pack_is_found_from_the_text(bank: Bank, case: Case) -> None:
    """The first one where the text names nothing."""
    text = (FOLDER / f"{case.name}.txt").read_text(encoding="utf-8")
    assert aim.best_pack(text, bank.packs).id == case.pack


def test_every_text_has_its_row() -> None:
    """At least twelve, in two halves of the same size."""
    rows = [case.name for half in ("built-on", "held-back") for case in cases(half)]
    assert sorted(rows) == sorted(path.stem for path in FOLDER.glob("*.txt"))
    assert len(cases("built-on")) == len(cases("held-back")) >= 6
