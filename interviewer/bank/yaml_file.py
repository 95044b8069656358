"""The bytes of a YAML file -> its data, and where in it everything stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

KIND_AT = 1
"""Where in the path of an error the kind of a question stands, by which it was read and which no file has."""
_KINDS = (("open",), ("choice",))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line, and in which question."""

    line: int
    message: str
    question: str | None = None


class Faulty(Exception):  # never leaves the bank: its reader says it with the file
    """A text cannot be used; `faults` has all that was found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


def parsed(content: bytes, adapter: TypeAdapter[Any]) -> tuple[Any, yaml.Node]:
    """The data of a file, validated, and its tree; raises Faulty."""
    try:
        data, root = _data(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Faulty((Fault(1, f"not UTF-8 text (byte {error.start})"),)) from None
    faults = [Fault(line, f"key {key!r} stands twice in one mapping") for key, line in _repeated_keys(root)]
    try:
        value = adapter.validate_python(data)
    except ValidationError as error:
        raise Faulty((*faults, *(_fault(root, each) for each in error.errors(include_url=False)))) from None
    if faults:
        raise Faulty(tuple(faults))
    return value, root


def message(error: Any) -> str:
    """What pydantic says of one thing in a single row, in our words and with its path."""
    path = ".".join(str(step) for step in (error["loc"][1:] if error["loc"][:1] in _KINDS else error["loc"]))
    return f"{path}: {_plain(error)}" if path else _plain(error)


def _data(text: str) -> tuple[Any, yaml.Node]:
    try:
        loader = yaml.CSafeLoader(text)
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Faulty((Fault((mark.line + 1) if mark else 1, f"not valid YAML: {error.problem}"),)) from None
    except yaml.YAMLError as error:
        raise Faulty((Fault(1, f"not valid YAML: {error}"),)) from None
    if root is None:
        raise Faulty((Fault(1, "the file is empty"),))
    return data, root


def _fault(root: yaml.Node, error: Any) -> Fault:
    line, question, path = _locate(root, _in_file(error["loc"]))
    where = path or ("" if question else "file")
    return Fault(line, f"{where}: {_plain(error)}" if where else _plain(error), question)


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
    path = ".".join(str(step) for step in loc if not (question and step == loc[0]))
    return line + 1, question, path


def _in_file(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return loc[:KIND_AT] + loc[KIND_AT + 1 :] if loc[KIND_AT : KIND_AT + 1] in _KINDS else loc


def _plain(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "unknown key"
    if fault["type"] == "missing":
        return "missing"
    if fault["type"] == "union_tag_not_found":
        return "kind is missing: open or choice"
    if fault["type"] == "union_tag_invalid":
        return f"kind is {fault['ctx']['tag']!r}: it must be open or choice"
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
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
