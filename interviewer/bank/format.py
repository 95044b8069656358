"""The format of the bank's files: what may stand in them, and how a row becomes a noun of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from interviewer.domain import (
    Band,
    Cues,
    Example,
    Level,
    Misconception,
    Near,
    Option,
    Point,
    Question,
    QuestionKind,
    Sample,
    VersionRange,
)
from interviewer.picker import MAX_QUESTIONS

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Package = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
Versions = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(~=|[=!<>]=|[<>]) ?\d")]
CueGroups = Annotated[list[Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]


def _with_reasons(given: Any) -> Any:
    if isinstance(given, list):
        raise ValueError("say why each of them shares points on purpose: `near: {other-id: the reason}`")
    return given


NearRows = Annotated[dict[Slug, Text], BeforeValidator(_with_reasons)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, use_attribute_docstrings=True)


class PointRow(_Row):
    """A point as it stands in a file."""

    id: Slug
    says: Text
    """One statement that can be true of an answer or not; the candidate reads it beside the mark."""
    weight: int = Field(ge=1, le=5)
    cues: CueGroups | None = None
    """Groups of alternatives: every group must be heard, any alternative of it will do."""
    probe: Text | None = None
    """Asks about this point and gives nothing of it away."""


class MisconceptionRow(_Row):
    """A misconception as it stands in a file."""

    id: Slug
    says: Text
    """A wrong belief that people have."""
    cues: CueGroups | None = None
    """Heard in one sentence, undenied: narrow enough for no right answer to trip them."""
    penalty: int = Field(ge=5, le=40)
    """What asserting it costs of 100."""
    fix: Text
    """What is so instead."""


class SampleRow(_Row):
    """A sample answer as it stands in a file."""

    band: Band
    """Where it must come out offline: strong 80 or more, partial 30 to 79, weak less than 30."""
    text: Text


class ExampleRow(_Row):
    """An example as it stands in a file."""

    code: Text
    test: Text
    """Runs after the code, in the tests, against the installed packages."""


class OptionRow(_Row):
    """An option of a choice question as it stands in a file."""

    id: Slug
    text: Text
    correct: bool
    why: Text
    """Why it is right or wrong; the candidate reads it."""


class _AnyQuestionRow(_Row):
    """What every kind of question has."""

    id: Slug
    """Lower case with hyphens; it never changes its meaning."""
    kind: str
    level: Level
    topic: Slug
    """An id from pack.yaml."""
    ask: Text
    """The question, as it is said. Markdown."""
    hints: list[Text] = Field(default=[], max_length=3)
    """First a nudge, then a bigger one."""
    takeaway: Text
    """One line worth remembering."""
    analogy: Text | None = None
    example: ExampleRow | None = None
    sources: list[Annotated[Text, StringConstraints(pattern=r"^https://")]] = Field(min_length=1)
    """Official documentation."""
    covers: list[Annotated[str, StringConstraints(pattern=r"^Q\d{3}$")]] = []
    """Rows of the table of what a bank should ask."""
    holds_for: dict[Package, Versions] = {}
    """Package and the versions for which the question is right."""
    near: NearRows = {}
    """Other questions that share points on purpose, each with the reason."""


class OpenRow(_AnyQuestionRow):
    """An open question as it stands in a file."""

    kind: Literal["open"]
    reference: Text
    """The full-mark answer in prose; scores 90 or more offline."""
    points: list[PointRow] = Field(min_length=3, max_length=6)
    misconceptions: list[MisconceptionRow] = Field(min_length=1, max_length=3)
    hints: list[Text] = Field(min_length=1, max_length=3)
    samples: list[SampleRow] = Field(min_length=3)
    """Four or more in varied voices, one of them confident and wrong."""

    @property
    def ids(self) -> dict[str, list[str]]:
        """The ids of its parts, by what they are."""
        return {"point": [p.id for p in self.points], "misconception": [m.id for m in self.misconceptions]}


class ChoiceRow(_AnyQuestionRow):
    """A choice question as it stands in a file."""

    kind: Literal["choice"]
    options: list[OptionRow] = Field(min_length=4, max_length=6)

    @property
    def ids(self) -> dict[str, list[str]]:
        """The ids of its parts, by what they are."""
        return {"option": [o.id for o in self.options]}

    @model_validator(mode="after")
    def _some_right_some_wrong(self) -> Self:
        right = sum(option.correct for option in self.options)
        if right == 0 or right == len(self.options):
            raise ValueError("at least one option must be correct, and at least one must not")
        return self


QuestionRow = Annotated[OpenRow | ChoiceRow, Field(discriminator="kind")]


class TopicRow(_Row):
    """A topic of a pack's blueprint."""

    id: Slug
    title: Text
    share: float = Field(gt=0, le=1)
    terms: list[Annotated[Text, StringConstraints(max_length=60)]] = []
    """What adverts and CVs call it: names and fixed phrases that mean nothing else."""


