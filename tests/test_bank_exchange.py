"""Questions from and for other programs: there and back, what others write, what means harm."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from interviewer import bank as banks
from interviewer.bank import Bank
from interviewer.bank.exchange import MOST_BYTES, Format, csv_file, gift, moodle, read, written
from interviewer.bank.exchange.drafts import Row, completed, row_of
from interviewer.bank.exchange.html_text import markdown
from interviewer.bank.exchange.yaml_text import yaml_of
from interviewer.bank.format import question as question_of
from interviewer.bank.held import ONE
from interviewer.cli import app
from interviewer.domain import QuestionKind
from interviewer.errors import RowsError
from tests.test_bank import CHOICE, PACK, QUESTION, write

run = CliRunner().invoke
READERS = {Format.GIFT: gift.read, Format.MOODLE_XML: moodle.read, Format.CSV: csv_file.read}
HELD = {  # what a file of each kind says of a question, by kind of question
    (Format.GIFT, "open"): {"id", "kind", "level", "topic", "ask", "reference", "covers"},
    (Format.GIFT, "choice"): {"id", "kind", "level", "topic", "ask", "options", "takeaway", "covers"},
    (Format.MOODLE_XML, "choice"): {"id", "kind", "level", "topic", "ask", "options", "hints", "takeaway", "covers"},
}
ONE_RIGHT = CHOICE.replace("id: q-two", "id: q-three").replace(
    "correct: true, why: It comes with a d", "correct: false, why: D"
)
FULL = f"{QUESTION}  covers: [Q001, Q002]\n  holds_for: {{fastapi: '>=0.1'}}\n{CHOICE}  covers: [Q003]\n{ONE_RIGHT}"
NASTY = (
    '=1+1, `{"a": [1]}` ~half~ 50% #1 \\n \\\\ a\\:b :: ####\n\n// no comment\n'
    "- [html] <b>&amp;</b> ]]> 'q' --> \u00e9\u2028 {"
)
SHORT_TEXT = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(str.strip).filter(bool)
)


def said(form: Format, row: Row) -> Row:
    """What a file of that kind should give back of a row; ids of options are made anew where there are none."""
    keys = HELD.get((form, row["kind"]), set(row))
    kept = {key: value for key, value in row.items() if key in keys}
    if form is not Format.CSV and "options" in kept:
        kept["options"] = [{key: option[key] for key in ("text", "correct", "why")} for option in kept["options"]]
    return kept


def back(form: Format, bank: Bank) -> list[Row]:
    """The rows of a bank after a journey."""
    found = READERS[form](written(bank.questions, form).encode(), "file")
    assert (found.problems, found.left_out) == ((), ())
    assert not any(draft.id_is_made for draft in found.drafts)
    return [draft.says for draft in found.drafts]


@pytest.mark.parametrize("form", list(Format))
def test_a_journey_there_and_back_loses_nothing_that_the_format_holds(tmp_path: Path, form: Format) -> None:
    """Open questions, one right option, several."""
    bank = banks.load(write(tmp_path, FULL))
    assert back(form, bank) == [said(form, row_of(question)) for question in bank.questions]


@pytest.mark.parametrize("form", list(Format))
def test_the_shipped_bank_makes_the_journey_too(bank: Bank, form: Format) -> None:
    """With its code, Markdown and quotes."""
    assert back(form, bank) == [said(form, row_of(question)) for question in bank.questions]


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize(
    "text", [NASTY, "[html] in front", "::name:: in front", "%50% in front", "'=quoted", "@x", "T"]
)
def test_characters_that_mean_something_to_a_format_come_back(tmp_path: Path, form: Format, text: str) -> None:
    """In question, option, reason and reference."""
    choice, opened = yaml.safe_load(CHOICE)[0], yaml.safe_load(QUESTION)[0]
    choice["ask"] = choice["takeaway"] = choice["options"][0]["text"] = choice["options"][1]["why"] = text
    opened["ask"] = opened["reference"] = text
    bank = banks.load(write(tmp_path, yaml_of([choice, opened])))
    assert bank.questions[0].options[0].text == text
    assert back(form, bank) == [said(form, row_of(question)) for question in bank.questions]


@settings(deadline=None)  # the first of them waits for imports
@given(SHORT_TEXT, SHORT_TEXT, SHORT_TEXT, st.sampled_from(list(Format)))
def test_any_text_makes_the_journey(ask: str, option: str, why: str, form: Format) -> None:
    """Whatever can be typed."""
    row = yaml.safe_load(CHOICE)[0]
    row["ask"], row["options"][2]["text"], row["options"][2]["why"] = ask, option, why
    question = question_of(ONE.validate_python(row), "pack")
    found = READERS[form](written([question], form).encode(), "file")
    assert [draft.says for draft in found.drafts] == [said(form, row_of(question))]


def test_a_row_is_what_the_reader_made_the_question_of(bank: Bank) -> None:
    """As YAML, too: what is written can be read."""
    for question in bank.questions:
        assert question_of(ONE.validate_python(row_of(question)), question.pack) == question
        assert yaml.safe_load(yaml_of(row_of(question))) == row_of(question)


def test_yaml_is_written_as_people_write_it() -> None:
    """Keys in their order, several lines as a block, short lists in one line."""
    text = yaml_of([{"id": "a", "ask": "one\ntwo", "cues": [["a", "b"], ["c"]], "covers": ["Q001"]}])
    assert text == "- id: a\n  ask: |-\n    one\n    two\n  cues:\n    - [a, b]\n    - [c]\n  covers: [Q001]\n"


# ---- what other programs write

GIFT = """\
// made by hand
$CATEGORY: $course$/top

