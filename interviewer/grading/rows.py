"""One line of JSON Lines -> `Row`: somebody's answer with what it is marked against, and what people gave it.

In:  `{id, question, answer, group?, reference?, points?, misconceptions?, score?, marks?, level?, tier?}`; whatever
     else stands there is ignored.
Out: rows, or problems that name file and line and never hold the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic import StringConstraints as Constraints

from interviewer.domain import Level, Misconception, Point, Question, QuestionKind
from interviewer.errors import RowProblem
from interviewer.grading.references import points_of

PENALTY = 20
"""What a misconception costs when the row does not say."""
HUNDREDTHS = 100
"""Weights with a fraction are counted in hundredths, because the rubric's are whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An answer to be marked. `score` and the credits in `marks` are 0..1, given by people.

    `questions` holds one for each reference; exactly one when the points are given.
    """

    id: str
    group: str
    questions: tuple[Question, ...]
    answers: tuple[str, ...]
    score: float | None
    marks: Mapping[str, float] | None
    level: str | None
    tier: str | None
    line: int


def read_rows(lines: Iterable[bytes], file: str, *, scored: bool = False) -> Iterator[Row | RowProblem]:
    """Rows in the order of the lines, a problem in place of each that does not fit; empty lines are passed over.

    `scored` asks for a human score on every row.
    """
    taken: dict[str, int] = {}
    number, seen = 0, False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        seen = True
        try:
            row = parse_row(_text(line, first=number == 1), line=number)
        except ValueError as error:
            yield RowProblem(file, number, str(error))
            continue
        first = taken.setdefault(row.id, number)
        if first != number:
            yield RowProblem(file, number, f"id {row.id!r} is taken by line {first}: give each row its own")
        elif scored and row.score is None:
            yield RowProblem(file, number, "score: missing; to compare with people, each row needs theirs, from 0 to 1")
        else:
            yield row
    if not seen:
        yield RowProblem(file, 0, "there are no rows in it: write one JSON object on each line")


def parse_row(text: str, *, line: int = 1) -> Row:
    """The row that a line of JSON describes.

    Raises:
        ValueError: the line does not fit; the message says what to mend and never holds the answer.
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("not valid JSON: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON (column {error.pos + 1}): {error.msg}") from None
    except ValueError:
        raise ValueError("not valid JSON: a number is too long") from None
    if not isinstance(data, dict):
        raise ValueError(f"must be a JSON object in braces, is {_JSON_NAMES.get(type(data), 'a number')}")
    try:
        return _row(_RowShape.model_validate(data), line)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise ValueError("; ".join(dict.fromkeys(map(_plain, faults)))) from None


# ---- what may stand in a line


def _listed(value: object) -> object:
    if not isinstance(value, str | list):
        raise ValueError("must be text or a list of texts")
    return [value] if isinstance(value, str) else value


def _mapped(value: object) -> object:
    """`[{"point": "a", "credit": 1}]` as `{"a": 1}`."""
    if not isinstance(value, list):
        return value
    pairs = [(mark.get("point"), mark.get("credit")) if isinstance(mark, dict) else (None, None) for mark in value]
    if any(not isinstance(point, str) for point, _ in pairs):
        raise ValueError('each mark must be {"point": id, "credit": 0..1}')
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a point is marked twice")
    return dict(pairs)


Name = Annotated[str, Field(coerce_numbers_to_str=True), Constraints(strip_whitespace=True, min_length=1)]
Text = Annotated[str, Constraints(strip_whitespace=True, min_length=1)]
Share = Annotated[float, Field(ge=0, le=1, strict=True, allow_inf_nan=False)]
CueGroups = list[Annotated[list[Text], Field(min_length=1)]]


class _PointShape(BaseModel):
    id: Name
    says: Text
    weight: float = Field(default=1.0, gt=0, le=1000, strict=True, allow_inf_nan=False)
    cues: CueGroups | None = None


class _MisconceptionShape(BaseModel):
    id: Name
    says: Text
    cues: CueGroups | None = None
    penalty: int = Field(default=PENALTY, ge=0, le=100)
    fix: str | None = None


