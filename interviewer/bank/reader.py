"""Bank files -> Bank; every error names file, line and question.

A pack is a folder `<pack>/` with `pack.yaml` (title, topics, blueprint) and one YAML file per topic, a list of
questions. Unknown keys are errors. All problems of all files are collected before `BankError` is raised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from interviewer.bank import same_points_file
from interviewer.bank.cache import Cache
from interviewer.bank.format import PackRow, QuestionRow
from interviewer.bank.held import HeldQuestions, HeldRow
from interviewer.bank.held import held as hold
from interviewer.bank.yaml_file import Faulty, parsed
from interviewer.domain import ExamTerms, Outline, Pack, Question, QuestionKind, SamePoints, Topic
from interviewer.errors import BankError, BankProblem

_PACK = TypeAdapter(PackRow)
_TOPIC = TypeAdapter(list[QuestionRow])


@dataclass(frozen=True, kw_only=True)
class Bank:
    """All packs. `revision` is the first 12 hex digits of the SHA-256 over those of all bank files."""

    packs: tuple[Pack, ...]
    questions: Sequence[Question] = field(repr=False)
    """All questions in the order of the packs; each is read when it is asked for."""
    revision: str
    lines: Mapping[str, tuple[str, int]] = field(repr=False)
    """Question id -> file and line, for messages to authors."""
    same_points: SamePoints = field(default_factory=lambda: SamePoints({}), repr=False)
    """Which points of different questions state the same."""

    @cached_property
    def outlines(self) -> tuple[Outline, ...]:
        """What all questions are drawn, counted and listed by."""
        return tuple(outline for pack in self.packs for outline in pack.questions)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {outline.id: place for place, outline in enumerate(self.outlines)}

    def of_kind(self, kind: QuestionKind) -> tuple[Question, ...]:
        """The questions of one kind, in their order."""
        return tuple(self.questions[place] for place, outline in enumerate(self.outlines) if outline.kind is kind)

    @property
    def default_pack(self) -> str:
        """Id of the pack that is asked about when nobody chose one: the first."""
        return self.packs[0].id

    def pack(self, pack_id: str) -> Pack | None:
        """The pack of that id, or None."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)

    def outline(self, question_id: str) -> Outline | None:
        """What the question of that id is drawn by, without reading it; None when it has left the bank."""
        place = self._places.get(question_id)
        return None if place is None else self.outlines[place]

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None when it has left the bank."""
        place = self._places.get(question_id)
        return None if place is None else self.questions[place]


def load(folder: Path, *, cache: Path | None = None) -> Bank:
    """Read all packs below `folder`; what was read is kept in the folder `cache`, for the next time.

    Raises:
        BankError: something is broken; it carries every problem found.
    """
    reader = _Reader(folder, Cache(cache, folder))
    packs = tuple(reader.packs())
    if not packs and not reader.problems:
        reader.report(
            str(folder), 1, "no pack found: a pack is a folder with a pack.yaml. Check the bank folder setting."
        )
    if reader.problems:
        raise BankError(tuple(reader.problems))
    reader.cache.save()
    revision = reader.digest.hexdigest()[:12]
    same = SamePoints.of(pair for pack in packs for pair in same_points_file.read(folder / pack.id).same)
    return Bank(
        packs=packs, questions=HeldQuestions(reader.held), revision=revision, lines=reader.lines, same_points=same
    )


class _Reader:
    """Reads files, collecting problems instead of stopping at the first."""

    def __init__(self, folder: Path, cache: Cache) -> None:
        self.folder = folder
        self.cache = cache
        self.problems: list[BankProblem] = []
        self.held: list[tuple[str, HeldRow]] = []
        self.lines: dict[str, tuple[str, int]] = {}
        self.digest = hashlib.sha256()

    def report(self, file: str, line: int, message: str, question: str | None = None) -> None:
        self.problems.append(BankProblem(file, line, question, message))

    def packs(self) -> Iterator[Pack]:
        for pack_file in sorted(self.folder.glob("*/pack.yaml")):
            row = self._pack_row(pack_file)
            if row is None:
                continue
            first = len(self.held)
            for file in sorted(pack_file.parent.glob("*.yaml")):
                if file != pack_file:
                    self._hold(file, row)
            yield Pack(
                id=pack_file.parent.name,
                title=row.title,
                about=row.about or "",
                exam=ExamTerms(**row.exam.model_dump()) if row.exam else ExamTerms(),
                topics=tuple(Topic(id=t.id, title=t.title, share=t.share, terms=tuple(t.terms)) for t in row.topics),
                questions=tuple(held.outline(pack) for pack, held in self.held[first:]),
            )

    def _pack_row(self, file: Path) -> PackRow | None:
        content, _ = self._content(file)
        try:
            row: PackRow = parsed(content, _PACK)[0]
        except Faulty as error:
            self._report_all(file, error)
            return None
        total = sum(topic.share for topic in row.topics)
        if abs(total - 1) > 0.001:
            self.report(self._name(file), 1, f"the shares of the topics add up to {total:.3f}, not 1")
        return row

    def _hold(self, file: Path, pack: PackRow) -> None:
        name, topics = self._name(file), {topic.id for topic in pack.topics}
        for held in self._rows(file):
            first = self.lines.setdefault(held.id, (name, held.line))
            if first != (name, held.line):
                self.report(name, held.line, f"the id is taken: see {first[0]}:{first[1]}", held.id)
            if held.topic not in topics:
                self.report(name, held.line, f"topic {held.topic!r} is not in pack.yaml", held.id)
            self.held.append((file.parent.name, held))

    def _rows(self, file: Path) -> Sequence[HeldRow]:
        """The rows of a topic's file, from the cache where they are known."""
        content, digest = self._content(file)
        known = self.cache.get(digest)
        if known is not None:
            return known
        before = len(self.problems)
        try:
            rows, root = parsed(content, _TOPIC)
        except Faulty as error:
            self._report_all(file, error)
            return ()
        held = [hold(row, node.start_mark.line + 1) for row, node in zip(rows, root.value, strict=True)]
        for row, each in zip(rows, held, strict=True):
            for kind, ids in row.ids.items():
                for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
                    self.report(self._name(file), each.line, f"{kind} id {twice!r} stands twice", row.id)
        if len(self.problems) == before:
            self.cache.put(digest, held)
        return held

    def _content(self, file: Path) -> tuple[bytes, str]:
        """The bytes of a file and their SHA-256, which becomes part of the revision."""
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        self.digest.update(digest.encode())
        return content, digest

    def _report_all(self, file: Path, error: Faulty) -> None:
        for fault in error.faults:
            self.report(self._name(file), fault.line, fault.message, fault.question)

    def _name(self, file: Path) -> str:
        return str(file.relative_to(self.folder.parent))