//[id:grant 1] [tag:level-mid]
::Grant's tomb::Who is buried in Grant's tomb in New York City? {
=Grant
~No one
~%50%Nobody # two people are
}

What does FastAPI stand on? {~Flask#It is older. =Starlette#Yes. ~Django =Pydantic}

Say in your words what a \\{brace\\} is. {}

Two plus two is {=four =4}.

Is it so? {T}

Which are right? {
    ~%50%this#well
    ~%50%that
    ~%-100%neither####Both are.
}

How much? {#4:1}

Match. {=a -> b =c -> d}

Only words.
"""


def test_gift_as_others_write_it() -> None:
    """Essay and multiple choice are read, the rest is named with its line and left out."""
    found = gift.read(GIFT.encode(), "q.gift")
    assert found.problems == ()
    assert [(draft.line, draft.says["id"], draft.says["kind"]) for draft in found.drafts] == [
        (5, "grant-1", "choice"),
        (11, "what-does-fastapi-stand-on", "choice"),
        (13, "say-in-your-words-what-a-brace-is", "open"),
        (19, "which-are-right", "choice"),
    ]
    grant, stands, brace, right = (draft.says for draft in found.drafts)
    assert grant["ask"] == "Who is buried in Grant's tomb in New York City?"
    assert grant["level"] == "mid"
    assert [(option["text"], option["correct"], option["why"]) for option in grant["options"]] == [
        ("Grant", True, ""),
        ("No one", False, ""),
        ("Nobody", True, "two people are"),
    ]
    assert [option["correct"] for option in stands["options"]] == [False, True, False, True]
    assert brace["ask"] == "Say in your words what a {brace} is."
    assert (right["takeaway"], [option["correct"] for option in right["options"]]) == ("Both are.", [True, True, False])
    assert [str(one) for one in found.left_out] == [
        "q.gift:15: a gap to fill in",
        "q.gift:17: a true-or-false question",
        "q.gift:25: a question with numbers",
        "q.gift:27: a question with pairs to match",
        "q.gift:29: a description asks nothing",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n\nWhat { =a ~b\n", "q.gift:3: one pair of braces is expected"),
        ("What {=a {~b}}", "q.gift:1: one pair of braces is expected"),
        ("What {a ~b}", "q.gift:1: an option begins with ~ or ="),
        ("{=a ~b}", "q.gift:1: there is no question before the brace"),
        (b"\xff\xfe", "q.gift: is not UTF-8 text"),
    ],
)
def test_gift_that_is_broken_is_named_with_its_line(text: str | bytes, message: str) -> None:
    """Nothing is guessed."""
    found = gift.read(text if isinstance(text, bytes) else text.encode(), "q.gift")
    assert message in str(found.problems[0])


MOODLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category"><category><text>$course$/top</text></category></question>
  <question type="multichoice">
    <name><text>What a 201 says</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>What does <code>201</code> say?</p><ul><li>pick</li></ul>]]></text>
    </questiontext>
    <generalfeedback format="html"><text>&lt;p&gt;Created.&lt;/p&gt;</text></generalfeedback>
    <single>true</single>
    <answer fraction="100" format="html">
      <text>Created</text><feedback format="html"><text>Yes.</text></feedback>
    </answer>
    <answer fraction="0"><text>&lt;script&gt;x&lt;/script&gt;Found</text><feedback><text/></feedback></answer>
  </question>
  <question type="essay">
    <name><text>Explain</text></name>
    <questiontext format="moodle_auto_format"><text>Explain ASGI.</text></questiontext>
    <graderinfo format="html"><text>A contract between &lt;b&gt;server&lt;/b&gt; and application.</text></graderinfo>
    <tags><tag><text>level-senior</text></tag><tag><text>fun</text></tag></tags>
  </question>
  <question type="matching"><name><text>m</text></name></question>
</quiz>
"""


def test_moodle_xml_as_moodle_writes_it() -> None:
    """HTML becomes Markdown; what graders are told is the reference; other kinds are left out."""
    found = moodle.read(MOODLE.encode(), "q.xml")
    assert found.problems == ()
    choice, essay = found.drafts
    assert (choice.line, choice.id_is_made) == (4, True)
    assert choice.says == {
        "id": "what-a-201-says",
        "kind": "choice",
        "ask": "What does `201` say?\n\n* pick",
        "takeaway": "Created.",
        "options": [
            {"text": "Created", "correct": True, "why": "Yes."},
            {"text": "Found", "correct": False, "why": ""},
        ],
    }
    assert essay.says["reference"] == "A contract between server and application."
    assert essay.says["level"] == "senior"
    assert [str(one) for one in found.left_out] == ["q.xml:22: a question of type matching"]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    "<quiz><question type='essay'><questiontext><text>&b;</text></questiontext></question></quiz>"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LAUGHS, "q.xml:1: a document type declaration is not read"),
        ('<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', "a document type declaration is not read"),
        ("<quiz>\n<question>\n</quiz>", "q.xml:3: not valid XML: mismatched tag"),
        ("<quiz>&other;</quiz>", "not valid XML: undefined entity"),
        ("", "not valid XML: no element found"),
        ("<other/>", "the outermost element is <other>, not <quiz>"),
        ("<a>" * 100, "elements nest deeper than 40"),
        ('<?xml version="1.0" encoding="no-such"?><quiz/>', "its encoding cannot be read: unknown encoding: no-such"),
        ("<quiz>\n<question type='essay'/></quiz>", "q.xml:2: the question has no text"),
        (MOODLE.replace('fraction="100"', 'fraction="all"'), "q.xml:11: fraction 'all' is no number"),
    ],
)
def test_xml_that_is_broken_or_means_harm_is_refused_with_its_line(text: str, message: str) -> None:
    """No entity is expanded, no file opened, no address asked."""
    assert message in str(moodle.read(text.encode(), "q.xml").problems[0])


