"""The format of the bank's files: what may stand in them, and how a row becomes a noun of the domain."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from interviewer.domain import Band, Cues, Example, Level, Misconception, Point, Question, QuestionKind, Sample

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
CueGroups = Annotated[list[Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class PointRow(_Row):
    """A point as it stands in a file."""

    id: Slug
    says: Text
    weight: int = Field(ge=1, le=5)
    cues: CueGroups | None = None
    probe: Text | None = None


class MisconceptionRow(_Row):
    """A misconception as it stands in a file."""

    id: Slug
    says: Text
    cues: CueGroups | None = None
    penalty: int = Field(ge=5, le=40)
    fix: Text


class SampleRow(_Row):
    """A sample answer as it stands in a file."""

    band: Band
    text: Text


class ExampleRow(_Row):
    """An example as it stands in a file."""

    code: Text
    test: Text


class QuestionRow(_Row):
    """A question as it stands in a file."""

    id: Slug
    kind: QuestionKind
    level: Level
    topic: Slug
    ask: Text
    reference: Text
    points: list[PointRow] = Field(min_length=3, max_length=6)
    misconceptions: list[MisconceptionRow] = Field(min_length=1, max_length=3)
    hints: list[Text] = Field(min_length=1, max_length=3)
    takeaway: Text
    analogy: Text | None = None
    example: ExampleRow | None = None
    samples: list[SampleRow] = Field(min_length=3)
    sources: list[Annotated[Text, StringConstraints(pattern=r"^https://")]] = Field(min_length=1)
    covers: list[Annotated[str, StringConstraints(pattern=r"^Q\d{3}$")]] = []


class TopicRow(_Row):
    """A topic of a pack's blueprint."""

    id: Slug
    title: Text
    share: float = Field(gt=0, le=1)


class PackRow(_Row):
    """`pack.yaml`."""

    title: Text
    topics: list[TopicRow] = Field(min_length=1)


def question(row: QuestionRow, pack: str) -> Question:
    """The question a row describes."""
    return Question(
        id=row.id,
        pack=pack,
        kind=row.kind,
        level=row.level,
        topic=row.topic,
        ask=row.ask,
        reference=row.reference,
        points=tuple(
            Point(id=p.id, says=p.says, weight=p.weight, cues=_cues(p.cues), probe=p.probe) for p in row.points
        ),
        misconceptions=tuple(
            Misconception(id=m.id, says=m.says, cues=_cues(m.cues), penalty=m.penalty, fix=m.fix)
            for m in row.misconceptions
        ),
        hints=tuple(row.hints),
        takeaway=row.takeaway,
        samples=tuple(Sample(band=s.band, text=s.text) for s in row.samples),
        sources=tuple(row.sources),
        covers=tuple(row.covers),
        analogy=row.analogy,
        example=Example(code=row.example.code, test=row.example.test) if row.example else None,
    )


def _cues(groups: list[list[str]] | None) -> Cues:
    return tuple(tuple(group) for group in groups or ())
