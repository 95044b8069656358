"""The report as page, Markdown, PDF and JSON: the same things in each, and nothing that breaks them.

    UPDATE_GOLDEN=1 python -m pytest tests/test_report_forms.py

writes the text of the PDF anew; read what changed before you keep it.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pypdf import PdfReader

from interviewer import engine
from interviewer.app import create_app
from interviewer.bank import Bank
from interviewer.domain import Band, Grading, Interview, InterviewStatus, Level, Mode, Plan, SayKind, Turn, TurnStatus
from interviewer.grading.key import by_key
from interviewer.settings import Settings
from interviewer.web.guard import COOKIE, owner_of
from interviewer.web.report.paper import BOX, MOST_ACCENTS, Paper
from interviewer.web.report.pdf import pdf
from interviewer.web.report.text import markdown
from interviewer.web.report.told import Told, told
from interviewer.web.views.reading import shared_page
from tests.builders import T0, a_question
from tests.conftest import ROOT
from tests.playing import answer, sample, started
from tests.reports import a_bank, a_choice, an_exam, chosen, left, marked, over, reported, says

GOLDEN = ROOT / "tests" / "golden" / "report.pdf.txt"
ASKED = replace(
    a_question("q1"), analogy="As with a *library card*: `one` for each reader.", reference="- `alpha`\n- beta"
)
SKIPPED = a_question("q2", topic="testing")
CHOICE = a_choice()
ANSWER = "Um, you know:\n\n```python\nif x:\n    return {nb}\n```\n世界 and <b>alpha</b>"

TEXTS = st.text(st.characters(codec="utf-8"), max_size=80) | st.text("#*_`>-|[]()! \n\t~1.", max_size=80)


def quoted(turn: Turn, words: str) -> Turn:
    """The turn with these words as the quote of every point met."""
    (grading,) = turn.gradings
    marks = tuple(replace(mark, quote=words) if mark.credit else mark for mark in grading.marks)
    made: Grading = replace(grading, marks=marks)
    return replace(turn, gradings=(made,))


def example() -> tuple[Interview, Bank]:
    """A short interview with something of everything."""
    said = says(
        (SayKind.QUESTION, "What is `q1`?", 0),
        (SayKind.ANSWER, ANSWER, 95),
        (SayKind.PROBE, "And point 1?", 97),
        (SayKind.ANSWER, "One.", 130),
    )
    turns = [quoted(marked(1, ASKED, {"p3": 1.0, "p1": 0.5}, said=said), "<b>alpha</b>"), left(2, SKIPPED)]
    return over([*turns, chosen(3, CHOICE, "a", "c")]), a_bank(ASKED, SKIPPED, CHOICE)


def words_of(interview: Interview, bank: Bank) -> Told:
    """The report of an interview in words."""
    return told(interview, reported(interview, *bank.questions), bank)


def text_of(document: bytes) -> str:
    """The text of a PDF, page by page."""
    pages = PdfReader(io.BytesIO(document)).pages
    return "\n\f\n".join(page.extract_text() for page in pages) + "\n"


def test_the_pdf_reads_as_it_was_agreed() -> None:
    """To the last word, page by page."""
    found = text_of(pdf(words_of(*example()), made_at=T0))
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(found, encoding="utf-8")
    agreed = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    assert found == agreed, f"{GOLDEN.name} differs; if that is meant, run this test with UPDATE_GOLDEN=1"


def test_the_same_report_is_the_same_pdf_to_the_last_byte() -> None:
    """It is dated by its interview, not by when it was asked for."""
    whole = words_of(*example())
    assert pdf(whole, made_at=T0) == pdf(whole, made_at=T0)


def test_the_pdf_says_what_it_is_and_where_its_parts_are() -> None:
    """Title, language, date, outline, links that can be pressed, A4."""
    reader = PdfReader(io.BytesIO(pdf(words_of(*example()), made_at=T0)))
    assert reader.metadata
    assert (reader.metadata.title, reader.metadata.creation_date) == ("Interview report: Mid, practice", T0)
    assert str(reader.root_object["/Lang"]) == "en"
    names = [str(entry["/Title"]) for entry in reader.outline if isinstance(entry, dict)]
    assert names == ["Interview report: Mid, practice"]
    links = [note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", ())]
    assert "https://example.org/docs" in links
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_a_character_without_a_glyph_is_a_box_and_the_pdf_says_so() -> None:
    """Two Chinese ones here."""
    text = text_of(pdf(words_of(*example()), made_at=T0))
    assert "□□ and <b>alpha</b>" in text
    assert "do not have (2 in all)" in " ".join(text.split())
    assert "return {nb}" in text


@examples(max_examples=8, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_whatever_a_candidate_typed_a_pdf_comes_of_it(texts: list[str]) -> None:
    """Any script, any Markdown, anything binary."""
    said = says((SayKind.QUESTION, "Why?", 0), *((SayKind.ANSWER, text, 60) for text in texts))
    interview = over([marked(1, ASKED, {}, said=said)])
    assert pdf(words_of(interview, a_bank(ASKED)), made_at=T0).startswith(b"%PDF")


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    """Of a report over many pages."""
    questions = [replace(ASKED, id=f"q{number}", ask=f"What is q{number}?") for number in range(15)]
    interview = over([marked(number, question, {}) for number, question in enumerate(questions, 1)])
    pages = text_of(pdf(words_of(interview, a_bank(*questions)), made_at=T0)).split("\f")
    assert len(pages) > 8
    for page in pages:
        last = page.strip().splitlines()[-2]  # below it stand the title and the number of the page
        assert not re.match(r"^(\d+\. |Question \d+:|Transcript|Time and talk|What |Question by)", last), last


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report in its forms, blanks and line ends evened out."""
    return forms_of(*example(), tmp_path_factory.mktemp("page"))[0]


