"""Finding a quote: the candidate's own words are found, other words are not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.evidence import MIN_QUOTE_LETTERS, Found, find_quote

LETTERS = string.ascii_letters + string.digits + "äöüßéñçøŁжщΩλ語"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=20)
GAPS = st.sampled_from([" ", "  ", "\n", ", ", ". ", " — ", "; ", " (", ") ", "`", '"', "_", "\t", "…"])


@st.composite
def texts_with_a_part(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text, and where in it some neighbouring words begin and end."""
    words = draw(WORDS)
    gaps = [draw(GAPS) for _ in words]
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    text, spans = "", []
    for word, gap in zip(words, gaps, strict=True):
        spans.append((len(text), len(text) + len(word)))
        text += word + gap
    return text, spans[first][0], spans[last][1]


def letters(text: str) -> int:
    return sum(len(char.casefold()) for char in text if char.isalnum())


@given(texts_with_a_part())
def test_neighbouring_words_of_a_text_are_found_where_those_words_stand(part: tuple[str, int, int]) -> None:
    text, start, end = part
    found = find_quote(text[start:end], [text])
    if letters(text[start:end]) < MIN_QUOTE_LETTERS:
        assert found is None
    else:
        assert found is not None
        assert found.start <= start, "the first place counts"
        assert find_quote(text[found.start : found.end], [text[start:end]]) is not None
        assert text[found.start].isalnum()
        assert text[found.end - 1].isalnum()


@given(texts_with_a_part(), GAPS, st.sampled_from([str.upper, str.lower, str.title, str.casefold]))
def test_case_blanks_and_punctuation_do_not_matter(part: tuple[str, int, int], gap: str, recase: object) -> None:
    text, start, end = part
    quote = text[start:end]
    other = "".join(char if char.isalnum() else gap for char in quote)
    assert callable(recase)
    assert find_quote(f"“{recase(other)}…”", [text]) == find_quote(quote, [text])


@given(texts_with_a_part(), st.lists(st.just("nothing of the kind"), max_size=3))
def test_the_text_it_stands_in_is_counted_from_zero(part: tuple[str, int, int], before: list[str]) -> None:
    text, start, end = part
    alone = find_quote(text[start:end], [text])
    if alone is not None and find_quote(text[start:end], before) is None:
        assert find_quote(text[start:end], [*before, text]) == Found(len(before), alone.start, alone.end)


@given(st.text(), st.text())
def test_any_text_may_be_quoted_or_searched(quote: str, text: str) -> None:
    found = find_quote(quote, [text])
    assert found is None or 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    "quote",
    [
        "the response is cached",
        "before the response",
        "response after",
        "yield after the spons",
        "is",
        "",
        "…",
        "after the ... is sent",
    ],
)
def test_words_that_are_not_there_whole_and_in_order_are_not_found(quote: str) -> None:
    assert find_quote(quote, ["It runs after the response is sent."]) is None


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("response_model", "`response_model`"),
        ("response model", "`response_model`"),
        ("don’t block", "Don't  block"),
        ("commits in the handler", "commits\nin the **handler**"),
        ("ﬁnal flush", "final flush"),
        ("naïve", "NAÏVE"),
    ],
)
def test_ways_of_writing_the_same_are_the_same(quote: str, stands: str) -> None:
    text = f"Well: {stands}!"
    found = find_quote(quote, [text])
    assert found is not None
    assert text[found.start : found.end] in stands
