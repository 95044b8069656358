"""Markdown of authors and strangers: nothing a stranger types becomes markup of ours, quotes are lit up whole."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.web.markdown import Span, author_html, candidate_html, inline_html

VOID = {"br", "hr", "input", "link", "meta"}


class Read(HTMLParser):
    """Reads HTML strictly: text, links, what stands in `<mark>`; every element closed in the order it was opened."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.marked: list[tuple[str, str]] = []
        self.anchors: list[str] = []
        self._open: list[str] = []
        self._mark = ""
        self.feed(str(html))
        self.close()
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what was opened."""
        named = dict(attrs)
        assert not [name for name in named if name.startswith("on") or name == "style"]
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "a":
            self.links.append(named.get("href") or "")
        if tag == "mark":
            self._mark = named["data-anchors"] or ""
        if named.get("class") == "anchor":
            self.anchors.append(named["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        """Only what was opened last may be closed."""
        assert self._open
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text, and whether it is marked."""
        self.text += data
        if self._open and self._open[-1] == "mark":
            self.marked.append((self._mark, data))


def lit(text: str, *quotes: str) -> Read:
    """A candidate's text with these quotes lit up, their anchors named a, b, …"""
    spans = [Span(text.index(quote), text.index(quote) + len(quote), "abc"[at]) for at, quote in enumerate(quotes)]
    return Read(candidate_html(text, spans))


def marked(text: str, *quotes: str) -> str:
    """Everything in `<mark>`, without blank space."""
    return "".join("".join(piece for _, piece in lit(text, *quotes).marked).split())


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x()'>bold</b> word",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "```nonsense<script>\n<script>\n```",
        "</textarea></p></div><style>*{display:none}</style>",
        "<!-- --><iframe src=//evil.example></iframe>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_html_in_a_text_is_shown_not_obeyed(text: str) -> None:
    """From candidates and, since a bank may be a stranger's, from authors."""
    for html in (candidate_html(text), author_html(text)):
        assert not {"script", "img", "style", "iframe", "b", "textarea"} & set(Read(html).tags)


@pytest.mark.parametrize(
    "text",
    [
        "[click](https://evil.example)",
        "<https://evil.example>",
        "[x]: https://evil.example\n\n[x]",
        "https://evil.example",
    ],
)
def test_a_candidates_link_is_no_link(text: str) -> None:
    """Whoever reads the report clicks on nothing a stranger wrote."""
    assert Read(candidate_html(text)).links == []


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http://plain.example", "vbscript:x"]
)
def test_an_authors_link_leads_to_https_or_nowhere(target: str) -> None:
    """Documentation is served over https."""
    assert not [link for link in Read(author_html(f"[read]({target})")).links if link]
    assert Read(author_html("[read](https://example.org/docs)")).links == ["https://example.org/docs"]


@pytest.mark.parametrize("text", ["It calls __init__ and __call__.", "a _private_ name", "__slots__", "x__y_z_"])
def test_an_underscore_is_part_of_a_name(text: str) -> None:
    """Stars still make words loud."""
    for html in (author_html(text), candidate_html(text)):
        assert text in html
    assert "<strong>loud</strong>" in candidate_html("**loud**")


def test_images_are_dropped() -> None:
    """No request leaves the page because of a text."""
    for html in (candidate_html("![x](https://evil.example/a.png)"), author_html("![x](https://example.org/a.png)")):
        assert "img" not in Read(html).tags


def test_code_is_highlighted_by_classes_and_kept_whole() -> None:
    """No inline style, and the code as it was typed."""
    code = "async def read(db=Depends(get_db)):\n    return db  # <here>\n"
    read = Read(candidate_html(f"```python\n{code}```"))
    assert code in read.text
    assert "span" in read.tags


def test_a_comment_in_code_that_a_candidate_pasted_bare_is_no_heading() -> None:
    """It is shown as it was typed, and does not upset the headings of the page."""
    read = Read(candidate_html("# one body parameter:\ndef create(order: Order): ...\n\nWhole body\n====="))
    assert not {"h1", "h2"} & set(read.tags)
    assert "# one body parameter:" in read.text


def test_a_line_break_of_a_candidate_is_a_line_break() -> None:
    """People press Shift+Enter and mean it."""
    assert "br" in Read(candidate_html("one\ntwo")).tags