def forms_of(interview: Interview, bank: Bank, folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The report as people read it, form by form, and its JSON."""
    whole = words_of(interview, bank)
    page, for_programs = served(interview, bank, folder)
    made = {"Markdown": markdown(whole).replace("\\", ""), "PDF": text_of(pdf(whole, made_at=T0)), "page": page}
    return {name: " ".join(text.split()) for name, text in made.items()}, for_programs


def served(interview: Interview, bank: Bank, folder: Path) -> tuple[str, dict[str, Any]]:
    """The words of the page that the interview's owner reads, and the JSON."""
    app = create_app(Settings(database=folder / "interviews.sqlite3"), bank=bank)
    with TestClient(app, base_url="http://localhost") as client:
        client.get("/")
        mine = replace(interview, owner=owner_of(str(client.cookies[COOKIE])))
        assert client.portal
        client.portal.call(app.state.web.store.add, mine)
        html = client.get(f"/interviews/{interview.id}/report").text
        for_programs: dict[str, Any] = client.get(f"/api/interviews/{interview.id}/report").json()
    return unescape(re.sub(r"<[^>]+>", " ", html.replace("<code>", "").replace("</code>", ""))), for_programs


@pytest.mark.parametrize(
    "said",
    [
        "29 of 100",
        "Too few answers to speak of a level.",
        "2 of 3 questions were answered and marked; it takes at least three, and half of those asked.",
        "2 marked; 1 of them offline, as an estimate; 1 skipped, not counted as wrong.",
        "Several graders marked it, and their scores are not alike: offline estimate 58 (1 answer); right options 0 (1",
        "Basics, offline estimate",
        "Testing, right options",
        "up to 50 points on this interview",
        "library card",
        "Remember it.",
        "https://example.org/docs",
        "Because of b.",
        "Skipped: not marked, and not counted as wrong",
        "58 of 100, estimate, 1 of 3 points",
        "0 of 100, 1 of 2 right options chosen",
        "not chosen, right",
        "“<b>alpha</b>”",
        "9, 9 a question (1 question answered in words)",
        "33.3 % (3 of 9 words)",
        "median 2 min 18 s (2 questions)",
        "This is practice, not a hiring verdict.",
    ],
)
def test_every_form_tells_the_same(forms: dict[str, str], said: str) -> None:
    """Score, verdict, topics, what was missed, what next, talk, transcript."""
    for name, text in forms.items():
        assert said in text, name


def test_a_check_is_judged_against_no_level_in_any_form(tmp_path: Path) -> None:
    """Its questions are of all of them; the mean is told, and what it is the mean of."""
    turns = [chosen(1, CHOICE, "a", "b"), *(marked(n, ASKED, {"p1": 1, "p2": 1, "p3": 1}) for n in (2, 3))]
    check = over(turns, plan=Plan(pack="pack", level=Level.MID, mode=Mode.CHECK))
    forms, for_programs = forms_of(check, a_bank(CHOICE, ASKED), tmp_path)
    why = "The questions were drawn from all levels; the score is the mean of 3 marked answers."
    for name, text in forms.items():
        assert "100 of 100" in text, name
        assert "No level is judged here." in text, name
        assert why in text, name
        assert "mid level" not in text.lower(), name
        assert "Whole check" in text, name
        assert "this interview" not in text.lower(), name
    assert forms["Markdown"].startswith("# Check report: Mid, quick check")
    assert forms["PDF"].startswith("Check report: Mid, quick check")
    assert (for_programs["words"]["headline"], for_programs["words"]["reason"]) == ("No level is judged here.", why)
    assert (for_programs["verdict"]["standing"], for_programs["verdict"]["score"]) == ("not_judged", None)


def test_an_exam_says_whether_it_was_passed_and_by_what_sum() -> None:
    """And tells what has no answer from what was skipped elsewhere."""
    exam = an_exam(chosen(1, CHOICE, "a", "b"), left(2, SKIPPED), pass_mark=60)
    whole = words_of(exam, a_bank(CHOICE, SKIPPED))
    assert (whole.headline, whole.score) == ("Not passed.", 50)
    assert (
        whole.reason == "50 of 100; the pass mark is 60. The mean of all 2 questions; one without an answer counts 0."
    )
    assert "1 without an answer, counted as 0" in whole.counted
    assert whole.turns[1].standing == "No answer: counts as 0."
    (topics,) = whole.tables
    assert [(row.label, row.cells) for row in topics.rows] == [("Testing", ("50 (1 of 2 marked)",))]


def test_a_choice_that_was_changed_is_told_as_it_stands(tmp_path: Path) -> None:
    """Once, whatever stood there before; one that was taken back in the end says so, and is no word of an answer."""
    other = replace(CHOICE, id="c2")
    asked = {1: CHOICE, 2: other}
    begun = an_exam(*(left(number, question, TurnStatus.OPEN) for number, question in asked.items()))
    sat = replace(begun, status=InterviewStatus.OPEN)
    for number, ids in ((1, "cd"), (1, ""), (2, "d"), (1, "a"), (2, "")):
        sat = engine.choose(sat, number, ids, asked[number], T0)
    sat = engine.hand_in(sat, {1: by_key(CHOICE, "a", bank="test", graded_at=T0)}, T0)
    forms, for_programs = forms_of(sat, a_bank(CHOICE, other), tmp_path)
    told = {"page": "You {}", "Markdown": "**Candidate:** > {}", "PDF": "Candidate {}"}
    for name, text in forms.items():
        counts = [text.count(told[name].format(say)) for say in ("Option", "Option a", "(nothing chosen)")]
        assert counts == [1, 1, 1], name
    assert for_programs["talk"]["words"] == 0


def test_a_stranger_s_words_are_text_in_every_form() -> None:
    """No tag of theirs becomes one."""
    interview, bank = example()
    page = shared_page(interview, words_of(interview, bank), bank, files="/x")
    assert "<b>" not in "".join(say.html for say in page.turns[0].says)
    assert "“\\<b\\>alpha\\</b\\>”" in markdown(words_of(interview, bank))


def test_the_files_are_there_for_the_owner_alone(alice: TestClient, bob: TestClient, bank: Bank) -> None:
    """From the page's address and from the API's; anybody else finds nothing."""
    interview = started(alice, questions=1)
    answer(alice, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.STRONG))
    for path in ("/interviews/{}/report.pdf", "/api/interviews/{}/report.pdf"):
        reply = alice.get(path.format(interview["id"]))
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/pdf")
        assert reply.content.startswith(b"%PDF")
        assert "interview-" in reply.headers["content-disposition"]
        assert bob.get(path.format(interview["id"])).status_code == 404