@pytest.mark.parametrize(
    ("rubric", "message"),
    [
        ("a: &amp;x [1]\npoints: *x", "it must not refer to a part of itself"),
        ("points: " + "[" * 5000, "nests deeper than 12"),
        ("points: [", "is not valid YAML"),
        ("level: mid", "may have reference, points"),
        ("- 1", "may have reference, points"),
        ("!!python/object/apply:os.system [ls]", "is not valid YAML"),
    ],
)
def test_a_rubric_in_grader_information_is_no_way_in(rubric: str, message: str) -> None:
    """It is YAML that strangers may have written."""
    text = MOODLE.replace("A contract between", f"{moodle.RUBRIC}{rubric}").replace(
        '<graderinfo format="html">', '<graderinfo format="plain_text">'
    )
    text = text.replace(" &lt;b&gt;server&lt;/b&gt; and application.", "")
    assert message in str(moodle.read(text.encode(), "q.xml").problems[0])


def test_csv_as_people_write_it() -> None:
    """A question and some options are enough; numbers name the right ones."""
    text = 'ask,option_1,option_2,option_3,right,why_1,level\nWhich?,a,b,c,"1, 3",since,mid\nWhy?,,,,,,\n,,,,,,\n'
    found = csv_file.read(text.encode("utf-8-sig"), "q.csv")
    assert found.problems == ()
    choice, opened = (draft.says for draft in found.drafts)
    assert [(option["text"], option["correct"], option["why"]) for option in choice["options"]] == [
        ("a", True, "since"),
        ("b", False, None),
        ("c", True, None),
    ]
    assert (choice["id"], choice["kind"], choice["level"]) == ("which", "choice", "mid")
    assert opened == {"id": "why", "kind": "open", "ask": "Why?"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question\nWhy?\n", "q.csv:1: there is no column `ask`"),
        ("ask,colour\nWhy?,red\n", "q.csv:1: unknown column 'colour'"),
        ("ask\nWhy?,red\n", "q.csv:2: there are more cells than columns (1)"),
        ('ask,points\n"Why?\n\nWell?",[1\n', "q.csv:2: points: not valid JSON"),
        ("ask,option_1,right\nWhy?,a,2\n", "q.csv:2: right: there is no option '2'"),
        ("ask,option_1,option_ids\nWhy?,a,a b\n", "q.csv:2: option_ids: 2 ids for 1 options"),
        ("ask,level\n,mid\n", "q.csv:2: `ask` is empty"),
        ('ask\n"Why?\n', "not valid CSV"),
        ("ask,points\nWhy?," + "[" * 100_000 + "\n", "points: not valid JSON"),
        ("", "there is no column `ask`"),
    ],
)
def test_csv_that_does_not_fit_is_named_with_its_line(text: str, message: str) -> None:
    """The line the question begins in, also behind cells of several lines."""
    assert message in str(csv_file.read(text.encode(), "q.csv").problems[0])


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path) -> None:
    """An apostrophe in front makes it text, and goes again."""
    row = yaml.safe_load(CHOICE)[0] | {"ask": '=HYPERLINK("x")', "takeaway": "'-1"}
    bank = banks.load(write(tmp_path, yaml_of([row])))
    cells = next(csv.DictReader(io.StringIO(written(bank.questions, Format.CSV), newline="")))
    assert (cells["ask"], cells["takeaway"]) == ('\'=HYPERLINK("x")', "''-1")
    assert back(Format.CSV, bank)[0]["ask"] == '=HYPERLINK("x")'


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    """Before it is read."""
    with pytest.raises(RowsError, match="check the path"):
        read(tmp_path / "none.csv", Format.CSV)
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(RowsError, match="import it in parts"):
        read(large, Format.CSV)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two<br/>three</p>", "One\n\ntwo\nthree"),
        ("<pre>a\n  b &lt; c</pre>", "```\na\n  b < c\n```"),
        ("a &amp; b <style>p {}</style><em>c</em>", "a & b c"),
        ("<ul><li>a<li>b</ul>", "* a\n* b"),
        ("plain", "plain"),
    ],
)
def test_html_becomes_markdown(html: str, text: str) -> None:
    """As far as questions need it."""
    assert markdown(html) == text


