"""What was pasted or uploaded -> the text to read, or what is wrong with it."""

from __future__ import annotations

import unicodedata

from interviewer.aim.pdf import text_of_pdf
from interviewer.errors import UnusableText

AIM_CHARS = 30_000
"""Ten pages and more; an advert has one or two."""
_KEPT = frozenset("\n\t")
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_PDF_WITHIN = 1024
"""Bytes; readers allow so much before a PDF's first line."""
_MOST_ODD = 0.02
"""Share of control characters in what still is a text."""


def text_of_file(data: bytes) -> str:
    """The text of an uploaded PDF or text file, cleaned.

    Raises:
        UnusableText: there is none, or too much of it.
    """
    if _PDF in data[:_PDF_WITHIN]:
        return clean(text_of_pdf(data))
    if data.startswith(_ZIP):
        raise UnusableText("Word files and archives cannot be read. Save it as a PDF, or paste its text.")
    return clean(_decoded(data))


def clean(text: str) -> str:
    """A text without control and invisible characters, with plain line ends.

    Raises:
        UnusableText: there are no words in it, or too many characters.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    kept = "".join(char for char in lines if char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return usable(kept.strip())


def usable(text: str) -> str:
    """The text as it is.

    Raises:
        UnusableText: there are no words in it, or too many characters.
    """
    if len(text) > AIM_CHARS:
        raise UnusableText(
            f"This text has {len(text):,} characters; at most {AIM_CHARS:,} are read. Keep the part about the job."
        )
    if not any(char.isalnum() for char in text):
        raise UnusableText("There are no words in it. Paste a job advert or a CV, or choose a PDF or text file.")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    odd = sum(unicodedata.category(char) == "Cc" and char not in "\n\r\t\f" for char in text) + text.count("\ufffd")
    if odd > _MOST_ODD * max(len(text), 1):
        raise UnusableText("This file is neither a PDF nor a text. Choose another, or paste the text.")
    return text