def test_the_json_has_the_figures_and_the_words(alice: TestClient, bank: Bank) -> None:
    """Talk, time, what was missed, who marked; the first draft dates the first word."""
    interview = started(alice, questions=1)
    alice.put(f"/api/interviews/{interview['id']}/draft", json={"turn": 1, "text": " ", "sequence": 1})
    alice.put(f"/api/interviews/{interview['id']}/draft", json={"turn": 1, "text": "Um", "sequence": 2})
    interview = answer(alice, interview, sample(bank, interview["turns"][0]["question"]["id"], Band.PARTIAL))
    alice.post(f"/api/interviews/{interview['id']}/finish")
    body = alice.get(f"/api/interviews/{interview['id']}/report").json()
    (turn,) = body["turns"]
    assert body["words"]["headline"] == "Too few answers to speak of a level."
    assert turn["missed"]
    assert body["graders"] == [{"grader": "fuzzy", "model": None, "score": turn["score"], "graded": 1}]
    assert 0 <= turn["figures"]["first_word_s"] <= turn["figures"]["answer_s"]
    assert body["talk"]["words"] == turn["figures"]["words"] > 10
    assert body["interview"]["id"] == interview["id"]


def test_a_level_is_named_by_what_was_marked_at_it_or_above() -> None:
    """The reason of an adaptive interview says so, and how the level moved."""
    hard = [a_question(f"s{n}", level=Level.SENIOR) for n in range(3)]
    turns = [marked(1, ASKED, {}), *(marked(n + 2, q, {"p3": 1, "p2": 1, "p1": 1}) for n, q in enumerate(hard))]
    interview = over(turns, plan=Plan(pack="pack", level=Level.MID, adaptive=True))
    whole = words_of(interview, a_bank(ASKED, *hard))
    assert whole.headline == "These answers were at senior level."
    assert whole.reason == (
        "Judged at senior level by 3 answers there or above: mean 100; it reads from 70. "
        "The score is the mean of all 4."
    )
    (levels,) = (table for table in whole.tables if table.id == "levels")
    assert levels.note == "The level followed the answers: began at mid level, from question 2 at senior level."
    assert [row.cells for row in levels.rows] == [("0 (1 of 1 marked)",), ("100 (3 of 3 marked)",)]
    assert whole.turns[1].title == "Basics, senior level"


def test_in_a_pdf_a_letter_with_hundreds_of_accents_has_a_few_of_them() -> None:
    """A line of nothing but accents has no width, and the time to break it grows with the square of its length."""
    paper = Paper("x", made_at=T0)
    assert paper.clean("e" + "\u0301" * 20 + "f\u0301") == "e" + "\u0301" * MOST_ACCENTS + BOX * 12 + "f\u0301"
    assert paper.missing == 12
    assert bytes(paper.output()).startswith(b"%PDF-")  # which closes the files of its fonts
