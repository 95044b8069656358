"""Bank files -> Bank; every error names file, line and question.

A pack is a folder `<pack>/` with `pack.yaml` (title, topics, blueprint) and one YAML file per topic, a list of
questions. Unknown keys are errors. All problems of all files are collected before `BankError` is raised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from interviewer.bank.format import PackRow, QuestionRow, question
from interviewer.domain import Pack, Question, Topic
from interviewer.errors import BankError, BankProblem


@dataclass(frozen=True, kw_only=True)
class Bank:
    """All packs. `revision` is the first 12 hex digits of the SHA-256 over all bank files."""

    packs: tuple[Pack, ...]
    revision: str
    lines: Mapping[str, tuple[str, int]] = field(repr=False)
    """Question id -> file and line, for messages to authors."""

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {asked.id: asked for pack in self.packs for asked in pack.questions}

    def pack(self, pack_id: str) -> Pack | None:
        """The pack of that id, or None."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None when it has left the bank."""
        return self._by_id.get(question_id)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions of all packs."""
        return tuple(self._by_id.values())


def load(folder: Path) -> Bank:
    """Read all packs below `folder`.

    Raises:
        BankError: something is broken; it carries every problem found.
    """
    reader = _Reader(folder)
    packs = tuple(reader.packs())
    if not packs and not reader.problems:
        reader.report(
            str(folder), 1, "no pack found: a pack is a folder with a pack.yaml. Check the bank folder setting."
        )
    if reader.problems:
        raise BankError(tuple(reader.problems))
    return Bank(packs=packs, revision=reader.digest.hexdigest()[:12], lines=reader.lines)


class _Reader:
    """Reads files, collecting problems instead of stopping at the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[BankProblem] = []
        self.lines: dict[str, tuple[str, int]] = {}
        self.digest = hashlib.sha256()

    def report(self, file: str, line: int, message: str, question: str | None = None) -> None:
        self.problems.append(BankProblem(file, line, question, message))

    def packs(self) -> Iterator[Pack]:
        for pack_file in sorted(self.folder.glob("*/pack.yaml")):
            loaded = self._read(pack_file, TypeAdapter(PackRow))
            if loaded is None:
                continue
            row = loaded[0]
            self._check_blueprint(pack_file, row)
            questions = tuple(
                asked
                for file in sorted(pack_file.parent.glob("*.yaml"))
                if file != pack_file
                for asked in self._questions(file, row)
            )
            yield Pack(
                id=pack_file.parent.name,
                title=row.title,
                topics=tuple(Topic(id=t.id, title=t.title, share=t.share) for t in row.topics),
                questions=questions,
            )

    def _check_blueprint(self, file: Path, row: PackRow) -> None:
        total = sum(topic.share for topic in row.topics)
        if abs(total - 1) > 0.001:
            self.report(self._name(file), 1, f"the shares of the topics add up to {total:.3f}, not 1")

    def _questions(self, file: Path, pack: PackRow) -> Iterator[Question]:
        loaded = self._read(file, TypeAdapter(list[QuestionRow]))
        if loaded is None:
            return
        rows, root = loaded
        topics = {topic.id for topic in pack.topics}
        for row, node in zip(rows, root.value, strict=True):
            line = node.start_mark.line + 1
            first = self.lines.setdefault(row.id, (self._name(file), line))
            if first != (self._name(file), line):
                self.report(self._name(file), line, f"the id is taken: see {first[0]}:{first[1]}", row.id)
            if row.topic not in topics:
                self.report(self._name(file), line, f"topic {row.topic!r} is not in pack.yaml", row.id)
            for kind, ids in (
                ("point", [p.id for p in row.points]),
                ("misconception", [m.id for m in row.misconceptions]),
            ):
                for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
                    self.report(self._name(file), line, f"{kind} id {twice!r} stands twice", row.id)
            yield question(row, file.parent.name)

    def _read(self, file: Path, adapter: TypeAdapter[Any]) -> tuple[Any, yaml.Node] | None:
        name = self._name(file)
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            self.report(name, 1, f"not UTF-8 text (byte {error.start})")
            return None
        self.digest.update(text.encode())
        try:
            loader = yaml.CSafeLoader(text)
            root = loader.get_single_node()
            data = loader.construct_document(root) if root else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.report(name, (mark.line + 1) if mark else 1, f"not valid YAML: {error.problem}")
            return None
        except yaml.YAMLError as error:
            self.report(name, 1, f"not valid YAML: {error}")
            return None
        if root is None:
            self.report(name, 1, "the file is empty")
            return None
        repeated = list(_repeated_keys(root))
        for key, line in repeated:
            self.report(name, line, f"key {key!r} stands twice in one mapping")
        try:
            return adapter.validate_python(data), root
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                line, question, where = _locate(root, fault["loc"])
                self.report(name, line, f"{where}: {_plain(fault)}", question)
            return None

    def _name(self, file: Path) -> str:
        return str(file.relative_to(self.folder.parent))


def _locate(root: yaml.Node, loc: tuple[int | str, ...]) -> tuple[int, str | None, str]:
    """Line, question id and readable path of a validation error."""
    node, line, question = root, root.start_mark.line, None
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        if question is None and isinstance(node, yaml.MappingNode):
            question = next((str(v.value) for k, v in node.value if k.value == "id"), None)
    path = ".".join(str(step) for step in loc if not (question and step == loc[0])) or "file"
    return line + 1, question, path


def _plain(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "unknown key"
    if fault["type"] == "missing":
        return "missing"
    return str(fault["msg"])[:1].lower() + str(fault["msg"])[1:]


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value)
