"""Questions <-> GIFT, the text format that Moodle and other programs read.

Essay questions and multiple choice, one right option or several, with a word to each option. Id, level, topic and what
a question covers stand in the comment above it, as Moodle writes ids and tags there (docs.moodle.org/en/GIFT_format).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from interviewer.bank.exchange.drafts import Draft, Read, Reading, Row, identity
from interviewer.domain import Question, QuestionKind

_SPECIAL = re.compile(r"[\\~=#{}:]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HIDDEN = 0xDC00
"""Escaped characters are moved here while the rest is taken apart: no text of UTF-8 has such code points."""
_IN_COMMENT = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.)+)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d+)?)%")
_FORMAT = re.compile(r"\[(?:html|moodle|plain|markdown)\]\s*")
_TRUTHS = {"T", "F", "TRUE", "FALSE"}


def written(questions: Iterable[Question]) -> str:
    """The questions as GIFT."""
    return "\n\n".join(_question(question) for question in questions) + "\n"


def read(content: bytes, file: str) -> Read:
    """The essay and multiple choice questions of a GIFT file; others are left out."""
    reading = Reading(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.wrong(0, f"is not UTF-8 text (byte {error.start})")
        return reading.done()
    for line, lines in _blocks(text):
        _read_block(line, lines, reading)
    return reading.done()


def _question(question: Question) -> str:
    tags = [f"level-{question.level}", f"topic-{question.topic}", *(f"covers-{id_}" for id_ in question.covers)]
    comment = " ".join([f"[id:{question.id}]", *(f"[tag:{tag}]" for tag in tags)])
    head = f"// {comment}\n::{_escaped(question.id)}::{_marked(question.ask)}"
    if question.kind is not QuestionKind.CHOICE:
        return f"{head}{{####{_escaped(question.reference)}}}"
    right = sum(option.correct for option in question.options)
    lines = []
    for option in question.options:
        share = 100 / right if option.correct else -100 / right
        mark = ("=" if option.correct else "~") if right == 1 else f"~%{share:.5f}%"
        lines.append(f"\t{mark}{_escaped(option.text)}#{_escaped(option.why)}")
    return "\n".join([f"{head}{{", *lines, f"\t####{_escaped(question.takeaway)}", "}"])


def _escaped(text: str) -> str:
    """Special characters and line ends as GIFT writes them; a leading bracket would be taken for a format."""
    told = _SPECIAL.sub(lambda found: f"\\{found[0]}", text).replace("\n", "\\n")
    return f"[markdown]{told}" if told.startswith("[") else told


def _marked(text: str) -> str:
    """The text with its format in front."""
    told = _escaped(text)
    return told if told.startswith("[markdown]") else f"[markdown]{told}"


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """First line and lines of each question: they are divided by blank lines."""
    lines: list[str] = []
    for number, line in enumerate([*text.replace("\r\n", "\n").split("\n"), ""], 1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield number - len(lines), lines
            lines = []


def _read_block(line: int, lines: Sequence[str], reading: Reading) -> None:
    comments = [each for each in lines if each.lstrip().startswith("//")]
    body = [each for each in lines if not each.lstrip().startswith("//")]
    if not body or body[0].lstrip().startswith("$CATEGORY:"):
        body = body[1:]
    if not body:
        return
    line += next(number for number, each in enumerate(lines) if each is body[0])
    name, text = _named(_hidden("\n".join(body)).strip())
    if text.count("{") != 1 or text.count("}") != 1 or text.index("{") > text.index("}"):
        if "{" in text or "}" in text:
            reading.wrong(line, "one pair of braces is expected; others are written \\{ and \\}")
        else:
            reading.leave_out(line, "a description asks nothing")
        return
    ask, _, rest = text.partition("{")
    answers, _, behind = rest.partition("}")
    if behind.strip():
        reading.leave_out(line, "a gap to fill in")
        return
    says = _from_comments(comments) | {"ask": _shown(ask)}
    says["id"], id_is_made = identity(says.get("id", ""), _shown(name), says["ask"])
    if not says["ask"]:
        reading.wrong(line, "there is no question before the brace")
    elif _read_answers(answers, says, line, reading):
        reading.drafts.append(Draft(line=line, says=says, id_is_made=id_is_made))


def _named(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    name, _, rest = text[2:].partition("::")
    return name, rest


def _from_comments(comments: Sequence[str]) -> Row:
    says: Row = {}
    for kind, value in _IN_COMMENT.findall("\n".join(comments)):
        value = _ESCAPED.sub(r"\1", value).strip()
        key, _, told = value.partition("-")
        if kind == "id":
            says["id"] = value
        elif key in ("level", "topic") and told:
            says[key] = told
        elif key == "covers" and told:
            says.setdefault("covers", []).append(told)
    return says


def _read_answers(answers: str, says: Row, line: int, reading: Reading) -> bool:
    """Whether it is a kind of question that has a place here; adds what it says."""
    at = answers.rfind("####")
    answers, general = (answers[:at].strip(), _shown(answers[at + 4 :])) if at >= 0 else (answers.strip(), "")
    if not answers:
        says |= {"kind": "open"} | ({"reference": general} if general else {})
        return True
    if "~" not in answers:
        truth = answers.partition("#")[0].strip().upper() in _TRUTHS
        what = "numbers" if answers.startswith("#") else "pairs to match" if "->" in answers else "short answers"
        reading.leave_out(line, "a true-or-false question" if truth else f"a question with {what}")
        return False
    if answers[0] not in "~=":
        reading.wrong(line, "an option begins with ~ or =")
        return False
    options = [_option(part) for part in re.split(r"(?=[~=])", answers) if part.strip()]
    says |= {"kind": "choice", "options": options} | ({"takeaway": general} if general else {})
    return True


def _option(part: str) -> Row:
    sign, told = part[0], part[1:].lstrip()
    weight = _WEIGHT.match(told)
    text, _, why = told[weight.end() if weight else 0 :].partition("#")
    correct = float(weight[1]) > 0 if weight else sign == "="
    return {"text": _shown(text), "correct": correct, "why": _shown(why)}


def _hidden(text: str) -> str:
    """Escaped characters moved out of the way."""
    return _ESCAPED.sub(lambda found: chr(_HIDDEN + ord(found[1])) if ord(found[1]) < 128 else found[0], text)


def _shown(text: str) -> str:
    """The text as it is read: its format taken off, escaped characters back in their places."""
    bare = text.strip()
    if format_ := _FORMAT.match(bare):
        bare = bare[format_.end() :]
    back = {_HIDDEN + code: chr(code) for code in range(128)} | {_HIDDEN + ord("n"): "\n"}
    return bare.translate(back).strip()
