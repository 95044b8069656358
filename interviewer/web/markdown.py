"""Markdown from authors and strangers -> HTML that is safe to print, with quotes lit up. Pure.

Raw HTML is escaped, images are dropped, candidates' links are not links. Code is highlighted by Pygments with
classes, so that the page needs no inline style.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_OPEN, _CLOSE, _FIRST = 0xE000, 0xE001, 0xE100
_LAST = 0xF8FF
_TAGS = frozenset(
    "p br strong em s code pre span ul ol li blockquote h1 h2 h3 h4 h5 h6 hr table thead tbody tr th td div a".split()
)
_ATTRIBUTES = {"span": {"class"}, "div": {"class"}, "a": {"href"}, "code": {"class"}, "pre": {"class"}, "ol": {"start"}}


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text, and the anchors that point at them."""

    start: int
    end: int
    anchor: str


def _fenced(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language or "python", stripnl=False)
    except ClassNotFound:
        return ""
    return str(highlight(code, lexer, HtmlFormatter(nowrap=False, cssclass="code")))


def _markdown(*, links: bool) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "breaks": not links, "highlight": None}).enable("table")
    md.disable("image")
    if not links:
        md.disable(["link", "autolink", "reference"])

    def fence(renderer: object, tokens: list, at: int, options: object, env: object) -> str:  # type: ignore[type-arg]
        token = tokens[at]
        language = (token.info or "").split(maxsplit=1)[0] if token.info.strip() else ""
        return _fenced(token.content, language, "") or f"<pre><code>{escape(token.content)}</code></pre>"

    md.add_render_rule("fence", fence)
    return md


_FOR_AUTHORS = _markdown(links=True)
_FOR_CANDIDATES = _markdown(links=False)


def author_html(text: str) -> Markup:
    """HTML of a text from the bank."""
    return Markup(_clean(_FOR_AUTHORS.render(text)))


def inline_html(text: str) -> Markup:
    """HTML of one line from the bank, without a paragraph around it."""
    return Markup(_clean(_FOR_AUTHORS.renderInline(text)))


def candidate_html(text: str, spans: Iterable[Span] = ()) -> Markup:
    """HTML of a candidate's text; each span is wrapped in `<mark>`, the first piece of it carrying the anchor as id.

    A span may cross paragraphs, emphasis or code: every run of text inside it is wrapped by itself.
    """
    text = "".join("\ufffd" if _OPEN <= ord(char) <= _LAST else char for char in text)
    ordered = sorted(spans, key=lambda span: (span.start, span.end))[: _LAST - _FIRST]
    signs = [(span.start, chr(_OPEN) + chr(_FIRST + number)) for number, span in enumerate(ordered)]
    signs += [(span.end, chr(_CLOSE) + chr(_FIRST + number)) for number, span in enumerate(ordered)]
    for at, sign in sorted(signs, reverse=True):
        text = text[:at] + sign + text[at:]
    lighter = _Lighter([span.anchor for span in ordered])
    lighter.feed(_clean(_FOR_CANDIDATES.render(text)))
    lighter.close()
    return Markup("".join(lighter.out))


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes={"https"}, link_rel="noopener noreferrer"
    )


class _Lighter(HTMLParser):
    """Copies HTML, turning the signs in its text into `<mark>` elements."""

    def __init__(self, anchors: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._anchors = anchors
        self._lit: list[int] = []
        self._placed: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        run, at = "", 0
        while at < len(data):
            sign = ord(data[at])
            if sign in (_OPEN, _CLOSE) and at + 1 < len(data):
                self._text(run)
                run = ""
                number = ord(data[at + 1]) - _FIRST
                if sign == _OPEN:
                    self._lit.append(number)
                elif number in self._lit:
                    self._lit.remove(number)
                at += 2
            else:
                run += data[at]
                at += 1
        self._text(run)

    def _text(self, run: str) -> None:
        if not run:
            return
        if not self._lit or not run.strip():
            self.out.append(escape(run))
            return
        ids = []
        for number in self._lit:
            if number not in self._placed:
                self._placed.add(number)
                ids.append(f'<span id="{escape(self._anchors[number])}" class="anchor"></span>')
        points = escape(" ".join(self._anchors[number] for number in self._lit))
        self.out.append(f'{"".join(ids)}<mark data-anchors="{points}">{escape(run)}</mark>')