class _RowShape(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Name
    group: Name | None = None
    question: Text
    reference: Annotated[list[str], BeforeValidator(_listed)] | None = None
    points: list[_PointShape] | None = None
    misconceptions: list[_MisconceptionShape] | None = None
    answer: Annotated[list[str], BeforeValidator(_listed)]
    score: Share | None = None
    marks: Annotated[dict[str, Share], BeforeValidator(_mapped)] | None = None
    level: Name | None = None
    tier: Name | None = Field(default=None, validation_alias=AliasChoices("tier", "kind"))

    @property
    def references(self) -> list[str]:
        return [text.strip() for text in self.reference or () if text.strip()]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.points and not self.references:
            raise ValueError("neither reference nor points: give at least one to mark against")
        for kind, given in (("point", self.points), ("misconception", self.misconceptions)):
            ids = [each.id for each in given or ()]
            if twice := [name for name in dict.fromkeys(ids) if ids.count(name) > 1]:
                raise ValueError(f"{kind} id {twice[0]!r} stands twice: give each its own")
        return self


# ---- from what stands there to the domain's nouns


def _row(shape: _RowShape, line: int) -> Row:
    questions = _questions(shape)
    known = {point.id for question in questions for point in question.points}
    if unknown := [point for point in shape.marks or () if point not in known]:
        raise ValueError(f"marks: there is no point {unknown[0]!r} in this row")
    return Row(
        id=shape.id,
        group=shape.group or shape.question,
        questions=questions,
        answers=tuple(shape.answer),
        score=shape.score,
        marks=shape.marks,
        level=shape.level,
        tier=shape.tier,
        line=line,
    )


def _questions(shape: _RowShape) -> tuple[Question, ...]:
    if shape.points:
        points = _points(shape.points)
        return (_question(shape, as_prose(shape.references or [point.says for point in points]), points),)
    cut = [(reference, _cut(reference, shape.question)) for reference in shape.references]
    if any(not points for _, points in cut):
        raise ValueError("reference: holds no sentence to mark against")
    return tuple(_question(shape, reference, points) for reference, points in cut)


def as_prose(sentences: list[str]) -> str:
    """Sentences as prose, each with an end of its own."""
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in sentences)


def _question(shape: _RowShape, reference: str, points: tuple[Point, ...]) -> Question:
    """A question named after its group: rows of one question share an equal value, which graders may remember."""
    return Question(
        id=shape.group or shape.question,
        pack="",
        kind=QuestionKind.OPEN,
        level=Level(shape.level) if shape.level in set(Level) else Level.MID,
        topic="",
        ask=shape.question,
        reference=reference,
        points=points,
        misconceptions=tuple(
            Misconception(
                id=given.id,
                says=given.says,
                cues=_cues(given.cues),
                penalty=given.penalty,
                fix=given.fix or f"This is not so: {given.says}",
            )
            for given in shape.misconceptions or ()
        ),
        hints=(),
        takeaway="",
        samples=(),
        sources=(),
    )


def _points(given: list[_PointShape]) -> tuple[Point, ...]:
    scale = 1 if all(point.weight.is_integer() for point in given) else HUNDREDTHS
    return tuple(
        Point(id=point.id, says=point.says, weight=max(1, round(point.weight * scale)), cues=_cues(point.cues))
        for point in given
    )


@lru_cache(maxsize=1024)
def _cut(reference: str, asked: str) -> tuple[Point, ...]:
    return points_of(reference, asked)


def _cues(groups: CueGroups | None) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in groups or ())


_JSON_NAMES = {list: "a list", str: "text", bool: "true or false", type(None): "null"}


def _text(line: bytes, *, first: bool) -> str:
    try:
        text = line.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start + 1} of the line): save the file as UTF-8") from None
    if "\0" in text:
        raise ValueError("not text: it holds zero bytes; give a file of JSON Lines in UTF-8")
    return text


def _plain(fault: Any) -> str:
    where = ".".join(str(step + 1) if isinstance(step, int) else step for step in fault["loc"])
    says = str(fault["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    says = _FAULTS.get(fault["type"], says)
    return f"{where}: {says}" if where else says


_FAULTS = {
    "missing": "missing",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_type": "must be text",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
}
"""pydantic's types of faults in plain words."""
