"""Markdown from authors and strangers -> HTML that is safe to print, with quotes lit up. Pure.

Raw HTML is escaped, images are dropped, candidates' links are not links. Code is highlighted by Pygments with
classes, so that the page needs no inline style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from html.parser import HTMLParser
from itertools import accumulate, groupby, pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

_FIRST, _LAST = 0xE000, 0xF8FF
"""Private-use characters: those inside are signs, two for each span (it opens, it closes); a text cannot hold them."""
_TAGS = frozenset(
    "p br strong em s code pre span ul ol li blockquote h1 h2 h3 h4 h5 h6 hr table thead tbody tr th td div a".split()
)
_ATTRIBUTES = {"span": {"class"}, "div": {"class"}, "a": {"href"}, "code": {"class"}, "pre": {"class"}, "ol": {"start"}}

_SIGNS = re.compile(r"[*`|~<>&\\\[\]-]")
MOST_SIGNS = 2000
"""Lines and signs of Markdown that are worth parsing in a stranger's text: 20,000 characters of nothing else would hold
the server up for a third of a second, each time that the page is made."""
MOST_CODE, LONGEST_LINE = 8_000, 500
"""Characters of code that are worth highlighting: for some languages the time grows with the square of a line."""
LANGUAGES = frozenset(
    " bash css diff docker dockerfile html ini javascript js json nginx pycon python python3 py "
    "pytb rust sh shell sql text toml ts typescript xml yaml yml".split(" ")
)
"""Whose code is highlighted, or Python's where none is named: a stranger names them, and a few hundred lexers that
nobody needs here would be a few hundred ways to take long."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text, and the anchors that point at them."""

    start: int
    end: int
    anchor: str


def _fenced(code: str, language: str) -> str:
    """Highlighted code; an empty text when there is none, or none of our languages, or nobody types such code."""
    if not code.strip() or language.lower() not in LANGUAGES:
        return ""
    if len(code) > MOST_CODE or max(map(len, code.split("\n"))) > LONGEST_LINE:
        return ""
    return str(highlight(code, _lexer(language.lower()), HtmlFormatter(nowrap=False, cssclass="code")))


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language or "python", stripnl=False)


def _by_stars(state: StateInline, silent: bool) -> bool:
    """Emphasis by stars only: an underscore is part of a name here, and `__init__` no loud "init"."""
    return state.src[state.pos] != "_" and emphasis.tokenize(state, silent)


def _markdown(*, links: bool) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "breaks": not links, "highlight": None}).enable("table")
    md.disable("image")
    md.inline.ruler.at("emphasis", _by_stars)
    if not links:
        md.disable(["link", "autolink", "reference"])
        md.disable(["heading", "lheading"])  # "# so" is a comment in pasted code, and the page has its own headings
        md.disable("text_join")  # an escape or an entity stays a token of its own, so that its place is known

    def special(renderer: object, tokens: list, at: int, options: object, env: object) -> str:  # type: ignore[type-arg]
        return escape(tokens[at].content)

    def fence(renderer: object, tokens: list, at: int, options: object, env: object) -> str:  # type: ignore[type-arg]
        token = tokens[at]
        language = (token.info.split(maxsplit=1) or [""])[0]
        return _fenced(token.content, language) or f"<pre><code>{escape(token.content)}</code></pre>"

    md.add_render_rule("fence", fence)
    md.add_render_rule("text_special", special)
    return md


_FOR_AUTHORS = _markdown(links=True)
_FOR_CANDIDATES = _markdown(links=False)


def author_html(text: str) -> Markup:
    """HTML of a text from the bank."""
    return Markup(_clean(_FOR_AUTHORS.render(text)))


def inline_html(text: str) -> Markup:
    """HTML of one line from the bank, without a paragraph around it."""
    return Markup(_clean(_FOR_AUTHORS.renderInline(text)))


def blocks(text: str, *, by_author: bool) -> list[Token]:
    """The blocks of a text as markdown-it parses them, for what is no HTML."""
    return _FOR_AUTHORS.parse(text) if by_author else _of_candidate(text)


def inline_runs(text: str) -> Sequence[Token]:
    """The runs of one line from the bank."""
    return _FOR_AUTHORS.parseInline(text)[0].children or ()


