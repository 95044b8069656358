"""Rows <-> YAML as people write it: keys in their order, long texts as blocks."""

from __future__ import annotations

from typing import Any

import yaml

from interviewer.bank.exchange.drafts import Row

WIDTH = 118
DEEPEST = 12
"""No row nests deeper."""


class _Writer(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Never `&id001`: a text that stands twice is written twice."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented below their key."""
        super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    block = "\n" in text and not any(line != line.rstrip() for line in text.split("\n"))
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else None)


def _list(writer: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    flat = bool(items) and all(isinstance(item, str) for item in items)
    short = flat and sum(len(item) + 2 for item in items) < WIDTH - 30
    return writer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Writer.add_representer(str, _text)
_Writer.add_representer(list, _list)


def yaml_of(value: Row | list[Row]) -> str:
    """The text of a row, or of the file that holds rows."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH)


def data_of(text: str) -> object:
    """The data of a text that strangers may have written.

    Raises:
        yaml.YAMLError: it is not valid, refers to itself, or nests too deep.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("it must not refer to a part of itself")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(f"it nests deeper than {DEEPEST}")
    return yaml.load(text, Loader=yaml.CSafeLoader)