class ExamRow(_Row):
    """What a practice exam of the pack is like."""

    questions: int = Field(ge=1, le=MAX_QUESTIONS)
    minutes: int = Field(ge=1, le=600)
    pass_mark: int = Field(ge=1, le=100)
    """Score of 100 from which it is passed."""


class PackRow(_Row):
    """`pack.yaml`."""

    title: Text
    about: Text | None = None
    exam: ExamRow | None = None
    topics: list[TopicRow] = Field(min_length=1)


def question(row: OpenRow | ChoiceRow, pack: str) -> Question:
    """The question a row describes."""
    rubric = _of_choice(row) if isinstance(row, ChoiceRow) else _of_open(row)
    return Question(
        id=row.id,
        pack=pack,
        kind=QuestionKind(row.kind),
        level=row.level,
        topic=row.topic,
        ask=row.ask,
        hints=tuple(row.hints),
        takeaway=row.takeaway,
        sources=tuple(row.sources),
        covers=tuple(row.covers),
        analogy=row.analogy,
        example=Example(code=row.example.code, test=row.example.test) if row.example else None,
        holds_for=tuple(VersionRange(package=package, versions=of) for package, of in row.holds_for.items()),
        near=tuple(Near(question=other, why=why) for other, why in row.near.items()),
        **rubric,
    )


def _of_open(row: OpenRow) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "points": tuple(
            Point(id=p.id, says=p.says, weight=p.weight, cues=_cues(p.cues), probe=p.probe) for p in row.points
        ),
        "misconceptions": tuple(
            Misconception(id=m.id, says=m.says, cues=_cues(m.cues), penalty=m.penalty, fix=m.fix)
            for m in row.misconceptions
        ),
        "samples": tuple(Sample(band=s.band, text=s.text) for s in row.samples),
    }


def _of_choice(row: ChoiceRow) -> dict[str, Any]:
    options = tuple(Option(id=o.id, text=o.text, correct=o.correct, why=o.why) for o in row.options)
    return {
        "reference": " ".join(option.why for option in options if option.correct),
        "points": points_of(options),
        "misconceptions": misconceptions_of(options),
        "options": options,
        "samples": (),
    }


def points_of(options: Sequence[Option]) -> tuple[Point, ...]:
    """The right options as points of a rubric."""
    return tuple(Point(id=o.id, says=o.text, weight=1, cues=()) for o in options if o.correct)


def misconceptions_of(options: Sequence[Option]) -> tuple[Misconception, ...]:
    """The wrong options as misconceptions: one wrong tick costs what one right tick earns."""
    penalty = round(100 / sum(option.correct for option in options))
    return tuple(
        Misconception(id=o.id, says=o.text, cues=(), penalty=penalty, fix=o.why) for o in options if not o.correct
    )


def _cues(groups: list[list[str]] | None) -> Cues:
    return tuple(tuple(group) for group in groups or ())