def candidate_html(text: str, spans: Iterable[Span] = ()) -> Markup:
    """HTML of a candidate's text; each span is wrapped in `<mark>`, the first piece of it carrying the anchor as id.

    A span may cross paragraphs, emphasis or code: every run of text inside it is wrapped by itself. Spans are laid over
    the parsed text, so that none of them changes how it reads.
    """
    text = "".join("\ufffd" if _FIRST <= ord(char) <= _LAST else char for char in text)
    ordered = sorted(spans, key=lambda span: (span.start, span.end))[: (_LAST - _FIRST) // 2]
    tokens = _of_candidate(text)
    if ordered:
        _Signs(text, ordered).put(tokens)
    lighter = _Lighter([span.anchor for span in ordered])
    lighter.feed(_clean(_FOR_CANDIDATES.renderer.render(tokens, _FOR_CANDIDATES.options, {})))
    lighter.close()
    return Markup("".join(lighter.out))


def _of_candidate(text: str) -> list[Token]:
    """The blocks of a stranger's text; one with more signs and lines than anybody types is left as it was typed."""
    lines = text.count("\n") + 1
    if lines + len(_SIGNS.findall(text)) <= MOST_SIGNS:
        return _FOR_CANDIDATES.parse(text)
    return [Token("code_block", "code", 0, content=text, map=[0, lines], block=True)]


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes={"https"}, link_rel="noopener noreferrer"
    )


class _Signs:
    """Puts signs around the lit runs of parsed Markdown, having found where in the source each run stands."""

    def __init__(self, source: str, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._lines = source.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]

    def put(self, tokens: Sequence[Token]) -> None:
        """Change the contents of the tokens."""
        cell_from = 0
        for before, token in pairwise([Token("", "", 0), *tokens]):
            first = token.map[0] if token.map else 0
            if token.type in ("fence", "code_block"):
                places = self._places(token.content, first + (token.type == "fence"))
                token.content = self._signed(token.content, places)
            elif token.type == "inline":
                is_cell = before.type in ("th_open", "td_open")
                places = self._places(token.content, first, after=cell_from if is_cell else None)
                cell_from = max([cell_from, *places])
                self._put_inline(token, places)

    def _places(self, content: str, line: int, *, after: int | None = None) -> list[int]:
        """Where each character of a block's content stands in the source, or -1; a cell stands `after` the last."""
        places: list[int] = []
        for number, piece in enumerate(content.split("\n"), line):
            whole = self._lines[number] if number < len(self._lines) else ""
            start = self._starts[number] if whole else 0
            at = whole.rfind(piece) if after is None else whole.find(piece, max(0, after - start))
            places += range(start + at, start + at + len(piece)) if at >= 0 else [-1] * len(piece)
            places.append(-1)
        return places[:-1]

    def _put_inline(self, block: Token, places: Sequence[int]) -> None:
        flat, at = block.content.replace("\n", " "), 0
        for token in block.children or ():
            written = token.markup if token.type == "text_special" else token.content
            found = flat.find(written, at)
            if token.type in ("text", "text_special", "code_inline") and written and found >= 0:
                at = found + len(written)
                here = places[found:at] if written == token.content else [places[found]] * len(token.content)
                token.content = self._signed(token.content, here)

    def _signed(self, content: str, places: Sequence[int]) -> str:
        """The content with each lit run between its signs; ends of lines stay outside."""
        out: list[str] = []
        for lit, run in groupby(zip(content, places, strict=False), key=self._lit):
            signs = [_FIRST + 2 * number for number in lit]
            out += [chr(sign) for sign in signs]
            out += [char for char, _ in run]
            out += [chr(sign + 1) for sign in signs]
        return "".join(out)

    def _lit(self, placed: tuple[str, int]) -> tuple[int, ...]:
        char, place = placed
        if char == "\n":
            return ()
        return tuple(number for number, span in enumerate(self._spans) if span.start <= place < span.end)


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
        for is_sign, run in groupby(data, key=lambda char: _FIRST <= ord(char) <= _LAST):
            if not is_sign:
                self._text("".join(run))
                continue
            for sign in run:
                number, closes = divmod(ord(sign) - _FIRST, 2)
                (self._lit.remove if closes else self._lit.append)(number)

    def _text(self, run: str) -> None:
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
