"""Questions <-> Moodle XML: essay and multiple choice. Format: docs.moodle.org/en/Moodle_XML_format

What Moodle has no place for is kept where only graders look: an essay's rubric, as YAML, in its grader information.
Level, topic and what a question covers are tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element as Written
from xml.etree.ElementTree import SubElement, indent, tostring

import yaml

from interviewer.bank.exchange.drafts import Draft, Read, Reading, Row, identity, row_of
from interviewer.bank.exchange.html_text import markdown
from interviewer.bank.exchange.xml_tree import Element, NotXml, parsed
from interviewer.bank.exchange.yaml_text import data_of, yaml_of
from interviewer.domain import Question, QuestionKind

RUBRIC = "# Rubric of this question, as Interviewer reads it\n"
"""First line of grader information that can be read back."""
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_RUBRIC = (
    "reference", "points", "misconceptions", "samples", "analogy", "example", "sources", "holds_for", "near",
)  # fmt: skip


def written(questions: Iterable[Question]) -> str:
    """The questions as Moodle XML."""
    quiz = Written("quiz")
    for question in questions:
        _write(SubElement(quiz, "question"), row_of(question))
    indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, encoding="unicode") + "\n"


def read(content: bytes, file: str) -> Read:
    """The essay and multiple choice questions of a Moodle XML file; others are left out."""
    reading = Reading(file)
    try:
        quiz = parsed(content)
    except NotXml as error:
        reading.wrong(error.line, error.why)
        return reading.done()
    if quiz.name != "quiz":
        reading.wrong(quiz.line, f"the outermost element is <{quiz.name}>, not <quiz>")
    for element in quiz.all("question"):
        kind = element.attributes.get("type", "")
        if kind in ("essay", "multichoice"):
            _read_question(element, kind, reading)
        elif kind != "category":
            reading.leave_out(element.line, f"a question of type {kind or 'unknown'}")
    return reading.done()


def _write(element: Written, row: Row) -> None:
    is_choice = row["kind"] == QuestionKind.CHOICE
    element.set("type", "multichoice" if is_choice else "essay")
    _text(SubElement(element, "name"), row["id"])
    _text(SubElement(element, "questiontext", format="markdown"), row["ask"])
    _text(SubElement(element, "generalfeedback", format="markdown"), row["takeaway"])
    SubElement(element, "defaultgrade").text = "1"
    SubElement(element, "idnumber").text = row["id"]
    if is_choice:
        _write_options(element, row["options"])
    else:
        SubElement(element, "responseformat").text = "editor"
        rubric = {key: row[key] for key in _IN_RUBRIC if key in row}
        _text(SubElement(element, "graderinfo", format="plain_text"), RUBRIC + yaml_of(rubric))
    for hint in row.get("hints", ()):
        _text(SubElement(element, "hint", format="markdown"), hint)
    tags = SubElement(element, "tags")
    for tag in (f"level-{row['level']}", f"topic-{row['topic']}", *(f"covers-{id_}" for id_ in row.get("covers", ()))):
        _text(SubElement(tags, "tag"), tag)


def _write_options(element: Written, options: list[Row]) -> None:
    right = sum(option["correct"] for option in options)
    SubElement(element, "single").text = "true" if right == 1 else "false"
    SubElement(element, "shuffleanswers").text = "true"
    SubElement(element, "answernumbering").text = "abc"
    for option in options:
        wrong = 0.0 if right == 1 else -100 / right
        answer = SubElement(element, "answer", fraction=f"{100 / right if option['correct'] else wrong:.5f}")
        answer.set("format", "markdown")
        _text(answer, option["text"])
        _text(SubElement(answer, "feedback", format="markdown"), option["why"])


def _text(element: Written, text: str) -> None:
    SubElement(element, "text").text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _read_question(element: Element, kind: str, reading: Reading) -> None:
    says: Row = {"kind": "choice" if kind == "multichoice" else "open", "ask": _told(element.first("questiontext"))}
    if not says["ask"]:
        reading.wrong(element.line, "the question has no text")
        return
    number = element.first("idnumber")
    given = number.text.strip() if number else ""
    says["id"], id_is_made = identity(given, _told(element.first("name")), says["ask"])
    if takeaway := _told(element.first("generalfeedback")):
        says["takeaway"] = takeaway
    if hints := [hint for each in element.all("hint") if (hint := _told(each))]:
        says["hints"] = hints
    says |= _from_tags(element.first("tags"))
    if kind == "multichoice":
        says["options"] = [_option(answer, reading) for answer in element.all("answer")]
    else:
        says |= _from_grader_information(element.first("graderinfo"), reading)
    reading.drafts.append(Draft(line=element.line, says=says, id_is_made=id_is_made))


def _option(answer: Element, reading: Reading) -> Row:
    try:
        share = float(answer.attributes.get("fraction", "0"))
    except ValueError:
        reading.wrong(answer.line, f"fraction {answer.attributes['fraction']!r} is no number")
        share = 0.0
    return {"text": _told(answer), "correct": share > 0, "why": _told(answer.first("feedback"))}


def _from_tags(tags: Element | None) -> Row:
    says: Row = {}
    for tag in tags.all("tag") if tags else ():
        key, _, told = _told(tag).partition("-")
        if key in ("level", "topic") and told:
            says[key] = told
        elif key == "covers" and told:
            says.setdefault("covers", []).append(told)
    return says


def _from_grader_information(element: Element | None, reading: Reading) -> Row:
    """The rubric of a question that came from here; what somebody else wrote for graders is the reference."""
    told = _told(element)
    if element is None or not told:
        return {}
    if not told.startswith(RUBRIC):
        return {"reference": told}
    try:
        rubric = data_of(told)
    except yaml.YAMLError as error:
        reading.wrong(element.line, f"the rubric in its grader information is not valid YAML: {error}")
        return {}
    if isinstance(rubric, dict) and rubric.keys() <= set(_IN_RUBRIC):
        return rubric
    reading.wrong(element.line, f"the rubric in its grader information may have {', '.join(_IN_RUBRIC)} only")
    return {}


def _told(element: Element | None) -> str:
    """The text of an element; HTML, which Moodle takes for granted, as Markdown."""
    inner = element.first("text") if element else None
    if element is None or inner is None:
        return ""
    form = element.attributes.get("format", "html")
    plain = form != "html" or element.name in ("name", "tag")
    return inner.text.strip() if plain else markdown(inner.text)