# ---- the commands


@pytest.mark.parametrize("form", list(Format))
def test_a_bank_is_exported_and_imported_into_an_empty_one(tmp_path: Path, form: Format) -> None:
    """What a format does not hold is a placeholder, and the bank can be read."""
    source, target = tmp_path / "a", tmp_path / "b"
    source.mkdir()
    target.mkdir()
    write(source, FULL)
    write(target, QUESTION.replace("q-one", "q-zero"))
    file = tmp_path / "questions"
    done = run(app, ["bank", "export", str(file), "--format", form, "--bank", str(source)])
    assert done.output == f"3 questions written to {file}.\n"
    result = run(app, ["bank", "import", str(file), "--format", form, "--bank", str(target)])
    assert (result.exit_code, result.exception) == (0, None)
    assert "q-two: added to fastapi/basics.yaml" in result.output
    before, after = banks.load(source).questions, banks.load(target).questions
    assert [question.id for question in after] == ["q-zero", "q-one", "q-two", "q-three"]
    assert [question.ask for question in after[1:]] == [question.ask for question in before]
    if form is Format.CSV:
        assert list(after[1:]) == list(before)
    again = run(app, ["bank", "import", str(file), "--format", form, "--bank", str(target)])
    assert "the id 'q-one' is taken in the bank" in str(again.exception)
    assert len(banks.load(target).questions) == 4


