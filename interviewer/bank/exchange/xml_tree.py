"""The bytes of an XML file -> elements that know their line. No document type, no entities of its own, no depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

DEEPEST = 40
"""No file that means well nests deeper."""


@dataclass(slots=True)
class Element:
    """An element with its text, the texts below it not counted."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        """The first child of a name."""
        return next(self.all(name), None)


class NotXml(Exception):  # never leaves this package: its reader says it with file and line
    """Why a file cannot be read, and the line."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


def parsed(content: bytes) -> Element:
    """The root of a document; raises NotXml."""
    parser = expat.ParserCreate()
    top = Element("", {}, 0)
    open_: list[Element] = [top]

    def refuse(*_: object) -> None:
        raise NotXml(parser.CurrentLineNumber, "a document type declaration is not read: take it out of the file")

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > DEEPEST:
            raise NotXml(parser.CurrentLineNumber, f"elements nest deeper than {DEEPEST}")
        element = Element(name, attributes, parser.CurrentLineNumber)
        open_[-1].children.append(element)
        open_.append(element)

    def end(_: str) -> None:
        open_.pop()

    def characters(text: str) -> None:
        pieces.setdefault(id(open_[-1]), []).append(text)

    pieces: dict[int, list[str]] = {}
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotXml(error.lineno, f"not valid XML: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError) as error:  # an encoding that Python does not have
        raise NotXml(1, f"its encoding cannot be read: {error}") from None
    _give_texts(top, pieces)
    return top.children[0]


def _give_texts(top: Element, pieces: dict[int, list[str]]) -> None:
    left = [top]
    while left:
        element = left.pop()
        element.text = "".join(pieces.get(id(element), ()))
        left += element.children