def test_a_bank_line_has_no_paragraph_around_it() -> None:
    """It stands inside a heading or a list item."""
    assert inline_html("Use `yield`") == "Use <code>yield</code>"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("One two three.", "two"),
        ("First paragraph ends.\n\nSecond begins.", "ends.\n\nSecond"),
        ("It is *very **much** so* indeed.", "very **much** so* indeed"),
        ("Call `yield` once.\n\n```python\nyield db\n```\n\nThen close.", "once.\n\n```python\nyield db\n```\n\nThen"),
        ("- first\n- second\n- third", "first\n- second"),
        ("a < b & c > d", "b & c >"),
        ("say \"so\" 'now'", "\"so\" 'now'"),
        ("Grüße 🙂 ✓ end", "🙂 ✓"),
        ("```python\nfor x in y: pass\n```\nIt loops.", "```python\nfor x in y: pass\n```"),
        ("1. first of 1\n2. second", "1. first"),
        ("> cited words\n> go on", "cited words\n> go"),
        ("| word | sense |\n|---|---|\n| word | word |", "| word | word |"),
        ("Nothing **bold** is", "**bold** is"),
    ],
)
def test_a_quote_is_lit_up_whole_across_markup(text: str, quote: str) -> None:
    """Each run of text inside it is wrapped by itself, so that elements nest."""
    expected = "".join(char for char in quote if not char.isspace())
    expected = re.sub(r"```(python)?|[-*#>|](?!$)|1\.|\|", "", expected)
    assert marked(text, quote) == expected


def test_overlapping_quotes_are_both_lit_up_and_each_has_one_anchor() -> None:
    """The card links to the first piece of each."""
    read = lit("one two three four", "one two three", "two three four")
    assert read.marked == [("a", "one "), ("a b", "two three"), ("b", " four")]
    assert read.anchors == ["a", "b"]


def test_the_signs_used_inside_cannot_be_typed() -> None:
    """Private-use characters of a text become the replacement sign."""
    read = Read(candidate_html("a \ue000\ue100 b \ue001\ue100 c", [Span(0, 1, "x")]))
    assert read.marked == [("x", "a")]
    assert "\ufffd" in read.text


PIECES = [
    *("word", "two words", "\n", "\n\n", "    ", "\t", "é", "🙂", "'", '"', "\\", "<b>", "</p>", "<script>"),
    *(
        "**",
        "*",
        "_",
        "`",
        "```",
        "```python\n",
        "~~~\n",
        "# ",
        "- ",
        "1. ",
        "> ",
        "---",
        "=",
        "|",
        "| a | b |\n|---|---|\n",
    ),
    *("&amp;", "&lt;", "&#x3c;", "[x](y)", "![i](j)", "def f():\n    return 'x\\n'\n", "\ue000", "\ue100", "\x00"),
]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.text(max_size=60))


@st.composite
def lit_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and spans anywhere in it."""
    text = draw(TEXTS)
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = draw(st.lists(ends, max_size=4))
    return text, [Span(min(pair), max(pair), f"t1-<p{at}>\"'") for at, pair in enumerate(spans)]


@given(TEXTS)
def test_any_text_becomes_harmless_balanced_html(text: str) -> None:
    """Of an author and of a candidate."""
    for html in (candidate_html(text), author_html(text)):
        assert not {"script", "img", "b"} & set(Read(html).tags)
    assert Read(candidate_html(text)).links == []


@pytest.mark.parametrize("piece", ["a\n", "- a\n", "*a* ", "`a` ", "|a|b|\n", "```\n"])
def test_a_text_of_nothing_but_signs_is_shown_as_it_was_typed_with_its_quotes_lit(piece: str) -> None:
    """Parsing it would hold the server up, each time that the page is made."""
    text = piece * (20_000 // len(piece))
    html = candidate_html(text, [Span(8, 30, "p")])
    assert html.startswith("<pre><code>")
    read = Read(html)
    assert read.text.strip("\n") == text.strip("\n")
    assert 'data-anchors="p"' in html


@pytest.mark.parametrize(
    ("code", "is_highlighted"),
    [
        ("import os\n" * 100, True),
        ("import os\n" * 1000, False),
        (f"import {'o' * 400}\n", True),
        (f"import {'o' * 600}\n", False),
    ],
)
def test_code_that_nobody_types_is_shown_without_colours(code: str, is_highlighted: bool) -> None:
    """For some languages the time that colours take grows with the square of a line."""
    html = candidate_html(f"```python\n{code}```")
    assert Read(html).text.strip() == code.strip()
    assert ("<span" in html) is is_highlighted


@given(lit_texts())
def test_lighting_up_changes_no_character_of_a_text(given_: tuple[str, list[Span]]) -> None:
    """Whatever the spans: the same elements but for the marks, the same text, balanced."""
    text, spans = given_
    dark, light = Read(candidate_html(text)), Read(candidate_html(text, spans))
    assert light.text == dark.text
    assert [tag for tag in light.tags if tag not in ("mark", "span")] == [tag for tag in dark.tags if tag != "span"]
    assert "script" not in light.tags