def test_an_export_writes_over_nothing_unless_told_to(tmp_path: Path) -> None:
    """And goes to the standard output for a dash."""
    folder = str(write(tmp_path, QUESTION))
    file = tmp_path / "there"
    file.write_text("mine")
    command = ["bank", "export", str(file), "--format", "csv", "--bank", folder]
    assert "is there already" in str(run(app, command).exception)
    assert file.read_text() == "mine"
    assert run(app, [*command, "--force"]).exit_code == 0
    piped = run(app, ["bank", "export", "-", "--format", "csv", "--bank", folder, "--pack", "fastapi"])
    assert piped.stdout_bytes == file.read_bytes()
    assert "There is no pack 'x'" in str(run(app, [*command, "--pack", "x"]).exception)


def test_an_import_takes_topic_and_level_from_the_command_and_makes_ids_of_its_own(tmp_path: Path) -> None:
    """The same file twice gives other ids, because its own are made from the questions."""
    folder = write(tmp_path, QUESTION)
    file = tmp_path / "q.gift"
    file.write_text("Which is it? {=a ~b ~c}\n\nWhy? {}\n\nTrue? {T}\n")
    command = ["bank", "import", str(file), "--format", "gift", "--bank", str(folder)]
    assert "does not say its level: give one with --level" in str(run(app, command).exception)
    command += ["--level", "mid"]
    assert "does not say its topic: give one with --topic" in str(run(app, command).exception)
    command += ["--topic", "basics"]
    dry = run(app, [*command, "--dry-run"])
    assert "- id: which-is-it\n  kind: choice\n" in dry.output
    assert len(banks.load(folder).questions) == 1
    first = run(app, command)
    assert f"{file}:5: a true-or-false question is left out" in first.output
    assert "which-is-it: added to fastapi/basics.yaml (unfinished)" in first.output
    assert run(app, command).exit_code == 0
    ids = [question.id for question in banks.load(folder).questions]
    assert ids == ["q-one", "which-is-it", "why", "which-is-it-2", "why-2"]
    assert [len(question.options) for question in banks.load(folder).questions] == [0, 4, 0, 4, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Which? {=a ~b ~c ~d ~e ~f ~g}", "q.gift:1: options: list should have at most 6 items"),
        ("\n\nWhich? {~a ~b}", "q.gift:3: at least one option must be correct"),
        ("//[id:q] [tag:level-expert]\nWhy? {}", "q.gift:2: level: input should be 'junior', 'mid' or 'senior'"),
        ("//[id:q]\nA? {}\n\n//[id:q]\nB? {}", "q.gift:5: the id 'q' is taken in line 2"),
    ],
)
def test_an_import_that_does_not_fit_changes_nothing(tmp_path: Path, text: str, message: str) -> None:
    """Every problem is named with its line."""
    folder = write(tmp_path, QUESTION)
    file = tmp_path / "q.gift"
    file.write_text(text)
    command = ["bank", "import", str(file), "--format", "gift", "--bank", str(folder), "--level", "mid"]
    assert message in str(run(app, [*command, "--topic", "basics"]).exception)
    assert (folder / "fastapi" / "basics.yaml").read_text(encoding="utf-8") == QUESTION


def test_a_topic_s_first_questions_begin_its_file(tmp_path: Path) -> None:
    """With the line that names the schema."""
    two = PACK.replace("share: 1.0}", "share: 0.5}\n  - {id: more, title: More, share: 0.5}")
    folder = write(tmp_path, QUESTION, two)
    file = tmp_path / "q.gift"
    file.write_text("Why? {}")
    command = ["bank", "import", str(file), "--format", "gift", "--bank", str(folder)]
    assert run(app, [*command, "--level", "mid", "--topic", "more"]).exit_code == 0
    assert (folder / "fastapi" / "more.yaml").read_text(encoding="utf-8").startswith("# yaml-language-server")
    assert {question.topic for question in banks.load(folder).questions} == {"basics", "more"}


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_what_a_file_leaves_unsaid_is_a_placeholder_that_loads(kind: QuestionKind) -> None:
    """The row of a bare question is one of the format."""
    bare: Row = {"id": "a", "kind": str(kind), "level": "mid", "topic": "t", "ask": "?"}
    if kind is QuestionKind.CHOICE:
        bare["options"] = [{"text": "x", "correct": True}]
    assert ONE.validate_python(completed(bare)).id == "a"
